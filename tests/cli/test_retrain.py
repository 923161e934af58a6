"""``anirec retrain``: what it prints, and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from anirec.cli.main import main
from anirec.pipeline.gate.verdict import Finding, Verdict
from anirec.pipeline.retrain import loop
from anirec.pipeline.retrain.lock import alone
from anirec.pipeline.retrain.report import RetrainReport

if TYPE_CHECKING:
    from pathlib import Path


def status_of(place: Path, *arguments: str) -> object:
    options = ("--artifacts", str(place / "artifacts"), "--registry", str(place / "bundles"))
    with pytest.raises(SystemExit) as stop:
        main(["retrain", str(place / "lists"), *options, "--tracker", "none", *arguments])
    return stop.value.code


def test_a_failed_step_is_one_line_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(tmp_path) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1].startswith("anirec: ingest failed: there is no file")
    assert not (tmp_path / "bundles").exists()


def test_a_second_one_is_refused_with_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with alone(tmp_path / "artifacts" / "retrain"):
        assert status_of(tmp_path) == 4
    assert "another retraining is at work" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("outcome", "status"), [("promoted", 0), ("nothing new", 0), ("refused", 3)]
)
def test_the_outcome_is_the_status(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    outcome: Any,
    status: int,
) -> None:
    finding = Finding("quality", "refused", "it finds less")
    jobs: list[loop.Retraining] = []

    def done(job: loop.Retraining) -> RetrainReport:
        jobs.append(job)
        return RetrainReport(
            "2026-11-03T02:30:00+00:00",
            str(job.registry),
            list(job.sources),
            outcome,
            "A word.",
            verdict=Verdict((finding,)),
            figures={"learned": 0.5},
            metric="ndcg@10",
        )

    monkeypatch.setattr(loop, "retrain", done)
    assert status_of(tmp_path, "--sample-users", "0.5", "--json") == status
    about = json.loads(capsys.readouterr().out)
    assert about["outcome"] == outcome
    assert about["gate"]["findings"][0]["text"] == "it finds less"
    assert jobs[0].selection.sample_users == 0.5
    assert status_of(tmp_path) == status
    printed = capsys.readouterr().out
    assert printed.startswith(f"# Retraining of 2026-11-03T02:30:00+00:00: {outcome}\n")
    assert "| learned | 0.5000 |" in printed
    assert "- Gate: quality refused: it finds less" in printed
