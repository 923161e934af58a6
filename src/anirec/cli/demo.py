"""``anirec demo``: from the starter community to a page that answers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from anirec.cli.options import DIRECTORY
from anirec.progress import ConsoleProgress


@click.command()
@click.option(
    "--dir",
    "directory",
    type=DIRECTORY,
    default=Path("demo"),
    show_default=True,
    help="Where lists, tables, models and bundles go; a finished run is taken up again.",
)
@click.option("--viewers", type=click.IntRange(100), default=3000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option(
    "--params",
    "params_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Parameters; by default settings that suit so small a community, not params.yaml.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--check", is_flag=True, help="Answer one request and exit instead of serving.")
def command(
    directory: Path,
    viewers: int,
    seed: int,
    params_path: Path | None,
    host: str,
    port: int,
    check: bool,
) -> None:
    """Run the whole pipeline on simulated viewers, then serve the page."""
    from anirec.params import Params, load_params
    from anirec.pipeline.demo import build_demo

    params = load_params(params_path) if params_path else Params()
    bundle = build_demo(directory, viewers, seed, params, ConsoleProgress())
    if check:
        from anirec.web.serving import answer_one_request

        click.echo(answer_one_request(bundle))
        return
    # A fresh process: workers must not be forked from one in which a training library has threads.
    serving = (
        "-m",
        "anirec",
        "serve",
        "--bundle",
        str(bundle),
        "--host",
        host,
        "--port",
        str(port),
    )
    # A person at a terminal wants the page, not a line for every poster.
    environment = {"ANIREC_REQUEST_LOG": "0", **os.environ}
    os.execve(sys.executable, (sys.executable, *serving), environment)  # noqa: S606
