"""An encoder that needs no weights."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class HashEncoder:
    """Gives every text a vector of its own, and remembers the texts it was asked for."""

    size = 8

    def __init__(self, name: str = "hash", version: str = "1") -> None:
        self.name, self.version = name, version
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.stack([self.vector(text) for text in texts])

    def vector(self, text: str) -> NDArray[np.float32]:
        raw = hashlib.sha256(text.encode()).digest()[: self.size]
        vector = np.frombuffer(raw, dtype=np.uint8).astype(np.float32) - 127.5
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit
