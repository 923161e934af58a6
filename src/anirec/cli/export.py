"""``anirec export``: feedback as raw lists that ``anirec ingest`` reads."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from anirec.cli.options import DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path


@click.command("export")
@click.option(
    "--out", type=DIRECTORY, required=True, help="The directory to write; replaced whole."
)
@click.option(
    "--min-entries",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Leaves out viewers who say of fewer shows that they watched them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(out: Path, min_entries: int, as_json: bool) -> None:
    """Write what viewers said of shows as animelist.csv.

    Read from the database of ANIREC_DATABASE_URL, or the file that `anirec serve` keeps.
    """
    from anirec.store.address import from_environment
    from anirec.store.database import Database
    from anirec.store.export import LISTS_FILE, export

    found = export(Database(from_environment()), out, min_entries)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"{found.entries:,} entries of {found.viewers:,} viewers in {out / LISTS_FILE}")
    if found.left_out:
        click.echo(f"{found.left_out:,} viewers with fewer than {min_entries} are left out")
