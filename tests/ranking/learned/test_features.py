"""What the trees look at, worked out by hand."""

from __future__ import annotations

import numpy as np

from anirec.data.item_index import ItemIndex
from anirec.data.show import Show
from anirec.ranking.learned.audience import Audience
from anirec.ranking.learned.features import FEATURES, Evidence, ViewerList, features
from anirec.ranking.learned.item_facts import ItemFacts

SHOWS = tuple(
    Show(anime_id=anime_id, title=str(anime_id), franchise=franchise)
    for anime_id, franchise in ((1, 1), (2, 1), (3, 1), (4, 4), (5, 5))
)
FACTS = ItemFacts.of(SHOWS, ItemIndex([show.anime_id for show in SHOWS]))
VECTORS = np.eye(len(SHOWS), dtype=np.float32)
VIEWER = ViewerList(
    np.array([0, 1, 3], dtype=np.int32),
    np.array([8, 0, 6], dtype=np.float32),
    np.array([2, 2, 2], dtype=np.uint8),
)
CANDIDATES = np.array([2, 4], dtype=np.int32)
CONTRIBUTIONS = np.array([[0.5, 0.1], [-0.2, 0.3], [0.4, 0.2]], dtype=np.float32)


def columns_of() -> dict[str, list[float]]:
    """Return the features of both candidates by name."""
    evidence = Evidence(
        CANDIDATES,
        CONTRIBUTIONS,
        np.array([0.1, 0.5, 0.3], dtype=np.float32),
        np.zeros((3, 2), dtype=np.float32),
        np.array([0.2, 0.1], dtype=np.float32),
        Audience.of(np.log(np.full(len(SHOWS), 0.1, dtype=np.float32)), FACTS),
    )
    rows = features(VIEWER, evidence, FACTS, VECTORS)
    return {name: rows[:, column].tolist() for column, name in enumerate(FEATURES)}


def test_ease_is_told_in_all_and_by_its_strongest_entry() -> None:
    found = columns_of()

    np.testing.assert_allclose(found["ease"], [0.7, 0.6], rtol=1e-6)
    np.testing.assert_allclose(found["ease_rank"], [0, 1])
    np.testing.assert_allclose(found["ease_strongest"], [0.5, 0.3], rtol=1e-6)
    np.testing.assert_allclose(found["ease_second"], [0.4, 0.2], rtol=1e-6)


def test_one_entry_has_no_second_reason() -> None:
    evidence = Evidence(
        CANDIDATES,
        CONTRIBUTIONS[:1],
        np.zeros(1, dtype=np.float32),
        np.zeros((1, 2), dtype=np.float32),
        np.array([0.2, 0.1], dtype=np.float32),
        Audience.of(np.log(np.full(len(SHOWS), 0.1, dtype=np.float32)), FACTS),
    )
    viewer = ViewerList(VIEWER.rows[:1], VIEWER.ratings[:1], VIEWER.statuses[:1])
    rows = features(viewer, evidence, FACTS, VECTORS)

    assert rows[:, list(FEATURES).index("ease_second")].tolist() == [0, 0]
    assert np.isfinite(rows).all()


def test_ease_says_how_well_it_knows_the_list() -> None:
    found = columns_of()

    np.testing.assert_allclose(found["ease_of_entries"], [0.3, 0.3], rtol=1e-6)
    np.testing.assert_allclose(found["ease_of_entries_low"], [0.2, 0.2], rtol=1e-6)
    np.testing.assert_allclose(found["ease_of_entries_high"], [0.4, 0.4], rtol=1e-6)


def test_franchises_are_counted_by_their_entries_in_the_list() -> None:
    found = columns_of()

    assert found["franchise_seen"] == [2, 0]
    assert found["franchise_size"] == [3, 1]
    assert found["franchise_unseen"] == [1, 1]
    np.testing.assert_allclose(found["franchise_share"], [2 / 3, 0], rtol=1e-6)
