"""One answered request: the test that a bundle must pass before anyone is sent to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn

from anirec.errors import AnirecError
from anirec.web.app import create_app
from anirec.web.taste_tables import tables_of

if TYPE_CHECKING:
    from anirec.recommender import Recommender


def warm(recommender: Recommender) -> str:
    """Ask an application, without a socket, for a viewer's page and its JSON twin.

    A bundle without viewers is asked for what it recommends to an empty list. What is read for this is
    in memory afterwards.

    Returns
    -------
    One line for people: who asked, and the first show recommended.

    Raises
    ------
    AnirecError
        If it does not answer, or recommends nothing.
    """
    tables_of(recommender)
    app = create_app(recommender, measured=False)
    # What goes wrong is told to the caller, not logged like a failed request.
    app.testing = True
    app.register_error_handler(Exception, _raise)
    client = app.test_client()
    users = recommender.sample_viewers(1)
    try:
        if users:
            who = f"viewer {users[0]}"
            paths = (f"/users/{users[0]}", f"/api/v1/users/{users[0]}/recommendations")
            answers = [client.get(path) for path in paths]
        else:
            who = "a new viewer"
            answers = [client.post("/api/v1/recommendations", json={"history": []})]
    except Exception as error:
        version = recommender.manifest.version
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise AnirecError(f"{version} cannot answer a request ({why})") from error
    for answer in answers:
        if answer.status_code != HTTPStatus.OK:
            raise AnirecError(f"{answer.request.path} answered {answer.status}")
    shows = answers[-1].get_json()["recommendations"]
    if not shows:
        raise AnirecError(f"{answers[-1].request.path} recommends nothing")
    return f"{who} gets {len(shows)} shows, first {shows[0]['title']}"


def _raise(error: Exception) -> NoReturn:
    raise error
