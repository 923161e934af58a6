"""Fetches lists by user name from the sites that are known, and remembers them for an hour."""

from __future__ import annotations

import re
import time
from enum import StrEnum
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

from cachetools import TTLCache

from anirec.lists.by_name import anilist, jikan, myanimelist
from anirec.lists.by_name.site_client import Patience, SiteClient
from anirec.lists.errors import NotSetUpError, SiteBusyError, UserNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from anirec.lists.by_name.site_settings import SiteSettings
    from anirec.lists.read_list import ReadList

USER_NAME: Final = re.compile(r"[A-Za-z0-9_-]{2,20}")
AT_ONCE: Final = 3
"""Lists that are fetched at the same time: a slow site must not hold all threads of a server."""
TRY_AGAIN: Final = 5
"""Seconds after which a place is likely free."""
CLIENT_ID: Final = re.compile(r"[!-~]+")
KEPT_SECONDS: Final = 3600
KEPT_ENTRIES: Final = 100_000
"""Over all lists that are remembered: some 25 MB."""


class Source(StrEnum):
    """Whom a list can be fetched from."""

    ANILIST = "anilist"
    MYANIMELIST = "myanimelist"
    JIKAN = "jikan"


class Sites:
    """The sites behind their addresses. Threads may share it.

    Parameters
    ----------
    settings
        Where the sites are.
    patience
        How long they are waited for.
    clock, sleep
        Of the module ``time``; they tell how old a remembered list is, and wait between requests.
    """

    def __init__(
        self,
        settings: SiteSettings,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        client_id = settings.mal_client_id.get_secret_value().strip()
        self._has_client_id = bool(CLIENT_ID.fullmatch(client_id))
        self._clients = {
            Source.ANILIST: SiteClient(
                anilist.NAME, settings.anilist_url, anilist.LIMITS, None, patience, clock, sleep
            ),
            Source.MYANIMELIST: SiteClient(
                myanimelist.NAME,
                settings.myanimelist_url,
                myanimelist.LIMITS,
                {myanimelist.CLIENT_ID_HEADER: client_id},
                patience,
                clock,
                sleep,
            ),
            Source.JIKAN: SiteClient(
                jikan.NAME, settings.jikan_url, jikan.LIMITS, None, patience, clock, sleep
            ),
        }
        self._kept: TTLCache[tuple[Source, str], ReadList] = TTLCache(
            KEPT_ENTRIES, KEPT_SECONDS, clock, lambda found: len(found.entries) + 1
        )
        self._lock = Lock()
        self._places = BoundedSemaphore(AT_ONCE)

    def fetch(self, source: Source, user_name: str) -> ReadList:
        """Return the list of a viewer, as it was within the last hour.

        Raises
        ------
        UserNameError
            If no site gives such a name.
        ProfileError
            If there is no such profile, or it is private.
        SiteError
            If the site does not answer as it should, or is not set up.
        """
        if not USER_NAME.fullmatch(user_name):
            raise UserNameError("a user name has 2 to 20 letters, digits, hyphens and underscores")
        if source is Source.MYANIMELIST and not self._has_client_id:
            raise NotSetUpError(
                "MyAnimeList is asked only with a client id, which ANIREC_MAL_CLIENT_ID must name: "
                "export the list as a file instead"
            )
        key = (source, user_name.lower())
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return kept
        fetch = {
            Source.ANILIST: anilist.fetch,
            Source.MYANIMELIST: myanimelist.fetch,
            Source.JIKAN: jikan.fetch,
        }[source]
        if not self._places.acquire(blocking=False):
            raise SiteBusyError("too many lists are being fetched", TRY_AGAIN)
        try:
            found = fetch(self._clients[source], user_name)
        finally:
            self._places.release()
        with self._lock:
            self._kept[key] = found
        return found
