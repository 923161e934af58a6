"""What the verbs tell the trackers, read back from the local one's files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pytest

from anirec.cli.evaluate import command as evaluate_verb
from anirec.cli.main import main
from anirec.cli.options import TRACKERS
from anirec.cli.publish import command as publish_verb
from anirec.cli.train import command as train_verb
from anirec.data.split import table_hashes
from anirec.models.registry import MODELS
from anirec.pipeline import training
from anirec.pipeline.embeddings import VIEWER_LABELS, embeddings_of
from anirec.tracking import choice
from pipeline.quick_pipeline import PARAMS, QuickNet, run, write_data
from tracking.fake_trackers import Raising

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anirec.data.dataset import Dataset
    from anirec.models.base import FitContext


class TellingNet(QuickNet):
    """Tells two epochs and leaves a checkpoint, as the real one does."""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        assert context is not None
        for epoch in (1, 2):
            figures = {"loss": 1 / epoch, "mae": 0.5, "mse": 0.25, "learning_rate": 0.002}
            context.log({"epoch": epoch} | figures | {"val_loss": 2 / epoch})
        if context.checkpoints is not None:
            context.checkpoints.mkdir(parents=True)
            (context.checkpoints / "recommender_net.npz").write_text("checkpoint")
        return super().fit(dataset, context)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Everything once: train, evaluate, publish."""
    place = tmp_path_factory.mktemp("artifacts")
    write_data(place, PARAMS)
    (place / "params.yaml").write_text(json.dumps(PARAMS.model_dump(mode="json")))
    tracked = ("--tracker", "local", "--runs", str(place / "runs"))
    models, evaluation = str(place / "models"), str(place / "evaluation")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODELS, QuickNet.name, TellingNet)
        for name in ("popularity", "recommender_net", "user_neighbours"):
            assert run(train_verb, place, "--model", name, "--out", models, *tracked).exit_code == 0
        done = run(evaluate_verb, place, "--models", models, "--out", evaluation, *tracked)
        assert done.exit_code == 0
        from click.testing import CliRunner

        published = CliRunner().invoke(
            publish_verb,
            [
                *("--artifacts", str(place), "--out", str(place / "bundles")),
                *("--params", str(place / "params.yaml"), "--cache", str(place / "cache")),
                *tracked,
            ],
            catch_exceptions=False,
        )
        assert published.exit_code == 0
        yield place


def kept(place: Path, verb: str, having: str = "") -> tuple[Path, dict[str, Any]]:
    """Return the directory of a run of a verb and its run.json."""
    for path in sorted((place / "runs").glob(f"*-{verb}-*/run.json")):
        about = json.loads(path.read_text())
        if having in {file["path"] for file in about["files"]} | {""}:
            return path.parent, about
    raise AssertionError(f"no run of {verb} with {having}")


def lines_of(directory: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (directory / "metrics.jsonl").read_text().splitlines()]


NET = "models/recommender_net/model.json"


def test_losses_and_learning_rate_of_each_epoch(place: Path) -> None:
    directory, _ = kept(place, "train", NET)
    epochs = [line for line in lines_of(directory) if line["step"] is not None]

    assert [line["step"] for line in epochs] == [1, 2]
    assert {name.removeprefix("recommender_net/") for name in epochs[0]["values"]} == {
        *("loss", "mae", "mse", "learning_rate", "val_loss")
    }
    assert epochs[1]["values"]["recommender_net/loss"] == 0.5


def test_parameters_data_and_environment(place: Path) -> None:
    _, about = kept(place, "train", NET)
    params, facts = about["params"], about["facts"]

    assert params["seed"] == PARAMS.seed
    assert params["hybrid.content"] == "popularity"
    assert params["models.ease.ridge"] == 100.0  # a default that params.yaml does not name
    assert params["models.recommender_net.fold_in.ridge"] == 30.0
    for table, digest in table_hashes(place / "tables").items():
        assert facts[f"tables_sha256.{table}"] == digest
    assert {"revision", "python", "platform", "threads.params", "packages.numpy"} <= facts.keys()
    assert "packages.pytest" not in facts
    assert "files/params.yaml" in {file["path"] for file in about["files"]}


def test_the_model_and_its_checkpoint_outlive_the_checkpoint(place: Path) -> None:
    directory, about = kept(place, "train", NET)
    checkpoint = "models/recommender_net-checkpoint/recommender_net.npz"

    assert checkpoint in {file["path"] for file in about["files"]}
    assert (directory / checkpoint).read_text() == "checkpoint"
    assert not (place / "models" / ".checkpoints" / "recommender_net").exists()


