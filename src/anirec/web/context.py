"""What every handler needs: the recommender, the settings, the database, the viewer's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from flask import current_app, g, request

from anirec.store.database import Database
from anirec.web.titles import Language

if TYPE_CHECKING:
    from flask import Flask

    from anirec.recommender import Recommender
    from anirec.web.settings import Settings

LANGUAGE_NAME: Final = "lang"
"""Of the query parameter and of the cookie that remembers it."""

_EXTENSION: Final = "anirec"


@dataclass(frozen=True)
class _Context:
    recommender: Recommender
    settings: Settings
    database: Database


def attach(app: Flask, recommender: Recommender, settings: Settings) -> None:
    """Give the application what its handlers need.

    Raises
    ------
    AnirecError
        If the settings name a database that cannot be; it is opened only when it is needed.
    """
    database = Database(settings.database_url.get_secret_value())
    app.extensions[_EXTENSION] = _Context(recommender, settings, database)


def swap(app: Flask, recommender: Recommender) -> None:
    """Let requests that begin from now on be answered by another recommender."""
    known = cast("_Context", app.extensions[_EXTENSION])
    app.extensions[_EXTENSION] = replace(known, recommender=recommender)


def answering(app: Flask) -> Recommender:
    """Return the recommender that answers requests which begin now."""
    return cast("_Context", app.extensions[_EXTENSION]).recommender


def recommender() -> Recommender:
    """Return the recommender of this request: the same to its end, whatever is swapped meanwhile."""
    if "recommender" not in g:
        g.recommender = answering(current_app)
    return cast("Recommender", g.recommender)


def settings() -> Settings:
    """Return the settings of the application."""
    return cast("_Context", current_app.extensions[_EXTENSION]).settings


def database() -> Database:
    """Return the database of the application; each process opens its own connections."""
    return cast("_Context", current_app.extensions[_EXTENSION]).database


def simulated() -> bool:
    """Tell whether the viewers were drawn by chance, which pages then say."""
    return recommender().manifest.simulated


def language() -> Language:
    """Return the language for titles: asked for, else remembered, else the setting."""
    if "language" not in g:
        g.language = _language()
    return cast("Language", g.language)


def _language() -> Language:
    for source in (request.args, request.cookies):
        if (wanted := source.get(LANGUAGE_NAME)) in set(Language):
            return Language(wanted)
    return settings().title_language
