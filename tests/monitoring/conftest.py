"""The world whose answers are watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring.answers_world import AnswersWorld, answers_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def watched_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watched") / "bundle"


@pytest.fixture(scope="session")
def world(watched_bundle: Path) -> AnswersWorld:
    return answers_world(watched_bundle)
