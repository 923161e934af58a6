"""A few shows, a few viewers and a transparent model, for tests that need a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.config import Config
from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.show import Show
from anirec.models.base import FitContext, Model
from anirec.models.popularity import Popularity
from anirec.ranking.hybrid import Hybrid

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.bundle.manifest import Manifest

N_SHOWS = 60
N_VIEWERS = 40
FIRST_USER = 1_000_001
ADULT = (3, 13, 23)
"""Rows of adult shows."""


class LinearConfig(Config):
    seed: int = 0
    prior: float = 0.25


class Linear(Model[LinearConfig]):
    """Adds up random item-to-item affinities: every contribution is known exactly."""

    name = "linear"
    config_class = LinearConfig

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        rng = np.random.default_rng(self.config.seed)
        vectors = rng.normal(size=(dataset.n_items, 8)).astype(np.float32)
        self.affinity = (vectors @ vectors.T).astype(np.float32)
        self.n_items = dataset.n_items
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        taste = np.zeros((len(histories), self.n_items), dtype=np.float32)
        taste[histories.viewers, histories.items] = self._evidence(histories)
        return taste @ self.affinity + np.float32(self.config.prior)

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        return self._evidence(history)[:, None] * self.affinity[history.items][:, rows]

    def similar(self, row: int) -> NDArray[np.float32] | None:
        return np.array(self.affinity[row])

    @staticmethod
    def _evidence(histories: Histories) -> NDArray[np.float32]:
        ratings = histories.ratings.astype(np.float32)
        return np.where(ratings > 0, (ratings - 5) / 5, 0.5).astype(np.float32)

    def state(self) -> dict[str, NDArray[Any]]:
        return {"affinity": self.affinity}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        self.affinity = state["affinity"]


class OtherLinear(Linear):
    """The same under another name, so that a bundle can hold two."""

    name = "other_linear"


class Mute(Popularity):
    """Prefers nothing and knows no likeness."""

    name = "mute"

    def score(self, histories: Histories) -> NDArray[np.float32]:
        return np.full((len(histories), self.n_items), 0.5, dtype=np.float32)


TEST_MODELS = {model.name: model for model in (Linear, OtherLinear, Mute)}


def small_shows() -> tuple[Show, ...]:
    return tuple(
        Show(
            anime_id=10 * (row + 1),
            title=f"Show {row}",
            title_japanese=f"番組{row}",
            synonyms=(f"The {row}th",),
            genres=("Action",) if row % 2 else ("Drama",),
            is_adult=row in ADULT,
        )
        for row in range(N_SHOWS)
    )


def small_dataset(n_viewers: int = N_VIEWERS) -> Dataset:
    rng = np.random.default_rng(5)
    lengths = rng.integers(3, 20, n_viewers)
    items = [rng.permutation(N_SHOWS)[:length] for length in lengths]
    n = int(lengths.sum())
    histories = Histories(
        # Descending, so that a bundle has to sort them.
        user_ids=np.arange(FIRST_USER + n_viewers - 1, FIRST_USER - 1, -1, dtype=np.int64),
        indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items=np.concatenate(items).astype(np.int32),
        ratings=rng.integers(0, 11, n).astype(np.uint8),
        statuses=rng.choice([1, 2, 3, 4, 6], n).astype(np.uint8),
    )
    shows = small_shows()
    return Dataset(ItemIndex([show.anime_id for show in shows]), shows, histories)


def small_hybrid(dataset: Dataset) -> Hybrid:
    return Hybrid(
        Linear(LinearConfig(seed=1)).fit(dataset),
        OtherLinear(LinearConfig(seed=2)).fit(dataset),
        weights={"collaborative": 0.7, "content": 0.3},
    )


def small_bundle(directory: Path, *, with_viewers: bool = True) -> Manifest:
    dataset = small_dataset()
    provenance = Provenance("d" * 64, "p" * 64, 2, None, {"new_viewers": {"ndcg": [0.5, 0.25]}})
    return write_bundle(
        directory,
        dataset,
        small_hybrid(dataset),
        Popularity().fit(dataset),
        provenance,
        with_viewers=with_viewers,
    )
