"""Keeps Comet's library in a process of its own.

On import it patches other libraries, and its upload threads cannot be let go of: a server that does
not answer would hold up the end of the program. A process can be killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Final

from anirec.errors import AnirecError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from pathlib import Path

    from anirec.tracking.folder import RunFolder
    from anirec.tracking.tracker import EmbeddingFiles, State, Value

ORPHAN_SECONDS: Final = 60.0
"""How long the process goes on to send after the run itself was killed"""


class TrackerError(AnirecError):
    """What a tracker in another process said went wrong."""


class CometProcess:
    """See ``Tracker``: hands each call to ``CometTracker`` in the other process and waits for it."""

    def __init__(self, folder: RunFolder, verb: str) -> None:
        # Ctrl-C is for the run, which then ends this too; the new process inherits the mask. The
        # resource tracker comes first, for when it starts it takes the mask off again.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        # Spawned, not forked: training has threads, and a fork would copy their locks.
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(
            target=serve, args=(there, folder.directory, verb), name="comet", daemon=True
        )
        self._process.start()
        there.close()
        self._connected = False

    def params(self, values: Mapping[str, Value]) -> None:
        """Log hyperparameters."""
        self._call("params", dict(values))

    def facts(self, values: Mapping[str, Value]) -> None:
        """Log them under "Other"."""
        self._call("facts", dict(values))

    def metrics(self, values: Mapping[str, float], step: int | None) -> None:
        """Log metrics; the step is the epoch as well."""
        self._call("metrics", dict(values), step)

    def table(self, path: Path) -> None:
        """Log a table."""
        self._call("table", path)

    def figure(self, path: Path) -> None:
        """Log an image."""
        self._call("figure", path)

    def file(self, path: Path) -> None:
        """Log an asset; a page is shown in the HTML tab too."""
        self._call("file", path)

    def model(self, name: str, directory: Path) -> None:
        """Log all files of the directory as a model."""
        self._call("model", name, directory)

    def embedding(self, files: EmbeddingFiles) -> None:
        """Log vectors and labels for the projector."""
        self._call("embedding", files)

    def end(self, state: State) -> str:
        """Send what is left and wait for it."""
        said = str(self._call("end", state))
        self._process.join()
        return said

    def abandon(self) -> None:
        """Kill the process; the call that hangs then raises."""
        self._process.kill()

    def _call(self, call: str, *arguments: object) -> Any:
        if not self._connected:  # waited for here: what is still opening can be abandoned
            self._answer()
            self._connected = True
        try:
            self._here.send((call, arguments))
        except OSError:
            raise TrackerError("Comet's process is gone") from None
        return self._answer()

    def _answer(self) -> Any:
        try:
            ok, said = self._here.recv()
        except (EOFError, OSError):
            raise TrackerError("Comet's process is gone") from None
        if not ok:
            raise TrackerError(said)
        return said


def serve(calls: Connection, directory: Path, verb: str) -> None:
    """Run in the other process: do what comes through the pipe until the run ends."""
    try:
        from anirec.tracking.comet.tracker import CometTracker

        tracker = CometTracker(directory, verb)
    except Exception as error:
        calls.send((False, _in_words(error)))
        return
    try:
        calls.send((True, ""))
        call = ""
        while call != "end":
            call, arguments = calls.recv()
            try:
                answer = (True, getattr(tracker, call)(*arguments))
            except Exception as error:
                answer = (False, _in_words(error))
            calls.send(answer)
    except (EOFError, OSError):  # the run was killed
        timer = threading.Timer(ORPHAN_SECONDS, os._exit, (1,))
        timer.daemon = True
        timer.start()
        with suppress(Exception):
            tracker.end("failed")


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if not isinstance(error, AnirecError) else str(error)
