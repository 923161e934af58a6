"""``anirec serve`` follows a registry in a bucket, the real server on loopback, under load."""

from __future__ import annotations

import json
import signal
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import psutil
import pytest

from anirec.bundle.manifest import Manifest
from anirec.bundle.registry import open_registry
from anirec.bundle.registry.gcs import GcsRegistry
from anirec.bundle.registry.gcs_objects import GcsObjects
from anirec.bundle.registry.moves import a_move
from gcs_server import gcs_server
from web.running_server import running
from web.web_world import KNOWN, plain_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.real

ADDRESS = "gs://shelf/bundles"
PATIENCE = 60.0
"""Seconds; a swap takes one."""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GcsRegistry]:
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path / "cache"))
    # Nobody reads it here, and a full pipe would stop the server.
    monkeypatch.setenv("ANIREC_REQUEST_LOG", "0")
    with gcs_server("shelf"):
        registry = open_registry(ADDRESS)
        assert isinstance(registry, GcsRegistry)
        for version in ("v1", "v2", "v3"):
            registry.publish(partial(named, version))
        yield registry


def named(version: str, directory: Path) -> Manifest:
    plain_bundle(directory)
    manifest = replace(Manifest.read(directory), version=version)
    manifest.write(directory)
    return manifest


class Load:
    """Asks without a pause, in several threads, until it ends; remembers who answered."""

    def __init__(self, address: str, askers: int = 3) -> None:
        self.url = f"{address}/api/v1/users/{KNOWN}/recommendations"
        self.answers: list[tuple[int, str]] = []
        self.failures: list[BaseException] = []
        self._new = threading.Condition()
        self._over = False
        self._threads = [threading.Thread(target=self._ask) for _ in range(askers)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._over:
            try:
                with urlopen(self.url, timeout=30) as answer:
                    found = answer.status, json.load(answer)["model"].rpartition(" ")[2]
            except BaseException as error:
                self.failures.append(error)
                return
            with self._new:
                self.answers.append(found)
                self._new.notify_all()

    def wait(self, enough: Callable[[list[str]], bool]) -> None:
        """Wait until the versions that answered, counted from now, are enough."""
        begin = len(self.answers)
        with self._new:
            done = self._new.wait_for(
                lambda: (
                    bool(self.failures) or enough([version for _, version in self.answers[begin:]])
                ),
                PATIENCE,
            )
        assert not self.failures, self.failures
        assert done, self.answers[-5:]


def only(version: str, times: int = 40) -> Callable[[list[str]], bool]:
    """So many answers in a row of one version: every worker has swapped."""
    return lambda seen: len(seen) >= times and set(seen[-times:]) == {version}


def test_promoted_under_load_then_a_damaged_one_refused_then_rolled_back(
    registry: GcsRegistry, tmp_path: Path
) -> None:
    options = ("--follow", "0.1", "--workers", "2")
    with running(ADDRESS, *options) as (server, address), Load(address) as load:
        load.wait(only("v1"))
        registry.promote("v2")
        load.wait(only("v2"))

        objects = GcsObjects("shelf", "bundles")
        name = "v3/catalogue/catalogue.jsonl"
        whole = objects.read(name)
        assert whole is not None
        objects.replace(name, whole[::-1], objects.generation(name))
        # Nobody can promote it: it is made current by the hand of whoever damaged it.
        registry._append(lambda state: [a_move("promote", "v3", "v3", "by force")])
        assert server.stderr is not None
        refusals = {server.stderr.readline() for _ in range(2)}
        load.wait(only("v2", 20))

        assert registry.rollback("damaged") == "v2"
        load.wait(only("v2", 20))
        assert registry.rollback() == "v1"
        load.wait(only("v1"))

    assert {status for status, _ in load.answers} == {200}
    assert {version for _, version in load.answers} == {"v1", "v2"}
    for line in refusals:
        assert "v3 is refused, still serving v2: gs://shelf/bundles/v3 is damaged" in line
        assert "the checksum of catalogue/catalogue.jsonl does not fit" in line
    kept = {path.name for path in next((tmp_path / "cache").iterdir()).iterdir() if path.is_dir()}
    assert kept == {"v1", "v2"}


def test_killed_workers_come_back_with_what_is_current(registry: GcsRegistry) -> None:
    with running(ADDRESS, "--follow", "0.1", "--workers", "1") as (server, address):
        with Load(address, 1) as load:
            load.wait(only("v1", 3))
            registry.promote("v2")
            load.wait(only("v2", 3))
        (worker,) = psutil.Process(server.pid).children()
        maps = Path(f"/proc/{worker.pid}/maps")
        if maps.exists():
            assert "/v2/" in maps.read_text()
            assert "/v1/" not in maps.read_text()
        worker.send_signal(signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while psutil.Process(server.pid).children() == [worker] and time.monotonic() < until:
            pass
        with Load(address, 1) as load:
            load.wait(lambda seen: len(seen) > 2)
        assert {version for _, version in load.answers} == {"v2"}


def test_a_server_starts_from_the_cache_and_can_stay_with_it(registry: GcsRegistry) -> None:
    registry.fetch("v1")
    objects = GcsObjects("shelf", "bundles")
    objects.delete("v1/ranker.json")
    options = ("--follow", "0", "--workers", "1")
    with running(ADDRESS, *options) as (_, address), Load(address, 1) as load:
        load.wait(only("v1", 2))
        registry.promote("v2")
        load.wait(only("v1", 5))
