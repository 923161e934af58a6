"""``anirec rollback``: go back to the bundle that was current before."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("rollback")
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
def command(directory: Path, why: str, as_json: bool) -> None:
    """Make the bundle current that was current before; twice goes back two bundles."""
    from anirec.bundle.registry import Registry

    version = Registry(directory).rollback(why)
    click.echo(json.dumps({"current": version}) if as_json else f"current is now {version}")
