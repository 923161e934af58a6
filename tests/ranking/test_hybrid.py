from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry, Histories
from anirec.ranking.hybrid import Hybrid, standardise, tune
from small_world import Linear, LinearConfig, Mute, small_dataset, small_hybrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATASET = small_dataset()
HYBRID = small_hybrid(DATASET)
WATCHED = DATASET.histories.watched()


def unseen(histories: Histories, viewer: int) -> NDArray[np.bool_]:
    mask = np.ones(DATASET.n_items, dtype=bool)
    mask[histories.items[histories.indptr[viewer] : histories.indptr[viewer + 1]]] = False
    return mask


def test_standardised_scores_have_mean_0_and_deviation_1_over_unseen_items() -> None:
    raw = HYBRID.models["collaborative"].score(WATCHED)
    scaled, factor = standardise(raw, WATCHED)
    for viewer in range(len(WATCHED)):
        values = scaled[viewer, unseen(WATCHED, viewer)]
        assert values.mean() == pytest.approx(0, abs=1e-5)
        assert values.std() == pytest.approx(1, abs=1e-5)
        np.testing.assert_allclose(
            scaled[viewer] - scaled[viewer, 0],
            (raw[viewer] - raw[viewer, 0]) * factor[viewer],
            atol=1e-4,
        )


def test_only_the_best_unseen_items_set_the_scale() -> None:
    raw = HYBRID.models["collaborative"].score(WATCHED)
    scaled, _ = standardise(raw, WATCHED, contenders=10)
    for viewer in range(len(WATCHED)):
        best = np.sort(scaled[viewer, unseen(WATCHED, viewer)])[-10:]
        assert best.mean() == pytest.approx(0, abs=1e-5)
        assert best.std() == pytest.approx(1, abs=1e-5)


def test_a_viewer_who_has_seen_everything_gets_zeros() -> None:
    everything = Histories.from_entries(
        [[Entry(int(anime_id)) for anime_id in DATASET.index.anime_ids]], DATASET.index
    )
    scaled, factor = standardise(HYBRID.models["content"].score(everything), everything)
    assert not scaled.any()
    assert not factor.any()


@pytest.mark.parametrize(("shift", "stretch"), [(0, 1000), (500, 1), (-3, 1e-4)])
def test_the_unit_of_a_model_does_not_matter(shift: float, stretch: float) -> None:
    raw = HYBRID.models["content"].score(WATCHED)
    moved = (raw * stretch + shift).astype(np.float32)
    np.testing.assert_allclose(
        standardise(moved, WATCHED)[0], standardise(raw, WATCHED)[0], atol=0.02
    )


def test_scores_without_preference_become_zero() -> None:
    scaled, factor = standardise(np.full((len(WATCHED), DATASET.n_items), 0.7, "f4"), WATCHED)
    assert not scaled.any()
    assert not factor.any()


@given(st.floats(0, 1))
def test_components_add_up_to_the_score(weight: float) -> None:
    weights = {"collaborative": weight, "content": 1 - weight}
    one = WATCHED.select(slice(0, 1))
    parts = HYBRID.blend(one, weights).components
    np.testing.assert_array_equal(
        parts["collaborative"] + parts["content"], HYBRID.score(one, weights)
    )


def test_a_weight_of_one_ranks_like_the_model_alone() -> None:
    alone = HYBRID.models["content"].score(WATCHED)
    blended = HYBRID.score(WATCHED, {"content": 1})
    np.testing.assert_array_equal(alone.argmax(axis=1), blended.argmax(axis=1))


def test_uses_its_own_weights_by_default() -> None:
    np.testing.assert_array_equal(
        HYBRID.score(WATCHED), HYBRID.score(WATCHED, {"collaborative": 7, "content": 3})
    )


def test_says_who_is_undecided() -> None:
    mute = Mute().fit(DATASET)
    assert Hybrid(mute, mute).blend(WATCHED).undecided.all()
    assert not HYBRID.blend(WATCHED).undecided.any()


def test_refuses_models_of_different_catalogues() -> None:
    other = Linear().fit(DATASET)
    other.n_items += 1
    with pytest.raises(ValueError, match="fitted on one catalogue"):
        Hybrid(Linear().fit(DATASET), other)


def test_tune_finds_the_weight_that_made_the_target() -> None:
    wanted = HYBRID.score(WATCHED, {"collaborative": 0.3, "content": 0.7})

    def closeness(
        scores: NDArray[np.float32], known: Histories, viewers: slice
    ) -> NDArray[np.float64]:
        assert len(scores) == len(known)
        error: NDArray[np.float64] = np.abs(scores - wanted[viewers]).mean(axis=1, dtype=float)
        return -error

    found = tune(HYBRID, WATCHED, closeness, batch=7)
    assert found.weights == pytest.approx({"collaborative": 0.3, "content": 0.7})
    assert found.value == pytest.approx(0, abs=1e-5)
    assert max(value for _, value in found.curve) == found.value


def test_tune_prefers_an_even_blend_where_nothing_matters() -> None:
    found = tune(HYBRID, WATCHED, lambda scores, known, viewers: np.zeros(len(scores)))
    assert found.weights == {"collaborative": 0.5, "content": 0.5}


def test_a_model_of_weight_zero_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    hybrid = Hybrid(Linear(LinearConfig(seed=1)).fit(DATASET), Linear().fit(DATASET))
    monkeypatch.setattr(hybrid.models["content"], "score", None)
    assert hybrid.score(WATCHED, {"collaborative": 1}).shape == (len(WATCHED), DATASET.n_items)
