"""A watch list as a short text that fits into an address, and back.

Bytes: per show, in the order of the ids, the distance to the id before as a varint (7 bits a byte,
lowest first, the high bit says that more follow) and one byte that holds status and rating; then a
checksum. The text is base64 of these in the alphabet of addresses, behind the format's number. 500
entries of the real catalogue take about 1,600 characters.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zlib import crc32

from anirec.data.histories import Entry
from anirec.data.schema import MAX_ANIME_ID, MAX_LIST, MAX_RATING, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT: Final = "1"
HIDDEN: Final = 0
"""Stands where a status would for a show that is to stay out, and says nothing of a taste."""
N_RATINGS: Final = MAX_RATING + 1
STATUSES: Final = frozenset(Status)
CHECKSUM_BYTES: Final = 2


class ListCodeError(ValueError):
    """A text is no list; it says so to a viewer."""

    def __init__(self) -> None:
        super().__init__(
            "This link holds a list that is damaged or cut off. Please copy the whole link."
        )


@dataclass(frozen=True)
class CodedList:
    """What a list code holds."""

    entries: tuple[Entry, ...] = ()
    """In the order of their ids, each once"""
    hidden: frozenset[int] = frozenset()
    """Ids of shows that are not to be recommended"""


def encode_list(coded: CodedList) -> str:
    """Return the code of a list; that of an empty one is empty.

    Of a repeated show the last entry counts; an entry counts more than a hidden show.
    """
    values = dict.fromkeys(coded.hidden, HIDDEN * N_RATINGS)
    values |= {e.anime_id: int(e.status) * N_RATINGS + e.rating for e in coded.entries}
    if not values:
        return ""
    data = bytearray()
    before = 0
    for anime_id in sorted(values):
        data += _varint(anime_id - before)
        data.append(values[anime_id])
        before = anime_id
    data += _checksum(data)
    return FORMAT + urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_list(code: str) -> CodedList:
    """Return the list that a code stands for.

    Raises
    ------
    ListCodeError
        If it is not one that ``encode_list`` could have made.
    """
    if not code:
        return CodedList()
    if not code.startswith(FORMAT) or not code.isascii():
        raise ListCodeError
    body = code.removeprefix(FORMAT)
    try:
        data = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:
        raise ListCodeError from None
    content, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if checksum != _checksum(content):
        raise ListCodeError
    entries, hidden = [], set()
    for anime_id, value in _pairs(content):
        status, rating = divmod(value, N_RATINGS)
        if value == HIDDEN:
            hidden.add(anime_id)
        elif status in STATUSES:
            entries.append(Entry(anime_id, rating, Status(status)))
        else:
            raise ListCodeError
    coded = CodedList(tuple(entries), frozenset(hidden))
    # One list, one code: whatever else decodes to it was made by somebody else.
    if len(entries) + len(hidden) > MAX_LIST or encode_list(coded) != code:
        raise ListCodeError
    return coded


def _pairs(content: bytes) -> Iterator[tuple[int, int]]:
    anime_id = step = shift = 0
    reading_id = True
    for byte in content:
        if not reading_id:
            yield anime_id, byte
            reading_id, step, shift = True, 0, 0
            continue
        step |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            anime_id += step
            reading_id = False
        if anime_id > MAX_ANIME_ID or shift > 35:
            raise ListCodeError
    if not reading_id or shift:
        raise ListCodeError


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _checksum(content: bytes | bytearray) -> bytes:
    return (crc32(content) & 0xFFFF).to_bytes(CHECKSUM_BYTES, "big")
