from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from killed_training import SEED, SETTINGS
from viewer_groups import GROUPS, N_ITEMS, N_VIEWERS, PER_GROUP, UNWATCHED, group_community

from anirec.data.histories import NEW_VIEWER, Entry, Histories
from anirec.data.schema import Status
from anirec.models.base import FitContext
from anirec.models.keras_net.checkpoint import FILE, Checkpoint, read_checkpoint, write_checkpoint
from anirec.models.recommender_net import RecommenderNet, RecommenderNetConfig
from anirec.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DATASET = group_community()
ROWS = np.arange(N_ITEMS, dtype=np.int32)
HERE = Path(__file__).parent


def fitted(context: FitContext, **settings: Any) -> RecommenderNet:
    config = RecommenderNetConfig.model_validate(SETTINGS | settings)
    return RecommenderNet(config).fit(DATASET, context)


@pytest.fixture(scope="module")
def epochs() -> list[Mapping[str, float]]:
    """What the training of ``model`` logged."""
    return []


class Counting(Progress):
    def __init__(self) -> None:
        self.bars: dict[str, list[int]] = {}

    @contextmanager
    def bar(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        assert total is not None
        self.bars[text] = [total, 0]

        def advance(done: int) -> None:
            self.bars[text][1] += done

        yield advance


@pytest.fixture(scope="module")
def progress() -> Counting:
    return Counting()


@pytest.fixture(scope="module")
def model(epochs: list[Mapping[str, float]], progress: Counting) -> RecommenderNet:
    return fitted(FitContext(seed=SEED, log=epochs.append, progress=progress))


def new_viewer(rows: list[int], rating: int = 0) -> Histories:
    return Histories.from_entries([[Entry(row + 1, rating) for row in rows]], DATASET.index)


def test_logs_every_epoch(model: RecommenderNet, epochs: list[Mapping[str, float]]) -> None:
    assert [figures["epoch"] for figures in epochs] == list(range(1, len(epochs) + 1))
    measured = {"loss", "mae", "mse"}
    expected = measured | {f"val_{name}" for name in measured} | {"epoch", "learning_rate"}
    assert set(epochs[0]) == expected
    assert epochs[0]["learning_rate"] == pytest.approx(SETTINGS["start_lr"])
    assert epochs[-1]["loss"] < epochs[0]["loss"]


def test_shows_progress_by_epoch(
    model: RecommenderNet, epochs: list[Mapping[str, float]], progress: Counting
) -> None:
    assert progress.bars == {"recommender_net epochs": [SETTINGS["epochs"], len(epochs)]}


@pytest.mark.parametrize("group", range(GROUPS))
def test_new_viewers_get_shows_of_their_taste(model: RecommenderNet, group: int) -> None:
    own = np.arange(PER_GROUP) + group * PER_GROUP
    scores = model.score(new_viewer(own[:4].tolist()))[0]
    scores[own[:4]] = -np.inf
    assert np.isin(np.argsort(-scores)[:8], own).sum() >= 7


def test_known_viewers_are_served_by_their_vector(model: RecommenderNet) -> None:
    known = DATASET.histories.select(np.array([5, 0]))
    vectors = model.user_vectors[np.searchsorted(model.user_ids, known.user_ids)]
    np.testing.assert_array_equal(model.viewer_vectors(known), vectors)
    slope, intercept = model.head
    np.testing.assert_allclose(
        model.score(known), slope * vectors @ model.item_vectors.T + intercept, rtol=1e-5, atol=1e-5
    )
    own = np.arange(PER_GROUP) + (0 % GROUPS) * PER_GROUP
    assert np.isin(np.argsort(-model.score(known)[1])[:8], own).sum() >= 7


def test_known_and_new_viewers_mix_in_a_batch(model: RecommenderNet) -> None:
    lists = DATASET.histories.select(np.arange(4))
    mixed = Histories(
        np.where([True, False, True, False], lists.user_ids, NEW_VIEWER),
        *(lists.indptr, lists.items, lists.ratings, lists.statuses),
    )
    alone = np.concatenate([model.score(one) for one in mixed.batches(1)])
    np.testing.assert_allclose(model.score(mixed), alone, atol=1e-4)


def test_a_show_that_nobody_watched_scores_the_intercept(model: RecommenderNet) -> None:
    assert not model.item_vectors[UNWATCHED].any()
    for viewer in (new_viewer([1, 2]), DATASET.histories.select(slice(0, 1))):
        assert model.score(viewer)[0, UNWATCHED] == pytest.approx(model.head[1])
    watched = np.delete(model.item_vectors, UNWATCHED, axis=0)
    np.testing.assert_allclose(np.linalg.norm(watched, axis=1), 1, rtol=1e-5)


def test_contributions_of_a_new_viewer_are_exact(model: RecommenderNet) -> None:
    history = new_viewer([0, 3, 20, UNWATCHED])
    explained = model.contributions(history, ROWS)
    length = np.linalg.norm(model.fold_in.solve(history)[0])
    slope, intercept = model.head
    prior = slope / length * (model.item_vectors @ model.fold_in.prior) + intercept
    np.testing.assert_allclose(explained.sum(axis=0) + prior, model.score(history)[0], atol=1e-4)
    assert explained[0, 5] > explained[2, 5]
    assert not explained[3].any()


def test_contributions_of_a_known_viewer_explain_a_part(model: RecommenderNet) -> None:
    known = DATASET.histories.select(slice(0, 1))
    explained = model.contributions(known, ROWS)
    assert not explained[known.statuses == Status.PLAN_TO_WATCH].any()
    scores = model.score(known)[0]
    new = Histories(
        np.array([NEW_VIEWER]), known.indptr, known.items, known.ratings, known.statuses
    )
    as_new = model.contributions(new, ROWS)
    scale = explained.sum() / as_new.sum()
    assert 0 < scale < 1
    np.testing.assert_allclose(explained, scale * as_new, rtol=1e-4, atol=1e-5)
    assert np.corrcoef(explained.sum(axis=0), scores)[0, 1] > 0.5


def test_contributions_count_watched_entries_only(model: RecommenderNet) -> None:
    entries = [Entry(1), Entry(4, 0, Status.PLAN_TO_WATCH), Entry(5)]
    explained = model.contributions(Histories.from_entries([entries], DATASET.index), ROWS)
    np.testing.assert_array_equal(explained[[0, 2]], model.contributions(new_viewer([0, 4]), ROWS))


def test_similar_shows_are_of_one_group(model: RecommenderNet) -> None:
    similarity = model.similar(2)
    assert similarity[2] == pytest.approx(1, abs=1e-5)
    assert similarity[:PER_GROUP].mean() > similarity[PER_GROUP:].mean() + 0.3


def test_without_viewers_everyone_is_folded_in(model: RecommenderNet) -> None:
    anonymous = model.without_viewers()
    known = DATASET.histories.select(slice(0, 3))
    new = Histories(
        np.full(3, NEW_VIEWER), known.indptr, known.items, known.ratings, known.statuses
    )
    np.testing.assert_array_equal(anonymous.score(known), model.score(new))
    assert len(anonymous.user_ids) == len(anonymous.user_vectors) == 0
    assert len(model.user_ids) == N_VIEWERS


def test_rating_target_trains(model: RecommenderNet) -> None:
    rating = fitted(FitContext(seed=SEED), target="rating", epochs=2, batch_size=200)
    scores = rating.score(DATASET.histories.select(slice(0, 3)))
    assert np.isfinite(scores).all()
    assert scores.shape == (3, N_ITEMS)


def test_a_higher_rating_counts_more_and_none_is_neutral(model: RecommenderNet) -> None:
    def scores(*ratings: int) -> np.ndarray:
        entries = [Entry(row, rating) for row, rating in zip((1, 20), ratings, strict=True)]
        return np.asarray(model.score(Histories.from_entries([entries], DATASET.index))[0])

    first = slice(5, PER_GROUP)
    assert scores(10, 4)[first].mean() > scores(7, 7)[first].mean() > scores(4, 10)[first].mean()
    np.testing.assert_array_equal(scores(0, 0), scores(7, 7))
    np.testing.assert_array_equal(scores(0, 4), scores(4, 4))


def test_goes_on_after_being_killed(model: RecommenderNet, tmp_path: Path) -> None:
    """Killed while it writes, killed again within an epoch, the fit ends as if never disturbed."""
    for moment in ("writing", "epoch"):
        killed = subprocess.run(
            [sys.executable, HERE / "killed_training.py", tmp_path, moment],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert (killed.stdout, killed.stderr) == ("", ""), "training must keep silent"
        assert (tmp_path / FILE).exists()
    logged: list[Mapping[str, float]] = []
    resumed = fitted(FitContext(seed=SEED, checkpoints=tmp_path, log=logged.append))
    assert logged[0]["epoch"] == 4
    np.testing.assert_allclose(resumed.head, model.head, atol=1e-3)
    for lists in (DATASET.histories, new_viewer([1, 2, 3])):
        np.testing.assert_allclose(resumed.score(lists), model.score(lists), atol=1e-3)

    finished: list[Mapping[str, float]] = []
    again = fitted(FitContext(seed=SEED, checkpoints=tmp_path, log=finished.append))
    assert finished == []
    np.testing.assert_array_equal(again.item_vectors, resumed.item_vectors)


def a_checkpoint() -> Checkpoint:
    return Checkpoint(
        epochs_done=2,
        best_loss=0.25,
        epochs_since_best=1,
        weights=[np.arange(3, dtype=np.float32), np.ones((2, 2), dtype=np.float32)],
        best_weights=[np.zeros(3, dtype=np.float32), np.zeros((2, 2), dtype=np.float32)],
        optimizer=[np.array(7)],
    )


def test_a_checkpoint_comes_back_whole(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, a_checkpoint(), "print")
    found = read_checkpoint(tmp_path, "print")
    assert found is not None
    assert (found.epochs_done, found.finished, found.best_loss) == (2, False, 0.25)
    np.testing.assert_equal(found.weights, a_checkpoint().weights)
    np.testing.assert_equal(found.optimizer, a_checkpoint().optimizer)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("damage", ["missing", "other training", "truncated", "not an archive"])
def test_an_unusable_checkpoint_means_a_fresh_start(tmp_path: Path, damage: str) -> None:
    write_checkpoint(tmp_path, a_checkpoint(), "other" if damage == "other training" else "print")
    path = tmp_path / FILE
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "not an archive":
        path.write_bytes(b"not an archive")
    assert read_checkpoint(tmp_path, "print") is None
