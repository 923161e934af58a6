"""RecommenderNet: embeddings of viewers and shows, trained with Keras, served with numpy."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from pydantic import Field

from anirec.config import Config
from anirec.errors import MissingExtraError
from anirec.models.base import FitContext, Model
from anirec.models.fold_in import FoldIn, FoldInConfig, weighted_gram

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories


class RecommenderNetConfig(Config):
    """Settings of the network, its training and its fold-in; see ``docs/recommender_net.md``."""

    target: Literal["watched", "rating"] = "watched"
    """What the network predicts: that a viewer watched a show, or the scaled rating of an entry"""
    negatives_per_positive: int = Field(19, ge=1)
    """Unwatched shows drawn per entry, anew each epoch; only for the target ``watched``"""
    embedding_size: int = Field(128, ge=1)
    batch_size: int = Field(10_000, ge=2)
    """Samples per step, drawn unwatched shows included"""
    epochs: int = Field(20, ge=1)
    """At most; early stopping may end sooner"""
    patience: int = Field(1, ge=1)
    """Epochs without a better ``val_loss`` before training stops"""
    validation_share: float = Field(0.1, gt=0, lt=1)
    """Share of the entries kept aside to find the best epoch"""
    start_lr: float = Field(2e-3, gt=0)
    max_lr: float = Field(4e-3, gt=0)
    min_lr: float = Field(1e-5, gt=0)
    rampup_epochs: int = Field(1, ge=0)
    sustain_epochs: int = Field(1, ge=0)
    exp_decay: float = Field(0.5, gt=0, le=1)
    jit_compile: bool = True
    """Compile the training step with XLA; False where the Keras backend cannot"""
    fold_in: FoldInConfig = FoldInConfig()


class RecommenderNet(Model[RecommenderNetConfig]):
    """Scores the cosine of a viewer's and a show's vector, in logits of the network's output.

    A viewer of the training lists is served by the vector that was trained; anyone else gets one
    by a ridge solve on the vectors of the listed shows (``fold_in.py``). A show that no training
    viewer watched has a zero vector, and its score is the network's intercept for everyone.

    Good for up to about 20,000 shows and 10 million entries on a laptop; the vectors of viewers
    are half a kilobyte each.
    """

    name = "recommender_net"
    config_class = RecommenderNetConfig

    item_vectors: NDArray[np.float32]
    """(n_items, size), unit length, zero for shows never seen in training"""
    user_ids: NDArray[np.int64]
    """(n_users,), rising: the viewers who have a trained vector"""
    user_vectors: NDArray[np.float32]
    """(n_users, size), unit length"""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Train the network; with ``context.checkpoints`` set, go on where a killed fit stopped.

        Raises
        ------
        DataError
            If no list holds an entry that the target can use.
        MissingExtraError
            If Keras or its backend is not installed.
        """
        from anirec.models.keras_net.runtime import prepare_keras

        context = context or FitContext()
        prepare_keras(context.threads)
        try:
            from anirec.models.keras_net.training import train
        except ModuleNotFoundError as missing:
            raise MissingExtraError("training recommender_net", "train") from missing

        trained = train(dataset, self.config, context)
        self.n_items = dataset.n_items
        self._take_over(
            item_vectors=trained.item_vectors,
            gram=weighted_gram(
                trained.item_vectors, dataset.histories.watched(), self.config.fold_in
            ),
            mean_viewer=trained.user_vectors.mean(axis=0),
            head=np.array([trained.slope, trained.intercept], dtype=np.float32),
            user_ids=trained.user_ids,
            user_vectors=trained.user_vectors,
        )
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Score all items, in logits; an empty list of a new viewer gets the mean viewer's."""
        slope, intercept = self.head
        scores = self.viewer_vectors(histories) @ self.item_vectors.T
        scores *= slope
        scores += intercept
        return scores

    def viewer_vectors(self, histories: Histories) -> NDArray[np.float32]:
        """Return float32 (n_histories, size) of unit length: trained where known, else folded in."""
        vectors = np.empty((len(histories), self.item_vectors.shape[1]), dtype=np.float32)
        known, at = self._find(histories.user_ids)
        vectors[known] = self.user_vectors[at[known]]
        if not known.all():
            watched = histories.select(~known).watched()
            vectors[~known] = _unit(self.fold_in.solve(watched))
        return vectors

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Say what each entry adds to the scores, in logits.

        For a new viewer this is exact; the rest of a score is the intercept and the prior, which
        is what an empty list gets, scaled.
        A trained vector has no such parts: there the entries explain only as much of it as lies
        along the vector that the ridge solve gives for the same list.
        """
        watched = history.watched()
        folded = self.fold_in.solve(watched)[0]
        length = float(np.linalg.norm(folded))
        contributions = np.zeros((len(history.items), len(rows)), dtype=np.float32)
        if length == 0 or len(watched.items) == 0:
            return contributions
        known, at = self._find(history.user_ids)
        explained = float(self.user_vectors[at[0]] @ folded) / length if known[0] else 1.0
        counted = np.isin(history.items, watched.items)
        contributions[counted] = self.fold_in.shares(watched, rows)
        contributions *= self.head[0] * np.float32(max(explained, 0.0) / length)
        return contributions

    def similar(self, row: int) -> NDArray[np.float32]:
        """Return the cosine of each item's vector with that of one item."""
        return np.asarray(self.item_vectors @ self.item_vectors[row])

    def without_viewers(self) -> Self:
        """Return this model without the trained viewers' vectors: it serves everyone by fold-in."""
        anonymous = copy(self)
        anonymous.user_ids = self.user_ids[:0]
        anonymous.user_vectors = self.user_vectors[:0]
        return anonymous

    def state(self) -> dict[str, NDArray[Any]]:
        """Return vectors, head and the shared parts of the fold-in."""
        return {
            "item_vectors": self.item_vectors,
            "gram": self.fold_in.gram,
            "mean_viewer": self.fold_in.mean_viewer,
            "head": self.head,
            "user_ids": self.user_ids,
            "user_vectors": self.user_vectors,
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over what ``state`` returned."""
        self._take_over(**state)

    def _take_over(
        self,
        item_vectors: NDArray[np.float32],
        gram: NDArray[np.float32],
        mean_viewer: NDArray[np.float32],
        head: NDArray[np.float32],
        user_ids: NDArray[np.int64],
        user_vectors: NDArray[np.float32],
    ) -> None:
        self.item_vectors = item_vectors
        self.fold_in = FoldIn(item_vectors, gram, mean_viewer, self.config.fold_in)
        self.head = head
        self.user_ids = user_ids
        self.user_vectors = user_vectors

    def _find(self, user_ids: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which viewers have a trained vector, and in which row."""
        if len(self.user_ids) == 0:
            return np.zeros(len(user_ids), dtype=np.bool_), np.zeros(len(user_ids), dtype=np.int64)
        at = np.searchsorted(self.user_ids, user_ids).clip(max=len(self.user_ids) - 1)
        return self.user_ids[at] == user_ids, at


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), dtype=np.float32)
