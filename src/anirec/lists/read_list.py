"""A list as its source tells it, before any show is looked for in the catalogue."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from anirec.data.schema import MAX_ANIME_ID, MAX_LIST, NOT_RATED
from anirec.lists.errors import TooLargeError

if TYPE_CHECKING:
    from anirec.data.schema import Status

MAX_SKIPPED: Final = 100_000
"""Lines that are passed over: manga, repeats in lists of one's own."""
MAX_TITLE: Final = 200
"""Characters of a title that are kept."""


class Site(StrEnum):
    """Whose ids a list names its shows by."""

    MYANIMELIST = "myanimelist"
    ANILIST = "anilist"


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One line of a list."""

    site: Site
    """Whose id ``show_id`` is."""
    show_id: int
    rating: int
    """0 = not rated, 1-10"""
    status: Status
    title: str | None = None
    """As the source calls the show, if it does."""
    mal_id: int | None = None
    """The MyAnimeList id that a list of another site gives along."""


@dataclass(frozen=True)
class ReadList:
    """What a source holds."""

    source: str
    """What it is, in words."""
    entries: tuple[ReadEntry, ...]
    """In the order of the source; a show may come several times."""
    skipped: dict[str, int] = field(default_factory=dict)
    """By reason, how many lines are no entries."""
    notes: tuple[str, ...] = ()
    """What had to be assumed or left out, in words."""


class ListBuilder:
    """Takes the lines of one list, and refuses a list without end.

    Parameters
    ----------
    name
        Of the file or profile, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._entries: list[ReadEntry] = []
        self._skipped: Counter[str] = Counter()
        self._n_unreadable_scores = 0

    @property
    def n_entries(self) -> int:
        """Entries so far."""
        return len(self._entries)

    @property
    def skipped(self) -> Counter[str]:
        """By reason, lines passed over so far."""
        return self._skipped

    def add(
        self,
        site: Site,
        show_id: int | None,
        rating: int | None,
        status: Status | None,
        title: str | None = None,
        mal_id: int | None = None,
    ) -> None:
        """Add an entry.

        Parameters
        ----------
        show_id, status
            None where they could not be read: the line is skipped.
        rating
            None where it could not be read: the show counts as not rated.

        Raises
        ------
        TooLargeError
            If the list is longer than ``MAX_LIST``.
        """
        if show_id is None:
            self.skip("no id")
            return
        if status is None:
            self.skip("unknown status")
            return
        if rating is None:
            self._n_unreadable_scores += 1
            rating = NOT_RATED
        if len(self._entries) >= MAX_LIST:
            raise TooLargeError(f"{self._name} has more than {MAX_LIST:,} entries")
        self._entries.append(
            ReadEntry(site, show_id, rating, status, title[:MAX_TITLE] if title else None, mal_id)
        )

    def skip(self, reason: str) -> None:
        """Pass a line over.

        Raises
        ------
        TooLargeError
            If that happens too often.
        """
        self._skipped[reason] += 1
        if self._skipped.total() > MAX_SKIPPED:
            raise TooLargeError(f"{self._name} has more than {MAX_SKIPPED:,} lines of no use")

    def build(self, source: str, *notes: str) -> ReadList:
        """Return the list."""
        if self._n_unreadable_scores:
            n = self._n_unreadable_scores
            said = "1 score was" if n == 1 else f"{n:,} scores were"
            notes = (*notes, f"{said} unreadable: such a show counts as not rated")
        return ReadList(source, tuple(self._entries), dict(self._skipped), notes)


def show_id_of(value: object) -> int | None:
    """Return an id that some source gives as number or text, None if it is none."""
    number = whole_number(value)
    return number if number is not None and 0 < number <= MAX_ANIME_ID else None


def whole_number(value: object) -> int | None:
    """Return a whole number given as number or text of up to ten digits, else None."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
