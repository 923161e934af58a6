"""One way in which shows differ (genre, tag, studio, era), arranged so that lists are counted fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from anirec.ranking.labels import Labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Facet:
    """The labels of every show, and how common each is among what a community watches."""

    kind: str
    """In the plural: ``genres``"""
    names: tuple[str, ...]
    indptr: NDArray[np.int64]
    """(n_items + 1,), show ``i`` has the labels ``codes[indptr[i]:indptr[i + 1]]``"""
    codes: NDArray[np.int64]
    """(n_entries,) places in ``names``"""
    share: NDArray[np.float64]
    """(n_labels,) share of what the community watches that has the label, in [0, 1]"""

    @classmethod
    def of(cls, kind: str, labels: Labels, watched: NDArray[np.floating[Any]]) -> Self:
        """Turn labels over.

        Parameters
        ----------
        watched
            (n_items,) how often the community watches each show, in any unit.
        """
        codes = np.repeat(np.arange(len(labels.names)), np.diff(labels.indptr))
        order = np.argsort(labels.rows, kind="stable")
        per_show = np.bincount(labels.rows, minlength=labels.n_items)
        counted = np.bincount(codes, watched[labels.rows], minlength=len(labels.names))
        total = max(float(watched.sum(dtype=np.float64)), np.finfo(np.float64).tiny)
        return cls(
            kind,
            labels.names,
            np.concatenate([[0], np.cumsum(per_show)]).astype(np.int64),
            codes[order],
            counted / total,
        )

    @classmethod
    def of_names(
        cls, kind: str, names: Sequence[Iterable[str]], watched: NDArray[np.floating[Any]]
    ) -> Self:
        """Gather a facet from the labels of each show; see ``of``."""
        return cls.of(kind, Labels.of(kind, names), watched)

    def of_rows(
        self, rows: NDArray[np.integer[Any]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the labels of some shows, (n_found,), and the place in ``rows`` of each, (n_found,)."""
        lengths = self.indptr[rows + 1] - self.indptr[rows]
        places = np.repeat(np.arange(len(rows)), lengths)
        ends = np.cumsum(lengths)
        within = np.arange(len(places)) - np.repeat(ends - lengths, lengths)
        return self.codes[self.indptr[rows][places] + within], places
