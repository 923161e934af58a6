"""Cuts a stream of CSV bytes into blocks of whole records, and blocks into fields."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.sources import read_exactly
from anirec.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from anirec.data.sources import SourceStream

BLOCK_BYTES = 16 << 20
MAX_RECORD_LINES = 100
"""A quoted field may hold line breaks; an opening quote with no partner in this many lines is stray."""

_MAX_RECORD_BYTES = 1 << 20
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Block:
    """Whole records; every line ends in a line feed, the last one too."""

    data: bytes
    first_line: int
    """Number of the first line in its file, counted from 1."""

    is_fragment: bool = False
    """The rest of a line that was cut off by damage to the file."""

    @property
    def n_lines(self) -> int:
        """Number of lines, blank ones included."""
        return count_byte(self.data, b"\n")

    def without_header(self) -> Block:
        """Return what follows the first line of the file, if this block begins with it."""
        if self.first_line > 1 or not self.data:
            return self
        return Block(self.data[self.data.index(b"\n") + 1 :], 2)


def count_byte(data: bytes, byte: bytes) -> int:
    """Return how often a byte occurs (several times faster than ``bytes.count`` where dense)."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == byte[0]))


class Lines:
    """The lines of a block as arrays."""

    def __init__(self, data: bytes) -> None:
        self._bytes = np.frombuffer(data, np.uint8)
        breaks = np.flatnonzero(self._bytes == ord("\n"))
        self._starts = np.append(0, breaks[:-1] + 1)
        self._lengths = np.diff(breaks, prepend=-1)

    def counts(self, byte: bytes) -> NDArray[np.int32]:
        """(n_lines,) how often each line holds a byte."""
        if not len(self._bytes):
            return np.empty(0, np.int32)
        return np.add.reduceat(self._bytes == byte[0], self._starts, dtype=np.int32)

    def select(self, mask: NDArray[np.bool_]) -> bytes:
        """Return the lines where the (n_lines,) mask holds."""
        return self._bytes[np.repeat(mask, self._lengths)].tobytes()


def all_have_fields(data: bytes, n_fields: int) -> bool:
    """Say whether every line has exactly that many fields, none of them quoted."""
    if b'"' in data:
        return False
    text = np.frombuffer(data, np.uint8)
    is_break = text[(text == ord(",")) | (text == ord("\n"))] == ord("\n")
    is_last = np.arange(len(is_break)) % n_fields == n_fields - 1
    return bool((is_break == is_last).all())


def read_header(head: bytes, name: str) -> list[str]:
    """Return the column names of a CSV file, lower case and without spaces around them.

    Parameters
    ----------
    head
        The first bytes of the file.
    name
        The file, for messages.

    Raises
    ------
    DataError
        If the file is empty, is not UTF-8 text, or its lines end as on old Macs.
    """
    if not head.strip():
        raise DataError(f"{name} is empty")
    if head.startswith(_BYTE_ORDER_MARKS) or b"\0" in head[:1024]:
        raise DataError(f"{name} is not UTF-8 text (it looks like UTF-16): save it as UTF-8")
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    try:
        text = first.decode("utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{name} is not UTF-8 text in its first line: save it as UTF-8") from None
    try:
        columns = next(csv.reader([text.rstrip("\r")]), [])
    except csv.Error:
        raise DataError(
            f"{name} has a lone carriage return in its first line (old Macs ended lines so): "
            "save it with line feeds"
        ) from None
    return [column.strip().lower() for column in columns]


def blocks(stream: SourceStream, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the records after the header line in blocks of about ``block_bytes``.

    A last line without a line break is whole, except where the stream turns out to be damaged:
    then it comes alone, as a block with ``is_fragment``.
    """
    rest = b""
    line = 1
    while part := read_exactly(stream, block_bytes):
        data = rest + part
        cut = _cut(data)
        rest = data[cut:]
        if cut:
            yield (block := Block(_unix_line_breaks(data[:cut]), line).without_header())
            line = block.first_line + block.n_lines
    if stream.damage:
        cut = rest.rfind(b"\n") + 1
        whole = Block(_unix_line_breaks(rest[:cut]), line).without_header()
        yield whole
        if rest[cut:]:
            yield Block(rest[cut:] + b"\n", whole.first_line + whole.n_lines, is_fragment=True)
    elif rest:
        yield Block(_unix_line_breaks(rest + b"\n"), line).without_header()


def _unix_line_breaks(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def _cut(data: bytes) -> int:
    """Return where the last whole record ends: at a line break outside of quotes."""
    end = data.rfind(b"\n") + 1
    if b'"' not in data:
        return end
    cut = end
    while count_byte(data[:cut], b'"') % 2:
        cut = data.rfind(b"\n", 0, data.rfind(b'"', 0, cut)) + 1
        if end - cut > _MAX_RECORD_BYTES:
            return end  # a stray quote, which the reader of the block will find
    return cut


@dataclass(frozen=True)
class Record:
    """One record; ``fields`` is ``None`` where a quote is opened and never closed."""

    line: int
    """Which of the lines it begins on, counted from 0."""
    text: str
    fields: list[str] | None


def quoted_records(text: str, one_line: Sequence[int]) -> Iterator[Record]:
    """Yield the records of a block in which some fields are quoted; blank lines are left out.

    A stray quote costs its own line only, never the lines after it.

    Parameters
    ----------
    text
        Whole lines.
    one_line
        Positions of the fields that cannot hold a line break.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line, number = lines[at], at
        at += 1
        if '"' not in line:
            if line.strip():
                yield Record(number, line, line.split(","))
            continue
        last = at
        n_quotes = line.count('"')
        while n_quotes % 2 and last < min(len(lines), at + MAX_RECORD_LINES):
            n_quotes += lines[last].count('"')
            last += 1
        whole = "\n".join([line, *lines[at:last]])
        fields = None if n_quotes % 2 else _fields(whole)
        if fields and any("\n" in fields[i] for i in one_line if i < len(fields)):
            fields = None
        yield Record(number, whole if fields else line, fields)
        if fields:
            at = last


def _fields(record: str) -> list[str] | None:
    try:
        return next(csv.reader([record]), None)
    except csv.Error:  # a line break outside of quotes, or a field without end
        return None
