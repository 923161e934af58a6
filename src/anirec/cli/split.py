"""``anirec split``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anirec.cli.options import DIRECTORY, params_option, tables_option
from anirec.data.held_out_draw import FOLDS
from anirec.data.split_writer import write_split
from anirec.params import load_params
from anirec.progress import SILENT, ConsoleProgress


@click.command()
@tables_option
@click.option(
    "--out",
    type=DIRECTORY,
    default=Path("artifacts/split"),
    show_default=True,
    help="Directory to write; an earlier split there is replaced.",
)
@params_option
@click.option("--json", "as_json", is_flag=True, help="Print split.json, and nothing else.")
def command(tables: Path, out: Path, params_path: Path | None, as_json: bool) -> None:
    """Set aside validation and test viewers, and hold out a part of their lists."""
    params = load_params(params_path)
    about = write_split(tables, out, params.split, SILENT if as_json else ConsoleProgress())
    if as_json:
        click.echo(json.dumps(about, indent=1, sort_keys=True))
        return
    counts = about["counts"]
    train = counts["train"]
    click.echo(f"train       {train['viewers']:>9,} viewers {train['entries']:>12,} entries")
    for fold in FOLDS:
        of = counts[fold]
        click.echo(
            f"{fold:<11} {of['viewers']:>9,} viewers {of['history']:>12,} entries of history, "
            f"{of['held_out']:,} held out ({of['held_out_not_in_catalogue']:,} not in the catalogue); "
            f"{of['viewers_too_short']:,} viewers left out, with fewer than "
            f"{about['params']['minimum_interactions']} entries"
        )
    click.echo(f"written to {out}")
