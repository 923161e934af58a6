"""The contract of a peer, and how its settings are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Settings = Mapping[str, Any]

THREADS = 1
"""Every peer is fitted and asked on one core."""
SEED = 7


@dataclass(frozen=True)
class Lists:
    """Watch lists in compressed rows over ``n_items`` items."""

    indptr: NDArray[np.int64]
    items: NDArray[np.int32]
    ratings: NDArray[np.uint8]
    """0 = not rated, 1-10"""
    n_items: int

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def matrix(self) -> Any:
        """Return scipy CSR float32 (n, n_items): 1 where the list holds the item."""
        from scipy.sparse import csr_matrix

        ones = np.ones(len(self.items), dtype=np.float32)
        shape = (len(self), self.n_items)
        matrix = csr_matrix((ones, self.items.copy(), self.indptr.astype(np.int32)), shape=shape)
        matrix.sort_indices()
        return matrix

    def select(self, start: int, stop: int) -> Lists:
        """Return consecutive lists."""
        entries = slice(self.indptr[start], self.indptr[stop])
        indptr = self.indptr[start : stop + 1] - self.indptr[start]
        return Lists(indptr, self.items[entries], self.ratings[entries], self.n_items)


@dataclass(frozen=True)
class Range:
    """Numbers between two bounds; drawn on a logarithmic scale if asked."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def draw(self, generator: np.random.Generator) -> float | int:
        """Draw one."""
        if self.log:
            value = float(np.exp(generator.uniform(np.log(self.low), np.log(self.high))))
        else:
            value = float(generator.uniform(self.low, self.high))
        return round(value) if self.whole else float(f"{value:.4g}")

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}{' (log)' if self.log else ''}"


@dataclass(frozen=True)
class Choice:
    """One of a few values."""

    values: Sequence[Any]

    def draw(self, generator: np.random.Generator) -> Any:
        """Draw one."""
        return self.values[int(generator.integers(len(self.values)))]

    def __str__(self) -> str:
        return " / ".join(map(str, self.values))


class Peer(ABC):
    """A recommender that scores items for lists it was not fitted on."""

    defaults: ClassVar[Settings] = {}
    """The library's own, or what of them the budget allows; always the first trial"""
    space: ClassVar[Mapping[str, Range | Choice]] = {}
    """What the other trials draw from; empty where there is nothing to tune"""

    @abstractmethod
    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn from the training lists."""

    @abstractmethod
    def score(self, told: Lists) -> NDArray[np.float32]:
        """Return (n_lists, n_items), higher is better."""

    @abstractmethod
    def arrays(self) -> Sequence[Any]:
        """Return the arrays (dense or sparse) that answering a new viewer needs."""

    def settings_of(self, trial: int) -> dict[str, Any]:
        """Return the settings of one trial: the defaults, then seeded draws."""
        if trial == 0:
            return dict(self.defaults)
        generator = np.random.default_rng([SEED, trial])
        return {name: values.draw(generator) for name, values in self.space.items()}


def dense(scores: Any) -> NDArray[np.float32]:
    """Return scores as a float32 array, whatever matrix they came as."""
    if hasattr(scores, "toarray"):
        scores = scores.toarray()
    return np.asarray(scores, dtype=np.float32)
