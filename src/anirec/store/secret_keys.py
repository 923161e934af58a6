"""Random keys that stand for a viewer or a kept list; only their hash is stored."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

KEY_BYTES: Final = 24
"""192 bits of a new key: 32 characters"""

KEY_PATTERN: Final = r"^[A-Za-z0-9_-]{22,64}$"
"""Of a key that a client may have made: 22 characters of base64url are 128 bits. Addresses of
machines and of people have points, colons or an at sign, and do not fit."""

HASH_BYTES: Final = 32


def new_key() -> str:
    """Return a new random key."""
    return token_urlsafe(KEY_BYTES)


def key_hash(key: str) -> bytes:
    """Return (32 bytes) what is stored of a key.

    A plain hash will do: nobody tries 2^128 keys, so it needs neither salt nor slowness.
    """
    return sha256(key.encode()).digest()
