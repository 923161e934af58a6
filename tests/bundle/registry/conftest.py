"""Registries of every kind, with small bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from anirec.bundle.registry import open_registry
from anirec.models.registry import MODELS
from gcs_server import gcs_server
from small_world import TEST_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anirec.bundle.registry import Registry

BUCKET = "shelf"


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)


@pytest.fixture(scope="module")
def gcs() -> Iterator[str]:
    with gcs_server(BUCKET) as url:
        yield url


@pytest.fixture
def bucket_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> str:
    """An empty place in a bucket."""
    request.getfixturevalue("gcs")
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path / "cache"))
    return f"gs://{BUCKET}/{uuid4().hex[:8]}/bundles"


@pytest.fixture(params=["local", pytest.param("gcs", marks=pytest.mark.real)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """A place for a registry; nothing is there yet."""
    if request.param == "local":
        return tmp_path / "bundles"
    return str(request.getfixturevalue("bucket_address"))


@pytest.fixture
def empty(address: str | Path) -> Registry:
    return open_registry(address)
