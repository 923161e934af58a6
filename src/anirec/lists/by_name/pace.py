"""How fast a site may be asked, by this process."""

from __future__ import annotations

import math
import time
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from anirec.lists.errors import SiteBusyError

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """Lets so many requests through in so many seconds, whichever thread asks.

    Parameters
    ----------
    site
        Its name, for messages.
    limits
        Pairs of a number of requests and the seconds in which they may be made.
    patience
        Seconds; who would have to wait longer is refused instead.
    clock, sleep
        Of the module ``time``.
    """

    def __init__(
        self,
        site: str,
        limits: tuple[tuple[int, float], ...],
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = site
        self._limits = limits
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._made: deque[float] = deque(maxlen=max(count for count, _ in limits))
        """When the last requests were, or will be, made."""
        self._closed_until = -math.inf

    def wait(self) -> None:
        """Wait for one's turn.

        Raises
        ------
        SiteBusyError
            If that would take longer than anyone waits.
        """
        with self._lock:
            now = self._clock()
            turn = max(now, self._closed_until, *(self._free(*limit) for limit in self._limits))
            if turn - now > self._patience:
                raise SiteBusyError(f"{self._site} asks us to wait", math.ceil(turn - now))
            self._made.append(turn)
        if turn > now:
            self._sleep(turn - now)

    def hold(self, seconds: float) -> None:
        """Let nobody through for a while, because the site has asked for it."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)

    def _free(self, count: int, seconds: float) -> float:
        """Return when this limit lets the next request through."""
        if len(self._made) < count:
            return -math.inf
        return self._made[-count] + seconds
