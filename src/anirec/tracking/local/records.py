"""What a run's directory says: ``run.json``, rewritten whole, and ``metrics.jsonl``, only added to."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from anirec.tracking.folder import is_running, run_directories

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anirec.tracking.tracker import Value

RUN_FILE: Final = "run.json"
METRICS_FILE: Final = "metrics.jsonl"
FORMAT: Final = 1

RUNNING: Final = "running"
UNFINISHED: Final = "unfinished"
"""The process is gone and said nothing of an end: it was killed, or the machine went down."""


@dataclass
class KeptFile:
    """A file of the run, by its path in the run's directory."""

    path: str
    kind: str
    """``file``, ``table``, ``figure``, ``embedding`` or ``model``"""
    bytes: int
    sha256: str


@dataclass
class RunRecord:
    """What ``run.json`` holds."""

    run: str
    verb: str
    began: str
    """ISO 8601, UTC"""
    state: str = RUNNING
    ended: str | None = None
    params: dict[str, Value] = field(default_factory=dict)
    facts: dict[str, Value] = field(default_factory=dict)
    files: list[KeptFile] = field(default_factory=list)

    def write(self, directory: Path) -> None:
        """Write it beside and rename: a kill leaves the old or the new, never a half."""
        beside = directory / f".{RUN_FILE}.part"
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, **asdict(self)}, file, indent=1, ensure_ascii=False)
            file.write("\n")
        beside.replace(directory / RUN_FILE)


@dataclass(frozen=True)
class Metric:
    """One figure over the epochs, or of the whole run."""

    name: str
    steps: list[int]
    """Epochs, rising; empty for a figure of the whole run"""
    values: list[float]

    @property
    def last(self) -> float:
        """The figure of the last epoch, or the only one."""
        return self.values[-1]


def append_metrics(directory: Path, values: Mapping[str, float], step: int | None) -> None:
    """Add a line to ``metrics.jsonl``, in one write."""
    line = json.dumps({"step": step, "values": dict(values)}) + "\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(directory / METRICS_FILE, flags, 0o666)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def read_runs(runs: Path, most: int) -> list[tuple[RunRecord, list[Metric]]]:
    """Return the newest runs; a directory that holds no readable run is left out."""
    found = []
    for directory in run_directories(runs):
        record = read_record(directory)
        if record is not None:
            found.append((record, read_metrics(directory)))
        if len(found) == most:
            break
    return found


def read_record(directory: Path) -> RunRecord | None:
    """Return what ``run.json`` says; None if there is none, or it is damaged or of another format."""
    running = is_running(directory)  # before reading: an end in between is then seen
    try:
        about: dict[str, Any] = json.loads((directory / RUN_FILE).read_text(encoding="utf-8"))
        if about.pop("format") != FORMAT:
            return None
        files = [KeptFile(**file) for file in about.pop("files")]
        record = RunRecord(**about, files=files)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    if record.state == RUNNING and not running:
        record.state = UNFINISHED
    return record


def read_metrics(directory: Path) -> list[Metric]:
    """Return all figures by name; a last line that a kill tore is left out."""
    metrics: dict[str, Metric] = {}
    try:
        lines = (directory / METRICS_FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    for line in lines:
        try:
            told = json.loads(line)
            step, values = told["step"], told["values"].items()
        except (ValueError, LookupError, TypeError, AttributeError):
            continue
        for name, value in values:
            if step is None:
                metrics[name] = Metric(name, [], [value])
            else:
                metric = metrics.setdefault(name, Metric(name, [], []))
                metric.steps.append(step)
                metric.values.append(value)
    return sorted(metrics.values(), key=lambda metric: metric.name)
