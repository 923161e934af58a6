"""An application over the small world."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from anirec.models.registry import MODELS
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.context import database
from anirec.web.request_log import LOGGER, log_to
from anirec.web.settings import Settings
from small_world import TEST_MODELS
from web.web_world import web_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture(scope="session")
def recommender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recommender]:
    with pytest.MonkeyPatch.context() as patch:
        for name, model in TEST_MODELS.items():
            patch.setitem(MODELS, name, model)
        yield Recommender.load(web_bundle(tmp_path_factory.mktemp("web") / "bundle"))


@pytest.fixture(scope="session")
def app(recommender: Recommender) -> Flask:
    return create_app(recommender)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def keeping(recommender: Recommender, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of an application with a database of its own."""
    kept = create_app(
        recommender, Settings(database_url=SecretStr(f"sqlite:///{tmp_path}/anirec.db"))
    )
    yield kept.test_client()
    with kept.app_context():
        database().close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a server would write to standard output."""
    logger, stream = logging.getLogger(LOGGER), io.StringIO()
    before = (logger.handlers[:], logger.level, logger.propagate)
    log_to(stream)
    yield stream
    logger.handlers[:], logger.level, logger.propagate = before
