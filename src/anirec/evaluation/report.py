"""The report of one protocol: figures of all models over the same viewers, and their margins."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.errors import DataError
from anirec.evaluation.bootstrap import (
    RESAMPLES,
    Interval,
    mean_interval,
    paired_difference,
    ratio_interval,
)
from anirec.evaluation.figures import HEADLINE, TOP_N, Figures
from anirec.evaluation.list_keys import key_of_all

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.evaluation.groups import Grouping

REPORT_VERSION: Final = 1

TEST: Final = "test"
"""The value of ``Report.on`` for the viewers whose figures are published."""


@dataclass(frozen=True)
class Margin:
    """How far one model is ahead of another in one metric, paired by viewer."""

    model: str
    other: str
    interval: Interval
    metric: str = HEADLINE

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
    """How many items compete."""
    figures: dict[str, Figures]
    """By model name, in the order they were measured."""
    margins: list[Margin] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    """What the figures depend on besides: the blend, the names of its two parts."""
    recipe: str = ""
    """Hash of the tables, the split and the settings that the models were trained with."""
    headline: str = HEADLINE
    """The metric that decides here."""
    groupings: list[Grouping] = field(default_factory=list)
    """Ways to divide these viewers."""
    list_keys: list[str] = field(default_factory=list)
    """``list_keys`` of these viewers: whether another report asked the same of them."""

    def intervals(self, model: str) -> dict[str, Interval]:
        """Return the mean and interval of each per-viewer metric of one model."""
        return self._intervals[model]

    @cached_property
    def _intervals(self) -> dict[str, dict[str, Interval]]:
        return {
            model: {metric: mean_interval(values) for metric, values in figures.per_viewer.items()}
            for model, figures in self.figures.items()
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: means with intervals, and the headline metric of each viewer."""
        headline = key(self.headline)
        return {
            "report_version": REPORT_VERSION,
            "protocol": self.protocol,
            "on": self.on,
            "n": TOP_N,
            "headline": headline,
            "viewers": len(self.user_ids),
            "items": self.n_items,
            "bootstrap_resamples": RESAMPLES,
            "recipe": self.recipe,
            **self.about,
            "models": {
                model: {
                    **{
                        key(metric): interval_to_dict(interval)
                        for metric, interval in self.intervals(model).items()
                    },
                    **figures.overall,
                    **_look_to_dict(figures),
                }
                for model, figures in self.figures.items()
            },
            "groups": {grouping.name: self._groups(grouping) for grouping in self.groupings},
            "margins": [_margin_to_dict(margin) for margin in self.margins],
            "to_best_other": [
                _margin_to_dict(to_best_other(model, self.figures, self.headline))
                for model in self.figures
                if len(self.figures) > 1
            ],
            **({"lists": key_of_all(self.user_ids, self.list_keys)} if self.list_keys else {}),
            "per_viewer": {
                "user_ids": self.user_ids,
                **({"list_keys": self.list_keys} if self.list_keys else {}),
                headline: {
                    model: [round(float(value), 6) for value in figures.per_viewer[self.headline]]
                    for model, figures in self.figures.items()
                },
            },
        }

    def _groups(self, grouping: Grouping) -> list[dict[str, Any]]:
        """Return the figures of each group that has a viewer."""
        groups = []
        for number, label in enumerate(grouping.labels):
            viewers = grouping.of_viewer == number
            if not viewers.any():
                continue
            of_group = {name: figures.select(viewers) for name, figures in self.figures.items()}
            groups.append(
                {
                    "label": label,
                    "viewers": int(viewers.sum()),
                    "models": {
                        name: {
                            key(self.headline): interval_to_dict(
                                mean_interval(figures.per_viewer[self.headline])
                            ),
                            **_look_to_dict(figures),
                        }
                        for name, figures in of_group.items()
                    },
                }
            )
        return groups

    def write(self, directory: Path) -> Path:
        """Write the report into ``directory``, beside and renamed; returns its path.

        ``<protocol>.json`` for test viewers, ``<protocol>-validation.json`` for validation viewers.
        """
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.protocol}{suffix_of(self.on)}.json"
        beside = path.with_suffix(".json.part")
        beside.write_text(json.dumps(self.to_dict(), indent=1) + "\n")
        beside.replace(path)
        return path


def suffix_of(on: str) -> str:
    """Return what follows the name of a file with figures of these viewers."""
    return "" if on == TEST else f"-{on}"


def key(metric: str) -> str:
    """Return the name that a metric has in JSON: with its number of places."""
    return metric if "@" in metric else f"{metric}@{TOP_N}"


def margin(model: str, other: str, figures: dict[str, Figures], metric: str = HEADLINE) -> Margin:
    """Compare two models of one report."""
    interval = paired_difference(
        figures[model].per_viewer[metric], figures[other].per_viewer[metric]
    )
    return Margin(model, other, interval, metric)


def best_of(models: list[str], figures: dict[str, Figures], metric: str = HEADLINE) -> str:
    """Return the model with the highest mean of the metric; the first of equals."""
    return max(models, key=lambda model: float(np.mean(figures[model].per_viewer[metric])))


def to_best_other(model: str, figures: dict[str, Figures], metric: str = HEADLINE) -> Margin:
    """Compare a model with the best of all others of the report."""
    others = [other for other in figures if other != model]
    return margin(model, best_of(others, figures, metric), figures, metric)


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


def interval_to_dict(interval: Interval) -> dict[str, float]:
    """Return the JSON form of an interval."""
    return {
        "mean": round(interval.mean, 6),
        "low": round(interval.low, 6),
        "high": round(interval.high, 6),
    }


def look_of(figures: Figures) -> dict[str, Interval]:
    """Return the intervals of what the lists look like, over the viewers for whom it is defined.

    What is defined for nobody is left out.
    """
    intervals = {}
    for name, values in figures.lists.items():
        defined = values[~np.isnan(values)]
        if len(defined):
            intervals[name] = mean_interval(defined)
    for name, ratio in figures.ratios.items():
        both = ~(np.isnan(ratio.above) | np.isnan(ratio.below))
        if ratio.below[both].any():
            intervals[name] = ratio_interval(ratio.above[both], ratio.below[both])
    return intervals


def _look_to_dict(figures: Figures) -> dict[str, dict[str, float]]:
    return {name: interval_to_dict(interval) for name, interval in look_of(figures).items()}


def _margin_to_dict(margin: Margin) -> dict[str, Any]:
    return {
        "model": margin.model,
        "other": margin.other,
        "metric": key(margin.metric),
        **interval_to_dict(margin.interval),
        "verdict": margin.verdict,
    }
