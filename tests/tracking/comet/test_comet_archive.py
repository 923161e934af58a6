"""What Comet's own library leaves in an offline archive, with no network at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from conftest import skip_or_fail
from tracking.comet.comet_run import EPOCHS, PAGE, VECTORS

PROGRAM = Path(__file__).with_name("comet_run.py")


@dataclass(frozen=True)
class Archive:
    """The zip of one experiment."""

    said: str
    """On standard error"""
    about: dict[str, Any]
    messages: list[dict[str, Any]]
    files: dict[str, bytes]
    """By the name that Comet shows"""

    def payloads(self, kind: str) -> list[dict[str, Any]]:
        return [message["payload"] for message in self.messages if message["type"] == kind]

    def uploads(self, kind: str) -> dict[str, bytes]:
        return {
            name_of(upload): self.files[upload["file_path"]]
            for upload in self.payloads("file_upload")
            if upload["upload_type"] == kind
        }


def name_of(upload: dict[str, Any]) -> str:
    about = upload["additional_params"]
    return str(about.get("fileName") or about["figName"])


def without_network() -> list[str]:
    """Return what cuts a command off the network; empty where that is not allowed."""
    cut = ["unshare", "--net"]
    if shutil.which("unshare") and subprocess.run([*cut, "true"], check=False).returncode == 0:
        return cut
    return []


def run_comet(place: Path, *before: str, **environment: str) -> Archive:
    settings = {name: v for name, v in os.environ.items() if not name.startswith("COMET_")}
    done = subprocess.run(
        [*before, sys.executable, str(PROGRAM), str(place)],
        env=settings | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    (path,) = (place / "runs").glob("*/comet/*.zip")
    assert str(path) in done.stderr
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    messages = [json.loads(line) for line in files["messages.json"].splitlines()]
    return Archive(done.stderr, json.loads(files["experiment.json"]), messages, files)


def need_comet() -> None:
    """Skip where Comet's library is missing."""
    if find_spec("comet_ml") is None:
        skip_or_fail("Comet's library", "pip install 'anirec[ops]'")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    need_comet()
    return run_comet(tmp_path_factory.mktemp("comet"), *without_network())


def test_it_says_one_line_and_how_to_send_the_archive(archive: Archive) -> None:
    assert archive.said.startswith("comet: no COMET_API_KEY is set; the run is in an archive")
    assert archive.said.count("\n") == 1
    assert "comet upload" in archive.said


def test_project_name_and_tag(archive: Archive) -> None:
    assert archive.about["project_name"] == "anirec"
    assert archive.about["tags"] == ["train"]
    others = {other["key"]: other["value"] for other in archive.payloads("log_other")}
    assert others["Name"].split("-")[1] == "train"
    assert others["revision"] == "abc123"
    assert others["tables_sha256.catalogue.parquet"] == "d" * 64
    assert others["state"] == "finished"


def test_parameters(archive: Archive) -> None:
    told = {
        message["param"]["paramName"]: message["param"]["paramValue"]
        for message in archive.payloads("parameter_msg")
        if message["param"]["source"] == "manual"
    }
    assert told == {"seed": 7, "models.net.start_lr": 0.002, "models.net.limit": "none"}


def test_metrics_of_each_epoch(archive: Archive) -> None:
    metrics = [message["metric"] for message in archive.payloads("metric_msg")]
    losses = [metric for metric in metrics if metric["metricName"] == "net/loss"]
    assert [loss["epoch"] for loss in losses] == list(range(1, EPOCHS + 1))
    assert [loss["step"] for loss in losses] == list(range(1, EPOCHS + 1))
    assert [loss["metricValue"] for loss in losses] == [1 / e for e in range(1, EPOCHS + 1)]
    rates = [metric for metric in metrics if metric["metricName"] == "net/learning_rate"]
    assert len(rates) == EPOCHS
    (ranking,) = (m for m in metrics if m["metricName"] == "new-viewers/ease/ndcg@10")
    assert ranking["metricValue"] == 0.25


def test_the_model_with_all_its_files(archive: Archive) -> None:
    uploads = archive.payloads("file_upload")
    groups = {u["additional_params"].get("groupingName") for u in uploads} - {None}
    assert groups == {"ease"}
    assert archive.uploads("model-element") == {
        "ease/model.json": b"{}",
        "ease/deep/a.npy": b"array",
    }


def test_embedding_with_labels_for_the_projector(archive: Archive) -> None:
    ((name, template),) = archive.uploads("embeddings").items()
    assert "shows" in name
    (embedding,) = json.loads(template)["embeddings"]
    assert embedding["tensorName"] == "shows"
    assert embedding["tensorShape"] == list(VECTORS.shape)
    assets = archive.uploads("asset")
    (labels,) = (text for name, text in assets.items() if name.startswith("metadata"))
    assert labels.decode().splitlines() == ["anime_id\ttitle", "1\tA", "5\tB", "6\tC <c>"]
    (vectors,) = (text for name, text in assets.items() if name.startswith("vectors"))
    rows = [[float(cell) for cell in row.split("\t")] for row in vectors.decode().splitlines()]
    assert rows == VECTORS.tolist()


def test_the_report_as_page_and_file_its_plots_and_tables(archive: Archive) -> None:
    assert [message["html"] for message in archive.payloads("html")] == [PAGE]
    assets = archive.uploads("asset")
    assert assets["report.html"] == PAGE.encode()
    assert assets["new-viewers-test.tsv"] == b"model\tmean\nease\t0.25\n"
    assert archive.uploads("visualization")["Learning-curve"].startswith(b"<svg")


def test_nothing_is_told_that_the_run_did_not_tell(archive: Archive) -> None:
    kinds = {message["type"] for message in archive.messages}
    assert kinds == {"log_other", "parameter_msg", "metric_msg", "file_upload", "html"}


def test_there_was_no_network() -> None:
    if not without_network():
        skip_or_fail("a network namespace of one's own", "run as root with util-linux's unshare")
