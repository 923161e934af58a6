"""Names under which viewers are compared where their ids must not be told."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def viewer_keys(user_ids: Iterable[int], salt: str) -> list[str]:
    """Return four hex digits for each id: the first 16 bits of a salted BLAKE2b.

    Short on purpose. Ids are small numbers, so a long hash could be undone by trying them all; of
    these, every 65,536th id has the same. Two viewers of one report may share a key too: about one in
    a hundred of 700 does.

    Parameters
    ----------
    salt
        That of the split: two recipes that hold the same viewers out give them the same keys.
    """
    return [
        hashlib.blake2b(f"{salt}:viewer key:{user_id}".encode(), digest_size=2).hexdigest()
        for user_id in user_ids
    ]
