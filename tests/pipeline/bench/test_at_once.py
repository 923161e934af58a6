"""Processes that answer at the same time, and one that cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.errors import AnirecError
from anirec.pipeline.bench.at_once import batches_at_once
from small_learned_bundle import small_learned_bundle

if TYPE_CHECKING:
    from pathlib import Path


def test_every_round_of_every_way_is_timed(tmp_path: Path) -> None:
    small_learned_bundle(tmp_path / "bundle")
    ways = [None, {"collaborative": 1.0}]

    took = batches_at_once(tmp_path / "bundle", [[Entry(1)]] * 3, ways, processes=2, rounds=2)

    assert [len(rounds) for rounds in took] == [2, 2]
    assert all(each > 0 for rounds in took for each in rounds)


@pytest.mark.parametrize("n_lists", [1, 5000])
def test_what_fails_is_one_line(tmp_path: Path, n_lists: int) -> None:
    """Also where the processes end before they have read what is more than a pipe holds."""
    with pytest.raises(AnirecError, match="a new process could not answer from") as caught:
        batches_at_once(tmp_path, [[Entry(1)]] * n_lists, [None], processes=2, rounds=1)
    assert "is no bundle" in str(caught.value)
    assert "\n" not in str(caught.value)
