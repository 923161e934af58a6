"""A server follows its registry: what becomes current is verified, warmed and swapped in.

Every worker process follows on its own, in one thread beside those that answer. A request keeps the
bundle that it began with; the old one is freed when its last request ends.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from anirec.errors import AnirecError, UnreachableError
from anirec.recommender import Recommender
from anirec.web.context import answering, swap
from anirec.web.lasting_memory import settle
from anirec.web.warming import warm

if TYPE_CHECKING:
    from flask import Flask

    from anirec.bundle.registry import Registry

FIRST_LOOK_SECONDS: Final = 5.0
"""A new worker waits so long for its first look: it may replace one that died after a swap."""

_log = logging.getLogger(__name__)


class Follower:
    """Keeps an application at the current bundle of a registry.

    Parameters
    ----------
    app
        Answers from some bundle already.
    registry
        Where to look.
    """

    def __init__(self, app: Flask, registry: Registry) -> None:
        self._app = app
        self._registry = registry
        self._refused: str | None = None
        self._said: str | None = None

    def look(self) -> bool:
        """Look at the registry once; returns whether another bundle answers from now on.

        A bundle that is damaged, of another schema or does not answer is refused, once and with
        one line in the log; the old one goes on answering. A registry that cannot be reached is
        asked again next time. Raises nothing.
        """
        serving = answering(self._app).manifest.version
        try:
            version = self._registry.current() or serving
        except (AnirecError, OSError) as error:
            self._say_once(f"still serving {serving}: {error}")
            return False
        if version == serving:
            self._refused = self._said = None
        if version in (serving, self._refused):
            return False
        try:
            recommender = Recommender.load(self._registry.fetch(version))
            warm(recommender)
        except (UnreachableError, OSError) as error:
            self._say_once(f"still serving {serving}: {error}")
            return False
        except Exception as error:  # whatever a bundle does: those who ask must not notice
            self._refused = version
            why = error if isinstance(error, AnirecError) else f"{type(error).__name__}: {error}"
            self._say_once(f"{version} is refused, still serving {serving}: {why}")
            return False
        swap(self._app, recommender)
        # The application that tried the old bundle out refers to itself, and to the bundle.
        settle()
        self._refused = self._said = None
        _log.info("now serving %s instead of %s", version, serving)
        return True

    def start(self, seconds: float) -> None:
        """Look now and every so many seconds, in a thread that ends with the process."""
        looked = threading.Event()

        def follow() -> None:
            pause = threading.Event()
            while True:
                self.look()
                looked.set()
                pause.wait(seconds)

        threading.Thread(target=follow, name="anirec-follower", daemon=True).start()
        looked.wait(FIRST_LOOK_SECONDS)

    def _say_once(self, line: str) -> None:
        if line != self._said:
            _log.warning("%s", line)
        self._said = line
