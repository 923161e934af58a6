"""What only a registry in a bucket can do wrong; the real server on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from anirec.bundle.bundle import open_bundle
from anirec.bundle.manifest import Manifest
from anirec.bundle.registry import open_registry
from anirec.bundle.registry.gcs import POINTER, GcsRegistry
from anirec.bundle.registry.gcs_objects import ABSENT, ChangedMeanwhileError, GcsObjects
from anirec.cli.main import main
from anirec.errors import BundleError, UnreachableError
from bundle.registry.conftest import BUCKET
from bundle.registry.published import bundle_named, publish

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.real


@pytest.fixture
def registry(bucket_address: str) -> GcsRegistry:
    registry = open_registry(bucket_address)
    assert isinstance(registry, GcsRegistry)
    publish(registry, "v1", "v2", "v3")
    return registry


@pytest.fixture
def objects(registry: GcsRegistry) -> GcsObjects:
    return GcsObjects(BUCKET, registry.address.removeprefix(f"gs://{BUCKET}/"))


def names(objects: GcsObjects, version: str) -> set[str]:
    return {info.name for info in objects.list() if info.name.startswith(f"{version}/")}


def versions_in(cache: Path) -> set[str]:
    return {path.name for path in next(cache.iterdir()).iterdir() if path.name != ".lock"}


def test_an_object_is_replaced_only_as_it_was_read(objects: GcsObjects, tmp_path: Path) -> None:
    first = objects.replace("note", b"1", ABSENT)
    second = objects.replace("note", b"2", first)
    for stale in (ABSENT, first):
        with pytest.raises(ChangedMeanwhileError):
            objects.replace("note", b"3", stale)
    assert objects.read("note") == b"2"
    assert objects.generation("note") == second
    assert objects.read_generation("note", first) is None
    (tmp_path / "file").write_bytes(b"2")
    objects.create("note", tmp_path / "file")
    (tmp_path / "file").write_bytes(b"4")
    with pytest.raises(ChangedMeanwhileError):
        objects.create("note", tmp_path / "file")


def test_a_version_without_its_manifest_is_not_seen(
    registry: GcsRegistry, objects: GcsObjects
) -> None:
    objects.delete("v3/manifest.json")
    assert registry.versions() == ["v1", "v2"]
    with pytest.raises(BundleError, match="no bundle v3"):
        registry.promote("v3")


def test_the_manifest_is_written_last(bucket_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    created: list[str] = []
    create = GcsObjects.create

    def note(objects: GcsObjects, name: str, path: Path) -> None:
        create(objects, name, path)
        created.append(name)

    monkeypatch.setattr(GcsObjects, "create", note)
    publish(open_registry(bucket_address), "v1")
    assert created[-1] == "v1/manifest.json"
    assert created.count("v1/manifest.json") == 1


def impatient(address: str) -> GcsRegistry:
    bucket, _, prefix = address.removeprefix("gs://").partition("/")
    return GcsRegistry(bucket, prefix, abandoned_after=timedelta(0))


def test_what_a_killed_publish_left_is_cleared_when_it_is_old(
    registry: GcsRegistry, objects: GcsObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = GcsObjects.create

    def killed(objects: GcsObjects, name: str, path: Path) -> None:
        if name.endswith("manifest.json"):
            raise KeyboardInterrupt
        create(objects, name, path)

    with monkeypatch.context() as patch:
        patch.setattr(GcsObjects, "create", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(registry, "v4")
    assert names(objects, ".unfinished") == {".unfinished/v4"}
    publish(registry, "v5")
    assert names(objects, "v4")  # it may still be on its way
    publish(impatient(registry.address), "v6")
    assert not names(objects, "v4") | names(objects, ".unfinished")
    assert registry.versions() == ["v1", "v2", "v3", "v5", "v6"]


def test_a_publish_killed_before_it_was_recorded_has_published(
    registry: GcsRegistry, objects: GcsObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(GcsRegistry, "_append", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(registry, "v4")
    registry.promote("v4")
    publish(impatient(registry.address), "v5")
    assert registry.versions() == ["v1", "v2", "v3", "v4", "v5"]
    assert not names(objects, ".unfinished")


def test_other_things_under_the_prefix_are_left_alone(
    registry: GcsRegistry, objects: GcsObjects
) -> None:
    for name in ("lists/animelist.csv", "app/manifest.json", "20260101/notes"):
        objects.replace(name, b"mine", ABSENT)
    assert registry.versions() == ["v1", "v2", "v3"]
    publish(impatient(registry.address), "v4")
    assert registry.keep_last(1) == ["v2", "v3"]
    for name in ("lists/animelist.csv", "app/manifest.json", "20260101/notes"):
        assert objects.read(name) == b"mine"


def test_a_bundle_copied_by_hand_is_a_version(registry: GcsRegistry, objects: GcsObjects) -> None:
    version = "20261103T141500Z-3fa2c41e"
    for name in sorted(names(objects, "v1"), key=lambda name: "manifest" in name):
        contents = objects.read(name)
        assert contents is not None
        objects.replace(name.replace("v1/", f"{version}/", 1), contents, ABSENT)
    assert registry.versions()[0] == version
    registry.promote(version)
    assert registry.current() == version


@pytest.mark.parametrize("name", ["../../escaped", "/tmp/escaped", "a/../../escaped", "a//b"])
def test_files_outside_the_bundle_are_never_written(
    registry: GcsRegistry, objects: GcsObjects, tmp_path: Path, name: str
) -> None:
    manifest = Manifest.read(registry.fetch("v3"))
    files = {**manifest.files, name: {"bytes": 4, "sha256": "0" * 64}}
    replace(manifest, files=files).write(tmp_path)
    data = (tmp_path / "manifest.json").read_bytes()
    at = "v3/manifest.json"
    objects.replace(at, data, objects.generation(at))
    objects.replace(f"v3/{name}", b"evil", ABSENT)
    with pytest.raises(BundleError, match=r"names a file .*escaped|names a file 'a//b'"):
        registry.fetch("v3")
    assert not list(tmp_path.rglob("escaped"))


def test_a_version_outside_the_cache_is_refused(registry: GcsRegistry) -> None:
    for version in ("..", "../v1", ""):
        with pytest.raises(BundleError, match="is no name of a bundle"):
            registry.fetch(version)


def test_a_removal_that_was_killed_is_finished(
    registry: GcsRegistry, objects: GcsObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(registry: GcsRegistry, version: str, names: Any) -> None:
        raise KeyboardInterrupt

    registry.promote("v3")
    publish(registry, "v4", "v5")
    with monkeypatch.context() as patch:
        patch.setattr(GcsRegistry, "_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            registry.keep_last(1)
    assert registry.versions() == ["v1", "v3", "v5"]
    publish(registry, "v6")
    assert registry.versions() == ["v1", "v3", "v5", "v6"]
    assert not names(objects, "v2")


def test_a_damaged_version_is_not_promoted_nor_kept_in_the_cache(
    registry: GcsRegistry, objects: GcsObjects, tmp_path: Path
) -> None:
    objects.replace("v2/ranker.json", b"{}", objects.generation("v2/ranker.json"))
    objects.delete("v3/ranker.json")
    with pytest.raises(BundleError, match=rf"^{registry.address}/v2 is damaged \(ranker.json"):
        registry.promote("v2")
    with pytest.raises(BundleError, match=rf"^{registry.address}/v3 is incomplete \(ranker.json"):
        registry.promote("v3")
    assert registry.current() == "v1"
    assert versions_in(tmp_path / "cache") == set()


def test_a_damaged_copy_is_fetched_again(registry: GcsRegistry) -> None:
    place = registry.fetch("v1")
    (place / "ranker.json").write_text("{}")
    assert registry.fetch("v1") == place
    open_bundle(place)


def test_the_cache_keeps_the_two_used_last(registry: GcsRegistry, tmp_path: Path) -> None:
    opened = open_bundle(registry.fetch("v1"))
    for version in ("v2", "v1", "v3"):
        registry.fetch(version)
    assert versions_in(tmp_path / "cache") == {"v1", "v3"}
    registry.fetch("v2")
    assert versions_in(tmp_path / "cache") == {"v2", "v3"}
    assert opened.catalogue.show(3).title == "Show 3"


def test_a_cache_that_cannot_be_made_is_named(
    registry: GcsRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path / "file"))
    with pytest.raises(BundleError, match="set ANIREC_BUNDLE_CACHE to a directory"):
        open_bundle(registry.address)


def test_a_lost_answer_to_our_own_move_is_no_conflict(
    registry: GcsRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = GcsObjects.replace

    def lose_the_answer(objects: GcsObjects, name: str, data: bytes, generation: int) -> int:
        replace(objects, name, data, generation)
        return replace(objects, name, data, generation)

    monkeypatch.setattr(GcsObjects, "replace", lose_the_answer)
    registry.promote("v2")
    assert registry.current() == "v2"
    assert [move.action for move in registry.history()].count("promote") == 1


def test_another_bundle_of_the_same_name_is_refused(
    registry: GcsRegistry, objects: GcsObjects
) -> None:
    objects.replace("v3/ranker.json", b"{}", objects.generation("v3/ranker.json"))
    with pytest.raises(BundleError, match="v3 exists with other contents: publish again"):
        publish(registry, "v3")


def test_a_damaged_pointer_is_said_in_one_sentence(
    registry: GcsRegistry, objects: GcsObjects
) -> None:
    objects.replace(POINTER, b"{", objects.generation(POINTER))
    with pytest.raises(BundleError, match=r"current.json is damaged or of a newer anirec"):
        registry.current()


def test_no_bucket_no_server_in_one_sentence(
    registry: GcsRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = open_registry("gs://no-such-bucket/bundles")
    with pytest.raises(UnreachableError, match="there is no bucket no-such-bucket: create it"):
        nowhere.publish(partial(bundle_named, "v1"))
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    monkeypatch.setattr("anirec.bundle.registry.gcs_objects._RETRY_SECONDS", 0.1)
    with pytest.raises(UnreachableError, match=f"^gs://{BUCKET}/.* cannot be used: ") as error:
        open_registry(registry.address).current()
    assert "\n" not in str(error.value)


def test_the_verbs(
    registry: GcsRegistry, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANIREC_BUNDLE", registry.address)

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out = capsys.readouterr()
        return int(end.value.code or 0), out.out + out.err

    at = ("--registry", registry.address)
    assert run("promote", "v2", *at, "--force", "--reason", "no figures")[0] == 0
    assert registry.history()[-1].forced
    status, refused = run("promote", "v3", *at)
    assert (status, refused.count("\n")) == (1, 1)
    assert refused.startswith("anirec: v3 is not promoted: ")
    assert run("recommend", "--user-id", "1000001", "-n", "3", "--json")[0] == 0
    assert json.loads(run("similar", "10", "--json")[1])["model"].endswith("v2")
    publish(registry, "v4", "v5")
    status, told = run("promote", *at, "--keep", "1", "--why", "tidy")
    assert status == 0
    assert told.startswith("removed v3\nremoved v4\n")
    assert "v2  current" in told
    assert json.loads(run("rollback", *at, "--json")[1]) == {"current": "v1"}
