"""Asks a bundle for recommendations to its training viewers, and keeps the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.monitoring.answer_profile import AnswerProfile
from anirec.monitoring.counts import Counts
from anirec.monitoring.measures import LEVEL_OF_EACH, MIXES, STATISTICS, MixMeasure, shares
from anirec.monitoring.snapshot import SIZES, Snapshot
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.ranking.show_traits import ShowTraits
    from anirec.recommender import Recommender

SAMPLED: Final = 500
"""Viewers asked: enough that their own spread is small beside a shift worth an alert."""

SHOWN: Final = 24
"""Shows that each gets, as on the page."""

FILTERS: Final = {"adult": False}
"""As on the page."""

DRAWS: Final = 2000
"""Behind the quantiles of chance: ``LEVEL_OF_EACH`` of them are the three largest."""


def take_snapshot(
    recommender: Recommender, histories: Histories, seed: int = 0, progress: Progress = SILENT
) -> Snapshot:
    """Return the snapshot of a bundle.

    Parameters
    ----------
    histories
        The lists that the models were fitted on, in the rows of the bundle.
    seed
        Of the sample of viewers and of the draws.
    """
    rng = np.random.default_rng(seed)
    sampled = np.sort(rng.permutation(len(histories))[:SAMPLED])
    progress.step(f"noting what {len(sampled):,} training viewers have and get, to compare later")
    answers = answer_profiles(recommender, histories.select(sampled))
    return summarise(answers, recommender.traits, rng)


def answer_profiles(recommender: Recommender, histories: Histories) -> list[AnswerProfile]:
    """Return the profiles of the answers to some lists, in the rows of the bundle."""
    traits = recommender.traits
    return [
        AnswerProfile.of(
            recommender.recommend(history.entries(traits.index), SHOWN, filters=FILTERS), traits
        )
        for history in histories.batches(1)
    ]


def summarise(
    answers: Sequence[AnswerProfile], traits: ShowTraits, rng: np.random.Generator
) -> Snapshot:
    """Sum answers up, and measure what chance alone does to each mix."""
    of_each = [Counts.of([answer], traits) for answer in answers]
    at, shows = _distinct_shows(answers, len(traits.index))
    return Snapshot(
        Counts.of(answers, traits),
        at,
        shows,
        {measure.name: _by_chance(measure, of_each, rng) for measure in MIXES},
    )


def _distinct_shows(
    answers: Sequence[AnswerProfile], n_items: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return numbers of answers, and how many distinct shows so many of these bring on average.

    The rarefaction curve of Hurlbert, "The Nonconcept of Species Diversity", Ecology 1971, drawn
    with replacement: a show in c of all n answers is missed by k of them with chance (1 - c/n)^k.
    """
    rows = np.concatenate([np.zeros(0, np.int32), *(answer.recommended_rows for answer in answers)])
    share = np.bincount(rows, minlength=n_items) / max(len(answers), 1)
    at = np.unique(np.geomspace(1, max(len(answers), 1), 25).round())
    shows = [float(np.sum(1 - (1 - share) ** n)) for n in at]
    return (0.0, *at.tolist()), (0.0, *shows)


def _by_chance(
    measure: MixMeasure, of_each: Sequence[Counts], rng: np.random.Generator
) -> tuple[float, ...]:
    """Return the upper quantile of the statistic over draws of whole lists, for each size.

    Entries of one list are alike, so lists are drawn, not entries (the bootstrap of clusters).
    """
    if not of_each:
        return tuple(0.0 for _ in SIZES)
    groups = sorted({group for counts in of_each for group in measure.groups(counts)})
    sums = np.array(
        [[measure.groups(counts).get(group, 0.0) for group in groups] for counts in of_each]
    )
    everyone = shares(dict(zip(groups, sums.sum(axis=0).tolist(), strict=True)), groups)
    statistic = STATISTICS[measure.judged_by]
    even = np.full(len(of_each), 1 / len(of_each))
    found = []
    for size in SIZES:
        drawn: NDArray[np.float64] = rng.multinomial(size, even, size=DRAWS) @ sums
        totals = np.maximum(drawn.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        values = [statistic(mix, everyone) for mix in drawn / totals]
        found.append(float(np.quantile(values, 1 - LEVEL_OF_EACH)))
    return tuple(found)