def test_embeddings_of_shows_and_viewers_with_labels(place: Path) -> None:
    directory, about = kept(place, "train", NET)
    assert sum(file["kind"] == "embedding" for file in about["files"]) == 4
    for name in ("shows", "viewers"):
        vectors = np.load(directory / "embeddings" / f"recommender_net-{name}.npy")
        labels = (directory / "embeddings" / f"recommender_net-{name}.tsv").read_text()
        assert vectors.dtype == np.float32
        assert len(labels.splitlines()) == len(vectors) + 1
    titles = (directory / "embeddings" / "recommender_net-viewers.tsv").read_text().splitlines()[0]
    assert titles.split("\t") == list(VIEWER_LABELS)  # and no id among them


def test_labels_belong_to_their_vectors(place: Path) -> None:
    from anirec.data.split import load_split

    dataset = load_split(place / "split", place / "tables").train
    net = QuickNet.load(place / "models" / "recommender_net")
    shows, viewers = embeddings_of(net, dataset)
    for vector, label in list(zip(shows.vectors, shows.labels, strict=True))[:5]:
        row = int(dataset.index.rows([int(label[0])])[0])
        np.testing.assert_array_equal(vector, net.item_vectors[row])
        assert label[1] == dataset.shows[row].title
    lengths = dict(
        zip(
            dataset.histories.user_ids.tolist(),
            dataset.histories.watched().lengths.tolist(),
            strict=True,
        )
    )
    for vector, label in list(zip(viewers.vectors, viewers.labels, strict=True))[:5]:
        row = int(np.flatnonzero((net.user_vectors == vector).all(axis=1))[0])
        assert lengths[int(net.user_ids[row])] == int(label[0])


def test_the_blend_is_told_once_both_parts_are_there(place: Path) -> None:
    directory, _ = kept(place, "train", "files/hybrid.json")
    told = {name for line in lines_of(directory) for name in line["values"]}
    assert {"hybrid/validation_ndcg@10", "hybrid/weight_collaborative"} <= told


def test_ranking_figures_with_intervals_report_and_plots(place: Path) -> None:
    directory, about = kept(place, "evaluate")
    report = json.loads((place / "evaluation" / "new-viewers.json").read_text())
    told = {name: v for line in lines_of(directory) for name, v in line["values"].items()}
    expected = report["models"]["user_neighbours"]["ndcg@10"]
    name = next(n for n in told if n.startswith(f"{report['protocol']}/user_neighbours/ndcg"))

    for suffix, bound in (("", "mean"), ("_low", "low"), ("_high", "high")):
        assert told[f"{name}{suffix}"] == pytest.approx(expected[bound], abs=1e-6)
    paths = {file["path"] for file in about["files"]}
    assert {"files/report.html", "files/new-viewers.json"} <= paths
    assert "tables/new-viewers-test.tsv" in paths
    figures = [directory / path for path in paths if path.startswith("figures/")]
    page = (place / "evaluation" / "report.html").read_text()
    assert len(figures) == page.count("<svg ")
    assert all("var(--ink)" in path.read_text() for path in figures)
    assert all("--ink: #1b1f26" in path.read_text() for path in figures)


def test_the_bundle_with_all_its_files(place: Path) -> None:
    directory, about = kept(place, "publish")
    version = about["facts"]["bundle"]
    bundle = place / "bundles" / version
    for path in bundle.rglob("*"):
        if path.is_file():
            copy = directory / "models" / f"bundle-{version}" / path.relative_to(bundle)
            assert copy.read_bytes() == path.read_bytes()
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert about["facts"]["data_sha256"] == manifest["data_hash"]


def test_a_tracker_that_fails_changes_nothing_but_a_line(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(choice.TRACKERS, "comet", lambda folder, verb: Raising())
    monkeypatch.setenv("ANIREC_TRACKER", "comet")
    out = place / "untracked"
    done = run(
        train_verb, place, "--model", "popularity", "--out", str(out), "--runs", str(place / "r")
    )

    assert done.exit_code == 0
    assert (out / "popularity" / "model.json").exists()
    assert "tracker comet missed all records of this run: ConnectionError" in done.stderr


def test_ctrl_c_ends_the_run_as_stopped(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train", interrupted)
    with pytest.raises(SystemExit) as stop:
        main(
            [
                *("train", "--tables", str(place / "tables"), "--split", str(place / "split")),
                *("--params", str(place / "params.yaml"), "--out", str(place / "stopped")),
                *("--tracker", "local", "--runs", str(place / "stopped-runs")),
            ]
        )
    assert stop.value.code == 130
    (about,) = (place / "stopped-runs").glob("*/run.json")
    assert json.loads(about.read_text())["state"] == "stopped"


def test_the_option_knows_every_tracker() -> None:
    assert set(TRACKERS) == {*choice.TRACKERS, "none"}
