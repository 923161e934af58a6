from __future__ import annotations

import numpy as np
import pytest

from anirec.models.popularity import Popularity
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.ranker import Ranker
from small_world import Mute, small_dataset, small_hybrid

DATASET = small_dataset()
HYBRID = small_hybrid(DATASET)
POPULARITY = Popularity().fit(DATASET)
RANKER = Ranker(HYBRID, POPULARITY)
WATCHED = DATASET.histories.watched()


def test_empty_lists_get_popularity_and_others_the_blend() -> None:
    viewers = np.repeat([True, False], [1, len(WATCHED) - 1])
    mixed = WATCHED.where(~viewers[WATCHED.viewers])
    empty, other = RANKER.for_histories(mixed)[:2]
    assert list(empty.components) == ["popularity"]
    np.testing.assert_array_equal(empty.total, POPULARITY.share)
    assert list(other.components) == ["collaborative", "content"]
    np.testing.assert_array_equal(other.total, HYBRID.score(mixed)[1])


def test_models_without_preference_leave_it_to_popularity() -> None:
    mute = Mute().fit(DATASET)
    ranker = Ranker(Hybrid(mute, mute), POPULARITY)
    assert list(ranker.for_histories(WATCHED)[0].components) == ["popularity"]
    assert list(ranker.for_item(0).components) == ["popularity"]


def test_weights_are_checked_for_empty_lists_too() -> None:
    nothing = WATCHED.where(np.zeros(len(WATCHED.items), dtype=bool))
    with pytest.raises(ValueError, match="no component 'taste'"):
        RANKER.for_histories(nothing, {"taste": 1})


def test_likeness_is_blended_by_weight() -> None:
    alone = RANKER.for_item(4, {"content": 1})
    likeness = HYBRID.models["content"].similar(4)
    assert likeness is not None
    np.testing.assert_array_equal(np.argsort(-alone.total), np.argsort(-likeness))
    assert not alone.components["collaborative"].any()


def test_a_component_without_likeness_gives_its_weight_away() -> None:
    ranker = Ranker(Hybrid(Mute().fit(DATASET), HYBRID.models["content"]), POPULARITY)
    for weights in (None, {"collaborative": 1}):
        np.testing.assert_array_equal(
            ranker.for_item(4, weights).total, RANKER.for_item(4, {"content": 1}).total
        )
