"""Shows on a plane."""

from __future__ import annotations

import numpy as np
import pytest

from anirec.data.catalogue_growth import CatalogueGrowth
from anirec.data.show import Show
from anirec.pipeline.catalogue_map import projection
from anirec.pipeline.catalogue_map.drawing import draw_map, grow_map
from anirec.pipeline.catalogue_map.projection import place, project
from anirec.pipeline.catalogue_map.regions import regions

GROUPS, EACH = 3, 60


def grouped(seed: int = 0) -> np.ndarray:
    """Three directions, and shows that lie close to one of them."""
    rng = np.random.default_rng(seed)
    middles = np.repeat(np.eye(GROUPS, 8), EACH, axis=0)
    return (middles + 0.05 * rng.normal(size=(GROUPS * EACH, 8))).astype(np.float32)


def popularity() -> np.ndarray:
    return np.linspace(1, 0, GROUPS * EACH, dtype=np.float32)


def spread_within(positions: np.ndarray) -> float:
    parts = positions.reshape(GROUPS, EACH, 2)
    return float(np.linalg.norm(parts - parts.mean(axis=1, keepdims=True), axis=2).mean())


def test_shows_that_are_alike_lie_together_inside_the_frame() -> None:
    positions = project(grouped(), popularity(), 7)
    assert positions.shape == (GROUPS * EACH, 2)
    assert positions.dtype == np.float32
    assert (positions >= 0).all()
    assert (positions <= 1).all()
    middles = positions.reshape(GROUPS, EACH, 2).mean(axis=1)
    between = np.linalg.norm(middles[:, None] - middles[None], axis=2)[np.triu_indices(3, 1)]
    assert between.min() > 2 * spread_within(positions)


def test_the_same_input_gives_the_same_map() -> None:
    first = project(grouped(), popularity(), 7)
    assert np.array_equal(project(grouped(), popularity(), 7), first)


def test_what_is_little_watched_is_placed_beside_what_it_is_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projection, "DRAWN", 90)
    rng = np.random.default_rng(2)
    watched = rng.permutation(popularity())
    positions = project(grouped(), watched, 7)
    middles = positions.reshape(GROUPS, EACH, 2).mean(axis=1)
    away = np.linalg.norm(positions[:, None] - middles[None], axis=2)
    assert (away.argmin(axis=1) == np.repeat(np.arange(GROUPS), EACH)).all()


@pytest.mark.parametrize("n", [1, 2, 5, 12, 13])
def test_a_tiny_catalogue_has_a_map(n: int) -> None:
    positions = project(grouped()[:n], popularity()[:n], 7)
    assert np.isfinite(positions).all()
    assert len(np.unique(positions, axis=0)) == n


def test_a_show_of_which_nothing_is_known_has_a_place() -> None:
    known = grouped()
    positions = project(known, popularity(), 7)
    placed = place(np.zeros((1, 8), dtype=np.float32), known, positions)
    assert np.isfinite(placed).all()


def test_growing_moves_nothing() -> None:
    vectors = grouped()
    shows = [Show(row + 1, str(row), genres=("Drama",)) for row in range(len(vectors))]
    known = np.delete(np.arange(len(vectors)), [3, 100])
    before = draw_map(vectors[known], popularity()[known], [shows[row] for row in known], 7)
    growth = CatalogueGrowth(known.astype(np.int32), len(vectors))
    after = grow_map(before, vectors, growth)
    assert np.array_equal(after.positions[known], before.positions)
    assert after.regions == before.regions
    group = after.positions[:EACH]
    assert np.linalg.norm(after.positions[3] - np.delete(group, 3, axis=0).mean(axis=0)) < 0.2


def test_regions_are_named_after_what_stands_out_there() -> None:
    positions = project(grouped(), popularity(), 7)
    names = ("Mecha", "Romance", "Horror")
    genres = [("Drama", names[row // EACH]) for row in range(GROUPS * EACH)]
    found = regions(positions, genres, 7)
    assert {region.name for region in found} <= set(names)
    assert len(found) >= 3
    for region in found:
        middle = positions[names.index(region.name) * EACH :][:EACH].mean(axis=0)
        assert np.linalg.norm(middle - (region.x, region.y)) < 0.3


def test_nothing_is_named_where_nothing_stands_out() -> None:
    positions = project(grouped(), popularity(), 7)
    assert regions(positions, [("Drama",)] * len(positions), 7) == ()
    assert regions(positions[:30], [("Drama",)] * 30, 7) == ()
