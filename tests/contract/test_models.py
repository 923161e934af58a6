"""What every registered model must do; a new model is checked by being registered.

A model whose defaults are too slow for a hundred shows gets ``SETTINGS``; each has a range in
``EXPECTED_NDCG``, recorded from a run, wide enough for other machines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError

from anirec.data.histories import NEW_VIEWER, Entry, Histories
from anirec.data.schema import Status
from anirec.errors import BundleError
from anirec.evaluation.figures import measure
from anirec.models.base import FitContext, Model
from anirec.models.registry import MODELS, AnyModel, load_model
from taste_groups import N_ITEMS, N_TRAINING, community

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


SETTINGS: dict[str, dict[str, Any]] = {
    "ials": {"factors": 8},
    "recommender_net": {
        "embedding_size": 8,
        "batch_size": 1000,
        "epochs": 15,
        "start_lr": 0.02,
        "max_lr": 0.02,
        "jit_compile": False,
        "fold_in": {"ridge": 3},
    },
}
EXPECTED_NDCG = {
    "popularity": (0.21, 0.24),
    "content": (0.26, 0.60),
    "ease": (0.34, 0.41),
    "item_neighbours": (0.25, 0.30),
    "ials": (0.33, 0.40),
    "recommender_net": (0.27, 0.45),
    "user_neighbours": (0.40, 0.45),
}
FLOOR = "popularity"

DATASET, FOLD, GROUP_OF_ROW = community()
UNWATCHED = int(np.flatnonzero(GROUP_OF_ROW == -1)[0])


@pytest.fixture(scope="module", params=MODELS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> FitContext:
    return FitContext(seed=5, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def model(name: str, context: FitContext) -> AnyModel:
    return fitted(name, context)


def fitted(name: str, context: FitContext) -> AnyModel:
    cls = MODELS[name]
    return cls(cls.config_class.model_validate(SETTINGS.get(name, {}))).fit(DATASET, context)


@pytest.fixture
def histories() -> Histories:
    """Ten new viewers."""
    return FOLD.history.select(slice(0, 10))


def one(entries: list[Entry]) -> Histories:
    return Histories.from_entries([entries], DATASET.index)


def assert_same_scores(
    actual: NDArray[np.float32], expected: NDArray[np.float32], tolerance: float = 1e-5
) -> None:
    """Compare on the scale of the scores, whatever their unit."""
    scale = max(float(np.abs(expected).max(initial=0)), 1e-9)
    np.testing.assert_allclose(actual / scale, expected / scale, rtol=0, atol=tolerance)


def test_is_registered_under_its_name(name: str, model: AnyModel) -> None:
    assert isinstance(model, Model)
    assert model.name == name
    assert model.n_items == N_ITEMS


def test_config_refuses_unknown_settings(name: str) -> None:
    with pytest.raises(ValidationError, match="no_such_setting"):
        MODELS[name].config_class.model_validate({"no_such_setting": 1})


@pytest.mark.parametrize("n_lists", [0, 1, 10])
def test_scores_are_one_finite_row_a_list(
    model: AnyModel, histories: Histories, n_lists: int
) -> None:
    scores = model.score(histories.select(slice(0, n_lists)))
    assert scores.shape == (n_lists, N_ITEMS)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_scores_belong_to_the_caller(model: AnyModel, histories: Histories) -> None:
    first = model.score(histories)
    expected = first.copy()
    first[:] = -np.inf
    np.testing.assert_array_equal(model.score(histories), expected)


def test_an_empty_list_is_allowed(model: AnyModel) -> None:
    empty = one([])
    assert np.isfinite(model.score(empty)).all()
    assert model.contributions(empty, np.array([0, 5], dtype=np.int32)).shape == (0, 2)


def test_unknown_ids_change_nothing(model: AnyModel) -> None:
    known = [Entry(10, 9), Entry(20, 4), Entry(30)]
    np.testing.assert_array_equal(
        model.score(one([*known, Entry(99_999_999, 10)])), model.score(one(known))
    )


def test_a_show_that_nobody_watched_is_scored_and_may_be_listed(model: AnyModel) -> None:
    entries = [Entry(int(DATASET.index.ids([UNWATCHED])[0]), 10)]
    for history in (one(entries), one([*entries, Entry(10, 8)])):
        assert np.isfinite(model.score(history)).all()
        rows = np.array([UNWATCHED, 0], dtype=np.int32)
        assert np.isfinite(model.contributions(history, rows)).all()


def test_plan_to_watch_is_no_evidence(model: AnyModel) -> None:
    watched = [Entry(10, 9), Entry(20, 4), Entry(30)]
    planned = Entry(40, 0, Status.PLAN_TO_WATCH)
    with_plan = one([watched[0], planned, *watched[1:]])
    assert_same_scores(model.score(with_plan), model.score(one(watched)), tolerance=1e-6)
    assert_same_scores(model.score(one([planned])), model.score(one([])))
    rows = np.arange(N_ITEMS, dtype=np.int32)
    assert not model.contributions(with_plan, rows)[1].any()


def test_a_batch_is_its_lists_one_by_one(model: AnyModel, histories: Histories) -> None:
    apart = np.concatenate([model.score(batch) for batch in histories.batches(1)])
    assert_same_scores(model.score(histories), apart)


def test_the_order_of_entries_does_not_matter(model: AnyModel, histories: Histories) -> None:
    history = histories.select(slice(0, 1))
    backwards = Histories(
        history.user_ids,
        history.indptr,
        history.items[::-1].copy(),
        history.ratings[::-1].copy(),
        history.statuses[::-1].copy(),
    )
    assert_same_scores(model.score(backwards), model.score(history))


def test_scoring_reads_its_input_only(model: AnyModel, histories: Histories) -> None:
    for array in (histories.user_ids, histories.indptr, histories.items, histories.ratings):
        array.flags.writeable = False
    model.score(histories)
    model.contributions(histories.select(slice(0, 1)), np.array([0], dtype=np.int32))


def test_known_viewers_are_scored(model: AnyModel) -> None:
    known = DATASET.histories.select(slice(0, 4))
    assert np.isfinite(model.score(known)).all()
    rows = np.array([3, 1, 2], dtype=np.int32)
    explained = model.contributions(known.select(slice(0, 1)), rows)
    assert explained.shape == (known.lengths[0], 3)


def test_saved_and_loaded_it_is_the_same(
    model: AnyModel, histories: Histories, tmp_path: Path
) -> None:
    model.save(tmp_path)
    loaded = load_model(tmp_path)
    assert loaded.config == model.config
    for some in (histories, DATASET.histories.select(slice(0, 3))):
        np.testing.assert_array_equal(loaded.score(some), model.score(some))
    rows = np.arange(5, dtype=np.int32)
    history = histories.select(slice(0, 1))
    np.testing.assert_array_equal(
        loaded.contributions(history, rows), model.contributions(history, rows)
    )
    np.testing.assert_array_equal(loaded.similar(3), model.similar(3))


def test_state_is_plain_arrays_and_loads_read_only(model: AnyModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert not any(array.dtype.hasobject for array in model.state().values())
    for array in load_model(tmp_path).state().values():
        assert not array.flags.writeable


def test_fitting_twice_gives_the_same(
    name: str, model: AnyModel, context: FitContext, histories: Histories
) -> None:
    again = fitted(name, context)
    assert_same_scores(again.score(histories), model.score(histories), tolerance=1e-3)


def test_contributions_are_per_entry_and_per_row(model: AnyModel, histories: Histories) -> None:
    history = histories.select(slice(0, 1))
    rows = np.array([7, 3, 50], dtype=np.int32)
    explained = model.contributions(history, rows)
    assert explained.shape == (history.lengths[0], 3)
    assert explained.dtype == np.float32
    assert np.isfinite(explained).all()
    for column, row in enumerate(rows):
        alone = model.contributions(history, np.array([row], dtype=np.int32))
        np.testing.assert_allclose(alone[:, 0], explained[:, column], rtol=1e-4, atol=1e-6)


def test_entries_speak_for_what_is_ranked_high(model: AnyModel) -> None:
    """What the exact rest may be is each model's own affair; its own tests say."""
    rows = np.arange(N_ITEMS, dtype=np.int32)
    for history in FOLD.history.select(slice(0, 10)).batches(1):
        explained = model.contributions(history, rows)
        if explained.any():
            best = np.argsort(-model.score(history)[0])[:10]
            in_all = explained.sum(axis=0)
            assert in_all[best].mean() > in_all.mean()


