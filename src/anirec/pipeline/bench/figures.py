"""What was measured of a bundle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One kind of request, or one cost of a new process; None where a figure does not apply."""

    measured: str
    entries: int | None = None
    """Shows in each list."""
    blend: str | None = None
    """What orders the shows: ``learned`` or ``hybrid`` (no weights given), or ``given weights``."""
    median_ms: float | None = None
    p99_ms: float | None = None
    per_second: float | None = None
    """Requests, or lists of a batch, that one core answers in a second, or all processes do."""
    megabytes: float | None = None
    """10^6 bytes."""
    note: str | None = None
    """Why there is no figure."""

    @property
    def label(self) -> str:
        """What was measured, in words."""
        entries = None if self.entries is None else f"{self.entries} entries"
        return ", ".join(part for part in (self.measured, entries, self.blend) if part)


@dataclass(frozen=True)
class Bench:
    """All rows, and what they belong to."""

    bundle: str
    """The bundle's version."""
    model: str
    machine: str
    requests: int
    """Of each kind."""
    seed: int
    rows: tuple[Row, ...]
