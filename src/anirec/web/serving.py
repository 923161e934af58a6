"""From a bundle's path to a running server, or to one answer."""

from __future__ import annotations

import os
from http import HTTPStatus
from typing import TYPE_CHECKING

import click
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.errors import AnirecError
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.server import Server, open_port
from anirec.web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def serve(bundle: Path, host: str, port: int, workers: int = 2, threads: int = 8) -> None:
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
        with threadpool_limits(limits=1, user_api="blas"):
            Server(create_app(recommender, settings), bound, workers, threads).run()


def answer_one_request(bundle: Path) -> str:
    """Ask the application, without a socket, for a viewer's page and its JSON twin.

    Returns
    -------
    One line for people: which viewer, and the first show recommended.

    Raises
    ------
    AnirecError
        If either does not answer, or recommends nothing.
    """
    recommender = Recommender.load(bundle)
    user_id = recommender.sample_viewers(1)[0]
    client = create_app(recommender).test_client()
    for path in (f"/users/{user_id}", f"/api/v1/users/{user_id}/recommendations"):
        answer = client.get(path)
        if answer.status_code != HTTPStatus.OK:
            raise AnirecError(f"{path} answered {answer.status}")
    shows = answer.get_json()["recommendations"]
    if not shows:
        raise AnirecError(f"{path} recommends nothing")
    return f"viewer {user_id} gets {len(shows)} shows, first {shows[0]['title']}"
