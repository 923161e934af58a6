"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

TRACKERS = ("local", "comet", "none")
"""The keys of ``tracking.choice.TRACKERS`` and none, spelt out so that ``--help`` imports nothing."""

DIRECTORY = click.Path(path_type=Path, file_okay=False)


class Place(click.ParamType[str | Path]):
    """A directory, or an address such as ``gs://bucket/prefix``."""

    name = "place"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | Path:
        """Leave an address as it is: a path would make one slash of two."""
        if "://" in str(value):
            return str(value)
        path = DIRECTORY.convert(value, param, ctx)
        assert isinstance(path, Path)
        return path


registry_option = click.option(
    "--registry",
    "place",
    type=Place(),
    default=Path("bundles"),
    show_default=True,
    help="Where bundles were published to: a directory or gs://bucket/prefix.",
)

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
models_option = click.option(
    "--models",
    "models_directory",
    type=DIRECTORY,
    default=Path("artifacts/models"),
    show_default=True,
    help="What anirec train wrote.",
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
tracker_option = click.option(
    "--tracker",
    "trackers",
    type=click.Choice(TRACKERS),
    multiple=True,
    default=("local",),
    envvar="ANIREC_TRACKER",
    show_default=True,
    show_envvar=True,
    help="Who keeps parameters, figures and files of this run; can be given several times.",
)
runs_option = click.option(
    "--runs",
    type=DIRECTORY,
    default=Path("artifacts/runs"),
    envvar="ANIREC_RUNS_DIR",
    show_default=True,
    show_envvar=True,
    help="Each tracked run gets a directory in here; index.html lists them.",
)
