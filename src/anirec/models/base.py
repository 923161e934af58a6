"""The contract of every recommender, and what they share: saving, loading, registration.

Adding a model is one file in this folder: a ``Config`` with defaults beside a class that derives
from ``Model``, names itself and is listed in ``registry.py``. It then appears in
``anirec train --model``, in the contract tests and in the evaluation.

Scoring is numpy only, because serving installs nothing else; a model that needs a training
library imports it inside ``fit``.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

import numpy as np

from anirec.config import Config
from anirec.errors import BundleError
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories

STATE_FILE = "model.json"
STATE_VERSION = 1

ConfigT = TypeVar("ConfigT", bound=Config)


@dataclass(frozen=True)
class FitContext:
    """What surrounds a fit: seed, threads, where to keep checkpoints, whom to tell."""

    seed: int = 7
    threads: int = 2
    checkpoints: Path | None = None
    """A directory to resume from and to leave checkpoints in; None trains without."""
    cache: Path | None = None
    """A directory for results keyed by content hash (text vectors); None recomputes."""
    fitted: Mapping[str, Model[Any]] = field(default_factory=dict)
    """By name, the models that this one ``needs``, fitted on the same data."""
    progress: Progress = field(default=SILENT)
    log: Callable[[Mapping[str, float]], None] = lambda metrics: None
    """Called with figures of one epoch or step, e.g. ``{"epoch": 3, "loss": 0.41}``."""


class Model(ABC, Generic[ConfigT]):
    """A recommender that scores every item of the catalogue for a list of entries.

    ``fit`` learns from a ``Dataset``; afterwards ``n_items`` is its number of items. Scores are
    comparable within one list only: higher is better, the unit is the model's own.
    """

    name: ClassVar[str]
    config_class: ClassVar[type[Config]]
    needs: ClassVar[tuple[str, ...]] = ()
    """Names of models to be fitted before and handed over in ``FitContext.fitted``.

    The registry lists them first."""
    keeps_lists: ClassVar[bool] = False
    """True: the model cannot score without the training lists."""

    def __init__(self, config: ConfigT | None = None) -> None:
        self.config: ConfigT = config or self.config_class()  # type: ignore[assignment]
        self.n_items = 0

    @abstractmethod
    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Learn from the lists and the catalogue; returns self."""

    @abstractmethod
    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Score all items for each list.

        Parameters
        ----------
        histories
            Lists in row numbers. ``user_ids`` of -1 are viewers never seen. An empty list is
            allowed: it gets the model's prior (constant scores where it has none).

        Returns
        -------
        float32 (n_histories, n_items), finite. Items of the list are scored like any other:
        leaving them out is the caller's work. A fresh array that the caller may change.
        """

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Say how much each entry of one list added to the scores of the items ``rows``.

        Returns float32 (n_entries, n_rows), in the unit of ``score``. A column sums to the score
        up to a rest that no entry explains (a prior, a bias). All zero where the model cannot say.
        """
        return np.zeros((len(history.items), len(rows)), dtype=np.float32)

    def similar(self, row: int) -> NDArray[np.float32] | None:
        """Return float32 (n_items,) similarity of every item to one item, None if undefined."""
        return None

    def similarities(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32] | None:
        """Return float32 (n_rows, n_rows), ``similar`` of each of some items with those items.

        None if undefined. A model that can say this without looking at the whole catalogue
        overrides it.
        """
        alike = np.zeros((len(rows), len(rows)), dtype=np.float32)
        for place, row in enumerate(rows.tolist()):
            similar = self.similar(row)
            if similar is None:
                return None
            alike[place] = similar[rows]
        return alike

    def without_viewers(self) -> Self:
        """Return this model without anything stored per training viewer.

        Raises
        ------
        BundleError
            If the model cannot score without the training lists.
        """
        self.check_without_viewers()
        return self

    @classmethod
    def check_without_viewers(cls) -> None:
        """Raise the BundleError of ``without_viewers``, before anything is fitted."""
        if cls.keeps_lists:
            raise BundleError(
                f"{cls.name} cannot score without the training viewers' lists: "
                "publish with viewers, or blend another model"
            )

    # State: named arrays, so that a saved model is memory-mappable and holds no code.

    @abstractmethod
    def state(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that ``restore`` needs."""

    @abstractmethod
    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the arrays that ``state`` returned; they may be read-only memory maps."""

    def save(self, directory: Path) -> None:
        """Write the config and one ``.npy`` file per array into ``directory``."""
        directory.mkdir(parents=True, exist_ok=True)
        state = self.state()
        for name, array in state.items():
            np.save(directory / f"{name}.npy", array, allow_pickle=False)
        about = {
            "model": self.name,
            "state_version": STATE_VERSION,
            "n_items": self.n_items,
            "config": self.config.model_dump(mode="json"),
            "arrays": sorted(state),
        }
        (directory / STATE_FILE).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what ``save`` wrote; arrays stay memory-mapped.

        Raises
        ------
        BundleError
            If the directory does not hold this model, a file of it is damaged, or its layout is
            newer.
        """
        about = read_state_file(directory)
        if about["model"] != cls.name:
            raise BundleError(f"{directory} holds the model {about['model']}, not {cls.name}")
        try:
            model = cls(cls.config_class.model_validate(about["config"]))  # type: ignore[arg-type]
            model.n_items = int(about["n_items"])
            model.restore(
                {
                    # As plain arrays: indexing np.memmap objects is slow.
                    name: np.asarray(
                        np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False)
                    )
                    for name in about["arrays"]
                }
            )
        except (OSError, EOFError, LookupError, TypeError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise BundleError(
                f"{directory} is damaged, or of another version of {cls.name} ({reason}): "
                "train or publish it again"
            ) from None
        return model


def read_state_file(directory: Path) -> dict[str, Any]:
    """Return the description that ``Model.save`` left in ``directory``.

    Raises
    ------
    BundleError
        If it is missing, damaged or of a newer layout.
    """
    path = directory / STATE_FILE
    try:
        about: dict[str, Any] = json.loads(path.read_text())
        newer = about["state_version"] > STATE_VERSION
        complete = newer or {"model", "n_items", "config", "arrays"} <= about.keys()
    except FileNotFoundError:
        raise BundleError(f"{directory} holds no trained model ({STATE_FILE} is missing)") from None
    except ValueError as error:
        raise BundleError(f"{path} is not valid JSON: {error}") from None
    except (LookupError, TypeError):
        complete = False
    if not complete:
        raise BundleError(f"{path} is damaged: train or publish the model again")
    if newer:
        raise BundleError(
            f"{path} was written by a newer anirec (layout {about['state_version']}, "
            f"this one reads {STATE_VERSION}): upgrade anirec"
        )
    return about
