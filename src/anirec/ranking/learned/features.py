"""What the trees look at: one row for each candidate of one viewer (numpy only).

The same function makes the rows of training and of serving.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.schema import NOT_RATED, Status
from anirec.models.item_neighbours import naive_bayes
from anirec.ranking.components import COLLABORATIVE, CONTENT, POPULARITY, PROFILE
from anirec.ranking.learned.habits import by_completion, by_habit, by_year
from anirec.ranking.learned.item_facts import KINDS
from anirec.ranking.learned.quantiles import quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.ranking.learned.audience import Audience
    from anirec.ranking.learned.item_facts import ItemFacts

FEATURES: Final = {
    "ease": COLLABORATIVE,
    "ease_rank": COLLABORATIVE,
    "ease_deviation": COLLABORATIVE,
    "ease_strongest": COLLABORATIVE,
    "ease_second": COLLABORATIVE,
    "ease_of_entries": COLLABORATIVE,
    "ease_of_entries_low": COLLABORATIVE,
    "ease_of_entries_high": COLLABORATIVE,
    "ease_of_liked": COLLABORATIVE,
    "ease_of_disliked": COLLABORATIVE,
    "chance": COLLABORATIVE,
    "chance_mean": COLLABORATIVE,
    "bayes": COLLABORATIVE,
    "bayes_rank": COLLABORATIVE,
    "content": CONTENT,
    "content_rank": CONTENT,
    "content_nearest": CONTENT,
    "content_to_disliked": CONTENT,
    "genres": CONTENT,
    "franchise_seen": CONTENT,
    "franchise_share": CONTENT,
    "franchise_size": CONTENT,
    "franchise_unseen": CONTENT,
    "franchise_rating": CONTENT,
    "prequels_seen": CONTENT,
    "prequels_unseen": CONTENT,
    "sequels_seen": CONTENT,
    "parents_seen": CONTENT,
    "side_stories_seen": CONTENT,
    "alternatives_seen": CONTENT,
    "completion": CONTENT,
    "completion_of_type": CONTENT,
    "completion_of_sequels": CONTENT,
    "type": PROFILE,
    "type_share": PROFILE,
    "year": PROFILE,
    "years_before_newest": PROFILE,
    "year_deviation": PROFILE,
    "habit_of_year": PROFILE,
    "habit_of_year_and_type": PROFILE,
    "episodes": PROFILE,
    "episodes_difference": PROFILE,
    "list_length": PROFILE,
    "list_year": PROFILE,
    "list_year_spread": PROFILE,
    "list_newest": PROFILE,
    "list_episodes": PROFILE,
    "list_rating": PROFILE,
    "list_rated": PROFILE,
    "list_completed": PROFILE,
    "list_popularity": PROFILE,
    "popularity_deviation": POPULARITY,
    "popularity": POPULARITY,
    "members": POPULARITY,
    "score": POPULARITY,
}
"""Name of each column, in order, and the component of a recommendation that it speaks for."""

NEIGHBOUR_COLUMNS: Final = [
    list(FEATURES).index(name) for name in ("chance", "chance_mean", "bayes", "bayes_rank")
]
"""Those that the item neighbours stand behind."""

USUAL_RATING: Final = 7.0
USUAL_RATING_STRENGTH: Final = 3.0
NEAREST: Final = 3


@dataclass(frozen=True)
class ViewerList:
    """The watched entries of one viewer, at least one."""

    rows: NDArray[np.int32]
    """(k,)"""
    ratings: NDArray[np.float32]
    """(k,), 0 = not rated"""
    statuses: NDArray[np.uint8]
    """(k,)"""

    @property
    def rated(self) -> NDArray[np.bool_]:
        """(k,), whether an entry has a rating."""
        return np.asarray(self.ratings != NOT_RATED)

    @property
    def mean_rating(self) -> float:
        """The viewer's mean, drawn towards 7 while they have rated little."""
        total = float(self.ratings.sum()) + USUAL_RATING * USUAL_RATING_STRENGTH
        return total / (int(self.rated.sum()) + USUAL_RATING_STRENGTH)

    @cached_property
    def liking(self) -> NDArray[np.float32]:
        """(k,) rating less the viewer's mean, 0 if unrated; at most -2 if dropped."""
        above = np.where(self.rated, self.ratings - self.mean_rating, 0)
        dropped = self.statuses == Status.DROPPED
        return np.where(dropped, np.minimum(above, -2), above).astype(np.float32)


@dataclass(frozen=True)
class Evidence:
    """What the models say of the candidates of one viewer."""

    candidates: NDArray[np.int32]
    """(c,) rows, best by Ease first"""
    contributions: NDArray[np.float32]
    """(k, c) what each entry adds to the score by Ease"""
    of_entries: NDArray[np.float32]
    """(k,) scores by Ease of the entries themselves, each by the others"""
    lifts: NDArray[np.float32]
    """(entries that the item neighbours know, c) ln of how much more likely each makes a candidate"""
    share: NDArray[np.float32]
    """(c,) how likely the candidates are where nothing is known"""
    audience: Audience
    """How much everybody watches"""


