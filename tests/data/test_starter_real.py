"""The packaged starter against the real lists that it was derived from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_starter_statistics import assert_same

from anirec.data.starter.derive import derive
from anirec.data.starter.draw import draw
from anirec.data.starter.fidelity import compare
from anirec.data.starter.lists import Lists, read_lists
from anirec.data.starter.sampler import packaged_sampler
from anirec.data.starter.shows import episodes_of, index_of, packaged_shows
from anirec.data.starter.statistics import packaged_statistics

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def real_lists(real_data: Path) -> Lists:
    return read_lists(real_data, index_of(packaged_shows()))


def test_the_packaged_statistics_can_be_derived_again(real_lists: Lists) -> None:
    shows = packaged_shows()
    assert_same(derive(real_lists, index_of(shows), episodes_of(shows)), packaged_statistics())


def test_three_thousand_simulated_viewers_come_near_to_the_real_ones(real_lists: Lists) -> None:
    episodes = episodes_of(packaged_shows())
    blocks = draw(packaged_statistics(), packaged_sampler(), episodes, 3000, seed=7)
    found = compare(Lists.concatenate(list(blocks)), real_lists, len(episodes))
    assert found.lift_pairs > 150_000
    assert found.lift_rank_correlation > 0.9
    assert found.popularity_rank_correlation > 0.99
    assert found.popularity_mean_relative_error < 0.06
    assert found.popularity_head_max_relative_error < 0.12
    assert found.list_length_ks < 0.03
    assert found.rating_mean_correlation > 0.95
    assert found.rating_mean_error < 0.15
