"""``anirec publish``: write a bundle, refitted on everyone or with a refreshed catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anirec.cli.options import (
    DIRECTORY,
    Place,
    cache_option,
    params_option,
    runs_option,
    tracker_option,
)

if TYPE_CHECKING:
    from anirec.bundle.manifest import Manifest


@click.command("publish")
@click.option(
    "--out",
    type=Place(),
    default=Path("bundles"),
    show_default=True,
    help="The registry to publish to: a directory or gs://bucket/prefix.",
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
@tracker_option
@runs_option
@click.option("--without-viewers", is_flag=True, help="Leave the viewers' lists out.")
@click.option(
    "--refresh-catalogue",
    is_flag=True,
    help="Refit nothing: bring new shows and changed facts into the current bundle.",
)
@click.option("--why", default="", help="A note for the registry's history.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest, without its figures.")
def command(
    out: str | Path,
    artifacts: Path,
    params_path: Path | None,
    cache: Path,
    trackers: tuple[str, ...],
    runs: Path,
    without_viewers: bool,
    refresh_catalogue: bool,
    why: str,
    as_json: bool,
) -> None:
    """Refit the hybrid on everyone and write it as a bundle.

    With --refresh-catalogue nothing is refitted: new shows get their place in the current bundle
    from what the catalogue says of them.

    The first bundle of a registry becomes current; later ones wait for `anirec promote`.
    """
    from anirec.bundle.registry import open_registry
    from anirec.params import load_params
    from anirec.pipeline.run_log import log_bundle, log_start
    from anirec.progress import ConsoleProgress
    from anirec.tracking.run import tracked_run

    params, progress = load_params(params_path), ConsoleProgress()
    if refresh_catalogue and without_viewers:
        raise click.UsageError(
            "--refresh-catalogue keeps the lists as the bundle has them: "
            "leave --without-viewers out"
        )
    registry = open_registry(out)
    manifest: Manifest | None
    with tracked_run(trackers, "publish", runs, progress) as run:
        log_start(run, params, params_path, {})
        if refresh_catalogue:
            from anirec.pipeline.refresh import refresh_catalogue as refresh

            manifest = refresh(artifacts, out, params, cache=cache, why=why, progress=progress)
        else:
            from anirec.pipeline.publish import publish

            manifest = publish(
                artifacts,
                out,
                params,
                with_viewers=not without_viewers,
                cache=cache,
                why=why,
                progress=progress,
            )
        if manifest is not None:
            log_bundle(run, manifest, registry)
    current = registry.current()
    if as_json:
        about = manifest.summary() | {"path": registry.place(manifest.version)} if manifest else {}
        click.echo(json.dumps({"version": None} | about | {"current": current}, indent=1))
        return
    if manifest is None:
        click.echo(f"the catalogue says nothing that {current} does not know: nothing published")
        return
    click.echo(f"published {registry.place(manifest.version)}")
    if current == manifest.version:
        click.echo(f"{registry.place('current')} is this bundle")
    else:
        click.echo(f"current is still {current}: `anirec promote {manifest.version}` moves it")
