"""AniList's two JSON files: the data that a person may ask for, and a list as its API gives it.

``gdpr_data.json`` (Settings, Account, Download) has one object a show in ``lists``: ``series_id``,
``series_type`` (0 anime, 1 manga), ``status`` as a number, ``score`` of 100. The API's answer to
``MediaListCollection`` has ``lists`` of ``entries`` with words, in the scale of the viewer.
https://docs.anilist.co/reference/query
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from anirec.lists.errors import ListFileError
from anirec.lists.json_text import parse_json
from anirec.lists.read_list import ListBuilder, Site, show_id_of
from anirec.lists.scores import HIGHEST, Scale, likely_scale, rating_of
from anirec.lists.statuses import anilist_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anirec.lists.read_list import ReadList

GDPR_SOURCE: Final = "AniList data download"
LIST_SOURCE: Final = "AniList list"
COLLECTION: Final = "MediaListCollection"
ANIME: Final = 0
"""The ``series_type`` of anime."""
MANGA_ENTRY: Final = "manga"
NO_ENTRY: Final = "no entry"


def read(data: bytes, name: str) -> ReadList:
    """Read either file.

    Raises
    ------
    ListFileError
        If it is no JSON, JSON of something else, or a manga list.
    TooLargeError
        If it holds more than is read.
    """
    content = parse_json(data, name)
    builder = ListBuilder(name)
    collection = find_collection(content)
    if collection is not None:
        notes = add_collection(collection, builder)
        source = LIST_SOURCE
    elif isinstance(content, dict) and isinstance(content.get("lists"), list):
        notes = _add_gdpr(content["lists"], builder)
        source = GDPR_SOURCE
    else:
        raise ListFileError(f"{name} is JSON, but no list of AniList's (nothing named lists)")
    if not builder.n_entries and builder.skipped[MANGA_ENTRY]:
        raise ListFileError(
            f"{name} is a manga list, and anirec recommends anime: export the anime list instead"
        )
    return builder.build(source, *notes)


def find_collection(content: object) -> dict[str, Any] | None:
    """Return the part of an API answer that holds the lists, None if there is none."""
    for key in ("data", COLLECTION):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict) or not isinstance(content.get("lists"), list):
        return None
    groups = [group for group in content["lists"] if isinstance(group, dict)]
    has_groups = any(isinstance(group.get("entries"), list) for group in groups)
    return content if has_groups or COLLECTION in content or "hasNextChunk" in content else None


def add_collection(collection: dict[str, Any], builder: ListBuilder) -> tuple[str, ...]:
    """Add the entries of an API answer, and return what had to be assumed."""
    entries = list(_entries(collection))
    scale = named_scale(collection)
    notes: tuple[str, ...] = ()
    if scale is None:
        scale = likely_scale(_part(entry).get("score") for entry in entries)
        notes = (f"no scale is named: scores were read as out of {HIGHEST[scale]}",)
    for entry in entries:
        add_entry(entry, scale, builder)
    return notes


def named_scale(collection: dict[str, Any]) -> Scale | None:
    """Return the scale that the viewer has chosen, None where the answer does not say."""
    options = _part(_part(collection.get("user")).get("mediaListOptions"))
    named = options.get("scoreFormat")
    return Scale(named) if named in set(Scale) else None


def add_entry(entry: object, scale: Scale, builder: ListBuilder) -> None:
    """Add one entry of an API answer."""
    if not isinstance(entry, dict):
        builder.skip(NO_ENTRY)
        return
    media = _part(entry.get("media"))
    if media.get("type") == "MANGA":
        builder.skip(MANGA_ENTRY)
        return
    mal_id = show_id_of(media.get("idMal"))
    show_id = show_id_of(media.get("id")) or show_id_of(entry.get("mediaId"))
    status, rating = anilist_status(entry.get("status")), rating_of(entry.get("score"), scale)
    if show_id is None and mal_id is not None:
        builder.add(Site.MYANIMELIST, mal_id, rating, status, _title(media))
    else:
        builder.add(Site.ANILIST, show_id, rating, status, _title(media), mal_id)


def _add_gdpr(lines: list[Any], builder: ListBuilder) -> tuple[str, ...]:
    for line in lines:
        if not isinstance(line, dict):
            builder.skip(NO_ENTRY)
        elif line.get("series_type", ANIME) != ANIME:
            builder.skip(MANGA_ENTRY)
        else:
            builder.add(
                Site.ANILIST,
                show_id_of(line.get("series_id")),
                rating_of(line.get("score"), Scale.POINT_100),
                anilist_status(line.get("status")),
            )
    return ()


def _entries(collection: dict[str, Any]) -> Iterator[object]:
    """Yield all entries; those of lists of one's own first, for they repeat others."""
    groups = [group for group in collection["lists"] if isinstance(group, dict)]
    for own in (True, False):
        for group in groups:
            if bool(group.get("isCustomList")) is own and isinstance(group.get("entries"), list):
                yield from group["entries"]


def _title(media: dict[str, Any]) -> str | None:
    titles = _part(media.get("title"))
    names = (titles.get(key) for key in ("romaji", "userPreferred", "english", "native"))
    return next((name for name in names if isinstance(name, str) and name), None)


def _part(value: object) -> dict[str, Any]:
    """Return an object of an answer; what is missing or something else counts as empty."""
    return value if isinstance(value, dict) else {}
