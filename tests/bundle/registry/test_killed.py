"""kill -9 at any moment: never half a version, never a registry without a bundle, nothing to clean."""

from __future__ import annotations

import itertools
import random
import shutil
from pathlib import Path

import pytest

from anirec.bundle.bundle import open_bundle
from anirec.bundle.registry import LocalRegistry, Registry, open_registry
from anirec.bundle.registry.unfinished import UNFINISHED
from bundle.registry.published import publish
from killed_process import run

PROGRAM = Path(__file__).with_name("killed_registry.py")
TRACES = {
    "local": {"publish": 61, "promote": 5, "remove": 60},
    "gcs": {"publish": 184, "promote": 126, "remove": 87, "swap": 125},
}
"""About how many traces each verb leaves; a server's swap leaves some only where it downloads."""


def check(address: str | Path, registry: Registry, before: set[str]) -> None:
    """Whatever was killed: all that is visible is whole, and what was there still answers."""
    current = registry.current()
    assert current in before
    assert open_bundle(address).manifest.version == current
    for version in registry.versions():
        open_bundle(registry.fetch(version))


def unfinished(place: Path) -> set[Path]:
    return set(place.rglob(f"{UNFINISHED}*"))


def kill_often(address: str | Path, tmp_path: Path, turns: int) -> None:
    registry = open_registry(address)
    publish(registry, "v001", "v002")
    rng = random.Random(turns)
    kind = TRACES["local" if isinstance(registry, LocalRegistry) else "gcs"]
    verbs = itertools.cycle(kind.items())
    killed = 0
    for turn in range(100, 100 + turns):
        verb, most = next(verbs)
        publish(registry, f"v{turn}a", f"v{turn}b")
        if verb == "swap":
            shutil.rmtree(tmp_path / "cache")
        before = set(registry.versions())
        version = f"v{turn}c" if verb == "publish" else f"v{turn}b"
        killed += run(PROGRAM, address, verb, rng.randint(1, most), version) is None
        check(address, registry, before)
        # What was killed is simply done again.
        publish(registry, f"v{turn}d")
        registry.promote(f"v{turn}d")
        registry.keep_last(1)
        check(address, registry, {f"v{turn}d"})
        assert len(registry.versions()) == 2
    assert killed > turns / 2
    publish(registry, "v999")
    assert not unfinished(tmp_path)


@pytest.mark.real
def test_killed_a_few_times(address: str | Path, tmp_path: Path) -> None:
    kill_often(address, tmp_path, 5)


@pytest.mark.soak
def test_killed_many_times(address: str | Path, tmp_path: Path) -> None:
    kill_often(address, tmp_path, 50)
