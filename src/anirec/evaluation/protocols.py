"""Who is ranked for, what the models may know of them, and what counts as found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.errors import DataError
from anirec.evaluation.beyond_accuracy import coverage
from anirec.evaluation.cold_items import cold_items
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.draws import place_in_list, seed_of
from anirec.evaluation.facts import ItemFacts, item_facts
from anirec.evaluation.figures import (
    DEEP_N,
    DEEP_RECALL,
    HEADLINE,
    TOP_N,
    Figures,
    accuracy,
    look_of_lists,
)
from anirec.evaluation.full_ranking import rank_pools
from anirec.evaluation.groups import groupings
from anirec.evaluation.list_keys import list_keys
from anirec.evaluation.relevance import discovery, liked, narrowed, of_items
from anirec.evaluation.report import TEST, Report
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.split import Fold, HeldOut, Split
    from anirec.evaluation.contestants import NamedScorer
    from anirec.evaluation.full_ranking import Scorer
    from anirec.evaluation.groups import Grouping
    from anirec.models.registry import AnyModel
    from anirec.ranking.hybrid import Hybrid

NEW_VIEWERS: Final = "new-viewers"
"""The models never saw these viewers: all they get is 80 % of the list."""
KNOWN_VIEWERS: Final = "known-viewers"
"""The models were fitted with these viewers' 80 % among the training lists."""
LIKED: Final = "liked"
"""As new viewers; only what the viewer liked is looked for."""
DISCOVERY: Final = "discovery"
"""As new viewers; only shows of franchises that are new to the viewer are looked for."""
SHORT_HISTORIES: Final = tuple(f"short-histories-{length}" for length in (1, 3, 5, 10, 20))
"""As new viewers, with no more than so many entries of the history."""
COLD_ITEMS: Final = "cold-items"
"""The models never saw an entry of some items; only those are looked for, among all items."""
COLD_ITEMS_ALONE: Final = "cold-items-alone"
"""The same, and only those items compete."""

ON_NEW_VIEWERS: Final = (NEW_VIEWERS, LIKED, DISCOVERY, *SHORT_HISTORIES)
"""Answered by one and the same fit."""
ON_COLD_ITEMS: Final = (COLD_ITEMS, COLD_ITEMS_ALONE)
PROTOCOLS: Final[Mapping[str, tuple[str, ...]]] = {
    NEW_VIEWERS: (NEW_VIEWERS,),
    LIKED: (LIKED,),
    DISCOVERY: (DISCOVERY,),
    "short-histories": SHORT_HISTORIES,
    KNOWN_VIEWERS: (KNOWN_VIEWERS,),
    COLD_ITEMS: ON_COLD_ITEMS,
}
"""By the name that a person gives, the protocols with a report each."""


@dataclass(frozen=True)
class Task:
    """What one protocol asks for."""

    protocol: str
    known: Histories
    """What models are told of each viewer of the fold"""
    relevant: HeldOut
    """What is looked for; a viewer with nothing is left out of the report"""
    pool: NDArray[np.bool_] | None = None
    """The items that compete, None for all"""
    depth: int = TOP_N
    headline: str = HEADLINE
    about: dict[str, Any] = field(default_factory=dict)


def evaluate(
    protocol: str,
    on: str,
    split: Split,
    models: Mapping[str, AnyModel],
    hybrid: Hybrid | None,
    progress: Progress = SILENT,
    extras: Sequence[NamedScorer] = (),
) -> Report:
    """Measure models, the hybrid of two of them and what else there is on held-out viewers.

    Parameters
    ----------
    protocol
        One of those named above. It names the report; the models must have been fitted accordingly:
        on ``split.train``, on ``known_viewers_dataset(split)`` or on ``without_cold_items(split)``.
    on
        ``test`` or ``validation``: whose held-out items are looked for.

    Raises
    ------
    DataError
        If there is no model, or no viewer to measure on.
    """
    contestants = Contestants(models, hybrid, extras)
    reports = evaluate_each([protocol], on, split, contestants, progress)
    if not reports:
        raise DataError(f"{protocol}: no {on} viewer has a held-out show that counts")
    return reports[0]


