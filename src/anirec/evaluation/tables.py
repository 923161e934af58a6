"""The report as a table: on a terminal, and in Markdown for the README."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from anirec.evaluation.figures import HEADLINE, TOP_N

if TYPE_CHECKING:
    from anirec.evaluation.report import Margin, Report

TITLES = {
    "ndcg": f"NDCG@{TOP_N}",
    "recall": f"recall@{TOP_N}",
    "hit_rate": "hit rate",
    "mrr": "MRR",
    "coverage": "coverage",
}


def columns(report: Report) -> list[str]:
    """Return the titles of the table's columns."""
    return ["model", TITLES[HEADLINE], "95 % interval", *_other_titles(report)]


def rows(report: Report) -> list[list[str]]:
    """Return the table's rows as text, the best model last."""
    ordered = sorted(report.figures, key=lambda model: report.intervals(model)[HEADLINE].mean)
    table = []
    for model in ordered:
        intervals = report.intervals(model)
        headline = intervals.pop(HEADLINE)
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


def rich_table(report: Report) -> Table:
    """Return the table for a terminal."""
    table = Table(title=title(report), title_justify="left", box=None, pad_edge=False)
    for number, name in enumerate(columns(report)):
        table.add_column(name, justify="left" if number == 0 else "right")
    for row in rows(report):
        table.add_row(*row)
    return table


def markdown(report: Report) -> str:
    """Return the table and the margins in Markdown."""
    names = columns(report)
    lines = [names, ["---"] + ["---:"] * (len(names) - 1), *rows(report)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    notes = "\n".join(f"{sentence(margin)}." for margin in report.margins)
    return f"{title(report)}\n\n{table}\n" + (f"\n{notes}\n" if notes else "")


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
    names = [name for name in first.per_viewer if name != HEADLINE]
    return [TITLES[name] for name in [*names, *first.overall]]
