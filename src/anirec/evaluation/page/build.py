"""Puts the page together from the JSON reports of a directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from anirec.evaluation.figures import LIFT
from anirec.evaluation.groups import LENGTH, TASTE
from anirec.evaluation.page.plots import MISSING, Line, Plot, Plots, Table, of_group
from anirec.evaluation.protocols import NEW_VIEWERS, SHORT_HISTORIES
from anirec.evaluation.report import suffix_of
from anirec.evaluation.tables import LOOKS, TITLES
from anirec.evaluation.wording import (
    GROUPS_DIFFER,
    LOOK_TERMS,
    PROTOCOL_TITLES,
    in_words,
    terms_of,
)
from anirec.evaluation.written_reports import written_reports
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Reports = Mapping[str, Mapping[str, Any]]
    """JSON reports by protocol"""

HEADLINE: Final = "ndcg@10"


@dataclass(frozen=True)
class Section:
    """A part of the page: what to know, tables, plots."""

    title: str
    text: str
    terms: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[str, Table]] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)


def write_page(directory: Path, on: str, recipe: str, progress: Progress = SILENT) -> Path:
    """Write ``report.html`` (``report-validation.html``) from the JSON reports beside it.

    Reports of other models, tables or settings than those of ``recipe`` are left out, with a line to
    ``progress``.

    Raises
    ------
    DataError
        If one of the reports cannot be read.
    """
    reports = written_reports(directory, on, recipe, progress)
    path = directory / f"report{suffix_of(on)}.html"
    beside = path.with_suffix(".html.part")
    beside.write_text(page(reports), encoding="utf-8")
    beside.replace(path)
    return path


def page(reports: Reports) -> str:
    """Return the page of at least one report, the same text for the same figures.

    Parameters
    ----------
    reports
        In the order in which they are told, that of ``PROTOCOL_TITLES``.
    """
    main = reports.get(NEW_VIEWERS) or next(iter(reports.values()))
    models = sorted(main["models"], key=lambda name: _mean(main, name))
    plots = Plots(models)
    sections = [
        _accuracy(reports, models, plots),
        _groups(reports, models, plots),
        _lengths(reports, models, plots),
        _lists(reports, models, plots),
        _learning_curve(reports, plots),
    ]
    environment = Environment(
        loader=PackageLoader("anirec.evaluation.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("report.html")
    return template.render(
        main=main,
        sections=[section for section in sections if section],
        absent=_absent(reports),
    )


def _absent(reports: Reports) -> list[str]:
    """Return what a reader might look for in vain."""
    absent = [title.lower() for name, title in PROTOCOL_TITLES.items() if name not in reports]
    if not reports.get(NEW_VIEWERS, {}).get("learning_curve"):
        absent.append("learning curve")
    return absent


def _accuracy(reports: Reports, models: list[str], plots: Plots) -> Section:
    tables = []
    for headline in dict.fromkeys(report["headline"] for report in reports.values()):
        asked = {name: one for name, one in reports.items() if one["headline"] == headline}
        titles = [f"{PROTOCOL_TITLES[name]} ({one['viewers']:,})" for name, one in asked.items()]
        rows = [
            [model, *(_cell(one["models"].get(model, {}).get(headline)) for one in asked.values())]
            for model in models
        ]
        name = f"{_metric_title(headline)} by protocol and number of viewers, with 95 % intervals"
        tables.append((name, Table(["model", *titles], rows)))
    main = reports.get(NEW_VIEWERS) or next(iter(reports.values()))
    title = PROTOCOL_TITLES[main["protocol"]]
    if len(models) > 1:
        ordered = sorted(main["to_best_other"], key=lambda one: models.index(one["model"]))
        columns = ["model", "best other", "difference", "verdict"]
        name = f"{title}: each model against the best other, paired by viewer"
        tables.append((name, Table(columns, [_margin_cells(one) for one in ordered])))
        rows = []
        for protocol, report in reports.items():
            first = max(report["to_best_other"], key=lambda one: one["mean"])
            rows.append([PROTOCOL_TITLES[protocol], *_margin_cells(first)])
        columns = ["protocol", "best model", *columns[1:]]
        name = "The best model of each protocol against the second best, paired by viewer"
        tables.append((name, Table(columns, rows)))
    values = {model: main["models"][model][main["headline"]] for model in models}
    title = f"{_metric_title(main['headline'])}, {title.lower()}"
    plot = plots.bars(title, "Means over viewers with 95 % intervals.", title, values)
    return Section("How good the rankings are", "", terms_of(reports), tables, [plot])


def _groups(reports: Reports, models: list[str], plots: Plots) -> Section | None:
    main = reports.get(NEW_VIEWERS)
    if main is None or not main["groups"]:
        return None
    drawn = []
    for name, axis in ((LENGTH, "shows in the history"), (TASTE, "what the viewer watches")):
        groups = main["groups"][name]
        lines = [
            Line(model, [of_group(group, model, HEADLINE) for group in groups]) for model in models
        ]
        places = [f"{group['label']}\n({group['viewers']:,})" for group in groups]
        title = f"NDCG@10 by {name}"
        caption = f"New viewers by {axis}; the number of viewers in brackets."
        drawn.append(plots.lines(title, caption, "NDCG@10", places, axis, lines, joined=False))
    text = (
        "A mean hides whom a model serves badly. Mainstream and niche are thirds of the training "
        f"viewers by how widely watched their lists are. {GROUPS_DIFFER}"
    )
    return Section("Who is served well", text, plots=drawn)


def _lengths(reports: Reports, models: list[str], plots: Plots) -> Section | None:
    short = {name: reports[name] for name in SHORT_HISTORIES if name in reports}
    if not short:
        return None
    places = [str(report["history_length"]) for report in short.values()]
    asked = list(short.values())
    if NEW_VIEWERS in reports:
        places.append("all")
        asked.append(reports[NEW_VIEWERS])
    lines = [
        Line(model, [report["models"].get(model, {}).get(HEADLINE) for report in asked])
        for model in models
    ]
    title = "NDCG@10 by history length"
    caption = (
        "The same viewers, candidates and held-out shows; the models are told of only so many "
        "entries, drawn at random."
    )
    plot = plots.lines(title, caption, "NDCG@10", places, "entries known", lines)
    return Section("How much a model must know", "", plots=[plot])


def _lists(reports: Reports, models: list[str], plots: Plots) -> Section | None:
    main = reports.get(NEW_VIEWERS)
    if main is None:
        return None
    rows = [
        [
            model,
            *(_cell(main["models"][model].get(name)) for name in LOOKS),
            f"{main['models'][model]['coverage']:.3f}",
        ]
        for model in models
    ]
    table = Table(["model", *(TITLES[name] for name in LOOKS), TITLES["coverage"]], rows)
    drawn = []
    pairs = {
        model: (figures["diversity"], figures[HEADLINE])
        for model, figures in main["models"].items()
        if "diversity" in figures
    }
    if pairs:
        caption = "Up is more accurate, to the right more varied."
        axes = ("diversity of the list", "NDCG@10")
        drawn.append(plots.scatter("Accuracy against diversity", caption, axes, pairs))
    for metric, title, caption, zero in (
        (LIFT, "Popularity lift by taste", "Above 0: more popular than what they watch.", True),
        ("miscalibration", "Miscalibration by taste", "0: the genres of the history.", False),
    ):
        groups = main["groups"].get(TASTE, [])
        lines = [Line(m, [of_group(group, m, metric) for group in groups]) for m in models]
        if any(point is not None for line in lines for point in line.points):
            places = [f"{group['label']}\n({group['viewers']:,})" for group in groups]
            axis = "what the viewer watches"
            label = TITLES[metric]
            drawn.append(
                plots.lines(title, caption, label, places, axis, lines, joined=False, zero=zero)
            )
    named = [("First ten places, new viewers", table)]
    return Section("What the lists look like", "", list(LOOK_TERMS.items()), named, drawn)


def _learning_curve(reports: Reports, plots: Plots) -> Section | None:
    points = reports.get(NEW_VIEWERS, {}).get("learning_curve")
    if not points:
        return None
    lines = [
        Line(model, [point["models"][model][HEADLINE] for point in points])
        for model in points[0]["models"]
    ]
    places = [f"{point['viewers']:,}" for point in points]
    caption = (
        "The same models fitted on an eighth, a quarter, half and all of the training viewers."
    )
    plot = plots.lines("Learning curve", caption, "NDCG@10", places, "training viewers", lines)
    return Section("What more viewers would bring", "", plots=[plot])


def _mean(report: Mapping[str, Any], model: str) -> float:
    return float(report["models"][model][report["headline"]]["mean"])


def _cell(interval: Mapping[str, float] | None) -> str:
    return MISSING if interval is None else in_words(interval)


def _margin_cells(margin: Mapping[str, Any]) -> list[str]:
    return [margin["model"], margin["other"], in_words(margin), margin["verdict"]]


def _metric_title(headline: str) -> str:
    name = headline.removesuffix("@10")
    return TITLES.get(headline) or TITLES[name]
