"""JSON of strangers: parsed only where what it becomes fits into memory."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic_core import from_json

from anirec.lists.errors import ListFileError, TooLargeError

MAX_MEMORY: Final = 100_000_000
"""Bytes of the objects that a text may become."""

# What CPython takes, at most, for an object, a list, and one more value with its key.
OBJECT_BYTES: Final = 232
LIST_BYTES: Final = 96
VALUE_BYTES: Final = 110

_PLACE: Final = re.compile(r" at line (\d+) column \d+$")


def parse_json(data: bytes, name: str) -> Any:
    """Parse a JSON text.

    Raises
    ------
    ListFileError
        If it is no JSON; the text says in which line.
    TooLargeError
        If it would take more than ``MAX_MEMORY``.
    """
    objects, lists, values = data.count(b"{"), data.count(b"["), data.count(b",")
    if objects * OBJECT_BYTES + lists * LIST_BYTES + values * VALUE_BYTES > MAX_MEMORY:
        raise TooLargeError(f"{name} holds far more than a list does")
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError as error:
        what = str(error)
        place = _PLACE.search(what)
        where = f" (line {place[1]}: {what[: place.start()]})" if place else ""
        raise ListFileError(f"{name} is not valid JSON{where}") from None
