"""What every experiment tracker can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

State = Literal["finished", "failed", "stopped"]
"""How a run ended: by itself, by an error, by a person (Ctrl-C)"""

Value = str | int | float | bool | None
"""What a parameter or a fact may be"""


@dataclass(frozen=True)
class EmbeddingFiles:
    """Vectors and what each of them stands for, on disk."""

    name: str
    vectors: Path
    """``.npy``, float32 (n, size)"""
    labels: Path
    """Tab-separated, one title row and n rows, in the order of the vectors"""


class Tracker(Protocol):
    """Keeps one run. Any call may raise, hang or be slow: ``Background`` stands in between.

    Paths lie in the run's directory (``RunFolder``) and stay there until the run has ended.
    """

    def params(self, values: Mapping[str, Value]) -> None:
        """Keep what the run was told: flat, names with dots."""

    def facts(self, values: Mapping[str, Value]) -> None:
        """Keep what surrounds the run: code revision, hashes of the data, environment."""

    def metrics(self, values: Mapping[str, float], step: int | None) -> None:
        """Keep figures; ``step`` is the epoch, counted from 1, None for figures of the whole run."""

    def table(self, path: Path) -> None:
        """Keep a tab-separated table with a title row."""

    def figure(self, path: Path) -> None:
        """Keep a plot, an SVG file."""

    def file(self, path: Path) -> None:
        """Keep any other file; ``.html`` is shown as a page."""

    def model(self, name: str, directory: Path) -> None:
        """Keep all files of a directory as a model, a checkpoint or a bundle."""

    def embedding(self, files: EmbeddingFiles) -> None:
        """Keep vectors so that they can be looked at."""

    def end(self, state: State) -> str:
        """Finish; returns a line for people (where to look), empty for none."""

    def abandon(self) -> None:
        """Let go at once, while another call hangs; called from another thread, never waits."""
