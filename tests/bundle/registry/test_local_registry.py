from __future__ import annotations

import multiprocessing
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

from anirec.bundle.bundle import open_bundle
from anirec.bundle.registry import LocalRegistry, MovedMeanwhileError
from anirec.errors import BundleError
from bundle.registry.published import bundle_named
from small_world import small_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.manifest import Manifest


@pytest.fixture
def registry(tmp_path: Path) -> LocalRegistry:
    registry = LocalRegistry(tmp_path / "bundles")
    for version in ("v1", "v2", "v3"):
        registry.publish(partial(bundle_named, version))
    return registry


def visible(registry: LocalRegistry) -> set[str]:
    return {path.name for path in registry.directory.iterdir() if path.name != ".lock"}


def test_the_first_publish_moves_current_and_later_ones_do_not(registry: LocalRegistry) -> None:
    assert registry.versions() == ["v1", "v2", "v3"]
    assert registry.current() == "v1"
    assert visible(registry) == {"v1", "v2", "v3", "current", "history.jsonl"}
    assert (registry.directory / "current").readlink().name == "v1"
    assert not (registry.directory / "current").readlink().is_absolute()


def test_promote_moves_current(registry: LocalRegistry) -> None:
    registry.promote("v3", why="better on validation")
    assert open_bundle(registry.directory / "current").manifest.version == "v3"
    last = registry.history()[-1]
    assert (last.action, last.version, last.current) == ("promote", "v3", "v3")
    assert last.why == "better on validation"
    assert last.who


def test_rollback_after_a_crash_between_move_and_record(registry: LocalRegistry) -> None:
    (registry.directory / "current").unlink()
    (registry.directory / "current").symlink_to("v2")
    assert registry.rollback() == "v1"


def test_a_damaged_bundle_is_not_promoted_or_rolled_back_to(registry: LocalRegistry) -> None:
    registry.promote("v2")
    (registry.directory / "v1" / "ranker.json").write_text("{}")
    (registry.directory / "v3" / "ranker.json").unlink()
    with pytest.raises(BundleError, match="damaged"):
        registry.rollback()
    with pytest.raises(BundleError, match="incomplete"):
        registry.promote("v3")
    assert registry.current() == "v2"


def test_a_failed_publish_leaves_the_registry_as_it_was(registry: LocalRegistry) -> None:
    before = visible(registry)

    def fail(place: Path) -> Manifest:
        small_bundle(place)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        registry.publish(fail)
    assert visible(registry) == before
    assert len(registry.history()) == 3


def test_publishing_the_same_version_again_keeps_the_first(registry: LocalRegistry) -> None:
    inode = (registry.directory / "v1").stat().st_ino
    registry.publish(partial(bundle_named, "v1"))
    assert (registry.directory / "v1").stat().st_ino == inode
    assert registry.versions() == ["v1", "v2", "v3"]


def test_without_a_registry(tmp_path: Path) -> None:
    nothing = LocalRegistry(tmp_path / "none")
    assert (nothing.versions(), nothing.current(), nothing.history()) == ([], None, [])
    for act in (lambda: nothing.promote("v1"), nothing.rollback):
        with pytest.raises(BundleError, match="no registry"):
            act()


def test_readers_always_see_a_whole_bundle(registry: LocalRegistry) -> None:
    done = threading.Event()
    seen: set[str] = set()
    failures: list[BaseException] = []

    def read() -> None:
        while not done.is_set():
            try:
                seen.add(open_bundle(registry.directory / "current").manifest.version)
            except BaseException as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(20):
        registry.promote("v2")
        registry.promote("v3")
    done.set()
    reader.join()
    assert not failures
    assert seen <= {"v1", "v2", "v3"}


def _promote_often(directory: Path, version: str) -> None:
    done = 0
    while done < 15:
        # Whoever is told that the other was faster tries again.
        with suppress(MovedMeanwhileError):
            LocalRegistry(directory).promote(version)
            done += 1


def test_two_at_once_never_undo_each_other_unseen(registry: LocalRegistry) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_promote_often, args=(registry.directory, version))
        for version in ("v2", "v3")
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    moves = registry.history()
    assert len(moves) == 3 + 30
    assert moves[-1].current == registry.current()
    assert all(move.current == move.version for move in moves[3:])


def test_a_half_written_line_of_the_history_is_skipped(registry: LocalRegistry) -> None:
    registry.promote("v2")
    history = registry.directory / "history.jsonl"
    history.write_bytes(b'{"at": "x"}\n' + history.read_bytes() + b'{"at": "2026-01-01T00:00')
    registry.promote("v3")
    assert [move.version for move in registry.history()] == ["v1", "v2", "v3", "v2", "v3"]
    assert registry.rollback() == "v2"


def test_what_killed_publishes_left_is_cleared_but_not_what_is_being_written(
    registry: LocalRegistry,
) -> None:
    killed = registry.directory / ".unfinished-killed"
    small_bundle(killed / "bundle")
    (killed / ".lock").touch()
    (registry.directory / ".unfinished-link").symlink_to("v1")

    def slow(place: Path) -> Manifest:
        manifest = bundle_named("v4", place)
        registry.publish(partial(bundle_named, "v5"))
        return manifest

    registry.publish(slow)
    open_bundle(registry.directory / "v4")
    expected = {"v1", "v2", "v3", "v4", "v5", "current", "history.jsonl"}
    assert visible(registry) == expected
