from __future__ import annotations

import fcntl
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from anirec.data.staging import check_replaceable, clear_abandoned, staged_directory
from anirec.errors import DataError


def fill(directory: Path, text: str) -> None:
    with staged_directory(directory) as draft:
        (draft / "table").write_text(text)


def test_the_directory_appears_whole_and_replaces_the_old(tmp_path: Path) -> None:
    out = tmp_path / "deeper" / "out"
    for text in ("old", "new"):
        fill(out, text)
        assert (out / "table").read_text() == text
        assert [path.name for path in out.parent.iterdir()] == ["out"]
        assert [path.name for path in out.iterdir()] == ["table"]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_after_an_exception_the_old_is_as_it_was(tmp_path: Path, kind: type[BaseException]) -> None:
    fill(tmp_path / "out", "old")
    with pytest.raises(kind), staged_directory(tmp_path / "out"):
        raise kind
    assert (tmp_path / "out" / "table").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_swap_that_fails_puts_the_old_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "out", "old")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("no space")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="no space"):
        fill(tmp_path / "out", "new")
    assert (tmp_path / "out" / "table").read_text() == "old"


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    leftover = tmp_path / ".out.partial-killed"
    (leftover / "new").mkdir(parents=True)
    fill(tmp_path / "out", "new")
    assert not leftover.exists()


def test_an_old_output_that_a_killed_run_had_moved_away_is_put_back(tmp_path: Path) -> None:
    moved = tmp_path / ".out.partial-killed" / "old"
    moved.mkdir(parents=True)
    (moved / "table").write_text("old")
    with pytest.raises(ValueError, match="early"), staged_directory(tmp_path / "out"):
        raise ValueError("early")
    assert (tmp_path / "out" / "table").read_text() == "old"


def test_who_keeps_a_directory_can_clear_up_after_a_killed_run(tmp_path: Path) -> None:
    clear_abandoned(tmp_path / "missing" / "out")
    fill(tmp_path / "out", "whole")
    (tmp_path / ".out.partial-killed" / "old").mkdir(parents=True)
    clear_abandoned(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "table").read_text() == "whole"

    (tmp_path / ".out.partial-killed").mkdir()
    (tmp_path / "out").rename(tmp_path / ".out.partial-killed" / "old")
    clear_abandoned(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "table").read_text() == "whole"


def test_a_run_at_work_is_left_alone(tmp_path: Path) -> None:
    with staged_directory(tmp_path / "out") as slow:
        (slow / "table").write_text("slow")
        fill(tmp_path / "out", "quick")
        assert slow.exists()
    assert (tmp_path / "out" / "table").read_text() == "slow"


def test_no_other_writer_can_clean_up_before_the_new_directory_has_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkdtemp
    seen = []

    def watched(**place: Any) -> str:
        made: str = make(**place)
        with (tmp_path / ".out.lock").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        seen.append(made)
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", watched)
    fill(tmp_path / "out", "new")
    assert len(seen) == 1


def test_many_writers_at_once_all_succeed_and_leave_one_whole_output(tmp_path: Path) -> None:
    texts = [str(number) for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: fill(tmp_path / "out", text), texts))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "table").read_text() in texts


def test_the_lock_of_a_killed_run_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / ".out.lock").touch()
    fill(tmp_path / "out", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_only_own_output_is_replaceable(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "missing", ["table"])
    fill(tmp_path / "out", "old")
    check_replaceable(tmp_path / "out", ["table"])
    (tmp_path / "out" / "thesis.tex").write_text("precious")
    with pytest.raises(DataError, match=r"out holds thesis\.tex"):
        check_replaceable(tmp_path / "out", ["table"])
    with pytest.raises(DataError, match="is a file"):
        check_replaceable(tmp_path / "out" / "table", ["table"])
