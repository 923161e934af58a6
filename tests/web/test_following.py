"""What becomes current is swapped in between requests; what is bad is refused. Step by step."""

from __future__ import annotations

import gc
import logging
import shutil
import weakref
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anirec.bundle.manifest import Manifest, describe_file
from anirec.bundle.registry import LocalRegistry
from anirec.errors import AnirecError, UnreachableError
from anirec.models.registry import MODELS
from anirec.ranking.recommendation import Recommendations
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.context import answering, recommender, swap
from anirec.web.following import Follower
from anirec.web.warming import warm
from small_world import TEST_MODELS, Linear
from web.web_world import KNOWN, web_bundle

if TYPE_CHECKING:
    from flask import Flask

BROKEN = "linear_that_breaks"


class Breaks(Linear):
    """Can be opened and not asked."""

    name = BROKEN

    def score(self, histories: Any) -> Any:
        raise ZeroDivisionError("a bug")


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in {**TEST_MODELS, BROKEN: Breaks}.items():
        monkeypatch.setitem(MODELS, name, model)


def named(version: str, directory: Path) -> Manifest:
    web_bundle(directory)
    manifest = replace(Manifest.read(directory), version=version)
    manifest.write(directory)
    return manifest


@pytest.fixture
def registry(tmp_path: Path) -> LocalRegistry:
    registry = LocalRegistry(tmp_path / "bundles")
    for version in ("v1", "v2", "v3"):
        registry.publish(partial(named, version))
    return registry


@pytest.fixture
def app(registry: LocalRegistry) -> Flask:
    return create_app(Recommender.load(registry.directory))


@pytest.fixture
def follower(app: Flask, registry: LocalRegistry) -> Follower:
    return Follower(app, registry)


def served(app: Flask) -> str:
    answer = app.test_client().get(f"/api/v1/users/{KNOWN}/recommendations")
    assert answer.status_code == 200
    return str(answer.get_json()["model"].rpartition(" ")[2])


def test_what_is_promoted_is_swapped_in_and_rolled_back(
    app: Flask, follower: Follower, registry: LocalRegistry
) -> None:
    assert not follower.look()
    assert served(app) == "v1"
    registry.promote("v2")
    assert served(app) == "v1"
    assert follower.look()
    assert served(app) == "v2"
    assert not follower.look()
    registry.rollback()
    assert follower.look()
    assert served(app) == "v1"


def test_a_request_keeps_the_bundle_it_began_with(
    app: Flask, follower: Follower, registry: LocalRegistry
) -> None:
    registry.promote("v2")
    with app.test_request_context("/"):
        before = recommender()
        assert follower.look()
        assert recommender() is before
    with app.test_request_context("/"):
        assert recommender().manifest.version == "v2"


def test_the_old_bundle_is_freed_with_its_last_request(
    app: Flask, follower: Follower, registry: LocalRegistry
) -> None:
    served(app)
    old = weakref.ref(answering(app))
    registry.promote("v2")
    gc.collect()
    gc.disable()
    try:
        with app.test_request_context("/"):
            recommender()
            assert follower.look()
            assert old() is not None
        assert old() is None
    finally:
        gc.enable()
    if Path("/proc/self/maps").exists():
        maps = Path("/proc/self/maps").read_text()
        assert f"{registry.directory}/v2/" in maps
        assert f"{registry.directory}/v1/" not in maps


def damage_a_file(directory: Path) -> None:
    path = directory / "catalogue" / "catalogue.jsonl"
    path.write_bytes(path.read_bytes()[::-1])


def damage_the_schema(directory: Path) -> None:
    path = directory / "manifest.json"
    path.write_text(path.read_text().replace('"schema_version": 3', '"schema_version": 99'))


def damage_everything(directory: Path) -> None:
    shutil.rmtree(directory)


def damage_the_model(directory: Path) -> None:
    """Checksums fit, and a request fails."""
    ranker = directory / "ranker.json"
    ranker.write_text(ranker.read_text().replace('"linear"', f'"{BROKEN}"'))
    shutil.move(directory / "models" / "linear", directory / "models" / BROKEN)
    about = directory / "models" / BROKEN / "model.json"
    about.write_text(about.read_text().replace('"linear"', f'"{BROKEN}"'))
    manifest = Manifest.read(directory)
    files = {
        name.replace("models/linear/", f"models/{BROKEN}/"): about
        for name, about in manifest.files.items()
    }
    files = {name: describe_file(directory / name) for name in files}
    replace(manifest, files=files).write(directory)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (damage_a_file, "the checksum of catalogue/catalogue.jsonl does not fit"),
        (damage_the_schema, "was published by a newer anirec"),
        (damage_everything, "no bundle v2"),
        (damage_the_model, "cannot answer a request (ZeroDivisionError: a bug)"),
    ],
)
def test_a_bad_bundle_is_refused_once_and_the_old_one_stays(
    app: Flask,
    follower: Follower,
    registry: LocalRegistry,
    caplog: pytest.LogCaptureFixture,
    damage: Any,
    says: str,
) -> None:
    registry.promote("v2")
    damage(registry.directory / "v2")
    with caplog.at_level(logging.WARNING):
        assert not any(follower.look() for _ in range(3))
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("v2 is refused, still serving v1: ")
    assert says in line
    assert "\n" not in line
    assert caplog.records[0].exc_info is None
    assert served(app) == "v1"
    assert registry.rollback() == "v1"
    assert not follower.look()
    registry.promote("v3")
    assert follower.look()
    assert served(app) == "v3"


def test_what_was_refused_is_tried_again_after_another_was_current(
    app: Flask, follower: Follower, registry: LocalRegistry, tmp_path: Path
) -> None:
    registry.promote("v2")
    shutil.copytree(registry.directory / "v2", tmp_path / "whole")
    damage_a_file(registry.directory / "v2")
    assert not follower.look()
    registry.rollback()
    assert not follower.look()
    shutil.rmtree(registry.directory / "v2")
    shutil.copytree(tmp_path / "whole", registry.directory / "v2")
    registry.promote("v2")
    assert follower.look()


@pytest.mark.parametrize("step", ["current", "fetch"])
def test_an_unreachable_registry_is_asked_again(
    app: Flask,
    follower: Follower,
    registry: LocalRegistry,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    registry.promote("v2")

    def away(*_: str) -> Path:
        raise UnreachableError("no network")

    with caplog.at_level(logging.WARNING), monkeypatch.context() as patch:
        patch.setattr(registry, step, away)
        assert not any(follower.look() for _ in range(3))
    assert [record.getMessage() for record in caplog.records] == ["still serving v1: no network"]
    assert follower.look()
    assert served(app) == "v2"


def test_a_started_follower_has_looked(
    app: Flask, follower: Follower, registry: LocalRegistry
) -> None:
    registry.promote("v2")
    follower.start(3600)
    assert served(app) == "v2"


def test_a_bundle_that_recommends_nothing_is_not_warm(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answering(app)
    monkeypatch.setattr(opened, "recommend_user", lambda *_, **__: Recommendations([], removed={}))
    with pytest.raises(AnirecError, match="recommends nothing"):
        warm(opened)


def test_swapping_keeps_the_settings(app: Flask, registry: LocalRegistry) -> None:
    before = app.extensions["anirec"].settings
    swap(app, Recommender.load(registry.directory / "v2"))
    assert app.extensions["anirec"].settings is before
