"""A progress that remembers what it was told."""

from __future__ import annotations

from anirec.progress import Progress


class Notes(Progress):
    """Keeps the lines of ``step``."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.lines.append(text)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
