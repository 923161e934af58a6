"""The page of all runs: one file that needs no server and nothing from elsewhere."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from anirec.tracking.local.comparison import comparisons
from anirec.tracking.local.curves import curve, figure
from anirec.tracking.local.records import KeptFile, Metric, RunRecord, read_runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anirec.tracking.tracker import Value

INDEX_FILE: Final = "index.html"
MOST_RUNS: Final = 100
"""How many of the newest runs the page shows"""
KINDS: Final = {"file": "Files", "table": "Tables", "embedding": "Embeddings", "model": "Models"}
"""Titles of the lists of files; figures are shown"""
_VALIDATION: Final = "val_"


@dataclass(frozen=True)
class Curve:
    """A figure over the epochs and, where there is one, the same on validation entries."""

    title: str
    svg: Markup
    metrics: list[Metric]


@dataclass(frozen=True)
class Shown:
    """A run as the page shows it."""

    record: RunRecord
    seconds: int | None
    """How long it took; None if it has not ended"""
    changed: dict[str, Value]
    """Parameters that differ from those of the run of the same verb before it"""
    curves: list[Curve]
    finals: list[Metric]
    """Figures of the whole run"""
    files: dict[str, list[KeptFile]]
    """By kind"""
    gone: int
    """How many files are kept no longer"""


def write_index(runs: Path) -> Path:
    """Write the page from what the runs' directories say; returns its path.

    One writer at a time: else a slow one could put an older page over a newer.
    """
    path = runs / INDEX_FILE
    with (runs / ".index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # One name, so that what a killed run left is written over.
        beside = runs / f".{INDEX_FILE}.part"
        beside.write_text(page(runs), encoding="utf-8")
        beside.replace(path)
    return path


def page(runs: Path) -> str:
    """Return the page."""
    found = read_runs(runs, MOST_RUNS)
    shown = [
        _shown(runs, record, metrics, [older for older, _ in found[place + 1 :]])
        for place, (record, metrics) in enumerate(found)
    ]
    environment = Environment(
        loader=PackageLoader("anirec.tracking.local"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(figure=figure, href=_href, size=_size)
    return environment.get_template("index.html").render(
        runs=shown, comparisons=comparisons(found), most=MOST_RUNS, kinds=KINDS
    )


def _shown(
    runs: Path, record: RunRecord, metrics: list[Metric], older: Sequence[RunRecord]
) -> Shown:
    before = next((one for one in older if one.verb == record.verb), None)
    there = [file for file in record.files if (runs / record.run / file.path).is_file()]
    files: dict[str, list[KeptFile]] = {}
    for file in there:
        files.setdefault(file.kind, []).append(file)
    return Shown(
        record,
        _seconds(record),
        _changed(record, before) if before else {},
        _curves([metric for metric in metrics if metric.steps]),
        [metric for metric in metrics if not metric.steps],
        files,
        len(record.files) - len(there),
    )


def _changed(record: RunRecord, before: RunRecord) -> dict[str, Value]:
    return {
        name: record.params.get(name)
        for name in sorted(record.params.keys() | before.params.keys())
        if record.params.get(name) != before.params.get(name)
    }


def _curves(metrics: Sequence[Metric]) -> list[Curve]:
    by_name = {metric.name: metric for metric in metrics}
    curves = []
    for name, metric in by_name.items():
        model, _, last = name.rpartition("/")
        if last.startswith(_VALIDATION) and _joined(model, last[len(_VALIDATION) :]) in by_name:
            continue
        pair = [metric]
        if on_validation := by_name.get(_joined(model, _VALIDATION + last)):
            pair.append(on_validation)
        curves.append(Curve(name, Markup(curve(pair)), pair))  # noqa: S704 - it escapes by itself
    return curves


def _joined(model: str, name: str) -> str:
    return f"{model}/{name}" if model else name


def _seconds(record: RunRecord) -> int | None:
    if record.ended is None:
        return None
    try:
        began, ended = (datetime.fromisoformat(at) for at in (record.began, record.ended))
    except ValueError:
        return None
    return round((ended - began).total_seconds())


def _href(file: KeptFile, run: str) -> str:
    return quote(f"{run}/{file.path}")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
