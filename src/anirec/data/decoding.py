"""Bytes of text files to text, without ever guessing a character."""

from __future__ import annotations

import codecs


def decode(data: bytes) -> str:
    """Return the text of UTF-8, with or without its mark, or of UTF-16 with its mark.

    Bytes that are no UTF-8 stay in the text as marks that ``is_decoded`` finds, so that the rows
    around them can still be used.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="surrogateescape")


def is_decoded(text: str) -> bool:
    """Say whether a piece of what ``decode`` returned is free of undecodable bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
