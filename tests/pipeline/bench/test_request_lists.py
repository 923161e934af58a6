"""Lists to ask about: the same again for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.models.registry import MODELS
from anirec.pipeline.bench.request_lists import request_lists
from anirec.recommender import Recommender
from small_world import N_SHOWS, TEST_MODELS, small_bundle

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def rec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recommender:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    small_bundle(tmp_path / "bundle")
    return Recommender.load(tmp_path / "bundle")


@pytest.mark.parametrize(("length", "drawn"), [(10, 10), (150, N_SHOWS // 2)])
def test_lists_are_drawn_from_the_catalogue_and_are_the_same_again(
    rec: Recommender, length: int, drawn: int
) -> None:
    lists = request_lists(rec, 5, length, seed=7)
    assert [len(history) for history in lists] == [drawn] * 5
    assert all(len({entry.anime_id for entry in history}) == drawn for history in lists)
    assert lists == request_lists(rec, 5, length, seed=7)
    assert lists[0] != lists[1]
    assert lists != request_lists(rec, 5, length, seed=8)
