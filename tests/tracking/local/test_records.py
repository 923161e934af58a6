from __future__ import annotations

from typing import TYPE_CHECKING

from anirec.tracking.folder import RunFolder
from anirec.tracking.local.records import (
    METRICS_FILE,
    RUN_FILE,
    RUNNING,
    UNFINISHED,
    RunRecord,
    append_metrics,
    read_metrics,
    read_record,
    read_runs,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_metrics_come_back_by_name_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    append_metrics(tmp_path, {"net/loss": 0.5, "net/mae": 0.1}, 1)
    append_metrics(tmp_path, {"net/loss": 0.25}, 2)
    append_metrics(tmp_path, {"ndcg": 0.3}, None)
    with (tmp_path / METRICS_FILE).open("a") as file:
        file.write('{"step": 3, "values": {"net/lo')

    told = {metric.name: (metric.steps, metric.values) for metric in read_metrics(tmp_path)}
    assert told == {
        "ndcg": ([], [0.3]),
        "net/loss": ([1, 2], [0.5, 0.25]),
        "net/mae": ([1], [0.1]),
    }


def test_a_run_whose_process_is_gone_is_unfinished(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "train")
    RunRecord(folder.run_id, "train", "2026-01-01T00:00:00+00:00").write(folder.directory)
    running = read_record(folder.directory)
    assert running is not None
    assert running.state == RUNNING
    folder.close()
    gone = read_record(folder.directory)
    assert gone is not None
    assert gone.state == UNFINISHED


def test_directories_that_hold_no_run_are_left_out(tmp_path: Path) -> None:
    for number, text in enumerate(("", "{", "[]", '{"format": 2}', '{"format": 1}')):
        folder = RunFolder(tmp_path, f"train{number}")
        (folder.directory / RUN_FILE).write_text(text)
        folder.close()
    (tmp_path / "other").mkdir()

    assert read_runs(tmp_path, 10) == []
