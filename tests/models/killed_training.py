"""Trains a small network and kills its own process: ``killed_training.py DIRECTORY MOMENT``.

``writing``: in the middle of the second checkpoint; ``epoch``: in the middle of the fourth epoch.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from viewer_groups import group_community

from anirec.models.base import FitContext
from anirec.models.keras_net.samples import Batch, Epoch
from anirec.models.recommender_net import RecommenderNet, RecommenderNetConfig

SETTINGS: dict[str, Any] = {
    "embedding_size": 16,
    "batch_size": 500,
    "epochs": 6,
    "negatives_per_positive": 4,
    "start_lr": 0.02,
    "max_lr": 0.02,
    "sustain_epochs": 2,
    "fold_in": {"ridge": 3},
}
SEED = 11
KILLED_IN_EPOCH = 3
SECOND_CHECKPOINT = 2


def main(directory: Path, moment: str) -> None:
    fsync, batch = os.fsync, Epoch.batch
    synced = 0

    def kill_while_writing(file: int) -> None:
        nonlocal synced
        synced += 1
        if synced == SECOND_CHECKPOINT:
            os.truncate(file, 10_000)
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(file)

    def kill_within_epoch(epoch: Epoch, index: int) -> Batch:
        if epoch.number == KILLED_IN_EPOCH and index == epoch.samples.n_batches // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return batch(epoch, index)

    if moment == "writing":
        os.fsync = kill_while_writing  # type: ignore[assignment]
    else:
        Epoch.batch = kill_within_epoch  # type: ignore[assignment, method-assign]
    context = FitContext(seed=SEED, checkpoints=directory)
    RecommenderNet(RecommenderNetConfig.model_validate(SETTINGS)).fit(group_community(), context)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
