"""Hiding a fifth of a list and looking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.recommender import Recommender
from anirec.taste.backtest import TOPS, backtest
from small_learned_bundle import small_learned_bundle
from small_world import N_SHOWS

if TYPE_CHECKING:
    from pathlib import Path

LIST = [Entry(10 * (row + 1), row % 11) for row in range(0, 40, 2)]


@pytest.fixture(scope="module")
def recommender(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    place: Path = tmp_path_factory.mktemp("backtest") / "bundle"
    small_learned_bundle(place)
    return Recommender.load(place)


def test_a_fifth_is_hidden_and_counted(recommender: Recommender) -> None:
    found = backtest(LIST, recommender)
    assert (found.n_shows, found.n_hidden) == (20, 4)
    assert [one.places for one in found.found] == list(TOPS)
    ten, fifty = found.found
    assert 0 <= ten.ours <= fifty.ours <= 4
    # All but the sixteen shows that are told compete, and fifty places hold them all.
    assert fifty.ours == fifty.by_popularity == 4
    assert ten.by_chance == pytest.approx(4 * 10 / (N_SHOWS - 16))
    assert len(found.hits) == ten.ours


def test_the_same_list_gives_the_same_answer_in_any_order(recommender: Recommender) -> None:
    assert backtest(LIST[::-1], recommender) == backtest(LIST, recommender)


def test_plans_and_unknown_shows_play_no_part(recommender: Recommender) -> None:
    more = [*LIST, Entry(30 * 20, 0, Status.PLAN_TO_WATCH), Entry(123_456, 10)]
    assert backtest(more, recommender) == backtest(LIST, recommender)


def test_a_short_list_is_not_tested(recommender: Recommender) -> None:
    found = backtest(LIST[:9], recommender)
    assert (found.n_shows, found.n_hidden, found.found, found.hits) == (9, 0, (), ())
