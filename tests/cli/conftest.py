"""A registry with one small bundle, and verbs run against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.bundle.registry import LocalRegistry
from anirec.cli.main import main
from anirec.models.registry import MODELS
from small_world import TEST_MODELS, small_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The registry's directory, below the working directory."""
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    monkeypatch.chdir(tmp_path)
    registry = LocalRegistry(tmp_path / "bundles")
    registry.publish(small_bundle)
    return registry.directory


@pytest.fixture
def run(bundles: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb; returns its status and what it printed."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return call
