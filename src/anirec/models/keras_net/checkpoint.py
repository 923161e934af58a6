"""Checkpoints: all that training needs to go on after a kill, in one file."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.lib.npyio import NpzFile
    from numpy.typing import NDArray

FILE = "recommender_net.npz"
LAYOUT = 1


@dataclass
class Checkpoint:
    """The state after an epoch. Samples are drawn anew from seed and epoch and need no state."""

    epochs_done: int = 0
    finished: bool = False
    """Early stopping has ended the training"""
    best_loss: float = np.inf
    epochs_since_best: int = 0
    weights: list[NDArray[np.float32]] = field(default_factory=list)
    best_weights: list[NDArray[np.float32]] = field(default_factory=list)
    optimizer: list[NDArray[np.float32]] = field(default_factory=list)


# In the order of the fields of ``Checkpoint``.
NUMBERS = ("epochs_done", "finished", "best_loss", "epochs_since_best")
ARRAYS = ("weights", "best_weights", "optimizer")


def write_checkpoint(directory: Path, state: Checkpoint, fingerprint: str) -> None:
    """Write beside and rename, so that a kill leaves the old checkpoint or the new one whole."""
    directory.mkdir(parents=True, exist_ok=True)
    about = {"layout": LAYOUT, "fingerprint": fingerprint}
    about |= {name: getattr(state, name) for name in NUMBERS}
    arrays = {
        f"{name}.{i}": array for name in ARRAYS for i, array in enumerate(getattr(state, name))
    }
    beside = directory / f"{FILE}.partial"
    with beside.open("wb") as file:
        np.savez(file, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(directory / FILE)


def read_checkpoint(directory: Path, fingerprint: str) -> Checkpoint | None:
    """Return the state to go on from; None if there is none for this very training."""
    try:
        with (directory / FILE).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            if about["layout"] != LAYOUT or about["fingerprint"] != fingerprint:
                return None
            return Checkpoint(
                *(about[name] for name in NUMBERS),
                *(_numbered(stored, name) for name in ARRAYS),
            )
    except (FileNotFoundError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _numbered(stored: NpzFile, name: str) -> list[NDArray[np.float32]]:
    count = sum(key.startswith(f"{name}.") for key in stored.files)
    return [stored[f"{name}.{i}"] for i in range(count)]
