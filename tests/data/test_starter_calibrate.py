"""The sampler learns popularity, lengths and associations from statistics alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from starter_world import EPISODES, INDEX, N_ITEMS, two_tastes

from anirec.data.starter.calibrate import calibrate
from anirec.data.starter.derive import derive
from anirec.data.starter.draw import draw
from anirec.data.starter.fidelity import compare
from anirec.data.starter.lists import Lists
from anirec.data.starter.sampler import MOST_SHARED, Sampler, packaged_sampler
from anirec.data.starter.statistics import packaged_statistics

if TYPE_CHECKING:
    from pathlib import Path


def test_it_comes_near_to_the_community() -> None:
    real = two_tastes(1500)
    statistics = derive(real, INDEX, EPISODES)
    sampler = calibrate(statistics, tastes=3, rounds=40, viewers=3000)
    simulated = Lists.concatenate(list(draw(statistics, sampler, EPISODES, 3000, seed=1)))
    found = compare(simulated, real, N_ITEMS)
    assert found.popularity_mean_relative_error < 0.1
    assert found.list_length_ks < 0.08
    assert found.lift_rank_correlation > 0.8
    assert found.rating_mean_correlation > 0.9


def test_the_same_statistics_give_the_same_sampler() -> None:
    statistics = derive(two_tastes(), INDEX, EPISODES)
    one, two = (calibrate(statistics, tastes=2, rounds=3, viewers=200) for _ in range(2))
    assert np.array_equal(one.loadings, two.loadings)
    assert np.array_equal(one.base, two.base)


def test_what_is_saved_is_what_is_loaded_but_for_half_precision(tmp_path: Path) -> None:
    sampler = calibrate(derive(two_tastes(), INDEX, EPISODES), tastes=2, rounds=3, viewers=200)
    sampler.save(tmp_path / "sampler.npz")
    np.testing.assert_allclose(
        Sampler.load(tmp_path / "sampler.npz").base, sampler.base, rtol=1e-3, atol=1e-4
    )


def test_the_packaged_sampler_fits_the_packaged_statistics() -> None:
    sampler, n_items = packaged_sampler(), packaged_statistics().n_items
    assert sampler.base.shape == sampler.slope.shape == (n_items,)
    assert sampler.loadings.shape[0] == n_items
    assert (sampler.loadings**2).sum(axis=1).max() <= MOST_SHARED + 1e-3
