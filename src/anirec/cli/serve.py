"""``anirec serve``: the page and the API of one bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from anirec.cli.shows import bundle_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@bundle_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="ANIREC_HOST", show_envvar=True
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    envvar="ANIREC_PORT",
    show_envvar=True,
    help="0 takes a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    envvar="ANIREC_WORKERS",
    show_envvar=True,
    help="Processes; they share the bundle's memory.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=8,
    show_default=True,
    envvar="ANIREC_THREADS",
    show_envvar=True,
    help="Threads in each process.",
)
@click.option(
    "--follow",
    type=click.FloatRange(0, 86_400),
    default=10,
    show_default=True,
    envvar="ANIREC_FOLLOW_SECONDS",
    show_envvar=True,
    help="Seconds between two looks at a registry for a new current bundle; 0 keeps the first.",
)
def command(
    bundle: str | Path, host: str, port: int, workers: int, threads: int, follow: float
) -> None:
    """Serve the page and the API until Ctrl-C.

    If --bundle is a registry, or its `current`, what becomes current later is served without a restart.
    """
    from anirec.web.serving import serve

    serve(bundle, host, port, workers, threads, follow)
