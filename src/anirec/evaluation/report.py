"""The report of one protocol: figures of all models over the same viewers, and their margins."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.errors import DataError
from anirec.evaluation.bootstrap import RESAMPLES, Interval, mean_interval, paired_difference
from anirec.evaluation.figures import HEADLINE, TOP_N, Figures

if TYPE_CHECKING:
    from pathlib import Path

REPORT_VERSION: Final = 1

TEST: Final = "test"
"""The value of ``Report.on`` for the viewers whose figures are published."""


@dataclass(frozen=True)
class Margin:
    """How far one model is ahead of another in the headline metric, paired by viewer."""

    model: str
    other: str
    interval: Interval

    @property
    def verdict(self) -> str:
        """``better`` or ``worse`` where the interval excludes zero, else ``no difference shown``."""
        if not self.interval.excludes_zero:
            return "no difference shown"
        return "better" if self.interval.mean > 0 else "worse"


@dataclass(frozen=True)
class Report:
    """Figures of several models on one protocol."""

    protocol: str
    on: str
    """Whose held-out items: ``test`` or ``validation``."""
    user_ids: list[int]
    """The viewers, in the order of the per-viewer figures."""
    n_items: int
    figures: dict[str, Figures]
    """By model name, in the order they were measured."""
    margins: list[Margin] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    """What the figures depend on besides: the blend, the names of its two parts."""
    recipe: str = ""
    """Hash of the tables, the split and the settings that the models were trained with."""

    def intervals(self, model: str) -> dict[str, Interval]:
        """Return the mean and interval of each per-viewer metric of one model."""
        per_viewer = self.figures[model].per_viewer
        return {metric: mean_interval(values) for metric, values in per_viewer.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: means with intervals, and the headline metric of each viewer."""
        return {
            "report_version": REPORT_VERSION,
            "protocol": self.protocol,
            "on": self.on,
            "n": TOP_N,
            "viewers": len(self.user_ids),
            "items": self.n_items,
            "bootstrap_resamples": RESAMPLES,
            "recipe": self.recipe,
            **self.about,
            "models": {
                model: {
                    **{
                        f"{metric}@{TOP_N}": _interval_to_dict(interval)
                        for metric, interval in self.intervals(model).items()
                    },
                    **figures.overall,
                }
                for model, figures in self.figures.items()
            },
            "margins": [
                {
                    "model": margin.model,
                    "other": margin.other,
                    "metric": f"{HEADLINE}@{TOP_N}",
                    **_interval_to_dict(margin.interval),
                    "verdict": margin.verdict,
                }
                for margin in self.margins
            ],
            "per_viewer": {
                "user_ids": self.user_ids,
                f"{HEADLINE}@{TOP_N}": {
                    model: [round(float(value), 6) for value in figures.per_viewer[HEADLINE]]
                    for model, figures in self.figures.items()
                },
            },
        }

    def write(self, directory: Path) -> Path:
        """Write the report into ``directory``, beside and renamed; returns its path.

        ``<protocol>.json`` for test viewers, ``<protocol>-validation.json`` for validation viewers.
        """
        directory.mkdir(parents=True, exist_ok=True)
        suffix = "" if self.on == TEST else f"-{self.on}"
        path = directory / f"{self.protocol}{suffix}.json"
        beside = path.with_suffix(".json.part")
        beside.write_text(json.dumps(self.to_dict(), indent=1) + "\n")
        beside.replace(path)
        return path


def margin(model: str, other: str, figures: dict[str, Figures]) -> Margin:
    """Compare two models of one report in the headline metric."""
    interval = paired_difference(
        figures[model].per_viewer[HEADLINE], figures[other].per_viewer[HEADLINE]
    )
    return Margin(model, other, interval)


def best_of(models: list[str], figures: dict[str, Figures]) -> str:
    """Return the model with the highest mean of the headline metric; the first of equals."""
    return max(models, key=lambda model: float(np.mean(figures[model].per_viewer[HEADLINE])))


def read_report(path: Path) -> dict[str, Any]:
    """Read what ``Report.write`` left.

    Raises
    ------
    DataError
        If the file is missing, no report, or of a newer layout.
    """
    try:
        report: dict[str, Any] = json.loads(path.read_text())
        newer = report["report_version"] > REPORT_VERSION
    except FileNotFoundError:
        raise DataError(f"no report {path}: run `anirec evaluate` first") from None
    except ValueError as error:
        raise DataError(f"{path} is not valid JSON: {error}") from None
    except (KeyError, TypeError):
        raise DataError(f"{path} is no report of anirec evaluate: move it away") from None
    if newer:
        raise DataError(f"{path} was written by a newer anirec: upgrade anirec")
    return report


def _interval_to_dict(interval: Interval) -> dict[str, float]:
    return {
        "mean": round(interval.mean, 6),
        "low": round(interval.low, 6),
        "high": round(interval.high, 6),
    }
