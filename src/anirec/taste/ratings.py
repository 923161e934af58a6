"""How a viewer rates, against the community's mean ratings of the same shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.schema import MAX_RATING
from anirec.taste.lift import Z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.taste.facet import Facet

FEWEST_RATED: Final = 10
"""Rated shows of which the community's score is known; of fewer nothing is said."""
FEWEST_FRANCHISES: Final = 3
NEUTRAL: Final = 3.0
"""So many franchises rated as usual are added to those of a label"""
APART: Final = 6
"""Shows named on which viewer and community are furthest apart"""


@dataclass(frozen=True, slots=True)
class LabelRating:
    """How much higher or lower than usual a viewer rates shows with a label."""

    kind: str
    name: str
    shows: int
    points: float
    """Above (or below 0) the viewer's usual distance to the community, shrunk towards 0"""
    low: float
    """Where its 95 % interval begins"""
    high: float


@dataclass(frozen=True, slots=True)
class Ratings:
    """A viewer's ratings beside the community's."""

    rated: int
    """Shows that the viewer rated and the community's score is known of"""
    mean: float
    community_mean: float
    """Of the same shows"""
    difference: float
    low: float
    """Where its 95 % interval begins"""
    high: float
    counts: tuple[int, ...]
    """(10,) how often the viewer gave 1, 2, ... 10"""
    community_counts: tuple[int, ...]
    """(10,) how many of the same shows have a mean rating that rounds to 1, 2, ... 10"""
    higher: tuple[LabelRating, ...]
    lower: tuple[LabelRating, ...]
    apart: tuple[tuple[int, int, float], ...]
    """(row, rating, community's score) of the shows with the largest differences"""


def ratings_against_community(
    rows: NDArray[np.int32],
    given: NDArray[np.uint8],
    score: NDArray[np.float32],
    franchise: NDArray[np.int64],
    facets: Sequence[Facet],
    most: int,
) -> Ratings | None:
    """Compare ratings with the community's; None if there are too few.

    The interval of the difference counts each franchise as one cluster (Cameron & Miller, "A
    Practitioner's Guide to Cluster-Robust Inference", Journal of Human Resources 2015). The means of
    labels are shrunk by a normal prior worth ``NEUTRAL`` franchises.

    Parameters
    ----------
    rows, given, score, franchise
        (n,) of the list's shows: rating 0 is none, score 0 is unknown.
    facets
        Whose labels are looked at.
    most
        How many labels to return on each side.
    """
    known = (given > 0) & (score > 0)
    if np.count_nonzero(known) < FEWEST_RATED:
        return None
    rows, franchise = rows[known], franchise[known]
    own, theirs = given[known].astype(np.float64), score[known].astype(np.float64)
    differences = own - theirs
    difference = float(differences.mean())
    rest = differences - difference
    codes, of_show = np.unique(franchise, return_inverse=True)
    sums = np.bincount(of_show, rest)
    correction = len(codes) / max(len(codes) - 1, 1)
    error = float(np.sqrt(correction * (sums**2).sum()) / len(rest))
    labels = [one for facet in facets for one in _labels(facet, rows, of_show, rest)]
    labels.sort(key=lambda one: (-max(one.low, -one.high), one.name))
    largest = np.argsort(-np.abs(rest), kind="stable")[:APART]
    return Ratings(
        rated=len(rows),
        mean=float(own.mean()),
        community_mean=float(theirs.mean()),
        difference=difference,
        low=difference - 1.96 * error,
        high=difference + 1.96 * error,
        counts=_counts(own),
        community_counts=_counts(np.rint(theirs)),
        higher=tuple(one for one in labels if one.points > 0)[:most],
        lower=tuple(one for one in labels if one.points < 0)[:most],
        apart=tuple(
            (int(rows[place]), int(own[place]), float(theirs[place])) for place in largest.tolist()
        ),
    )


def _counts(ratings: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(np.bincount(ratings.astype(np.int64), minlength=MAX_RATING + 1)[1:].tolist())


def _labels(
    facet: Facet, rows: NDArray[np.int32], franchise: NDArray[np.int64], rest: NDArray[np.float64]
) -> list[LabelRating]:
    """Return the labels whose interval excludes 0.

    A franchise counts once, with the mean of its shows.
    """
    codes, places = facet.of_rows(rows)
    n_labels, width = len(facet.names), int(franchise.max(initial=0)) + 1
    keys, group = np.unique(codes * width + franchise[places], return_inverse=True)
    means = np.bincount(group, rest[places]) / np.bincount(group)
    of_label = keys // width
    n = np.bincount(of_label, minlength=n_labels).astype(np.float64)
    points = np.bincount(of_label, means, n_labels) / (n + NEUTRAL)
    shows = np.bincount(codes, minlength=n_labels)
    usual = np.bincount(franchise, rest) / np.maximum(np.bincount(franchise), 1)
    half = Z * float(usual.std()) / np.sqrt(n + NEUTRAL)
    found = np.flatnonzero((n >= FEWEST_FRANCHISES) & (np.abs(points) > half))
    return [
        LabelRating(
            facet.kind,
            facet.names[label],
            int(shows[label]),
            float(points[label]),
            float(points[label] - half[label]),
            float(points[label] + half[label]),
        )
        for label in found.tolist()
    ]
