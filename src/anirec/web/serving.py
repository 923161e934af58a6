"""From a bundle's path to a running server, or to one answer."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.bundle.registry import registry_behind
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.context import answering
from anirec.web.following import Follower
from anirec.web.lasting_memory import settle
from anirec.web.metrics_directory import metrics_directory
from anirec.web.request_log import log_to
from anirec.web.server import Server, open_port
from anirec.web.settings import Settings
from anirec.web.warming import warm

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def serve(
    bundle: str | Path,
    host: str,
    port: int,
    workers: int = 2,
    threads: int = 8,
    follow: float = 0,
) -> None:
    """Serve the page and the API until SIGTERM or Ctrl-C.

    Parameters
    ----------
    bundle
        A bundle, or a registry, whose current bundle is then served.
    follow
        Seconds between two looks at the registry, if it is one; what has become current is then
        served without a restart. 0 keeps the bundle.

    Raises
    ------
    AnirecError
        If the bundle, the address or a setting of the environment cannot be used.
    """
    settings = Settings.from_environment(os.environ)
    with (
        open_port(host, port) as bound,
        threadpool_limits(limits=1, user_api="blas"),
        metrics_directory(),
    ):
        # Requests are answered side by side; a request that spreads over all cores as well only
        # gets in the way of the others (threads that wait for a core spin).
        if settings.request_log:
            log_to(sys.stdout)
        app = _application(bundle, settings)
        shown = f"[{host}]" if ":" in host else host
        model = answering(app).model
        click.echo(f"{model}\nhttp://{shown}:{bound.getsockname()[1]} (Ctrl-C stops)")
        registry = registry_behind(bundle) if follow else None
        start = partial(Follower(app, registry).start, follow) if registry is not None else None
        settle()
        Server(app, bound, workers, threads, start).run()


def _application(bundle: str | Path, settings: Settings) -> Flask:
    """Return an application that has answered once.

    The only one that holds the bundle: swapping it frees the old one.
    """
    recommender = Recommender.load(bundle)
    warm(recommender)
    return create_app(recommender, settings)


def answer_one_request(bundle: Path) -> str:
    """Open a bundle and let it answer one request; see ``warm``."""
    return warm(Recommender.load(bundle))
