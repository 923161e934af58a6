"""Puts the card together from the manifest and what the stages noted."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from anirec.evaluation.groups import LENGTH, TASTE
from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.evaluation.tables import LOOKS, TITLES, UNDEFINED
from anirec.evaluation.wording import (
    GROUPS_DIFFER,
    LOOK_TERMS,
    PROTOCOL_TITLES,
    in_words,
    terms_of,
)
from anirec.models.popularity import Popularity
from anirec.models.registry import model_class
from anirec.pipeline.model_card.limits import limits
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.learned.learned_ranker import LearnedRanker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anirec.bundle.manifest import Manifest
    from anirec.params import Params

COVERAGE: Final = "coverage"


@dataclass(frozen=True)
class CardSource:
    """What the card tells besides the manifest."""

    answers: str
    """What answers where a request names no weights."""
    params: Params
    ingest: Mapping[str, Any]
    """``ingest.json``; empty for tables of other makers."""
    entries: int
    adult_shows: int
    fit_seconds: float
    """How long the refit on everyone took."""


def model_card(manifest: Manifest, source: CardSource) -> str:
    """Return the card as Markdown.

    Figures of simulated viewers are left out: they are no ground for a judgement.
    """
    model = source.answers
    # A report without what answers says nothing about this bundle.
    reports = {
        name: manifest.evaluation[name]
        for name in PROTOCOL_TITLES
        if not manifest.simulated and model in manifest.evaluation.get(name, {}).get("models", {})
    }
    main = reports.get(NEW_VIEWERS)
    environment = Environment(
        loader=PackageLoader("anirec.pipeline.model_card"),
        autoescape=False,  # noqa: S701 - Markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    template = environment.get_template("model_card.md")
    return template.render(
        manifest=manifest,
        source=source,
        params=source.params,
        anirec=version("anirec"),
        learned=model == LearnedRanker.name,
        parts=_parts(manifest),
        sources=_sources(source.ingest),
        terms=terms_of(reports),
        main=main,
        tuned=any("hybrid" in one for one in reports.values()),
        accuracy=[_accuracy_row(name, one, model) for name, one in reports.items()],
        groups=_groups(main, model),
        groups_differ=GROUPS_DIFFER,
        look_terms=LOOK_TERMS,
        look_titles=[TITLES[name] for name in (*LOOKS, COVERAGE)],
        looks=_looks(main),
        limits=limits(reports, model),
        resamples=next((one["bootstrap_resamples"] for one in reports.values()), 0),
    )


def _parts(manifest: Manifest) -> list[dict[str, Any]]:
    """Return component, model, weight and the first line of the model's documentation."""
    return [
        {
            "component": component,
            "model": name,
            "weight": manifest.weights[component],
            "what": (model_class(name).__doc__ or "").strip().partition("\n")[0],
        }
        for component, name in (
            (COLLABORATIVE, manifest.collaborative),
            (CONTENT, manifest.content),
        )
    ]


def _sources(ingest: Mapping[str, Any]) -> list[str]:
    """Return file names and layouts; directories are nobody's business."""
    return [
        f"{one['name'].rpartition('/')[2]} ({one['layout']})"
        for kind in ("lists", "catalogues")
        for one in ingest.get(kind, ())
    ]


def _accuracy_row(protocol: str, report: Mapping[str, Any], model: str) -> list[str]:
    models, headline = report["models"], report["headline"]
    margins = [one for one in report["to_best_other"] if one["model"] == model]
    against = (
        [margins[0]["other"], _signed(margins[0]), margins[0]["verdict"]]
        if margins
        else [UNDEFINED] * 3
    )
    floor = models.get(Popularity.name, {}).get(headline)
    metric = TITLES.get(headline) or TITLES[headline.partition("@")[0]]
    return [
        PROTOCOL_TITLES[protocol],
        f"{report['viewers']:,}",
        metric,
        in_words(models[model][headline]),
        UNDEFINED if floor is None else f"{floor['mean']:.3f}",
        *against,
    ]


def _groups(main: Mapping[str, Any] | None, model: str) -> list[list[str]]:
    if main is None:
        return []
    rows = []
    for name, title in ((LENGTH, "shows in the history"), (TASTE, "taste")):
        for group in main["groups"].get(name, ()):
            figures = group["models"][model]
            floor = group["models"].get(Popularity.name, {}).get(main["headline"])
            rows.append(
                [
                    f"{title}: {group['label']}",
                    f"{group['viewers']:,}",
                    in_words(figures[main["headline"]]),
                    UNDEFINED if floor is None else f"{floor['mean']:.3f}",
                    *(
                        in_words(figures[look]) if look in figures else UNDEFINED
                        for look in ("popularity_lift", "miscalibration")
                    ),
                ]
            )
    return rows


def _looks(main: Mapping[str, Any] | None) -> list[list[str]]:
    """Return a row for each model, the best last."""
    if main is None:
        return []
    models: Mapping[str, Any] = main["models"]
    ordered = sorted(models, key=lambda name: float(models[name][main["headline"]]["mean"]))
    return [
        [
            name,
            *(
                in_words(models[name][look]) if look in models[name] else UNDEFINED
                for look in LOOKS
            ),
            f"{models[name][COVERAGE]:.3f}" if COVERAGE in models[name] else UNDEFINED,
        ]
        for name in ordered
    ]


def _signed(margin: Mapping[str, float]) -> str:
    return f"{margin['mean']:+.3f} ({margin['low']:+.3f} to {margin['high']:+.3f})"


def _cell(text: object) -> str:
    """Return text that stays within its cell of a Markdown table."""
    return " ".join(str(text).replace("|", "\\|").split())
