"""What the page about the model and its JSON twin tell of the bundle that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from anirec.bundle.manifest import MEASURED_ON
from anirec.models.popularity import Popularity
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.learned_ranker import LearnedRanker
from anirec.web.context import recommender

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIRST: Final = ("new-viewers", "liked", "discovery")
"""Protocols that are told first"""
PER_VIEWER: Final = "per_viewer"
"""The part of a report that two bundles are compared by"""


@dataclass(frozen=True)
class MeasuredModel:
    """One figure with its 95 % interval over viewers."""

    model: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Measured:
    """What one protocol says of the model that answers, of popularity and of the best other."""

    protocol: str
    title: str
    metric: str
    viewers: int
    figures: tuple[MeasuredModel, ...]


@dataclass(frozen=True)
class ModelsView:
    """The bundle that answers."""

    answers: str
    """What answers where a request names no weights"""
    facts: tuple[tuple[str, str], ...]
    measured: tuple[Measured, ...]
    """Empty without reports"""
    card: str | None
    """In Markdown"""
    has_report: bool
    """Whether the bundle holds the page about all that was measured"""
    measured_on: str | None
    """The version that the figures were measured for, if it is not this one"""


def models_view() -> ModelsView:
    """Gather what the bundle of this request says of itself."""
    bundle = recommender().bundle
    about = bundle.manifest
    answers = Hybrid.name if bundle.learned is None else LearnedRanker.name
    known = {
        "Version": about.version,
        "Published": about.created_at.replace("T", " ").replace("+00:00", " UTC"),
        "Answers": "the learned ranker" if bundle.learned is not None else "the hybrid",
        "Blend": ", ".join(
            f"{name} {about.weights[component]:.0%}"
            for component, name in (
                ("collaborative", about.collaborative),
                ("content", about.content),
            )
        ),
        "Shows": f"{about.n_items:,}",
        "Simulated viewers" if about.simulated else "Viewers": f"{about.n_viewers:,}",
        "Their lists": "inside the bundle" if about.has_viewers else "left out",
        "Catalogue refreshed from": about.refreshed_from,
        "Code": about.revision,
        "Bundle hash": about.bundle_hash,
        "Data hash": about.data_hash,
    }
    return ModelsView(
        answers=answers,
        facts=tuple((name, value) for name, value in known.items() if value),
        # Figures of simulated viewers are no ground for a judgement.
        measured=() if about.simulated else tuple(_measured(about.evaluation, answers)),
        card=bundle.model_card,
        has_report=bundle.evaluation_report is not None,
        measured_on=next(
            (one[MEASURED_ON] for one in about.evaluation.values() if MEASURED_ON in one), None
        ),
    )


def reports() -> dict[str, dict[str, Any]]:
    """Return the reports of the bundle by protocol; nothing of single viewers.

    Figures of simulated viewers are left out here too.
    """
    about = recommender().manifest
    if about.simulated:
        return {}
    return {
        name: {part: told for part, told in report.items() if part != PER_VIEWER}
        for name, report in about.evaluation.items()
    }


def _measured(reports: Mapping[str, Any], answers: str) -> Iterator[Measured]:
    order = sorted(reports, key=lambda name: (_place(name), len(name), name))
    for name in order:
        report = reports[name]
        metric, models = report.get("headline"), report.get("models", {})
        if answers not in models:
            continue
        others = [one for one in models if one not in (answers, Popularity.name)]
        best = sorted(others, key=lambda one: -models[one][metric]["mean"])[:1]
        told = [answers, *best, Popularity.name]
        yield Measured(
            protocol=name,
            title=name.replace("-", " ").capitalize(),
            metric=metric,
            viewers=report["viewers"],
            figures=tuple(
                MeasuredModel(
                    one, **{end: models[one][metric][end] for end in ("mean", "low", "high")}
                )
                for one in told
                if one in models
            ),
        )


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)
