"""The whole path with real parts: from lists in a bucket to a pod that follows and goes back.

``make path`` runs this module alone and shows its steps.
"""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from anirec.bundle.registry import open_registry
from anirec.bundle.registry.gcs import GcsRegistry
from anirec.bundle.registry.gcs_objects import GcsObjects
from anirec.bundle.registry.moves import a_move
from conftest import skip_or_fail
from containers import Engine
from dvc_checkout import Checkout, clone, clone_by_git
from gcs_server import GCSFS_ENVIRONMENT, gcs_server
from kubernetes_manifests import need_kubectl
from local_pod import Pod, local_pod

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

BUCKET = "path"
PREFIX = "bundles"
REGISTRY = f"gs://{BUCKET}/{PREFIX}"
VIEWERS = 300
# The gate wants 50 held-out viewers, and this machine may be busy.
RECIPE = {
    "pipeline.yaml": {"raw: artifacts/starter": "raw: data/lists"},
    "params.yaml": {
        "test_share: 0.1": "test_share: 0.25",
        "neighbours: 300": "neighbours: 50",
        "minimum_viewers: 10": "minimum_viewers: 2",
        "median_ms: 25.0": "median_ms: 10000.0",
        "p99_ms: 100.0": "p99_ms: 10000.0",
    },
}
ASKED = {"history": [{"anime_id": 5114, "rating": 10}], "n": 3}


