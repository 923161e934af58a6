"""Whether a viewer was asked the same twice: a key of what is told and of what is looked for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anirec.data.item_index import ItemIndex
    from anirec.data.split import Fold


def list_keys(fold: Fold, index: ItemIndex) -> list[str]:
    """Return eight hex digits for each viewer of the fold, of the ids of the shows.

    A list that grew gets another key, whether history or held-out shows changed by it, and so does
    one with a show that the catalogue learned to know: models are told more. Ratings do not count.
    """
    history, held_out = fold.history, fold.held_out
    told, wanted = index.ids(history.items), held_out.anime_ids
    keys = []
    for i in range(len(history)):
        digest = hashlib.blake2b(digest_size=4)
        for ids in (
            told[history.indptr[i] : history.indptr[i + 1]],
            wanted[held_out.indptr[i] : held_out.indptr[i + 1]],
        ):
            digest.update(f"{sorted(ids.tolist())}".encode())
        keys.append(digest.hexdigest())
    return keys


def key_of_all(user_ids: Iterable[int], keys: Sequence[str]) -> str:
    """Return one key of all viewers and their lists, which tells of no single one."""
    lines = "\n".join(f"{user}:{key}" for user, key in zip(user_ids, keys, strict=True))
    return hashlib.blake2b(lines.encode(), digest_size=16).hexdigest()
