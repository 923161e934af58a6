"""``anirec bench``: how fast a bundle answers on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from anirec.cli.shows import bundle_option
from anirec.progress import ConsoleProgress

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from anirec.pipeline.bench.figures import Row


@click.command("bench")
@bundle_option
@click.option(
    "--requests",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="How many of each kind are timed.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Of the lists."
)
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(bundle: str | Path, requests: int, seed: int, as_json: bool) -> None:
    """Measure how fast a bundle answers on this machine, and in how much memory.

    One thread to a process, lists drawn from the bundle's own catalogue, reasons included where a single list is
    answered.
    """
    from rich.console import Console

    from anirec.pipeline.bench.measure import measure_bundle

    found = measure_bundle(bundle, requests, seed, ConsoleProgress())
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
        return
    console = Console(highlight=False)
    console.print(found.model, found.machine, sep="\n", markup=False, soft_wrap=True)
    console.print(f"one thread to a process, {requests:,} requests of each kind, seed {seed}")
    console.print(_table(found.rows))
    for note in dict.fromkeys(row.note for row in found.rows if row.note):
        console.print(f"–: {note}", soft_wrap=True)


def _table(rows: tuple[Row, ...]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("measured")
    for title in ("median ms", "p99 ms", "a second", "MB"):
        table.add_column(title, justify="right")
    for row in rows:
        cells = [
            "" if value is None else f"{value:,.{digits}f}"
            for value, digits in (
                (row.median_ms, 2),
                (row.p99_ms, 2),
                (row.per_second, 0),
                (row.megabytes, 0),
            )
        ]
        table.add_row(row.label, *("–" if row.note else cell for cell in cells))
    return table