def features(
    viewer: ViewerList,
    evidence: Evidence,
    facts: ItemFacts,
    vectors: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return float32 (c, n_features), finite, columns as in ``FEATURES``.

    Parameters
    ----------
    viewer, evidence
        The list, and what is known of its candidates.
    facts
        Of all shows.
    vectors
        float32 (n_items, n_dimensions) of length 1, or 0 where nothing is known.
    """
    columns = {
        **_by_lists(viewer, evidence),
        **_by_neighbours(evidence),
        **_by_content(viewer, evidence.candidates, facts, vectors),
        **_by_franchise(viewer, evidence.candidates, facts),
        **by_completion(viewer, evidence, facts),
        **by_habit(viewer, evidence, facts),
        **by_year(viewer, evidence, facts),
    }
    # Feature after feature in memory: that is how they are written here, and how trees ask.
    values = np.empty((len(FEATURES), len(evidence.candidates)), dtype=np.float32)
    for place, name in enumerate(FEATURES):
        values[place] = columns[name]
    return values.T


def _by_lists(viewer: ViewerList, evidence: Evidence) -> dict[str, NDArray[np.float32] | float]:
    contributions, liking = evidence.contributions, viewer.liking
    scores = contributions.sum(axis=0)
    above = scores - scores.mean()
    strongest = contributions.max(axis=0)
    low, high = quantiles(evidence.of_entries, (0.25, 0.75))
    return {
        "ease": scores,
        "ease_rank": np.arange(len(scores), dtype=np.float32),
        "ease_deviation": above / (np.sqrt(np.mean(above**2)) + np.float32(1e-6)),
        "ease_strongest": strongest,
        "ease_second": _second(contributions) if len(contributions) > 1 else 0 * strongest,
        "ease_of_entries": float(evidence.of_entries.mean()),
        "ease_of_entries_low": low,
        "ease_of_entries_high": high,
        "ease_of_liked": np.minimum(np.maximum(liking, 0), 3) @ contributions,
        "ease_of_disliked": np.minimum(np.maximum(-liking, 0), 3) @ contributions,
    }


def _second(contributions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (c,) the second largest of each column of (k, c), k > 1."""
    # A third of the time of a partition, which walks down the columns.
    others = contributions.copy()
    others[contributions.argmax(axis=0), np.arange(contributions.shape[1])] = -np.inf
    second: NDArray[np.float32] = others.max(axis=0)
    return second


def _by_neighbours(evidence: Evidence) -> dict[str, NDArray[np.floating[Any]]]:
    lifts, share = evidence.lifts, evidence.share
    bayes = naive_bayes(lifts, share)
    known = len(lifts) > 0
    return {
        "chance": share * np.exp(lifts.max(axis=0)) if known else share,
        "chance_mean": share * np.exp(lifts).mean(axis=0) if known else share,
        "bayes": bayes,
        "bayes_rank": _ranks(bayes),
    }


def _by_content(
    viewer: ViewerList,
    candidates: NDArray[np.int32],
    facts: ItemFacts,
    vectors: NDArray[np.float32],
) -> dict[str, NDArray[np.float32]]:
    alike = vectors.take(candidates, axis=0) @ vectors.take(viewer.rows, axis=0).T
    weights = 1 + np.minimum(np.maximum(viewer.liking, -4), 4) / 4
    content = alike @ weights / weights.sum() if weights.any() else np.zeros(len(candidates))
    nearest = min(NEAREST, alike.shape[1])
    # Quicker than a partition along rows of up to some 500, which is how long most lists are.
    top = np.sort(alike, axis=1)[:, -nearest:]
    disliked = viewer.liking <= -1
    far = alike[:, disliked].max(axis=1) if disliked.any() else np.zeros(len(candidates))
    # As numbers that are multiplied quickly, which 8 bits are not.
    of_list = facts.genres.take(viewer.rows, axis=0).astype(np.float64)
    genres = facts.genres.take(candidates, axis=0).astype(np.float64)
    usual = np.ones(len(of_list)) @ of_list / len(of_list) / (facts.genre_shares + 0.02)
    appeal = genres @ np.log(usual + 0.1) / np.maximum(genres @ np.ones(genres.shape[1]), 1)
    return {
        "content": content.astype(np.float32),
        "content_rank": _ranks(content),
        "content_nearest": top.mean(axis=1),
        "content_to_disliked": far.astype(np.float32),
        "genres": appeal.astype(np.float32),
    }


def _by_franchise(
    viewer: ViewerList, candidates: NDArray[np.int32], facts: ItemFacts
) -> dict[str, NDArray[np.float32]]:
    of_list, of_candidate = facts.franchise[viewer.rows], facts.franchise[candidates]
    n_franchises = len(facts.franchise)
    seen = np.bincount(of_list, minlength=n_franchises)[of_candidate]
    liked = np.bincount(of_list, viewer.liking, minlength=n_franchises)[of_candidate]
    size = facts.franchise_size[candidates]
    watched = np.zeros(len(facts.year), dtype=np.bool_)
    watched[viewer.rows] = True
    owners, others, kinds = facts.relations(candidates)
    groups = owners * len(KINDS) + kinds
    size_of_all = len(candidates) * len(KINDS)
    all_of_kind = np.bincount(groups, minlength=size_of_all).reshape(-1, len(KINDS))
    known = watched[others]
    seen_of_kind = np.bincount(groups[known], minlength=size_of_all).reshape(-1, len(KINDS))
    prequel, sequel, parent, side_story, alternative = seen_of_kind.T.astype(np.float32)
    return {
        "franchise_seen": seen.astype(np.float32),
        "franchise_share": (seen / size).astype(np.float32),
        "franchise_size": size,
        "franchise_unseen": size - seen.astype(np.float32),
        "franchise_rating": (liked / np.maximum(seen, 1)).astype(np.float32),
        "prequels_seen": prequel,
        "prequels_unseen": all_of_kind[:, 0] - prequel,
        "sequels_seen": sequel,
        "parents_seen": parent,
        "side_stories_seen": side_story,
        "alternatives_seen": alternative,
    }


def _ranks(scores: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Return (n,) places by descending score, equal ones in their order."""
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return ranks
