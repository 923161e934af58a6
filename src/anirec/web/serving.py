"""From a bundle's path to a running server, or to one answer."""

from __future__ import annotations

import os
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

import click
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.errors import AnirecError
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.metrics_directory import metrics_directory
from anirec.web.request_log import log_to
from anirec.web.server import Server, open_port
from anirec.web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def serve(bundle: str | Path, host: str, port: int, workers: int = 2, threads: int = 8) -> None:
    """Serve the page and the API until SIGTERM or Ctrl-C.

    Raises
    ------
    AnirecError
        If the bundle, the address or a setting of the environment cannot be used.
    """
    settings = Settings.from_environment(os.environ)
    with open_port(host, port) as bound:
        recommender = Recommender.load(bundle)
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"{recommender.model}\nhttp://{shown}:{bound.getsockname()[1]} (Ctrl-C stops)")
        # Requests are answered side by side; a request that spreads over all cores as well only
        # gets in the way of the others (threads that wait for a core spin).
        with threadpool_limits(limits=1, user_api="blas"), metrics_directory():
            if settings.request_log:
                log_to(sys.stdout)
            Server(create_app(recommender, settings), bound, workers, threads).run()


def answer_one_request(bundle: Path) -> str:
    """Ask the application, without a socket, for a viewer's page and its JSON twin.

    A bundle without viewers is asked for what it recommends to an empty list.

    Returns
    -------
    One line for people: who asked, and the first show recommended.

    Raises
    ------
    AnirecError
        If it does not answer, or recommends nothing.
    """
    recommender = Recommender.load(bundle)
    client = create_app(recommender).test_client()
    users = recommender.sample_viewers(1)
    if users:
        who = f"viewer {users[0]}"
        paths = (f"/users/{users[0]}", f"/api/v1/users/{users[0]}/recommendations")
        answers = [client.get(path) for path in paths]
    else:
        who = "a new viewer"
        answers = [client.post("/api/v1/recommendations", json={"history": []})]
    for answer in answers:
        if answer.status_code != HTTPStatus.OK:
            raise AnirecError(f"{answer.request.path} answered {answer.status}")
    shows = answers[-1].get_json()["recommendations"]
    if not shows:
        raise AnirecError(f"{answers[-1].request.path} recommends nothing")
    return f"{who} gets {len(shows)} shows, first {shows[0]['title']}"
