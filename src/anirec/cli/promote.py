"""``anirec promote``: make a bundle the current one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from anirec.cli.options import params_option, registry_option

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.registry import Registry
    from anirec.pipeline.gate.verdict import Verdict


@click.command("promote")
@click.argument("version", required=False)
@registry_option
@click.option(
    "--why", "--reason", "why", default="", help="A note for the history; --force needs one."
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="Then remove all but this many newest bundles, the current one and the one before it.",
)
@click.option("--force", is_flag=True, help="Promote also what the gate refuses.")
@params_option
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(
    version: str | None,
    place: str | Path,
    why: str,
    keep: int | None,
    force: bool,
    params_path: Path | None,
    as_json: bool,
) -> None:
    """Make VERSION the current bundle if the gate lets it through; without VERSION, list all.

    The gate refuses a bundle whose recipe finds less for held-out viewers than the current one's, or
    that answers too slowly.
    """
    from anirec.bundle.registry import open_registry
    from anirec.params import load_params
    from anirec.pipeline.gate.promotion import GateRefusalError, promote

    registry = open_registry(place)
    if force and (version is None or not why.strip()):
        raise click.UsageError('--force needs a VERSION and --reason "..."')
    verdict = None
    if version is not None:
        try:
            done = promote(registry, version, load_params(params_path), why, force=force)
        except GateRefusalError as refusal:
            if as_json:
                click.echo(_as_json(registry, refusal.verdict))
            raise
        verdict = done.verdict
    removed = registry.keep_last(keep, why) if keep is not None else []
    if as_json:
        click.echo(_as_json(registry, verdict))
        return
    for name in removed:
        click.echo(f"removed {name}")
    versions, current, moves = registry.versions(), registry.current(), registry.history()
    if version is not None and not done.moved:
        click.echo(f"{version} is current already")
    elif version is not None:
        for finding in verdict.findings if verdict else ():
            click.echo(f"gate: {finding}")
        click.echo(f"current is now {version}")
    elif not versions:
        click.echo(f"no bundles in {place}: `anirec publish --out {place}` makes one")
    else:
        for name in versions:
            click.echo(f"{name}  current" if name == current else name)
        for move in moves:
            note = f": {move.why}" if move.why else ""
            forced = f" (forced; the gate had said: {move.gate})" if move.forced else ""
            click.echo(f"{move.at}  {move.who}  {move.action} {move.version}{note}{forced}")


def _as_json(registry: Registry, verdict: Verdict | None) -> str:
    about = {
        "versions": registry.versions(),
        "current": registry.current(),
        "history": [asdict(move) for move in registry.history()],
        "gate": verdict.to_dict() if verdict else None,
    }
    return json.dumps(about, indent=1)
