"""``anirec promote``: make a bundle the current one."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command("promote")
@click.argument("version", required=False)
@click.option(
    "--registry",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("bundles"),
    show_default=True,
    help="Where bundles were published to.",
)
@click.option("--why", default="", help="A note for the registry's history.")
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(version: str | None, directory: Path, why: str, as_json: bool) -> None:
    """Verify VERSION and make it the current bundle; without VERSION, list what there is."""
    from anirec.bundle.registry import Registry

    registry = Registry(directory)
    if version is not None:
        registry.promote(version, why)
    versions, current, moves = registry.versions(), registry.current(), registry.history()
    if as_json:
        about = {
            "versions": versions,
            "current": current,
            "history": [asdict(move) for move in moves],
        }
        click.echo(json.dumps(about, indent=1))
    elif version is not None:
        click.echo(f"current is now {version}")
    elif not versions:
        click.echo(f"no bundles in {directory}: `anirec publish --out {directory}` makes one")
    else:
        for name in versions:
            click.echo(f"{name}  current" if name == current else name)
        for move in moves:
            note = f": {move.why}" if move.why else ""
            click.echo(f"{move.at}  {move.who}  {move.action} {move.version}{note}")
