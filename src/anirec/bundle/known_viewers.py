"""The viewers of the training data that a bundle holds, by user id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anirec.data.schema import FEEDBACK_USERS
from anirec.errors import UnknownViewerError

if TYPE_CHECKING:
    from anirec.data.histories import Histories


class KnownViewers:
    """Lists by user id.

    Parameters
    ----------
    lists
        By ascending user id; None where a bundle leaves them out, then nobody is known.
    """

    def __init__(self, lists: Histories | None) -> None:
        self._lists = lists

    def __contains__(self, user_id: int) -> bool:
        return self._row(user_id) is not None

    def list_of(self, user_id: int) -> Histories:
        """Return the one list of a viewer, plan-to-watch included.

        Raises
        ------
        UnknownViewerError
            If there is none.
        """
        row = self._row(user_id)
        if row is None or self._lists is None:
            raise UnknownViewerError(user_id)
        return self._lists.select(slice(row, row + 1))

    def sample(self, n: int) -> list[int]:
        """Return up to ``n`` user ids: lists of common length, spread over the id range.

        Who gave feedback is not among them.
        """
        lists = self._lists
        if lists is None:
            return []
        ids = lists.user_ids
        public = np.flatnonzero((ids < FEEDBACK_USERS.start) | (ids >= FEEDBACK_USERS.stop))
        if len(public) == 0:
            return []
        lengths = lists.lengths[public]
        shortest, longest = np.quantile(lengths, [0.25, 0.75])
        usual = public[(lengths >= shortest) & (lengths <= longest)]
        if len(usual) == 0:
            usual = public
        spread = np.linspace(0, len(usual) - 1, min(n, len(usual))).round().astype(int)
        return [int(user_id) for user_id in lists.user_ids[usual[spread]]]

    def _row(self, user_id: int) -> int | None:
        lists = self._lists
        if lists is None:
            return None
        row = int(np.searchsorted(lists.user_ids, user_id))
        return row if row < len(lists) and lists.user_ids[row] == user_id else None
