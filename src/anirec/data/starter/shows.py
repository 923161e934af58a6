"""The starter's shows: plain facts, and a description of each in our own words."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.item_index import ItemIndex
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SHOWS_FILE: Final = "shows.jsonl"
"""In the layout of the JSON-lines catalogue; ``synopsis`` holds our description."""

_SYNONYMS: Final = 3

_Row = dict[str, Any]


def packaged_shows_text() -> str:
    """Return the packaged file as it is."""
    return (files("anirec.data.starter") / SHOWS_FILE).read_text(encoding="utf-8")


def packaged_shows() -> list[_Row]:
    """Return one row of the JSON-lines catalogue layout per show, by ascending id."""
    return [json.loads(line) for line in packaged_shows_text().splitlines()]


def index_of(shows: list[_Row]) -> ItemIndex:
    """Return the item index over these shows."""
    return ItemIndex([show["idMal"] for show in shows])


def episodes_of(shows: list[_Row]) -> NDArray[np.uint16]:
    """Return (n_items,) numbers of episodes in the order of ``index_of``, 0 where unknown."""
    ordered = sorted(shows, key=lambda show: int(show["idMal"]))
    return np.array([show["episodeCount"] or 0 for show in ordered], dtype=np.uint16)


def refresh_facts(shows: list[_Row], catalogue: Path) -> list[_Row]:
    """Take the facts of the shows anew from a JSON-lines catalogue (plain or .gz).

    The descriptions stay, and a source that the catalogue does not know; synopses, scores, pictures and counts of members are not taken.

    Raises
    ------
    DataError
        If the catalogue cannot be read or lacks one of the shows.
    """
    try:
        with (gzip.open if catalogue.suffix == ".gz" else open)(
            catalogue, "rt", encoding="utf-8"
        ) as f:
            rows = {row["idMal"]: row for row in map(json.loads, f)}
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{catalogue} is not a JSON-lines catalogue: {error}") from None
    missing = [show["idMal"] for show in shows if show["idMal"] not in rows]
    if missing:
        raise DataError(f"{catalogue} lacks the starter's shows {missing}")
    return [_facts(rows[show["idMal"]], show) for show in shows]


def to_text(shows: list[_Row]) -> str:
    """Return the shows as JSON lines."""
    return "".join(
        json.dumps(show, ensure_ascii=False, separators=(",", ":")) + "\n" for show in shows
    )


def _facts(row: _Row, packaged: _Row) -> _Row:
    titles = row["title"]
    facts = {
        "idMal": row["idMal"],
        "title": {
            "romaji": titles["romaji"],
            "english": titles["english"],
            "native": titles["native"],
            "synonyms": _latin(titles["synonyms"] or [])[:_SYNONYMS],
        },
        "type": row["type"],
        "source": row["source"] or packaged.get("source"),
        "episodeCount": row["episodeCount"],
        "season": row["season"],
        "year": row["year"],
        "rating": row["rating"],
        "genres": row["genres"],
        "studios": row["studios"],
        "synopsis": packaged["synopsis"],
        "sequence": [
            {"malId": other["malId"], "relationType": other["relationType"]}
            for other in row["sequence"] or ()
            if other["malId"]
        ],
    }
    if row["year"] is None:
        facts["aired"] = {"from": row["aired"]["from"]}
    return facts


def _latin(names: list[str]) -> list[str]:
    """Keep names that a Latin keyboard can type: they are what people search by."""
    return [name for name in names if name.isascii()]
