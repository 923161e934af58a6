"""``anirec publish``: refit on everyone and write a bundle."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anirec.cli.options import DIRECTORY, cache_option, params_option


@click.command("publish")
@click.option(
    "--out",
    type=DIRECTORY,
    default=Path("bundles"),
    show_default=True,
    help="The registry to publish to.",
)
@click.option(
    "--artifacts",
    type=DIRECTORY,
    default=Path("artifacts"),
    show_default=True,
    help="Where ingest, train and evaluate left their output.",
)
@params_option
@cache_option
@click.option("--without-viewers", is_flag=True, help="Leave the viewers' lists out.")
@click.option("--why", default="", help="A note for the registry's history.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest, without its figures.")
def command(
    out: Path,
    artifacts: Path,
    params_path: Path | None,
    cache: Path,
    without_viewers: bool,
    why: str,
    as_json: bool,
) -> None:
    """Refit the hybrid on everyone and write it as a bundle.

    The first bundle of a registry becomes current; later ones wait for `anirec promote`.
    """
    from anirec.bundle.registry import Registry
    from anirec.params import load_params
    from anirec.pipeline.publish import publish
    from anirec.progress import ConsoleProgress

    manifest = publish(
        artifacts,
        out,
        load_params(params_path),
        with_viewers=not without_viewers,
        cache=cache,
        why=why,
        progress=ConsoleProgress(),
    )
    current = Registry(out).current()
    if as_json:
        about = manifest.summary() | {"path": str(out / manifest.version), "current": current}
        click.echo(json.dumps(about, indent=1))
        return
    click.echo(f"published {out / manifest.version}")
    if current == manifest.version:
        click.echo(f"{out / 'current'} is this bundle")
    else:
        click.echo(f"current is still {current}: `anirec promote {manifest.version}` moves it")
