"""Bytes of a file as they are meant: gzip undone, bombs and other archives refused."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from typing import Final

from anirec.lists.errors import ListFileError, TooLargeError

MAX_BYTES: Final = 24_000_000
"""Of a file, unpacked: 20,000 entries of MyAnimeList's export with all their fields."""

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
    if not data.strip():
        raise ListFileError(f"{name} is empty")
    if b"\0" in data:
        raise ListFileError(f"{name} is no text file")
    return data


def _gunzip(data: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise ListFileError(f"{name} is a damaged gzip file: download it again") from None