def evaluate_each(
    protocols: Iterable[str],
    on: str,
    split: Split,
    contestants: Contestants,
    progress: Progress = SILENT,
) -> list[Report]:
    """Measure the same fitted models on several protocols; each list is scored once.

    A protocol that has nothing to look for is left out, with a line to ``progress``.

    Raises
    ------
    DataError
        If there is no model, or no viewer with a history.
    """
    fold = split.test if on == TEST else split.validation
    if not contestants.models:
        raise DataError("no model of this split is trained: run `anirec train` first")
    if not len(fold.history):
        raise DataError(
            f"the split has no {on} viewer with enough interactions: ingest more lists, "
            "or lower split.minimum_interactions"
        )
    tasks = []
    for protocol in protocols:
        task = task_of(protocol, fold, split)
        if task.relevant.lengths.any():
            tasks.append(task)
        else:
            progress.step(f"{protocol} is left out: no {on} viewer has a show that counts")
    facts = item_facts(split.train)
    divisions = groupings(fold.history, split.train.histories, facts)
    reports = {}
    for together in _told_the_same(tasks):
        found = _figures(together, fold, facts, contestants.scorers(), progress)
        for task, figures in zip(together, found, strict=True):
            reports[task.protocol] = _report(task, on, fold, split, contestants, figures, divisions)
    return [reports[task.protocol] for task in tasks]


def task_of(protocol: str, fold: Fold, split: Split) -> Task:
    """Return what a protocol asks for."""
    history, held_out = fold.history, fold.held_out
    if protocol in (NEW_VIEWERS, KNOWN_VIEWERS):
        return Task(protocol, history, held_out)
    if protocol == LIKED:
        return Task(protocol, history, narrowed(held_out, liked(fold)))
    if protocol == DISCOVERY:
        return Task(protocol, history, narrowed(held_out, discovery(fold, split.shows)))
    if protocol in SHORT_HISTORIES:
        length = int(protocol.rpartition("-")[2])
        seed = seed_of(split.about["params"]["salt"], "short histories")
        short = history.where(place_in_list(seed, history, split.index) < length)
        return Task(protocol, short, held_out, about={"history_length": length})
    if protocol in ON_COLD_ITEMS:
        cold = cold_items(split)
        return Task(
            protocol,
            history.where(~cold[history.items]),
            narrowed(held_out, of_items(held_out, cold)),
            pool=cold if protocol == COLD_ITEMS_ALONE else None,
            depth=DEEP_N,
            headline=DEEP_RECALL,
            about={"cold_items": int(cold.sum())},
        )
    raise ValueError(f"no protocol {protocol!r}")


def _told_the_same(tasks: list[Task]) -> list[list[Task]]:
    """Put tasks together that tell models the same of every viewer."""
    groups: list[list[Task]] = []
    for task in tasks:
        for group in groups:
            known = group[0].known
            if np.array_equal(known.indptr, task.known.indptr) and np.array_equal(
                known.items, task.known.items
            ):
                group.append(task)
                break
        else:
            groups.append([task])
    return groups


def _figures(
    tasks: list[Task],
    fold: Fold,
    facts: ItemFacts,
    scorers: Mapping[str, Scorer],
    progress: Progress,
) -> list[dict[str, Figures]]:
    """Return for each task the figures of all viewers of the fold by model."""
    pools = {id(task.pool): task.pool for task in tasks}
    depth = max(task.depth for task in tasks)
    names = ", ".join(task.protocol for task in tasks)
    found: list[dict[str, Figures]] = [{} for _ in tasks]
    for name, scorer in scorers.items():
        ranked = rank_pools(
            scorer,
            tasks[0].known,
            fold.history,
            depth,
            list(pools.values()),
            progress,
            f"{names}: {name}",
        )
        tops = dict(zip(pools, ranked, strict=True))
        looks = {
            pool: look_of_lists(top[:, :TOP_N], fold.history, facts) for pool, top in tops.items()
        }
        for task, figures in zip(tasks, found, strict=True):
            top = tops[id(task.pool)]
            competing = scorer.n_items if task.pool is None else int(task.pool.sum())
            figures[name] = Figures(
                accuracy(top[:, : task.depth], task.relevant, scorer.n_items),
                {"coverage": coverage(top[:, :TOP_N], competing)},
                # Of cold items nobody knows how popular they will be.
                *(() if task.protocol in ON_COLD_ITEMS else looks[id(task.pool)]),
            )
    return found


def _report(
    task: Task,
    on: str,
    fold: Fold,
    split: Split,
    contestants: Contestants,
    figures: dict[str, Figures],
    divisions: list[Grouping],
) -> Report:
    """Return the report of a task over the viewers who have something to be found."""
    counts = task.relevant.lengths > 0
    kept = {name: of_model.select(counts) for name, of_model in figures.items()}
    keys = list_keys(fold, split.index)
    return Report(
        protocol=task.protocol,
        on=on,
        user_ids=fold.history.user_ids[counts].tolist(),
        n_items=len(split.index) if task.pool is None else int(task.pool.sum()),
        figures=kept,
        margins=contestants.margins(kept, task.headline),
        about={**contestants.about(), **task.about},
        headline=task.headline,
        groupings=[division.select(counts) for division in divisions],
        list_keys=[key for key, count in zip(keys, counts, strict=True) if count],
    )
