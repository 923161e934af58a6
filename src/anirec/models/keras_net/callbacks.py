"""What happens around each epoch: keep the best weights, leave a checkpoint, report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from anirec.models.keras_net.checkpoint import Checkpoint, write_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MONITORED = "val_loss"


class BestEpoch(keras.callbacks.EarlyStopping):  # type: ignore[misc]
    """Early stopping that restores the best weights and can go on from a checkpoint."""

    def __init__(self, patience: int, resumed: Checkpoint) -> None:
        super().__init__(MONITORED, mode="min", patience=patience, restore_best_weights=True)
        self.resumed = resumed

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Take over what an earlier run had found."""
        super().on_train_begin(logs)
        if self.resumed.epochs_done:
            self.best = self.resumed.best_loss
            self.best_weights = self.resumed.best_weights
            self.wait = self.resumed.epochs_since_best


class LeaveCheckpoint(keras.callbacks.Callback):  # type: ignore[misc]
    """Writes a checkpoint after each epoch; comes after ``BestEpoch`` in the list of callbacks."""

    def __init__(self, directory: Path, fingerprint: str, best: BestEpoch) -> None:
        super().__init__()
        self.directory = directory
        self.fingerprint = fingerprint
        self.best = best

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Write the state after this epoch."""
        state = Checkpoint(
            epochs_done=epoch + 1,
            finished=bool(self.model.stop_training),
            best_loss=float(self.best.best),
            epochs_since_best=int(self.best.wait),
            weights=self.model.get_weights(),
            best_weights=self.best.best_weights,
            optimizer=optimizer_state(self.model.optimizer),
        )
        write_checkpoint(self.directory, state, self.fingerprint)


class Report(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells the figures of each epoch: loss, mae, mse, the same on validation, learning rate."""

    def __init__(self, log: Callable[[Mapping[str, float]], None], advance: Callable[[int], None]):
        super().__init__()
        self.log = log
        self.advance = advance

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Tell the figures of this epoch, counted from 1."""
        self.log(
            {"epoch": epoch + 1} | {name: float(value) for name, value in (logs or {}).items()}
        )
        self.advance(1)


def optimizer_state(optimizer: Any) -> list[Any]:
    """Return the optimiser's variables as arrays: step count, learning rate, moments."""
    return [np.asarray(keras.ops.convert_to_numpy(v)) for v in optimizer.variables]


def restore(model: keras.Model, state: Checkpoint) -> None:
    """Put weights and optimiser of a compiled model back to a checkpoint."""
    model.set_weights(state.weights)
    model.optimizer.build(model.trainable_variables)
    for variable, value in zip(model.optimizer.variables, state.optimizer, strict=True):
        variable.assign(value)
