"""The image: built, run as everywhere, asked, stopped, pushed and pulled."""

from __future__ import annotations

import hashlib
import json
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from containers import Engine, Server, serving
from half_request import HalfRequest, IdleConnection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

MB = 1_000_000
TRAINING = ("catboost", "keras", "matplotlib", "polars", "scipy", "sklearn", "tensorflow", "dvc")
BUILDING = ("cc", "gcc", "g++", "make", "clang")


@pytest.fixture(scope="module")
def server(engine: Engine, serve_image: str, starter_bundles: Path) -> Iterator[Server]:
    with serving(engine, serve_image, starter_bundles) as server:
        yield server


def ask(address: str) -> Any:
    with urlopen(address, timeout=30) as answer:
        return json.load(answer)


def test_recommends_from_a_mounted_bundle(server: Server) -> None:
    shows = ask(f"{server.address}/api/v1/users/1/recommendations?n=5")["recommendations"]

    assert len({show["anime_id"] for show in shows}) == 5
    assert all(show["title"] for show in shows)
    assert any(show["reasons"] for show in shows)
    with urlopen(f"{server.address}/users/1", timeout=30) as page:
        assert shows[0]["title"].encode() in page.read()


def test_is_healthy(engine: Engine, server: Server) -> None:
    assert engine("healthcheck", "run", server.name) in ("", "healthy")


def test_is_not_healthy_when_nothing_answers(
    engine: Engine, server: Server, serve_image: str
) -> None:
    health = json.loads(
        engine("image", "inspect", "--format", "{{json .HealthCheck}}", serve_image)
    )
    kind, *check = health["Test"]

    assert kind == "CMD"
    assert engine("exec", server.name, *check) == ""
    with pytest.raises(AssertionError, match="Connection refused"):
        engine("exec", "--env", "ANIREC_PORT=1", server.name, *check)


def test_runs_with_no_rights(engine: Engine, server: Server) -> None:
    status = engine("exec", server.name, "cat", "/proc/1/status")
    limits = json.loads(engine("inspect", "--format", "{{json .HostConfig}}", server.name))

    assert "Uid:\t10001\t10001" in status
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert limits["Memory"] == 512 * 1024**2
    with pytest.raises(AssertionError, match="Read-only file system"):
        engine("exec", server.name, "touch", "/opt/anirec/x")


def test_holds_neither_training_nor_a_compiler(engine: Engine, server: Server) -> None:
    program = (
        "import importlib.util, json, shutil\n"
        f"print(json.dumps([[p for p in {TRAINING} if importlib.util.find_spec(p)],"
        f" [p for p in {BUILDING} if shutil.which(p)],"
        " [p for p in ('google.cloud.storage',) if not importlib.util.find_spec(p)]]))"
    )
    assert json.loads(engine("exec", server.name, "python", "-c", program)) == [[], [], []]


def test_is_small(engine: Engine, serve_image: str) -> None:
    base, whole = (
        int(engine("image", "inspect", "--format", "{{.Size}}", name))
        for name in ("python:3.11-slim", serve_image)
    )
    assert whole - base < 400 * MB


def test_says_what_it_is(engine: Engine, serve_image: str) -> None:
    labels = json.loads(engine("image", "inspect", "--format", "{{json .Labels}}", serve_image))
    revision = engine.run("git", "rev-parse", "HEAD")

    assert labels["org.opencontainers.image.version"] == version("anirec")
    assert labels["org.opencontainers.image.revision"].removesuffix("-dirty") == revision
    assert serve_image == f"anirec:{labels['org.opencontainers.image.revision']}"


def test_starts_within_two_seconds(engine: Engine, serve_image: str, starter_bundles: Path) -> None:
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        with serving(engine, serve_image, starter_bundles) as server:
            assert ask(f"{server.address}/readyz") == {"status": "ready"}
            seconds.append(time.perf_counter() - begin)
    assert min(seconds) < 2, seconds


def test_answers_what_is_under_way_before_it_stops(
    engine: Engine, serve_image: str, starter_bundles: Path
) -> None:
    with serving(engine, serve_image, starter_bundles, "--env", "ANIREC_WORKERS=1") as server:
        idle = IdleConnection("127.0.0.1", server.port)
        request = HalfRequest("127.0.0.1", server.port)

        server.process.terminate()
        idle.wait_until_closed()

        assert server.process.poll() is None
        assert len(request.finish()["recommendations"]) == 3
        assert server.process.wait(timeout=30) == 0


def test_goes_through_a_registry_by_digest(
    engine: Engine, serve_image: str, starter_bundles: Path, image_registry: str
) -> None:
    repository = f"{image_registry}/anirec/anirec"
    pushed = engine.run("deploy/image/push.sh", serve_image, repository)
    _, digest = pushed.split("@")
    engine("rmi", f"{repository}:{serve_image.partition(':')[2]}")

    engine("pull", "--quiet", pushed)

    address = f"http://{image_registry}/v2/anirec/anirec/manifests/{digest}"
    accept = {"Accept": "application/vnd.docker.distribution.manifest.v2+json"}
    with urlopen(Request(address, headers=accept), timeout=30) as manifest:
        assert "sha256:" + hashlib.sha256(manifest.read()).hexdigest() == digest
    with serving(engine, pushed, starter_bundles) as server:
        assert ask(f"{server.address}/readyz") == {"status": "ready"}
