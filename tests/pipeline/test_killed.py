"""kill -9 of training at any moment: what is there is whole, and the same command goes on from it."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from anirec.bundle.registry import LocalRegistry
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.following import Follower
from killed_process import run
from pipeline import refresh_world
from pipeline.quick_pipeline import write_data
from pipeline.retrain import nightly_world

if TYPE_CHECKING:
    from anirec.params import Params

PROGRAM = Path(__file__).with_name("killed_verb.py")
RANKER = ("--model", "content", "--model", "ease", "--model", "item_neighbours")
COMMANDS = {
    "ranker": ("train", "--model", "popularity", *RANKER),
    "network": ("train", "--model", "recommender_net", "--no-tune"),
    "retrain": ("retrain", "lists"),
}
NET = {"epochs": 4, "embedding_size": 8, "batch_size": 20_000, "jit_compile": False}
PARAMS = refresh_world.PARAMS.model_copy(
    update={"threads": 1, "models": {"recommender_net": NET, "ease": {"neighbours": 50}}}
)
OLD_PARAMS = PARAMS.model_copy(update={"seed": 1, "models": {"ease": {"neighbours": 40}}})
ASKED = {"history": [{"anime_id": 5114, "rating": 10, "status": 2}], "n": 10}
TEMPORARY = re.compile(r"^\.|\.(part|partial)$")
NAME_WITH_TIME = re.compile(r"\d{8}T\d{6}(\.\d+)?Z(-[0-9a-f]{8})?")


def do(place: Path, command: str, fatal: int = 0) -> int | None:
    """Return how many traces a command left; None if it was killed before the ``fatal``-th."""
    (place / "tmp").mkdir(exist_ok=True)
    return run(PROGRAM, fatal, *COMMANDS[command], at=place, TMPDIR=str(place / "tmp"))


def write_params(place: Path, params: Params) -> None:
    (place / "params.yaml").write_text(json.dumps(params.model_dump(mode="json")))


def prepare(place: Path, command: str) -> None:
    """Lay out what a command finds: for two of them what an earlier run made of something else."""
    place.mkdir()
    if command == "retrain":
        world = nightly_world.World(place)
        write_params(place, nightly_world.PARAMS)
        world.draw(190)
        do(place, command)
        world.draw(194)
        return
    write_data(place / "artifacts", PARAMS)
    if command == "ranker":
        write_params(place, OLD_PARAMS)
        do(place, command)
    write_params(place, PARAMS)


def outputs(place: Path) -> dict[str, str]:
    """Return a digest of each output that is replaced at once: a directory, a file, a bundle."""
    artifacts = place / "artifacts"
    patterns = ("tables", "split", "models/*", "evaluation/*.*", "evaluation/summary/*")
    found = {
        str(path.relative_to(place)): digest(path)
        for pattern in patterns
        for path in artifacts.glob(pattern)
        if not TEMPORARY.search(path.name)
    }
    registry = LocalRegistry(place / "bundles")
    for version in registry.versions():
        rec = Recommender.load(registry.fetch(version))
        found[f"bundle {rec.manifest.bundle_hash}"] = "whole"
    return found


def digest(path: Path) -> str:
    parts = sorted(path.rglob("*")) if path.is_dir() else [path]
    sums = [
        f"{part.relative_to(path)} {hashlib.sha256(part.read_bytes()).hexdigest()}"
        for part in parts
        if part.is_file()
    ]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def names(place: Path) -> list[str]:
    """Return the names of all files; those that have the time in them, in general."""
    found = (str(path.relative_to(place)) for path in place.rglob("*"))
    return sorted({NAME_WITH_TIME.sub("TIME", name) for name in found})


@dataclass
class Undisturbed:
    """What a command finds, and what it makes of it if nobody kills it."""

    start: Path
    before: dict[str, str]
    after: dict[str, str]
    names: list[str]
    traces: int


class Commands:
    """Runs each command undisturbed, once, when it is first asked for."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.known: dict[str, Undisturbed] = {}

    def __getitem__(self, command: str) -> Undisturbed:
        if command not in self.known:
            start, end = self.place / command, self.place / f"{command}-done"
            prepare(start, command)
            before = outputs(start)
            shutil.copytree(start, end, symlinks=True)
            traces = do(end, command)
            assert traces is not None
            after = outputs(end)
            assert after != before
            self.known[command] = Undisturbed(start, before, after, names(end), traces)
        return self.known[command]


class Server:
    """A server that follows a registry."""

    def __init__(self, registry: LocalRegistry) -> None:
        self.app = create_app(Recommender.load(registry.directory))
        self.follower = Follower(self.app, registry)
        self.registry = registry

    def check(self) -> None:
        """One that runs answers, and so does one that starts now."""
        self.follower.look()
        for app in (self.app, create_app(Recommender.load(self.registry.directory))):
            answer = app.test_client().post("/api/v1/recommendations", json=ASKED)
            assert len(answer.get_json()["recommendations"]) == 10


def kill_often(tmp_path: Path, turns: int) -> None:
    rng = random.Random(turns)
    commands = Commands(tmp_path)
    for turn, command in enumerate(itertools.islice(itertools.cycle(COMMANDS), turns)):
        known = commands[command]
        place = tmp_path / f"turn-{turn}"
        shutil.copytree(known.start, place, symlinks=True)
        registry = LocalRegistry(place / "bundles")
        server = Server(registry) if registry.current() else None

        fatal = rng.randint(1, known.traces)
        assert do(place, command, fatal) is None
        told = f"{command} killed before trace {fatal} of {known.traces}"
        for name, found in outputs(place).items():
            assert found in (known.before.get(name), known.after.get(name)), (told, name)
        if server:
            server.check()

        do(place, command)
        assert outputs(place) == known.after, told
        assert names(place) == known.names, told
        if server:
            server.check()
            assert len(registry.versions()) == 2, told
        shutil.rmtree(place)


@pytest.mark.real
def test_killed_a_few_times(tmp_path: Path) -> None:
    kill_often(tmp_path, 3)


@pytest.mark.soak
def test_killed_many_times(tmp_path: Path) -> None:
    kill_often(tmp_path, 50)
