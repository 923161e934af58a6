"""Runs a tracker on a thread of its own, so that it can neither fail nor stall a run.

Calls wait in a bounded queue; what does not fit, and what the tracker refuses, is counted.
"""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from anirec.tracking.secrets import hide_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from anirec.tracking.tracker import State, Tracker

WAITING: Final = 1000
"""How many calls may wait; a run of 20 epochs makes some hundred"""
END_SECONDS: Final = 60.0
"""How long a run that has ended waits for a tracker"""
STOP_SECONDS: Final = 5.0
"""The same after Ctrl-C"""


class Background:
    """One tracker behind a queue.

    Parameters
    ----------
    name
        Of the tracker, for people.
    open_tracker
        Called on the worker thread: connecting may take long too.
    waiting
        How many calls may wait.
    """

    def __init__(
        self, name: str, open_tracker: Callable[[], Tracker], waiting: int = WAITING
    ) -> None:
        self.name = name
        self._open = open_tracker
        self._queue: queue.Queue[tuple[str, tuple[Any, ...]]] = queue.Queue(waiting)
        self._tracker: Tracker | None = None
        self._sent = self._kept = 0
        self._reason = ""
        self._answer = ""
        # A daemon: a tracker that hangs for good must not keep the process alive.
        self._thread = threading.Thread(target=self._work, name=f"tracker-{name}", daemon=True)
        self._thread.start()

    def send(self, call: str, *arguments: object) -> None:
        """Hand a call of ``Tracker`` over; never waits, never raises."""
        self._sent += 1
        try:
            self._queue.put_nowait((call, arguments))
        except queue.Full:
            self._because(f"more than {self._queue.maxsize:,} records were waiting for it")

    def missed(self, reason: str) -> None:
        """Count a record that could not even be handed over."""
        self._sent += 1
        self._because(reason)

    def end(self, state: State, seconds: float | None = None) -> list[str]:
        """Wait for what was handed over, at most so many seconds.

        Returns
        -------
        Lines for people: where to look, and what the tracker has missed.
        """
        if seconds is None:
            seconds = STOP_SECONDS if state == "stopped" else END_SECONDS
        until = time.monotonic() + seconds
        self._sent += 1
        try:
            with suppress(queue.Full):
                self._queue.put(("end", (state,)), timeout=seconds)
            self._thread.join(max(until - time.monotonic(), 0))
        finally:  # Ctrl-C while waiting, too
            if self._thread.is_alive():
                self._because(f"it did not end within {seconds:g} seconds")
                self._abandon()
        said = [f"{self.name}: {self._answer}"] if self._answer else []
        lost = self._sent - self._kept
        if lost:
            records = "all records" if not self._kept else f"{lost:,} of {self._sent:,} records"
            reason = self._reason or "its thread has died"
            said.append(f"tracker {self.name} missed {records} of this run: {reason}")
        return said

    def _work(self) -> None:
        try:
            self._tracker = self._open()
        except Exception as error:
            self._because(_in_words(error))
        while True:
            call, arguments = self._queue.get()
            if self._tracker is not None:
                try:
                    answer = getattr(self._tracker, call)(*arguments)
                    self._kept += 1
                    if call == "end":
                        self._answer = hide_in(answer)
                except Exception as error:
                    self._because(_in_words(error))
            if call == "end":
                return

    def _abandon(self) -> None:
        if self._tracker is not None:
            with suppress(Exception):
                self._tracker.abandon()

    def _because(self, reason: str) -> None:
        """Keep the first reason: what follows is often its consequence."""
        self._reason = self._reason or reason


def _in_words(error: Exception) -> str:
    text = " ".join(str(error).split())
    name = type(error).__name__
    return hide_in(f"{name}: {text}" if text else name)
