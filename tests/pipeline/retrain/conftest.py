"""A world whose first bundle is published; every test gets a copy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pipeline.retrain.nightly_world import World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="package")
def first(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("nightly") / "world")
    world.draw()
    report = world.retrain()
    assert report.outcome == "promoted"
    assert report.current == report.version == world.registry.current()
    assert report.figures["learned"] > report.figures["popularity"] > 0
    return world


@pytest.fixture
def world(first: World, tmp_path: Path) -> World:
    # Sources are told apart by what the file system says of them: a copy of them is another.
    shutil.copytree(first.place, tmp_path / "world", symlinks=True)
    return World(tmp_path / "world")
