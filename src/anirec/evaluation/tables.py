"""The report as tables: on a terminal, and in Markdown for the README."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table

from anirec.evaluation.figures import DEEP_RECALL, LIFT, TOP_N
from anirec.evaluation.report import look_of

if TYPE_CHECKING:
    from anirec.evaluation.report import Margin, Report

TITLES: Final = {
    "ndcg": f"NDCG@{TOP_N}",
    "recall": f"recall@{TOP_N}",
    DEEP_RECALL: DEEP_RECALL,
    "hit_rate": "hit rate",
    "mrr": "MRR",
    "coverage": "coverage",
    "novelty": "novelty, bits",
    "diversity": "diversity",
    LIFT: "popularity lift",
    "miscalibration": "miscalibration",
}
LOOKS: Final = ("novelty", "diversity", LIFT, "miscalibration")
UNDEFINED: Final = "–"


def columns(report: Report) -> list[str]:
    """Return the titles of the table's columns."""
    return ["model", TITLES[report.headline], "95 % interval", *_other_titles(report)]


def rows(report: Report) -> list[list[str]]:
    """Return the table's rows as text, the best model last."""
    table = []
    for model in ordered(report):
        intervals = dict(report.intervals(model))
        headline = intervals.pop(report.headline)
        others = [interval.mean for interval in intervals.values()]
        others += report.figures[model].overall.values()
        table.append(
            [
                model,
                f"{headline.mean:.4f}",
                f"{headline.low:.4f} to {headline.high:.4f}",
                *(f"{value:.3f}" for value in others),
            ]
        )
    return table


def look_columns() -> list[str]:
    """Return the titles of the table of what the lists look like."""
    return ["model", *(TITLES[name] for name in LOOKS)]


def look_rows(report: Report) -> list[list[str]]:
    """Return its rows in the order of ``rows``; none where nothing was measured."""
    looks = {model: look_of(report.figures[model]) for model in ordered(report)}
    if not any(looks.values()):
        return []
    return [
        [model, *(f"{look[name].mean:.3f}" if name in look else UNDEFINED for name in LOOKS)]
        for model, look in looks.items()
    ]


def ordered(report: Report) -> list[str]:
    """Return the models, the best last."""
    return sorted(report.figures, key=lambda model: report.intervals(model)[report.headline].mean)


def rich_tables(report: Report) -> list[Table]:
    """Return the tables for a terminal."""
    tables = [_rich(title(report), columns(report), rows(report))]
    looks = look_rows(report)
    if looks:
        tables.append(_rich("what the lists look like", look_columns(), looks))
    return tables


def markdown(report: Report) -> str:
    """Return the tables and the margins in Markdown."""
    looks = look_rows(report)
    parts = [
        title(report),
        _markdown(columns(report), rows(report)),
        _markdown(look_columns(), looks) if looks else "",
        "\n".join(f"{sentence(margin)}." for margin in report.margins),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def title(report: Report) -> str:
    """Return what was measured on whom, in one line."""
    return (
        f"{report.protocol}: {len(report.user_ids):,} {report.on} viewers, "
        f"full ranking over {report.n_items:,} shows"
    )


def sentence(margin: Margin) -> str:
    """Return a margin in words."""
    interval = margin.interval
    return (
        f"{margin.model} minus {margin.other}: {interval.mean:+.4f} "
        f"({interval.low:+.4f} to {interval.high:+.4f}): {margin.verdict}"
    )


def _other_titles(report: Report) -> list[str]:
    first = next(iter(report.figures.values()))
    names = [name for name in first.per_viewer if name != report.headline]
    return [TITLES[name] for name in [*names, *first.overall]]


def _rich(name: str, titles: list[str], cells: list[list[str]]) -> Table:
    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(titles):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in cells:
        table.add_row(*row)
    return table


def _markdown(titles: list[str], cells: list[list[str]]) -> str:
    lines = [titles, ["---"] + ["---:"] * (len(titles) - 1), *cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
