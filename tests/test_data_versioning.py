"""``dvc repro`` in a clean clone, and its outputs on remotes: a directory and a real GCS server."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from conftest import skip_or_fail
from dvc_checkout import Checkout, clone
from gcs_server import call, gcs_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

BUCKET = "versions"
VIEWERS = 150
STAGES = [
    *("starter", "ingest", "split", "content", "popularity", "item_neighbours"),
    *("ease", "tune", "evaluate", "publish"),
]
# With it every call of gcsfs first asks what the server cannot answer.
GCSFS_ENVIRONMENT = {"GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
CLEAN = "Data and pipelines are up to date."


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with gcs_server(BUCKET) as url:
        yield url


@pytest.fixture(scope="module")
def first_run() -> list[str]:
    """The stages of the first ``dvc repro``; ``checkout`` fills it."""
    return []


@pytest.fixture(scope="module")
def checkout(
    tmp_path_factory: pytest.TempPathFactory, server: str, first_run: list[str]
) -> Checkout:
    """A clone in which the whole pipeline ran on few simulated viewers."""
    if find_spec("dvc_gs") is None:
        skip_or_fail("DVC", "pip install 'anirec[ops]'")
    checkout = clone(tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("dvc"))
    checkout.environment |= GCSFS_ENVIRONMENT | {"STORAGE_EMULATOR_HOST": server}
    checkout.set("pipeline.yaml", "viewers: 3000", f"viewers: {VIEWERS}")
    first_run += checkout.repro()
    return checkout


def upload(server: str, name: str, data: bytes) -> None:
    """Put an object into the bucket."""
    call(f"{server}/upload/storage/v1/b/{BUCKET}/o?uploadType=media&name={name}", data)


def bundle_hash(path: Path) -> str:
    found: str = json.loads(path.read_text())["bundle_hash"]
    return found


def test_every_stage_runs_once(checkout: Checkout, first_run: list[str]) -> None:
    assert sorted(first_run) == sorted(STAGES)
    assert checkout.repro() == []
    assert CLEAN in checkout.run("dvc", "status")


def test_the_bundle_is_that_of_the_demo(checkout: Checkout) -> None:
    checkout.run("anirec", "demo", "--viewers", str(VIEWERS), "--check")
    ours = checkout.place / "artifacts/bundle.json"

    assert bundle_hash(ours) == bundle_hash(checkout.place / "demo/bundles/current/manifest.json")
    assert bundle_hash(ours) == bundle_hash(checkout.place / "bundles/current/manifest.json")


def test_git_sees_no_output(checkout: Checkout) -> None:
    assert checkout.run("git", "status", "--short") == " M pipeline.yaml\n?? dvc.lock\n"


def test_runs_are_compared_by_few_numbers(checkout: Checkout, tmp_path: Path) -> None:
    shown = json.loads(checkout.run("dvc", "metrics", "show", "--json"))
    (numbers,) = (file["data"] for file in shown[""]["data"].values())
    assert set(numbers["learned"]) == {"new-viewers", "liked", "discovery"}

    checkout.run("dvc", "plots", "show", "--out", str(tmp_path))
    page = (tmp_path / "index.html").read_text()
    for title in ("by how many entries of a list they know", "weight of its collaborative part"):
        assert title in page


@pytest.mark.parametrize("kind", ["directory", "bucket"])
def test_pushed_wiped_and_pulled_nothing_runs_again(
    checkout: Checkout, server: str, kind: str, tmp_path: Path
) -> None:
    url = str(tmp_path / "remote") if kind == "directory" else f"gs://{BUCKET}/dvc"
    checkout.run("dvc", "remote", "add", "--local", "--force", "--default", kind, url)
    if kind == "bucket":
        checkout.run("dvc", "remote", "modify", "--local", kind, "endpointurl", server)
        checkout.run("dvc", "remote", "modify", "--local", kind, "allow_anonymous_login", "true")
    before = (checkout.place / "artifacts/models/ease/values.npy").read_bytes()
    checkout.run("dvc", "push")
    checkout.wipe()
    assert CLEAN not in checkout.run("dvc", "status")
    checkout.run("dvc", "pull")

    assert CLEAN in checkout.run("dvc", "status")
    assert checkout.repro() == []
    assert (checkout.place / "artifacts/models/ease/values.npy").read_bytes() == before
    assert "in sync" in checkout.run("dvc", "status", "--cloud")


def test_the_bundle_is_made_again_from_what_was_pulled(checkout: Checkout) -> None:
    before = bundle_hash(checkout.place / "artifacts/bundle.json")
    assert checkout.repro("--single-item", "--force", "publish") == ["publish"]
    assert bundle_hash(checkout.place / "artifacts/bundle.json") == before


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("median_ms: 25.0", "median_ms: 30.0", []),
        ("damping: 0.3", "damping: 0.4", []),
        ("ridge: 100.0", "ridge: 110.0", ["ease", "tune", "evaluate", "publish"]),
        ("discovery: 0.65", "discovery: 0.4", ["evaluate", "publish"]),
    ],
)
def test_one_parameter_runs_again_what_depends_on_it(
    checkout: Checkout, old: str, new: str, again: list[str]
) -> None:
    checkout.set("params.yaml", old, new)
    assert checkout.repro() == again
    assert CLEAN in checkout.run("dvc", "status")


def test_a_way_back_publishes_again(checkout: Checkout) -> None:
    """The rest comes from DVC's cache; the registry may have been emptied meanwhile."""
    published = {
        manifest.parent.name: bundle_hash(manifest)
        for manifest in checkout.place.glob("bundles/2*/manifest.json")
    }
    checkout.set("params.yaml", "discovery: 0.4", "discovery: 0.65")
    said = checkout.run("dvc", "repro")

    assert "Stage 'evaluate' is cached - skipping run, checking out outputs" in said
    assert "Running stage 'publish'" in said
    again = json.loads((checkout.place / "artifacts/bundle.json").read_text())
    assert again["version"] not in published
    assert again["bundle_hash"] in published.values()


