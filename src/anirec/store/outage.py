"""Keeps the threads of a server from waiting for a database that is down (a circuit breaker)."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final

from anirec.store.address import CONNECTIONS
from anirec.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

REST_SECONDS: Final = 5
"""After a failure nobody asks again for so long; then one thread does, while the others still rest."""

PATIENCE: Final = 1.0
"""Seconds that a thread waits for one of the few that may ask at the same time"""


class Outage:
    """Says who may ask the database."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(CONNECTIONS)
        self._changing = threading.Lock()
        self._rests_until = 0.0
        self._why: str | None = None

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let the block ask; what it raises as ``StoreUnavailableError`` begins a rest.

        Raises
        ------
        StoreUnavailableError
            If the database is resting, or too many ask already.
        """
        if not self._places.acquire(timeout=PATIENCE):
            # Many at once are no reason to turn the next ones away.
            raise StoreUnavailableError("all connections are in use")
        try:
            self._enter()
            yield
        except StoreUnavailableError as error:
            if error.asked:
                self._set(error.why)
            raise
        except BaseException:
            self._set(None)  # it has answered, whatever was wrong with the question
            raise
        else:
            self._set(None)
        finally:
            self._places.release()

    def _enter(self) -> None:
        with self._changing:
            if self._why is None:
                return
            if monotonic() < self._rests_until:
                raise StoreUnavailableError(self._why, asked=False)
            self._rests_until = monotonic() + REST_SECONDS

    def _set(self, why: str | None) -> None:
        with self._changing:
            self._why = why
            self._rests_until = monotonic() + REST_SECONDS
