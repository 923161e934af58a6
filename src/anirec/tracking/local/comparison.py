"""Runs of one verb side by side: what differs in their parameters, and all their figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.tracking.local.curves import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.tracking.local.records import Metric, RunRecord

MOST: Final = 6
"""How many of the newest runs of a verb stand side by side"""


@dataclass(frozen=True)
class Comparison:
    """A table with a column for each run; a cell is empty where a run has no such row."""

    verb: str
    runs: list[str]
    params: list[tuple[str, list[str]]]
    """Those that are not the same for all"""
    figures: list[tuple[str, list[str]]]
    """Of curves the last"""


def comparisons(found: Sequence[tuple[RunRecord, list[Metric]]]) -> list[Comparison]:
    """Return a table for each verb that has run at least twice."""
    tables = []
    for verb in dict.fromkeys(record.verb for record, _ in found):
        of_verb = [pair for pair in found if pair[0].verb == verb][:MOST]
        if len(of_verb) < 2:
            continue
        params = [{n: str(v) for n, v in record.params.items()} for record, _ in of_verb]
        figures = [{metric.name: figure(metric.last) for metric in told} for _, told in of_verb]
        differing = [row for row in _rows(params) if len(set(row[1])) > 1]
        runs = [record.run for record, _ in of_verb]
        tables.append(Comparison(verb, runs, differing, _rows(figures)))
    return tables


def _rows(columns: Sequence[dict[str, str]]) -> list[tuple[str, list[str]]]:
    names = sorted({name for column in columns for name in column})
    return [(name, [column.get(name, "") for column in columns]) for name in names]
