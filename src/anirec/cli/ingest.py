"""``anirec ingest``: raw lists and catalogues in, validated tables out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anirec.cli.selection import selection_of, selection_options
from anirec.data.ingest import REJECTED_FILE, ingest
from anirec.progress import SILENT, ConsoleProgress

if TYPE_CHECKING:
    from anirec.data.ingest import CatalogueSummary, IngestSummary, ListSummary


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory to write; what an earlier run wrote there is replaced as a whole.",
)
@selection_options
@click.option("--json", "as_json", is_flag=True, help="Print ingest.json, and nothing else.")
def command(
    sources: tuple[str, ...],
    out: Path,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Read raw lists and catalogues into validated tables.

    A SOURCE is a file, a directory or a zip archive, local or under gs://. From a directory or
    an archive all catalogues are taken and the fullest list; other lists must be named.
    """
    selection = selection_of(**chosen)
    summary = ingest(sources, out, selection, SILENT if as_json else ConsoleProgress())
    if as_json:
        click.echo(summary.model_dump_json(indent=1))
        return
    _print_table(_figures(summary))
    for note in _notes(summary, out):
        click.echo(note)


def _figures(summary: IngestSummary) -> list[tuple[str, int]]:
    left_out = (
        ("rejected", summary.entries_rejected),
        ("repeated (the last counts)", summary.entries_repeated),
        ("of viewers not sampled", summary.entries_not_sampled),
        ("of viewers with too short or long lists", summary.entries_of_other_length),
    )
    return [
        ("entries read", summary.entries_read),
        *((f"- {what}", n) for what, n in left_out if n),
        ("entries written", summary.entries),
        ("viewers", summary.viewers),
        ("shows in the catalogue", summary.shows),
        ("shows in the catalogue and in lists", summary.shows_in_lists),
    ]


def _print_table(figures: list[tuple[str, int]]) -> None:
    if not sys.stdout.isatty():
        for what, n in figures:
            click.echo(f"{what}: {n:,}")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    for what, n in figures:
        table.add_row(what, f"{n:,}")
    Console().print(table)


def _notes(summary: IngestSummary, out: Path) -> list[str]:
    read: list[ListSummary | CatalogueSummary] = [*summary.lists, *summary.catalogues]
    notes = [f"read: {entry.name} ({entry.layout})" for entry in read]
    notes += [f"skipped: {entry.name}: {entry.reason}" for entry in summary.skipped]
    notes += [
        f"damaged: {entry.name}: {entry.damage}; what was readable is in"
        for entry in read
        if entry.damage
    ]
    notes += [
        f"repaired: {n:,} entries of {entry.name}: {what}"
        for entry in summary.lists
        for what, n in entry.repaired.items()
    ]
    if summary.rejected:
        reasons = sorted(summary.rejected.items(), key=lambda item: -item[1])
        notes.append(
            f"rows and values not used, with source, line and reason: {out / REJECTED_FILE}"
        )
        notes += [f"  {n:,} x {reason}" for reason, n in reasons]
    if not summary.shows:
        notes.append("no catalogue was given: add one (anime.csv, ...), models need it")
    elif summary.entries_of_unknown_shows:
        n = summary.entries_of_unknown_shows
        notes.append(f"{n:,} entries are of shows that the catalogue lacks; models ignore them")
    return notes
