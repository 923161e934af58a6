"""Processes that answer at the same time, and one that cannot."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest

from anirec.data.histories import Entry
from anirec.errors import AnirecError
from anirec.pipeline.bench.at_once import batches_at_once
from small_learned_bundle import small_learned_bundle

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE: Final = "anirec.pipeline.bench.at_once"


def test_every_round_of_every_way_is_timed(tmp_path: Path) -> None:
    small_learned_bundle(tmp_path / "bundle")
    ways = [None, {"collaborative": 1.0}]

    took = batches_at_once(tmp_path / "bundle", [[Entry(1)]] * 3, ways, processes=2, rounds=2)

    assert [len(rounds) for rounds in took] == [2, 2]
    assert all(each > 0 for rounds in took for each in rounds)


def test_they_answer_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answers when it sees that the other was asked, whatever it writes besides."""
    monkeypatch.setattr(
        f"{AT_ONCE}.PROGRAM",
        """
import pathlib, sys, os
place = pathlib.Path(sys.argv[1])
sys.stdin.readline()
for number, _ in enumerate(sys.stdin):
    print("-" * 200_000, file=sys.stderr, flush=True)
    (place / f"{number} {os.getpid()}").touch()
    while len(list(place.glob(f"{number} *"))) < 2:
        pass
    print(flush=True)
""",
    )

    took = batches_at_once(tmp_path, [[Entry(1)]], [None], processes=2, rounds=2)
    assert len(took[0]) == 2
    assert len(list(tmp_path.iterdir())) == 6


def test_when_one_fails_the_others_are_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first to write its id goes on for ever; the other has read it, and is killed."""
    monkeypatch.setattr(
        f"{AT_ONCE}.PROGRAM",
        """
import os, pathlib, signal, sys
mine = pathlib.Path(sys.argv[1]) / "pid"
try:
    with mine.open("x") as file:
        print(os.getpid(), file=file)
except FileExistsError:
    print("harmless", file=sys.stderr, flush=True)
    while not mine.read_text().endswith("\\n"):
        pass
    os.kill(os.getpid(), signal.SIGKILL)
for _ in sys.stdin:
    print(flush=True)
while True:
    signal.pause()
""",
    )

    with pytest.raises(AnirecError, match=r"could not answer from .*: exit status -9"):
        batches_at_once(tmp_path, [[Entry(1)]], [None] * 100, processes=2, rounds=1)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize("n_lists", [1, 5000])
def test_what_fails_is_one_line(tmp_path: Path, n_lists: int) -> None:
    """Also where the processes end before they have read what is more than a pipe holds."""
    with pytest.raises(AnirecError, match="a new process could not answer from") as caught:
        batches_at_once(tmp_path, [[Entry(1)]] * n_lists, [None], processes=2, rounds=1)
    assert "is no bundle" in str(caught.value)
    assert "\n" not in str(caught.value)
