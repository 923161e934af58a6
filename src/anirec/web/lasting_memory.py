"""Keeps the garbage collector away from what lasts: a bundle's catalogue is 100,000 objects."""

from __future__ import annotations

import gc


def settle() -> None:
    """Free what nobody holds, and let later collections pass over all the rest.

    A collection that walks through the catalogue holds every request of its process up for some
    50 ms, and copies memory pages that worker processes share.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
