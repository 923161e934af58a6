"""A list whose shows were looked for in the catalogue."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from anirec.data.histories import Entry
from anirec.lists.read_list import ReadEntry, ReadList, Site

if TYPE_CHECKING:
    from collections.abc import Sequence

REPEATED: Final = "listed again; the last counts"
NO_ANILIST_IDS: Final = (
    "this bundle does not know AniList's ids: publish it again from a catalogue that has them"
)


class KnownShows(Protocol):
    """The shows that lists are held against; the catalogue of a bundle is one."""

    def knows(self, anime_ids: Sequence[int]) -> list[bool]:
        """Tell of each MyAnimeList id whether it is known."""

    def anime_of_anilist(self, anilist_ids: Sequence[int]) -> list[int | None]:
        """Return the MyAnimeList id of each AniList id."""

    @property
    def has_anilist_ids(self) -> bool:
        """Whether any AniList id is known."""


@dataclass(frozen=True, slots=True)
class UnknownShow:
    """A show of the list that the catalogue lacks."""

    site: Site
    """Whose id ``show_id`` is."""
    show_id: int
    title: str | None


@dataclass(frozen=True)
class ImportedList:
    """What a source gave, ready to be recommended for.

    Every line that was read is an entry, an unknown show, or skipped.
    """

    source: str
    """Where it comes from, in words."""
    entries: list[Entry]
    """Shows of the catalogue, each once, in the order of the source."""
    unknown: list[UnknownShow] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    """By reason, how many lines were passed over."""
    notes: tuple[str, ...] = ()
    """What had to be assumed or left out, in words."""

    @property
    def matched(self) -> int:
        """How many shows the catalogue has."""
        return len(self.entries)

    @property
    def read(self) -> int:
        """How many lines were read."""
        return len(self.entries) + len(self.unknown) + sum(self.skipped.values())

    def to_dict(self) -> dict[str, Any]:
        """Return it as the HTTP API and ``--json`` give it."""
        return {
            "history": [
                {"anime_id": e.anime_id, "rating": e.rating, "status": int(e.status)}
                for e in self.entries
            ],
            "source": self.source,
            "read": self.read,
            "matched": self.matched,
            "unknown": [
                {"site": str(one.site), "id": one.show_id, "title": one.title}
                for one in self.unknown
            ],
            "skipped": self.skipped,
            "notes": list(self.notes),
        }


def import_list(found: ReadList, shows: KnownShows) -> ImportedList:
    """Look the shows of a list up; of a show that comes several times the last entry counts."""
    anime_ids = _anime_ids(found.entries, shows)
    entries: dict[int, Entry] = {}
    unknown: dict[tuple[Site, int], UnknownShow] = {}
    skipped = Counter(found.skipped)
    for one, anime_id in zip(found.entries, anime_ids, strict=True):
        if anime_id is None:
            key = (one.site, one.show_id)
            skipped[REPEATED] += key in unknown
            unknown[key] = UnknownShow(*key, one.title)
        else:
            skipped[REPEATED] += anime_id in entries
            entries[anime_id] = Entry(anime_id, one.rating, one.status)
    notes = found.notes
    if not shows.has_anilist_ids and any(site is Site.ANILIST for site, _ in unknown):
        notes = (*notes, NO_ANILIST_IDS)
    return ImportedList(
        found.source,
        list(entries.values()),
        list(unknown.values()),
        {reason: n for reason, n in skipped.items() if n},
        notes,
    )


def _anime_ids(entries: Sequence[ReadEntry], shows: KnownShows) -> list[int | None]:
    """Return the id of each show in the catalogue, None where it has none."""
    wanted = [one.show_id if one.site is Site.MYANIMELIST else one.mal_id for one in entries]
    known = shows.knows([anime_id or 0 for anime_id in wanted])
    mapped = shows.anime_of_anilist(
        [one.show_id if one.site is Site.ANILIST else 0 for one in entries]
    )
    return [
        anime_id if is_known else other
        for anime_id, is_known, other in zip(wanted, known, mapped, strict=True)
    ]
