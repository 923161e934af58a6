"""Which shows carry which label (a genre, a tag, a type): names, and the rows of each."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from anirec.data.genres import ALIASES, label_key
from anirec.errors import UnknownLabelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

LISTED: Final = 10
"""So many names or fewer are all listed where one is unknown; of more, those that come close."""


@dataclass(frozen=True)
class Labels:
    """The rows of each label, in compressed rows: label ``i`` is ``indptr[i]:indptr[i + 1]``."""

    kind: str
    """What the labels are, in the words of an error: ``genre``"""
    names: tuple[str, ...]
    """Sorted"""
    indptr: NDArray[np.int64]
    """(n_labels + 1,)"""
    rows: NDArray[np.int32]
    """(n_entries,) ascending within a label"""
    n_items: int

    @classmethod
    def of(cls, kind: str, labels: Sequence[Iterable[str]]) -> Self:
        """Gather the labels of each row."""
        rows_of: dict[str, list[int]] = {}
        for row, names in enumerate(labels):
            for name in dict.fromkeys(names):
                rows_of.setdefault(name, []).append(row)
        names = tuple(sorted(rows_of))
        lengths = [len(rows_of[name]) for name in names]
        flat = [row for name in names for row in rows_of[name]]
        return cls(
            kind,
            names,
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            np.array(flat, dtype=np.int32),
            len(labels),
        )

    @cached_property
    def by_frequency(self) -> tuple[str, ...]:
        """The names, those of the most shows first."""
        order = np.argsort(-np.diff(self.indptr), kind="stable")
        return tuple(self.names[label] for label in order.tolist())

    def having_any(self, wanted: Iterable[str]) -> NDArray[np.bool_]:
        """Return bool (n_items,), the shows with at least one of some labels.

        Raises
        ------
        UnknownLabelError
            If no show carries one of them; case, hyphens and usual other spellings do not matter.
        """
        mask = np.zeros(self.n_items, dtype=np.bool_)
        for name in wanted:
            mask[self._rows_of(name)] = True
        return mask

    def having_all(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Return bool (n_items,), the shows with each of some labels; see ``having_any``."""
        first, *others = [self.having_any([name]) for name in wanted]
        for mask in others:
            first &= mask
        return first

    def _rows_of(self, name: str) -> NDArray[np.int32]:
        place = self._places.get(label_key(name))
        if place is None:
            place = self._places.get(label_key(ALIASES.get(label_key(name), name)))
        if place is None:
            raise UnknownLabelError(self.kind, name, self._close_to(name))
        return self.rows[self.indptr[place] : self.indptr[place + 1]]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {label_key(name): place for place, name in enumerate(self.names)}

    def _close_to(self, name: str) -> tuple[str, ...]:
        if len(self.names) <= LISTED:
            return self.names
        keys = get_close_matches(label_key(name), self._places, n=3, cutoff=0.6)
        return tuple(self.names[self._places[key]] for key in keys)
