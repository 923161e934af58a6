"""Measure a bundle: every kind of request, batches, and a new process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.bundle.bundle import answers_with
from anirec.bundle.registry.address import bundle_directory
from anirec.pipeline.bench.at_once import batches_at_once
from anirec.pipeline.bench.figures import Bench, Row
from anirec.pipeline.bench.fresh_process import start
from anirec.pipeline.bench.machine import machine
from anirec.pipeline.bench.memory import KINDS, SMAPS
from anirec.pipeline.bench.request_lists import LIST_LENGTH, request_lists, well_known
from anirec.pipeline.bench.timing import time_requests
from anirec.progress import SILENT
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.recommender import BATCH, Recommender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from anirec.data.histories import Entry
    from anirec.progress import Progress

LENGTHS: Final = (10, 50, 150, 500)
GIVEN: Final = {COLLABORATIVE: 0.8, CONTENT: 0.2}
DIVERSITY: Final = 0.5
BATCHES: Final = 5
PROCESSES: Final = 2
"""As many workers as a server starts with"""
STARTS: Final = 5
ANSWERS: Final = 20
"""Lists that a new process answers before its memory is read."""


def measure_bundle(
    path: str | Path, requests: int, seed: int, progress: Progress = SILENT
) -> Bench:
    """Measure one bundle on this machine, with one thread to a process.

    Parameters
    ----------
    path
        As for ``Recommender.load``.
    requests
        How many of each kind are timed; fewer where the bundle has fewer viewers or shows to ask
        about.
    seed
        Of the lists.

    Raises
    ------
    ValueError
        If ``requests`` is below 1.
    BundleError
        If the bundle is missing or damaged.
    AnirecError
        If a new process cannot answer from it.
    """
    if requests < 1:
        raise ValueError(f"requests must be at least 1, not {requests}")
    directory = bundle_directory(path)
    progress.step(f"loading {directory}")
    rec = Recommender.load(directory)
    rows = []
    for row in _rows(rec, directory, requests, seed):
        progress.step(f"measured: {row.label}")
        rows.append(row)
    return Bench(rec.manifest.version, rec.model, machine(), requests, seed, tuple(rows))


def _rows(rec: Recommender, directory: Path, requests: int, seed: int) -> Iterator[Row]:
    best = answers_with(directory)
    ways: dict[str, dict[str, float] | None] = {best: None, "given weights": GIVEN}
    drawn = None
    for length in LENGTHS:
        lists = request_lists(rec, requests, length, seed)
        if len(lists[0]) == drawn:
            # The catalogue is too small for longer ones.
            break
        drawn = len(lists[0])
        for blend, weights in ways.items():
            ask = partial(rec.recommend, weights=weights)
            yield _single("recommend", ask, lists, entries=drawn, blend=blend)
    usual = request_lists(rec, requests, LIST_LENGTH, seed)
    entries = len(usual[0])
    varied = partial(rec.recommend, diversity=DIVERSITY)
    yield _single(f"diversity {DIVERSITY}", varied, usual, entries=entries, blend=best)
    users = rec.sample_viewers(requests)
    if users:
        yield _single("recommend_user", rec.recommend_user, users, blend=best)
    else:
        yield Row("recommend_user", blend=best, note="the bundle holds no viewers")
    ids = well_known(rec)[:requests]
    yield _single("similar", rec.similar, ids)
    yield _single("search", rec.search, [rec.show(anime_id).title[:5] for anime_id in ids])
    many = request_lists(rec, BATCH, LIST_LENGTH, seed)
    for blend, weights in ways.items():
        took = time_requests(partial(rec.recommend_batch, weights=weights), [many], BATCHES)
        median = float(np.median(took))
        yield Row(
            f"batch of {BATCH}",
            entries,
            blend,
            median_ms=median,
            per_second=1000 * BATCH / median,
        )
    took_at_once = batches_at_once(directory, many, list(ways.values()), PROCESSES, BATCHES)
    for blend, rounds in zip(ways, took_at_once, strict=True):
        median = float(np.median(rounds))
        yield Row(
            f"{PROCESSES} batches at once",
            entries,
            blend,
            median_ms=median,
            per_second=1000 * PROCESSES * BATCH / median,
        )
    yield from _new_process(directory, many[:ANSWERS])


def _single(
    measured: str,
    ask: Callable[[Any], object],
    questions: Sequence[Any],
    *,
    entries: int | None = None,
    blend: str | None = None,
) -> Row:
    took = time_requests(ask, questions)
    return Row(
        measured,
        entries,
        blend,
        median_ms=float(np.median(took)),
        p99_ms=float(np.quantile(took, 0.99)),
        per_second=float(1000 / took.mean()),
    )


def _new_process(directory: Path, lists: Sequence[Sequence[Entry]]) -> Iterator[Row]:
    # This process keeps the bundle open: what another one shares with it is not private.
    starts = [start(directory, lists) for _ in range(STARTS)]
    steps = np.array([(one.import_ms, one.load_ms, one.answer_ms) for one in starts])
    names = ("import", "load", "first answer", "all three")
    for name, took in zip(names, [*steps.T, steps.sum(axis=1)], strict=True):
        yield Row(f"new process: {name}", median_ms=float(np.median(took)))
    for kind in KINDS:
        held = [one.memory[kind] for one in starts if one.memory is not None]
        yield Row(
            f"new process: {kind} memory",
            megabytes=float(np.median(held)) if held else None,
            note=None if held else f"this system does not tell it ({SMAPS} is Linux only)",
        )
