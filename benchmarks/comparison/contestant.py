"""One row of the tables: whose it is, what it cost, what it ranks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

COSTS: Final = ("fit_seconds", "peak_mb", "model_mb", "request_ms")


@dataclass(frozen=True)
class Contestant:
    """What one recommender ranks for the test viewers, and its costs."""

    name: str
    ours: bool
    source: str
    """The library with its version"""
    tops: dict[str, NDArray[np.int32]] = field(repr=False)
    """By the name of what was told, int32 (n_viewers, n) rows, best first, -1 where a list ends"""
    costs: dict[str, float] = field(default_factory=dict)
    """Of ``COSTS`` what is known: processor seconds, MB (10^6 bytes), processor milliseconds"""
    new_viewers: str = ""
    """How it answers somebody it never saw"""
    settings: dict[str, Any] = field(default_factory=dict)
    made_from: str = ""
    """Hash of the tables and the split"""

    def save(self, path: Path) -> None:
        """Write everything into one file, beside and renamed."""
        about = {**asdict(self), "tops": list(self.tops)}
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part.npz")
        np.savez_compressed(beside, about=np.array(json.dumps(about)), **self._arrays())
        beside.replace(path)

    def _arrays(self) -> dict[str, Any]:
        return {f"top/{told}": top for told, top in self.tops.items()}

    @classmethod
    def load(cls, path: Path) -> Contestant:
        """Open what ``save`` wrote."""
        with np.load(path) as archive:
            about = json.loads(str(archive["about"]))
            tops = {told: archive[f"top/{told}"] for told in about.pop("tops")}
        return cls(tops=tops, **about)
