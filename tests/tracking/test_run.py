from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.progress import Progress
from anirec.tracking import choice
from anirec.tracking import run as run_module
from anirec.tracking.run import UNTRACKED, file_name, flat, tracked_run
from tracking.fake_trackers import Raising, Told

if TYPE_CHECKING:
    from pathlib import Path


class Lines(Progress):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told()
    monkeypatch.setitem(choice.TRACKERS, "local", lambda folder, verb: told)
    monkeypatch.setitem(choice.TRACKERS, "comet", lambda folder, verb: Raising())
    return told


def test_every_tracker_is_told_and_what_one_misses_is_said(told: Told, tmp_path: Path) -> None:
    lines = Lines()
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "a.npy").write_text("a")
    with tracked_run(("local", "comet"), "train", tmp_path / "runs", lines) as run:
        assert run.tracked
        run.params({"a": {"b": 1, "api_key": "x"}, "c": (1, 2)})
        run.metrics({"loss": 0.5}, step=3)
        run.table("a table", ("name", "figure"), [("tab\tbed", 0.5)])
        run.figure("Plot: a/b", "<svg/>")
        run.model("ease", tmp_path / "model")
        run.embedding("shows", np.eye(2, dtype="f4"), ("title",), [("A",), ("B",)])
        run.file(tmp_path / "is not there")
        run.model("neither", tmp_path / "is not there")

    calls = {call[0]: call[1:] for call in told.calls}
    assert calls["params"] == ({"a.b": 1, "a.api_key": "***", "c": "(1, 2)"},)
    assert calls["metrics"] == ({"loss": 0.5}, 3)
    assert calls["table"][0].read_text() == "name\tfigure\ntab bed\t0.5\n"
    assert calls["figure"][0].name == "Plot-a-b.svg"
    assert calls["model"][0] == "ease"
    assert (calls["model"][1] / "a.npy").read_text() == "a"
    embedding = calls["embedding"][0]
    np.testing.assert_array_equal(np.load(embedding.vectors), np.eye(2, dtype="f4"))
    assert embedding.labels.read_text() == "title\nA\nB\n"
    assert calls["end"] == ("finished",)
    assert lines.lines == [
        "local: look here",
        "tracker comet missed all records of this run: ConnectionError: no route to host",
    ]


@pytest.mark.parametrize(
    ("error", "state"), [(ValueError("x"), "failed"), (KeyboardInterrupt(), "stopped")]
)
def test_an_error_goes_through_and_is_the_runs_state(
    told: Told, tmp_path: Path, error: BaseException, state: str
) -> None:
    with pytest.raises(type(error)), tracked_run(("local",), "train", tmp_path):
        raise error
    assert told.calls[-1] == ("end", state)


def test_no_tracker_no_directory(tmp_path: Path) -> None:
    with tracked_run(("none",), "train", tmp_path / "runs") as run:
        assert run is UNTRACKED
        run.metrics({"loss": 1.0}, 1)
        run.figure("plot", "<svg/>")
        run.embedding("shows", np.eye(1, dtype="f4"), ("title",), [("A",)])
    assert not (tmp_path / "runs").exists()


def test_a_place_that_cannot_be_written_to_is_a_line_and_no_failure(tmp_path: Path) -> None:
    lines = Lines()
    (tmp_path / "runs").write_text("a file")
    with tracked_run(("local",), "train", tmp_path / "runs", lines) as run:
        assert run is UNTRACKED
    assert len(lines.lines) == 1
    assert lines.lines[0].startswith(f"this run is not tracked: {tmp_path / 'runs'}: ")


def test_a_full_disk_is_a_missed_record(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Lines()

    def full(*arguments: object) -> Path:
        raise OSError("no space left on device")

    with tracked_run(("local",), "train", tmp_path, lines) as run:
        monkeypatch.setattr(run_module, "_write_table", full)
        run.table("t", ("a",), [])
    assert [call[0] for call in told.calls] == ["end"]
    assert "missed 1 of 2 records" in lines.lines[-1]
    assert "no space left on device" in lines.lines[-1]


@given(
    st.recursive(
        st.integers(),
        lambda inner: st.dictionaries(st.text("abc", min_size=1), inner, min_size=1),
        max_leaves=8,
    ).filter(lambda value: isinstance(value, dict))
)
def test_flat_keeps_every_leaf_under_its_path(values: dict[str, object]) -> None:
    def at(name: str) -> object:
        found: object = values
        for part in name.split("."):
            assert isinstance(found, dict)
            found = found[part]
        return found

    def leaves(value: object) -> int:
        return sum(map(leaves, value.values())) if isinstance(value, dict) else 1

    flattened = flat(values)
    assert len(flattened) == leaves(values)
    assert all(at(name) == value for name, value in flattened.items())


@given(st.text(max_size=40))
def test_file_names_stay_in_their_directory(name: str) -> None:
    safe = file_name(name)
    assert safe
    assert "/" not in safe
    assert not safe.startswith(".")