def test_from_a_commit_to_a_pod_and_back(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_kubectl()
    if find_spec("dvc_gs") is None:
        skip_or_fail("DVC", "pip install 'anirec[ops]'")
    if shutil.which("curl") is None:
        skip_or_fail("curl", "apt-get install curl")
    for name in ("author", "agent", "state", "pod"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ANIREC_REGISTRY", REGISTRY)
    monkeypatch.setenv("ANIREC_SMOKE_SECONDS", "0")
    monkeypatch.setenv("ANIREC_DVC_REMOTE", f"gs://{BUCKET}/dvc")
    with ExitStack() as stack:
        storage = stack.enter_context(gcs_server(BUCKET))
        registry = open_registry(REGISTRY)
        assert isinstance(registry, GcsRegistry)
        with step("raw lists versioned by DVC and pushed to the bucket"):
            author = commit_lists(tmp_path, storage)
        with step("a fresh clone pulls them"):
            agent = clone_by_git(author, tmp_path / "agent", tmp_path / "state")
            pull(agent, storage)
            lists = "data/lists/animelist.csv"
            assert (agent.place / lists).read_bytes() == (author.place / lists).read_bytes()
        with step("trains"):
            agent.run("deploy/scripts/train.sh")
        with step("evaluates, publishes, promotes"):
            agent.run("deploy/scripts/gate.sh")
            first = current(registry)
        with step("the image is built, unless another test did"):
            engine: Engine = request.getfixturevalue("engine")
            built: str = request.getfixturevalue("serve_image")
        with step("pushed to a registry, by digest"):
            images: str = request.getfixturevalue("image_registry")
            pushed = push(engine, built, f"{images}/path/anirec")
        node = Engine(tmp_path_factory.mktemp("node"))  # has no image until it pulls one
        stack.callback(node.clear)
        with step("a pod pulls the image and fetches the bundle"):
            pod = stack.enter_context(
                local_pod(
                    node,
                    pushed,
                    tmp_path / "pod",
                    ANIREC_BUNDLE=REGISTRY,
                    ANIREC_FOLLOW_SECONDS="0.2",
                    STORAGE_EMULATOR_HOST=storage,
                )
            )
        walk_with_the_pod(pod, agent, registry, first)


def walk_with_the_pod(pod: Pod, agent: Checkout, registry: GcsRegistry, first: str) -> None:
    process = pod.process()
    with step("smoke test"):
        assert f"serves {first}" in agent.run("deploy/scripts/smoke.sh", pod.address)
        assert len(pod.ask("/api/v1/recommendations", ASKED)["recommendations"]) == 3
    with step("a recipe that is too slow is refused by the gate"):
        # Another recipe, which finds as much: nothing but its speed is to be refused.
        agent.set("params.yaml", "discovery: 0.65", "discovery: 0.66")
        agent.set("params.yaml", "median_ms: 10000.0", "median_ms: 0.001")
        said = agent.run("deploy/scripts/gate.sh", status=1)
        assert "is not promoted: it is too slow" in said
        assert current(registry) == first
        (worse,) = set(registry.versions()) - {first}
    with step("a damaged bundle, made current by force, is refused by the pod"):
        damage(worse)
        registry._append(lambda state: [a_move("promote", worse, worse, "by force")])
        refusal = f"{worse} is refused, still serving {first}: {REGISTRY}/{worse} is damaged"
        pod.wait(lambda pod: pod.log().count(refusal) == 2)  # one from each worker
        assert served(pod) == {first}
        assert f"serves {first}, but current is {worse}" in agent.run(
            "deploy/scripts/smoke.sh", pod.address, status=1
        )
    with step("the release is rolled back"):
        (agent.place / "build/release/promoted").write_text(worse)
        said = agent.run("deploy/scripts/rollback.sh", pod.address)
        assert f"rolled back: the bundle {worse} was at fault" in said
        assert current(registry) == first
    with step("another good recipe is trained and promoted"):
        agent.set("params.yaml", "discovery: 0.66", "discovery: 0.65")
        agent.set("params.yaml", "median_ms: 0.001", "median_ms: 10000.0")
        agent.set("params.yaml", "ridge: 100.0", "ridge: 90.0")
        agent.run("deploy/scripts/train.sh")
        agent.run("deploy/scripts/gate.sh")
        second = current(registry)
        assert second not in {first, worse}
    with step("the pod follows"):
        pod.wait(lambda pod: served(pod) == {second})
        assert f"serves {second}" in agent.run("deploy/scripts/smoke.sh", pod.address)
    with step("rolled back, the pod follows"):
        agent.run("anirec", "rollback", "--registry", REGISTRY, "--why", "to see it")
        assert current(registry) == first
        pod.wait(lambda pod: served(pod) == {first})
        assert f"serves {first}" in agent.run("deploy/scripts/smoke.sh", pod.address)
    assert pod.process() == process


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what was done, and in how many seconds."""
    begin = time.perf_counter()
    yield
    sys.stdout.write(f"{time.perf_counter() - begin:6.1f} s  {what}\n")
    sys.stdout.flush()


def commit_lists(place: Path, storage: str) -> Checkout:
    """Version lists in a checkout, set its recipe, commit, and push the lists."""
    author = clone(place / "author", place / "state")
    author.environment |= GCSFS_ENVIRONMENT
    for file, changes in RECIPE.items():
        for old, new in changes.items():
            author.set(file, old, new)
    author.run("anirec", "starter", "--viewers", str(VIEWERS), "--out", "data/lists")
    # As if they were of real viewers: of simulated ones the gate does not judge the quality.
    (author.place / "data/lists/simulated.json").unlink()
    author.run("dvc", "add", "data/lists")
    author.commit("Lists")
    author.run("dvc", "remote", "add", "--local", "--default", "anirec", f"gs://{BUCKET}/dvc")
    reach(author, storage)
    author.run("dvc", "push")
    return author


def reach(checkout: Checkout, storage: str) -> None:
    """Tell DVC where the bucket is, as its real one would be known anyway."""
    checkout.run("dvc", "config", "--local", "remote.anirec.endpointurl", storage)
    checkout.run("dvc", "config", "--local", "remote.anirec.allow_anonymous_login", "true")


def pull(agent: Checkout, storage: str) -> None:
    agent.environment |= GCSFS_ENVIRONMENT
    assert not (agent.place / "data/lists").exists()
    agent.run("dvc", "config", "--local", "remote.anirec.url", f"gs://{BUCKET}/dvc")
    reach(agent, storage)
    agent.run("deploy/scripts/pull-data.sh")


def push(engine: Engine, image: str, repository: str) -> str:
    """Push the image; returns REPOSITORY@DIGEST."""
    pushed = engine.run("deploy/image/push.sh", image, repository)
    engine("rmi", f"{repository}:{image.partition(':')[2]}")
    assert pushed.startswith(f"{repository}@sha256:")
    return pushed


def current(registry: GcsRegistry) -> str:
    version = registry.current()
    assert version is not None
    return version


def served(pod: Pod) -> set[str]:
    """Which versions answer lists, of so many requests that both workers get some."""
    answers = [pod.ask("/api/v1/recommendations", ASKED) for _ in range(12)]
    return {answer["model"].rpartition(" ")[2] for answer in answers}


def damage(version: str) -> None:
    """Turn an array of a bundle in the bucket round."""
    objects = GcsObjects(BUCKET, PREFIX)
    arrays = [found.name for found in objects.list() if found.name.endswith(".npy")]
    name = next(name for name in sorted(arrays) if name.startswith(f"{version}/"))
    whole = objects.read(name)
    assert whole is not None
    objects.replace(name, whole[::-1], objects.generation(name))
