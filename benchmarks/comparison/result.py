"""The outcome of a side-by-side run: what the page and the terminal show, and what is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from anirec.evaluation.figures import HEADLINE
from anirec.evaluation.report import interval_to_dict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anirec.evaluation.report import Report
    from comparison.contestant import Contestant
    from comparison.quality import Gain

RESULT_FILE: Final = "side_by_side.json"


@dataclass(frozen=True)
class Result:
    """Everything about one run."""

    command: str
    date: str
    machine: str
    contestants: Sequence[Contestant]
    reports: Sequence[Report]
    gains: Sequence[Gain]
    """Of the one of ours that is served; empty where none is trained"""
    gains_at: Mapping[str, Sequence[Gain]]
    """The same for that one at other settings, by name"""
    tuning: Mapping[str, Any]
    """By peer: ``settings``, ``space``, ``seconds``, ``trials``"""
    cold: Mapping[str, float]
    """Recall@50 among cold items, by ours; empty where that was not evaluated"""

    def ordered(self) -> list[Contestant]:
        """Return the contestants, the best for new viewers first."""
        means = {
            name: intervals[HEADLINE].mean
            for name, intervals in self.intervals(self.reports[0]).items()
        }
        return sorted(self.contestants, key=lambda contestant: -means[contestant.name])

    @staticmethod
    def intervals(report: Report) -> dict[str, dict[str, Any]]:
        """Return mean and interval by contestant and metric."""
        return {name: report.intervals(name) for name in report.figures}

    def write(self, directory: Path) -> Path:
        """Write the JSON form, beside and renamed; returns its path."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / RESULT_FILE
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(self.to_dict(), indent=1) + "\n")
        beside.replace(path)
        return path

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; the figures of single viewers stay in the rankings."""
        rows = []
        for contestant in self.contestants:
            row = asdict(contestant)
            del row["tops"]
            rows.append(row)
        return {
            "command": self.command,
            "date": self.date,
            "machine": self.machine,
            "contestants": rows,
            "protocols": {
                report.protocol: {
                    "viewers": len(report.user_ids),
                    "models": {
                        name: {
                            metric: interval_to_dict(interval)
                            for metric, interval in intervals.items()
                        }
                        for name, intervals in self.intervals(report).items()
                    },
                }
                for report in self.reports
            },
            "gains": [asdict(gain) for gain in self.gains],
            "gains_at": {
                name: [asdict(gain) for gain in gains] for name, gains in self.gains_at.items()
            },
            "cold_items_recall@50": dict(self.cold),
            "tuning": dict(self.tuning),
        }
