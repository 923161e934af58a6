"""Feedback as raw lists, which the next training learns from."""

from __future__ import annotations

import filecmp
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from anirec.data.list_layouts import ANIMELIST_2020
from anirec.data.schema import FEEDBACK_USERS, Status
from anirec.data.staging import check_replaceable, staged_directory
from anirec.errors import AnirecError
from anirec.store.address import VARIABLE, take_your_time
from anirec.store.events import EVIDENCE, Event, Kind
from anirec.store.models import Feedback
from anirec.store.taste import taste_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anirec.store.database import Database

LISTS_FILE: Final = "animelist.csv"
HEADER: Final = (
    f"{ANIMELIST_2020.user},{ANIMELIST_2020.anime},{ANIMELIST_2020.rating},{ANIMELIST_2020.status}"
)

_ID_BITS: Final = (len(FEEDBACK_USERS) - 1).bit_length()

MIN_ENTRIES: Final = 5
AT_ONCE: Final = 10_000
"""Rows that are fetched together"""


class _UnchangedError(Exception):
    """Leaves the old directory in its place."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    viewers: int
    entries: int
    left_out: int
    """Viewers with too few watched shows"""


def user_id(viewer: bytes) -> int:
    """Return the user id of a viewer, always the same, from the hash of the key."""
    # The first bits, so that ids are in the order of the hashes.
    return FEEDBACK_USERS[int.from_bytes(viewer[:8]) >> (64 - _ID_BITS)]


def export(database: Database, out: Path, min_entries: int = MIN_ENTRIES) -> Exported:
    """Write ``animelist.csv`` into a directory that appears whole or not at all.

    Where the same lists are there already nothing is touched, so that who goes by the times of files sees
    nothing new. Columns are those of the Kaggle 2020 layout, rows sorted by user and show: equal feedback gives
    equal bytes. See ``taste_of`` for what of an event becomes an entry.

    Parameters
    ----------
    min_entries
        Viewers who say of fewer shows that they watched them are left out.

    Raises
    ------
    StoreUnavailableError
        If the database cannot be used now.
    AnirecError
        If there is none yet.
    DataError
        If ``out`` holds anything else.
    """
    check_replaceable(out, (LISTS_FILE,))
    if not database.exists:
        raise AnirecError(
            f"there is no feedback: no database at what {VARIABLE} says, or its default"
        )
    with suppress(_UnchangedError), staged_directory(out) as new:
        found = _write(database, new / LISTS_FILE, min_entries)
        if _same(new / LISTS_FILE, out / LISTS_FILE):
            raise _UnchangedError
    return found


def _write(database: Database, path: Path, min_entries: int) -> Exported:
    viewers = entries = left_out = 0
    with path.open("w", encoding="ascii") as file:
        file.write(HEADER + "\n")
        for viewer, events in _by_viewer(database):
            taste = taste_of(events)
            if taste.watched < min_entries:
                left_out += 1
                continue
            viewers += 1
            entries += len(taste.entries)
            user = user_id(viewer)
            file.writelines(
                f"{user},{entry.anime_id},{entry.rating},{int(entry.status)}\n"
                for entry in taste.entries
            )
    return Exported(viewers, entries, left_out)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(one, other, shallow=False)


def _by_viewer(database: Database) -> Iterator[tuple[bytes, Iterator[Event]]]:
    """Yield each viewer's evidence of taste, oldest first, by the hash, which is the order of ids."""
    evidence = (
        select(Feedback.viewer, Feedback.kind, Feedback.anime_id, Feedback.rating, Feedback.status)
        .where(Feedback.kind.in_(EVIDENCE))
        .order_by(Feedback.viewer, Feedback.created_at, Feedback.id)
        .execution_options(yield_per=AT_ONCE)
    )
    with database.reading() as connection:
        take_your_time(connection)
        for viewer, rows in groupby(connection.execute(evidence), lambda row: row.viewer):
            yield viewer, (_event(row.kind, row.anime_id, row.rating, row.status) for row in rows)


def _event(kind: str, anime_id: int, rating: int | None, status: int | None) -> Event:
    return Event(Kind(kind), anime_id, rating, None if status is None else Status(status))
