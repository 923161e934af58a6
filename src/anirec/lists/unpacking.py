"""Bytes of a file as they are meant: gzip undone, bombs and other archives refused."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import Final

from anirec.lists.errors import ListFileError, TooLargeError

MAX_BYTES: Final = 20_000_000
"""Of a file, unpacked: 20,000 entries of MyAnimeList's export with all their fields."""

MAX_MEMBERS: Final = 100
"""Of a gzip file; all tools write one"""

GZIP: Final = b"\x1f\x8b"
ARCHIVES: Final = {
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    GZIP: "gzip",
}

_NO_SPACE: Final = re.compile(rb"\S")


def unpack(data: bytes, name: str) -> bytes:
    """Return the content of a file, as UTF-8 without a mark.

    Raises
    ------
    ListFileError
        If it is empty, damaged, an archive of another kind, or no text.
    TooLargeError
        If it holds more than ``MAX_BYTES``.
    """
    if data.startswith(GZIP):
        data = _gunzip(data, name)
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"{name} holds more than {MAX_BYTES / 1e6:.0f} MB")
    for magic, kind in ARCHIVES.items():
        if data.startswith(magic):
            raise ListFileError(f"{name} is a {kind} archive: unpack it and give the file inside")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    if first_byte(data) == b"":
        raise ListFileError(f"{name} is empty")
    if b"\0" in data:
        raise ListFileError(f"{name} is no text file")
    return data


def first_byte(data: bytes) -> bytes:
    """Return the first byte that is no space, nothing if there is none; copies nothing."""
    found = _NO_SPACE.search(data)
    return found[0] if found else b""


def _gunzip(data: bytes, name: str) -> bytes:
    """Unpack all members of a gzip file, up to one byte more than is read."""
    damaged = f"{name} is a damaged gzip file: download it again"
    unpacked = b""
    room = MAX_BYTES + 1
    for _ in range(MAX_MEMBERS):
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            piece = unpacker.decompress(data, room)
        except zlib.error:
            raise ListFileError(damaged) from None
        room -= len(piece)
        unpacked = unpacked + piece if unpacked else piece
        if room == 0:
            break
        if not unpacker.eof:
            raise ListFileError(damaged)
        data = unpacker.unused_data.lstrip(b"\0")
        if not data:
            break
    else:
        raise TooLargeError(f"{name} is made of more than {MAX_MEMBERS} gzip files")
    return unpacked
