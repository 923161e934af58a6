"""Our CSV: columns named as those of the interactions table.

Only ``anime_id`` must be there; ``rating`` and ``status`` are read, other columns are not.
"""

from __future__ import annotations

import csv
import io
import os
import re
from typing import TYPE_CHECKING, Final

from anirec.data.schema import ANIME_ID, RATING, STATUS, USER_ID
from anirec.lists.errors import ListFileError, TooLargeError
from anirec.lists.read_list import ListBuilder, Site, show_id_of
from anirec.lists.scores import rating_of
from anirec.lists.statuses import mal_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anirec.data.histories import Entry
    from anirec.lists.read_list import ReadList

SOURCE: Final = "CSV"
TITLE: Final = "title"
COLUMNS: Final = (ANIME_ID, RATING, STATUS)
"""What is written."""
MAX_LINES: Final = 500_000
MAX_LINE: Final = 10_000
"""Characters; no list has longer lines."""

_NO_SPACE: Final = re.compile(rb"\S")


def is_list(data: bytes) -> bool:
    """Say whether a text begins as our CSV does."""
    return ANIME_ID in _header(data)[0]


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
    if data.count(b"\n") + data.count(b"\r") > MAX_LINES:
        raise TooLargeError(f"{name} has more than {MAX_LINES:,} lines")
    columns, header = _header(data)
    place = {column: columns.index(column) for column in columns}
    builder = ListBuilder(name)
    lines = csv.reader(_lines(data, name), strict=True)
    viewers = set()
    try:
        for fields in lines:
            if not any(fields) or lines.line_num <= header:
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


def text(entries: Sequence[Entry]) -> str:
    """Return a list as our CSV, with a header."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows((e.anime_id, e.rating, int(e.status)) for e in entries)
    return out.getvalue()


def write(entries: Sequence[Entry], path: Path) -> None:
    """Write a list beside ``path`` and rename it."""
    draft = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        draft.write_text(text(entries), encoding="utf-8", newline="")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _lines(data: bytes, name: str) -> Iterator[str]:
    """Yield the lines one by one, without another copy of the whole."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace", newline="")
    for number, line in enumerate(iter(lambda: text.readline(MAX_LINE + 1), ""), start=1):
        if len(line) > MAX_LINE:
            raise ListFileError(f"{name} has more than {MAX_LINE:,} characters in line {number}")
        yield line


def _header(data: bytes) -> tuple[list[str], int]:
    """Return the column names of a text and in which line they stand; none if it has no header."""
    start = _NO_SPACE.search(data)
    if start is None:
        return [], 0
    line = data[start.start() : start.start() + MAX_LINE].splitlines()[0]
    try:
        fields = next(csv.reader([line.decode("utf-8", "replace")]), [])
    except csv.Error:
        return [], 0
    before = data[: start.start()]
    number = len(before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    return [field.strip().lower() for field in fields], number
