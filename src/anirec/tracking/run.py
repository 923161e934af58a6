"""A run: what the stages of the pipeline tell their figures to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.progress import SILENT, Progress
from anirec.tracking.background import Background
from anirec.tracking.choice import openers
from anirec.tracking.folder import MODELS, RunFolder, drop_old_models
from anirec.tracking.secrets import hide_named
from anirec.tracking.tracker import EmbeddingFiles, State, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Run:
    """Hands what it is told to every tracker. No method raises or waits for a tracker.

    Parameters
    ----------
    trackers
        None of them: everything is dropped.
    folder
        Where files are put that trackers shall keep.
    """

    def __init__(
        self, trackers: Sequence[Background] = (), folder: RunFolder | None = None
    ) -> None:
        self._trackers = trackers
        self._folder = folder

    @property
    def tracked(self) -> bool:
        """Whether anybody listens; False spares the work of preparing what is dropped."""
        return bool(self._trackers)

    def params(self, values: Mapping[str, Any]) -> None:
        """Tell what the run was told: nested mappings become names with dots."""
        self._send("params", hide_named(flat(values)))

    def facts(self, values: Mapping[str, Any]) -> None:
        """Tell what surrounds the run, nested or not."""
        self._send("facts", hide_named(flat(values)))

    def metrics(self, values: Mapping[str, float], step: int | None = None) -> None:
        """Tell figures of an epoch (``step``, counted from 1) or of the whole run."""
        self._send("metrics", {name: float(value) for name, value in values.items()}, step)

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Tell a table."""
        self._hand_over("table", lambda folder: _write_table(folder, "tables", name, columns, rows))

    def figure(self, name: str, svg: str) -> None:
        """Tell a plot."""

        def write(folder: RunFolder) -> Path:
            path = folder.place("figures", f"{file_name(name)}.svg")
            path.write_text(svg, encoding="utf-8")
            return path

        self._hand_over("figure", write)

    def file(self, path: Path) -> None:
        """Tell a file; one that is not there is left out."""
        if path.is_file():
            self._hand_over("file", lambda folder: folder.take(path, "files", path.name))

    def model(self, name: str, directory: Path) -> None:
        """Tell a model, a checkpoint or a bundle; a directory that is not there is left out."""
        if directory.is_dir():
            self._hand_over("model", lambda folder: folder.take(directory, MODELS, name), name)

    def embedding(
        self,
        name: str,
        vectors: NDArray[np.float32],
        columns: Sequence[str],
        labels: Iterable[Sequence[object]],
    ) -> None:
        """Tell vectors, float32 (n, size), and a row of labels for each."""

        def write(folder: RunFolder) -> EmbeddingFiles:
            path = folder.place("embeddings", f"{file_name(name)}.npy")
            np.save(path, np.asarray(vectors, dtype=np.float32), allow_pickle=False)
            table = _write_table(folder, "embeddings", name, columns, labels)
            return EmbeddingFiles(name, path, table)

        self._hand_over("embedding", write)

    def end(self, state: State, progress: Progress = SILENT) -> None:
        """Wait a while for the trackers and say what they missed."""
        try:
            for tracker in self._trackers:
                for line in tracker.end(state):
                    progress.step(line)
        finally:
            if self._folder is not None:
                self._folder.close()

    def _send(self, call: str, *arguments: object) -> None:
        for tracker in self._trackers:
            tracker.send(call, *arguments)

    def _hand_over(self, call: str, write: Callable[[RunFolder], object], *named: str) -> None:
        if self._folder is None:
            return
        try:
            written = write(self._folder)
        except (OSError, ValueError) as error:
            for tracker in self._trackers:
                tracker.missed(f"{self._folder.directory} could not take a {call} ({error})")
            return
        self._send(call, *named, written)


UNTRACKED: Final = Run()


@contextmanager
def tracked_run(
    names: Collection[str], verb: str, runs: Path, progress: Progress = SILENT
) -> Iterator[Run]:
    """Open a run with the named trackers; it ends with the block, finished, failed or stopped.

    Where the directory of runs cannot be written to, nothing is tracked, with a line to ``progress``.

    Parameters
    ----------
    names
        Of ``choice.NAMES``.
    runs
        Where each run gets a directory.
    """
    run = _open(names, verb, runs, progress)
    state: State = "failed"
    try:
        yield run
        state = "finished"
    except KeyboardInterrupt:
        state = "stopped"
        raise
    finally:
        run.end(state, progress)


def _open(names: Collection[str], verb: str, runs: Path, progress: Progress) -> Run:
    if not (chosen := openers(names)):
        return UNTRACKED
    try:
        folder = RunFolder(runs, verb)
        drop_old_models(folder.runs)
    except OSError as error:
        progress.step(f"this run is not tracked: {runs}: {error.strerror or error}")
        return UNTRACKED
    trackers = [Background(name, lambda o=opener: o(folder, verb)) for name, opener in chosen]  # type: ignore[misc]
    return Run(trackers, folder)


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Value]:
    """Return nested mappings as one, ``{"a": {"b": 1}}`` as ``{"a.b": 1}``; lists become text."""
    found: dict[str, Value] = {}
    for name, value in values.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{key}.")
        else:
            plain = value is None or isinstance(value, str | int | float | bool)
            found[key] = value if plain else str(value)
    return found


def file_name(name: str) -> str:
    """Return a name that any file system takes."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "unnamed"


def _write_table(
    folder: RunFolder,
    kind: str,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> Path:
    path = folder.place(kind, f"{file_name(name)}.tsv")
    with path.open("w", encoding="utf-8") as file:
        for row in (columns, *rows):
            file.write("\t".join(" ".join(str(cell).split()) for cell in row) + "\n")
    return path