def test_raw_lists_are_versioned_where_they_lie(checkout: Checkout, server: str) -> None:
    place = checkout.place
    starter = place / "artifacts/starter"
    for path in sorted(starter.iterdir()):
        upload(server, f"raw/{path.name}", path.read_bytes())
    before = (place / "artifacts/tables/interactions.parquet").read_bytes()
    (place / "data").mkdir()
    # Credentials and addresses of a bucket belong to the remote, in the part that git ignores.
    checkout.run("dvc", "remote", "add", "--local", "source", f"gs://{BUCKET}/raw")
    checkout.run("dvc", "remote", "modify", "--local", "source", "endpointurl", server)
    checkout.run("dvc", "remote", "modify", "--local", "source", "allow_anonymous_login", "true")
    checkout.run("dvc", "import-url", "remote://source", "data/lists")

    checkout.set("pipeline.yaml", "raw: artifacts/starter", "raw: data/lists")
    assert checkout.repro("ingest") == ["ingest"]
    assert (place / "artifacts/tables/interactions.parquet").read_bytes() == before
    checkout.run("dvc", "push")
    checkout.run("dvc", "import-url", "--to-remote", "remote://source", "data/elsewhere")
    assert not (place / "data/elsewhere").exists()
    # Without a name: what lies in data/ is found although git ignores it.
    checkout.run("dvc", "pull")
    assert (place / "data/elsewhere/animelist.csv").exists()
    checkout.run("git", "add", "--all")
    assert checkout.run("git", "ls-files", "data") == "data/elsewhere.dvc\ndata/lists.dvc\n"

    lists = (starter / "animelist.csv").read_bytes()
    upload(server, "raw/animelist.csv", lists[: lists[:-1].rindex(b"\n") + 1])
    checkout.run("dvc", "update", "data/lists.dvc")
    assert checkout.repro("ingest") == ["ingest"]
    assert (place / "artifacts/tables/interactions.parquet").read_bytes() != before

    # Read where they lie, with no copy here.
    checkout.set("pipeline.yaml", "raw: data/lists", f"raw: gs://{BUCKET}/raw")
    assert checkout.repro("ingest") == ["ingest"]
    assert checkout.repro("ingest") == []
    checkout.set("pipeline.yaml", f"raw: gs://{BUCKET}/raw", "raw: artifacts/starter")
    checkout.run("dvc", "repro", "ingest")  # from DVC's cache


def test_compared_models_join_and_run_alone(checkout: Checkout) -> None:
    checkout.set(
        "pipeline.yaml",
        "compared: {}",
        "compared:\n"
        "  recommender_net: artifacts/tables\n"
        "  user_neighbours: artifacts/models/recommender_net\n",
    )
    checkout.set("params.yaml", "epochs: 20\n    patience", "epochs: 1\n    patience")
    both = ["compared@recommender_net", "compared@user_neighbours"]
    assert checkout.repro("evaluate") == [*both, "evaluate"]
    report = json.loads((checkout.place / "artifacts/evaluation/new-viewers.json").read_text())
    assert {"recommender_net", "user_neighbours", "learned"} <= set(report["models"])
    checkout.set("params.yaml", "amplification: 4.0", "amplification: 5.0")
    assert checkout.repro("evaluate") == ["compared@user_neighbours", "evaluate"]
