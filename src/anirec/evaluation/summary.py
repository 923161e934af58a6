"""The reports in a few numbers, for programs that compare one run with another.

The reports themselves hold intervals, groups and figures of every viewer: too much for a table of
runs. ``summary/`` beside them holds

``metrics.json``
    The headline metric of each protocol on whole histories, of what would answer: the learned ranker,
    else the hybrid, else the best model.
``accuracy_by_entries_known.csv``
    The headline metric of every model, by how many entries of the history it is told of.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from anirec.evaluation.protocols import SHORT_HISTORIES
from anirec.evaluation.report import suffix_of
from anirec.evaluation.written_reports import written_reports
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.learned_ranker import LearnedRanker

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Reports = Mapping[str, Mapping[str, Any]]
    """JSON reports by protocol"""

SUMMARY: Final = "summary"
METRICS_FILE: Final = "metrics.json"
BY_ENTRIES_FILE: Final = "accuracy_by_entries_known.csv"
ENTRIES: Final = "entries_known"


def write_summary(directory: Path, on: str, recipe: str) -> Path:
    """Write ``summary/`` (``summary-validation/``) from the JSON reports of one recipe beside it.

    Each file is written beside and renamed; returns the directory.

    Raises
    ------
    DataError
        If one of the reports cannot be read.
    """
    reports = written_reports(directory, on, recipe)
    out = directory / f"{SUMMARY}{suffix_of(on)}"
    out.mkdir(exist_ok=True)
    for name, text in (
        (METRICS_FILE, json.dumps(metrics(reports), indent=1) + "\n"),
        (BY_ENTRIES_FILE, accuracy_by_entries(reports)),
    ):
        beside = out / f".{name}.part"
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(out / name)
    return out


def metrics(reports: Reports) -> dict[str, dict[str, dict[str, float]]]:
    """Return means by model, protocol and metric, short histories left out."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for protocol, report in reports.items():
        if protocol in SHORT_HISTORIES:  # they make a plot
            continue
        model = _answering(report)
        found.setdefault(model, {})[protocol] = {report["headline"]: _mean(report, model)}
    return found


def accuracy_by_entries(reports: Reports) -> str:
    """Return CSV: how many entries the models know, then a column for each model; may be empty."""
    short = [reports[protocol] for protocol in SHORT_HISTORIES if protocol in reports]
    models = list(short[0]["models"]) if short else []
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([ENTRIES, *models])
    for report in short:
        rows.writerow([report["history_length"], *(_mean(report, model) for model in models)])
    return text.getvalue()


def _answering(report: Mapping[str, Any]) -> str:
    models: Mapping[str, Any] = report["models"]
    for name in (LearnedRanker.name, Hybrid.name):
        if name in models:
            return name
    return max(models, key=lambda model: _mean(report, model))


def _mean(report: Mapping[str, Any], model: str) -> float:
    mean: float = report["models"][model][report["headline"]]["mean"]
    return mean
