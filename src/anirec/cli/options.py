"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path

import click

DIRECTORY = click.Path(path_type=Path, file_okay=False)

tables_option = click.option(
    "--tables",
    type=DIRECTORY,
    default=Path("artifacts/tables"),
    show_default=True,
    help="What anirec ingest wrote.",
)
split_option = click.option(
    "--split",
    "split_directory",
    type=DIRECTORY,
    default=Path("artifacts/split"),
    show_default=True,
    help="What anirec split wrote.",
)
params_option = click.option(
    "--params",
    "params_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Parameters; by default params.yaml, if there is one.",
)
cache_option = click.option(
    "--cache",
    type=DIRECTORY,
    default=Path("artifacts/cache"),
    envvar="ANIREC_CACHE_DIR",
    show_default=True,
    show_envvar=True,
    help="Where vectors of texts are kept.",
)
