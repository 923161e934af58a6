"""Trackers that misbehave, and one that writes down what it is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anirec.tracking.tracker import EmbeddingFiles, State, Value


class Told:
    """Writes down each call."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.abandoned = threading.Event()

    def params(self, values: Mapping[str, Value]) -> None:
        self.told("params", dict(values))

    def facts(self, values: Mapping[str, Value]) -> None:
        self.told("facts", dict(values))

    def metrics(self, values: Mapping[str, float], step: int | None) -> None:
        self.told("metrics", dict(values), step)

    def table(self, path: Path) -> None:
        self.told("table", path)

    def figure(self, path: Path) -> None:
        self.told("figure", path)

    def file(self, path: Path) -> None:
        self.told("file", path)

    def model(self, name: str, directory: Path) -> None:
        self.told("model", name, directory)

    def embedding(self, files: EmbeddingFiles) -> None:
        self.told("embedding", files)

    def end(self, state: State) -> str:
        self.told("end", state)
        return "look here"

    def abandon(self) -> None:
        self.abandoned.set()

    def told(self, *call: object) -> None:
        self.calls.append(call)


class Raising(Told):
    """Refuses everything."""

    def told(self, *call: object) -> None:
        raise ConnectionError("no route\nto host")


class Hanging(Told):
    """Never answers, until it is let go of."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()

    def told(self, *call: object) -> None:
        self.reached.set()
        self.abandoned.wait()
        super().told(*call)
