"""``anirec retrain``: from raw lists to a promoted bundle; safe to run every night."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from anirec.cli.options import (
    DIRECTORY,
    cache_option,
    params_option,
    registry_option,
    runs_option,
    tracker_option,
)
from anirec.cli.selection import selection_of, selection_options

REFUSED = 3
"""Exit status: published, but the gate refuses it."""
ALREADY_RUNNING = 4
"""Exit status: another retraining is at work in the same artifacts."""


@click.command("retrain")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@registry_option
@click.option(
    "--artifacts",
    type=DIRECTORY,
    default=Path("artifacts"),
    show_default=True,
    help="Where every step leaves its output; the next run goes on from there.",
)
@selection_options
@params_option
@cache_option
@tracker_option
@runs_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, not as Markdown.")
def command(
    sources: tuple[str, ...],
    place: str | Path,
    artifacts: Path,
    params_path: Path | None,
    cache: Path,
    trackers: tuple[str, ...],
    runs: Path,
    as_json: bool,
    **chosen: Any,
) -> int:
    """Ingest, train, evaluate, publish, and promote if the gate opens.

    A SOURCE is what `anirec ingest` takes; feedback in the database of ANIREC_DATABASE_URL, if that is
    set, is one more. What an earlier run finished for the same input is kept;
    with nothing new in the sources nothing is published. The report is printed and written to
    retrain/reports below the artifacts.

    Exit status: 0 promoted, or nothing new; 1 a step failed; 3 the gate refuses the new bundle;
    4 another retraining is at work in the same artifacts.
    """
    from anirec.params import load_params
    from anirec.pipeline.retrain.lock import AlreadyRunningError
    from anirec.pipeline.retrain.loop import Retraining, retrain
    from anirec.progress import ConsoleProgress
    from anirec.store.address import VARIABLE
    from anirec.tracking.run import tracked_run

    progress = ConsoleProgress()
    job = Retraining(
        sources=sources,
        artifacts=artifacts,
        registry=place,
        params=load_params(params_path),
        selection=selection_of(**chosen),
        cache=cache,
        database=os.environ.get(VARIABLE) or None,
        params_path=params_path,
        track=partial(tracked_run, trackers, "retrain", runs, progress),
        progress=progress,
    )
    try:
        report = retrain(job)
    except AlreadyRunningError as error:
        click.echo(f"anirec: {error}", err=True)
        return ALREADY_RUNNING
    click.echo(report.to_json() if as_json else report.to_markdown(), nl=as_json)
    return REFUSED if report.outcome == "refused" else 0
