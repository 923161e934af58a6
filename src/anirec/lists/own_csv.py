"""Our CSV: columns named as those of the interactions table.

Only ``anime_id`` must be there; ``rating`` and ``status`` are read, other columns are not.
"""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING, Final

from anirec.data.schema import ANIME_ID, RATING, STATUS, USER_ID
from anirec.lists.errors import ListFileError
from anirec.lists.read_list import ListBuilder, Site, show_id_of
from anirec.lists.scores import rating_of
from anirec.lists.statuses import mal_status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anirec.data.histories import Entry
    from anirec.lists.read_list import ReadList

SOURCE: Final = "CSV"
TITLE: Final = "title"
COLUMNS: Final = (ANIME_ID, RATING, STATUS)
"""What ``write`` writes."""
MAX_HEADER: Final = 10_000
"""Bytes of the first line that are looked at."""


def is_list(data: bytes) -> bool:
    """Say whether a text begins as our CSV does."""
    return ANIME_ID in _columns(data)


def read(data: bytes, name: str) -> ReadList:
    """Read a list.

    Raises
    ------
    ListFileError
        If a line has the wrong number of fields or a stray quote, or the list is of several
        viewers.
    TooLargeError
        If it has more entries than are read.
    """
    data = data.lstrip()
    columns = _columns(data)
    place = {column: columns.index(column) for column in columns}
    builder = ListBuilder(name)
    lines = csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""), strict=True)
    viewers = set()
    try:
        next(lines)
        for fields in lines:
            if not any(fields):
                continue
            if len(fields) != len(columns):
                raise ListFileError(
                    f"{name} has {len(fields)} fields in line {lines.line_num}, not {len(columns)}"
                )
            line = {column: fields[at].strip() for column, at in place.items()}
            viewers.add(line.get(USER_ID))
            if len(viewers) > 1:
                raise ListFileError(
                    f"{name} holds lists of several viewers (line {lines.line_num}): give one"
                )
            builder.add(
                Site.MYANIMELIST,
                show_id_of(line[ANIME_ID]),
                rating_of(line.get(RATING)),
                mal_status(line.get(STATUS)),
                line.get(TITLE),
            )
    except csv.Error as error:
        raise ListFileError(f"{name} is broken CSV in line {lines.line_num}: {error}") from None
    return builder.build(SOURCE)


def write(entries: Sequence[Entry], path: Path) -> None:
    """Write a list beside ``path`` and rename it."""
    draft = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(COLUMNS)
            lines.writerows((e.anime_id, e.rating, int(e.status)) for e in entries)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _columns(data: bytes) -> list[str]:
    """Return the column names of a text, none if its first line is no header."""
    header = data[:MAX_HEADER].lstrip().splitlines()[:1]
    text = header[0].decode("utf-8", "replace") if header else ""
    try:
        fields = next(csv.reader([text]), [])
    except csv.Error:
        return []
    return [field.strip().lower() for field in fields]