def test_similar_knows_itself_and_its_kind(model: AnyModel) -> None:
    row = int(np.flatnonzero(GROUP_OF_ROW == 0)[0])
    similarity = model.similar(row)
    if similarity is None:
        return
    assert similarity.shape == (N_ITEMS,)
    assert similarity.dtype == np.float32
    assert np.isfinite(similarity).all()
    assert similarity[row] >= similarity.max() - 1e-5
    own, other = GROUP_OF_ROW == 0, GROUP_OF_ROW > 0
    own[row] = False
    assert similarity[own].mean() > similarity[other].mean()


def test_similarities_are_those_of_similar_one_by_one(model: AnyModel) -> None:
    rows = np.array([7, 3, 50, UNWATCHED, 3])
    among = model.similarities(rows)
    if model.similar(7) is None:
        assert among is None
        return
    assert among is not None
    assert among.dtype == np.float32
    assert among.shape == (5, 5)
    one_by_one = [model.similar(int(row)) for row in rows]
    expected = np.array([alike[rows] for alike in one_by_one if alike is not None])
    np.testing.assert_allclose(among, expected, rtol=1e-4, atol=1e-5)
    nothing = model.similarities(rows[:0])
    assert nothing is not None
    assert nothing.shape == (0, 0)


def test_without_viewers_keeps_nothing_of_them_or_refuses(
    model: AnyModel, histories: Histories
) -> None:
    try:
        anonymous = model.without_viewers()
    except BundleError:
        return
    new = Histories(
        np.full(len(histories), NEW_VIEWER, dtype=np.int64),
        histories.indptr,
        histories.items,
        histories.ratings,
        histories.statuses,
    )
    np.testing.assert_array_equal(anonymous.score(new), model.score(new))
    for array in anonymous.state().values():
        assert N_TRAINING not in array.shape


def test_ranks_new_viewers_as_well_as_recorded(name: str, model: AnyModel) -> None:
    assert name in EXPECTED_NDCG, "record the range of NDCG@10 that this model reaches here"
    low, high = EXPECTED_NDCG[name]
    reached = measure(model, FOLD).per_viewer["ndcg"].mean()
    assert low <= reached <= high, f"{name} reaches {reached:.3f}"
    if name != FLOOR:
        assert low > EXPECTED_NDCG[FLOOR][1], "a personalised model must beat popularity"
