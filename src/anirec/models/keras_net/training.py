"""One fit of RecommenderNet, from lists to vectors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from anirec.models.keras_net.callbacks import BestEpoch, LeaveCheckpoint, Report, restore
from anirec.models.keras_net.checkpoint import Checkpoint, read_checkpoint
from anirec.models.keras_net.entries import pose_problem
from anirec.models.keras_net.network import build_network, read_network
from anirec.models.keras_net.schedule import learning_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.models.base import FitContext
    from anirec.models.keras_net.entries import Problem
    from anirec.models.keras_net.samples import Samples
    from anirec.models.recommender_net import RecommenderNetConfig

FIRST_RATE = 1e-3
"""Until the schedule sets the rate of the first epoch."""


@dataclass(frozen=True)
class Trained:
    """What training hands to serving."""

    item_vectors: NDArray[np.float32]
    """(n_items of the catalogue, size), unit length; zero where nobody watched the item"""
    user_vectors: NDArray[np.float32]
    """(n_users, size), unit length"""
    user_ids: NDArray[np.int64]
    """(n_users,), rising"""
    slope: float
    """logit = slope * cosine + intercept"""
    intercept: float


class KerasBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Hands samples to Keras; ``on_epoch_begin`` of ``FollowEpochs`` says of which epoch."""

    def __init__(self, samples: Samples) -> None:
        super().__init__()
        self.samples = samples
        self.go_to(0)

    def go_to(self, epoch: int) -> None:
        """Hand out the samples of this epoch from now on."""
        self.epoch = self.samples.epoch(epoch)

    def __len__(self) -> int:
        return self.samples.n_batches

    def __getitem__(self, index: int) -> tuple[tuple[Any, Any], Any]:
        batch = self.epoch.batch(index)
        return (batch.users, batch.items), batch.labels[:, None]


class FollowEpochs(keras.callbacks.Callback):  # type: ignore[misc]
    """Shuffles and draws anew before each epoch, the same way wherever training starts."""

    def __init__(self, batches: KerasBatches) -> None:
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Go to the samples of this epoch."""
        self.batches.go_to(epoch)


def train(dataset: Dataset, config: RecommenderNetConfig, context: FitContext) -> Trained:
    """Train the network on the lists of a dataset; see ``RecommenderNet.fit``."""
    problem = pose_problem(dataset, config, context.seed)
    network = build_network(
        len(problem.lists), len(problem.items), config.embedding_size, context.seed
    )
    compile_network(network, jit=config.jit_compile)
    fingerprint = fingerprint_of(problem, config, context.seed)
    state = Checkpoint()
    if context.checkpoints is not None:
        state = read_checkpoint(context.checkpoints, fingerprint) or state
    if state.epochs_done:
        restore(network, state)
        context.progress.step(f"recommender_net goes on after epoch {state.epochs_done}")
    if not state.finished and state.epochs_done < config.epochs:
        run_epochs(network, problem, config, context, state, fingerprint)
    else:
        network.set_weights(state.best_weights)
    result = read_network(network)
    item_vectors = np.zeros((dataset.n_items, config.embedding_size), dtype=np.float32)
    item_vectors[problem.items] = result.item_vectors
    user_ids = dataset.histories.user_ids[problem.lists]
    order = np.argsort(user_ids, kind="stable")
    return Trained(
        item_vectors,
        result.user_vectors[order],
        user_ids[order].astype(np.int64),
        result.slope,
        result.intercept,
    )


def compile_network(network: keras.Model, *, jit: bool) -> None:
    """Give the network its loss, its metrics and its optimiser."""
    network.compile(
        keras.optimizers.Adam(FIRST_RATE),
        loss="binary_crossentropy",
        metrics=["mae", "mse"],
        jit_compile=jit,
    )


def run_epochs(
    network: keras.Model,
    problem: Problem,
    config: RecommenderNetConfig,
    context: FitContext,
    state: Checkpoint,
    fingerprint: str,
) -> None:
    """Train a compiled network from ``state`` to the end and leave the best weights in it."""
    batches = KerasBatches(problem.training)
    best = BestEpoch(config.patience, state)
    callbacks = [
        FollowEpochs(batches),
        keras.callbacks.LearningRateScheduler(lambda epoch, _: learning_rate(epoch, config)),
        best,
    ]
    if context.checkpoints is not None:
        callbacks.append(LeaveCheckpoint(context.checkpoints, fingerprint, best))
    with context.progress.bar("recommender_net epochs", config.epochs) as advance:
        advance(state.epochs_done)
        network.fit(
            batches,
            validation_data=KerasBatches(problem.validation),
            epochs=config.epochs,
            initial_epoch=state.epochs_done,
            callbacks=[*callbacks, Report(context.log, advance)],
            shuffle=False,
            verbose=0,
        )


def fingerprint_of(problem: Problem, config: RecommenderNetConfig, seed: int) -> str:
    """Return a digest of all that training depends on: samples, settings, seed."""
    settings = config.model_dump(mode="json", exclude={"fold_in"}) | {"seed": seed}
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for part in (problem.training.entries, problem.validation.entries):
        for column in part:
            digest.update(np.ascontiguousarray(column).tobytes())
    digest.update(problem.items.tobytes())
    if problem.training.unwatched is not None:
        digest.update(problem.training.unwatched.keys.tobytes())
    return digest.hexdigest()
