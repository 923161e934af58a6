"""Asks a bundle for recommendations to its training viewers, and keeps the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.monitoring.answer_profile import AnswerProfile
from anirec.monitoring.counts import Counts
from anirec.monitoring.measures import LEVEL_OF_EACH, MIXES, STATISTICS, MixMeasure
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
        _by_chance(of_each, rng),
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


def _by_chance(of_each: Sequence[Counts], rng: np.random.Generator) -> dict[str, tuple[float, ...]]:
    """Return, per mix, the upper quantile of its statistic over draws of whole lists, for each size.

    Entries of one list are alike, so lists are drawn, not entries (the bootstrap of clusters).
    """
    found: dict[str, list[float]] = {measure.name: [] for measure in MIXES}
    if not of_each:
        return {name: (0.0,) * len(SIZES) for name in found}
    sums = {measure.name: _table(measure, of_each) for measure in MIXES}
    even = np.full(len(of_each), 1 / len(of_each))
    for size in SIZES:
        drawn = rng.multinomial(size, even, size=DRAWS).astype(np.float64)
        for measure in MIXES:
            table = sums[measure.name]
            statistic = STATISTICS[measure.judged_by]
            values = statistic(_normalised(drawn @ table), _normalised(table.sum(axis=0)))
            found[measure.name].append(float(np.quantile(values, 1 - LEVEL_OF_EACH)))
    return {name: tuple(values) for name, values in found.items()}


def _table(measure: MixMeasure, of_each: Sequence[Counts]) -> NDArray[np.float64]:
    """Return (n_answers, n_groups) what each answer brings to each group."""
    rows = [measure.groups(counts) for counts in of_each]
    groups = sorted({group for row in rows for group in row})
    return np.array([[row.get(group, 0.0) for group in groups] for row in rows])


def _normalised(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    total = sums.sum(axis=-1, keepdims=True)
    shares: NDArray[np.float64] = sums / np.maximum(total, np.finfo(np.float64).tiny)
    return shares
