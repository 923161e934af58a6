"""The map of a bundle: a place on a plane for every show, and names for its regions."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

POSITIONS_FILE: Final = "positions.npy"
REGIONS_FILE: Final = "regions.json"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map and what most of its shows are."""

    name: str
    x: float
    """Where its middle lies, in [0, 1]"""
    y: float
    shows: int


@dataclass(frozen=True)
class ShowsMap:
    """Shows that are alike lie close together; distances between far ones mean little."""

    positions: NDArray[np.float32]
    """(n_items, 2) in [0, 1], x from left to right and y from top to bottom"""
    regions: tuple[Region, ...]

    def save(self, directory: Path) -> None:
        """Write the positions and the regions into ``directory``."""
        directory.mkdir(parents=True)
        np.save(directory / POSITIONS_FILE, self.positions, allow_pickle=False)
        regions = [asdict(region) for region in self.regions]
        text = json.dumps(regions, ensure_ascii=False, indent=1) + "\n"
        (directory / REGIONS_FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what ``save`` wrote, memory-mapped.

        Raises
        ------
        OSError, ValueError, TypeError
            If a file is missing or damaged.
        """
        positions = np.load(directory / POSITIONS_FILE, mmap_mode="r", allow_pickle=False)
        regions = json.loads((directory / REGIONS_FILE).read_text(encoding="utf-8"))
        return cls(np.asarray(positions), tuple(Region(**region) for region in regions))
