"""Keeps a run as plain files in its directory and renews the page of all runs."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from anirec.tracking.local.page import write_index
from anirec.tracking.local.records import KeptFile, RunRecord, append_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anirec.tracking.folder import RunFolder
    from anirec.tracking.tracker import EmbeddingFiles, State, Value


class LocalTracker:
    """See ``Tracker``. The files are in the run's directory already; it says what they are."""

    def __init__(self, folder: RunFolder, verb: str) -> None:
        self._folder = folder
        self._record = RunRecord(folder.run_id, verb, _now())
        self._write()
        write_index(folder.runs)

    def params(self, values: Mapping[str, Value]) -> None:
        """Keep them in ``run.json``."""
        self._record.params.update(values)
        self._write()

    def facts(self, values: Mapping[str, Value]) -> None:
        """Keep them in ``run.json``."""
        self._record.facts.update(values)
        self._write()

    def metrics(self, values: Mapping[str, float], step: int | None) -> None:
        """Add a line to ``metrics.jsonl``."""
        append_metrics(self._folder.directory, values, step)

    def table(self, path: Path) -> None:
        """Note the file."""
        self._keep("table", path)

    def figure(self, path: Path) -> None:
        """Note the file."""
        self._keep("figure", path)

    def file(self, path: Path) -> None:
        """Note the file."""
        self._keep("file", path)

    def model(self, name: str, directory: Path) -> None:
        """Note all files of the model."""
        self._keep("model", *sorted(path for path in directory.rglob("*") if path.is_file()))

    def embedding(self, files: EmbeddingFiles) -> None:
        """Note vectors and labels."""
        self._keep("embedding", files.vectors, files.labels)

    def end(self, state: State) -> str:
        """Note how the run ended and renew the page; returns where it is."""
        self._record.state = state
        self._record.ended = _now()
        self._write()
        return str(write_index(self._folder.runs))

    def abandon(self) -> None:
        """Do nothing: what is written is written."""

    def _keep(self, kind: str, *paths: Path) -> None:
        for path in paths:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            place = path.relative_to(self._folder.directory).as_posix()
            kept = KeptFile(place, kind, path.stat().st_size, digest)
            self._record.files = [one for one in self._record.files if one.path != place] + [kept]
        self._write()

    def _write(self) -> None:
        self._record.write(self._folder.directory)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
