"""``anirec rollback``: go back to the bundle that was current before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from anirec.cli.options import registry_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("rollback")
@registry_option
@click.option("--why", default="", help="A note for the registry's history.")
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(place: str | Path, why: str, as_json: bool) -> None:
    """Make the bundle current that was current before; twice goes back two bundles."""
    from anirec.bundle.registry import open_registry

    version = open_registry(place).rollback(why)
    click.echo(json.dumps({"current": version}) if as_json else f"current is now {version}")
