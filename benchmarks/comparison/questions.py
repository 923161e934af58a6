"""What contestants are asked: what they are told of each viewer, and what may not be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from anirec.data.histories import Histories
from anirec.data.schema import NOT_RATED, Status
from anirec.evaluation.protocols import SHORT_HISTORIES, task_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.show import Show
    from anirec.data.split import Split

HISTORY: Final = "history"
"""What is asked unless a protocol shortens the history."""
NEW_FRANCHISES: Final = "new franchises"
"""The same, with every show of a known franchise left out: discovery by request."""


class Question(NamedTuple):
    """One list of each test viewer, and the shows that are left out of the answer."""

    known: Histories
    left_out: Histories
    """In the same order of viewers"""


def questions_of(split: Split) -> dict[str, Question]:
    """Return by name all that contestants are asked about the test viewers."""
    history = split.test.history
    asked = {HISTORY: Question(history, history)}
    for name in SHORT_HISTORIES:
        asked[name] = Question(task_of(name, split.test, split).known, history)
    asked[NEW_FRANCHISES] = Question(history, known_franchises(history, split.shows))
    return asked


def asked_by(protocol: str) -> str:
    """Return the name of the question that a protocol measures."""
    return protocol if protocol in SHORT_HISTORIES else HISTORY


def known_franchises(history: Histories, shows: Sequence[Show]) -> Histories:
    """Return, as lists, all shows of the franchises of which a list holds one, itself included."""
    of_show = np.array([show.franchise or show.anime_id for show in shows], dtype=np.int64)
    _, franchise = np.unique(of_show, return_inverse=True)
    parts = [np.flatnonzero(np.isin(franchise, franchise[one.items])) for one in history.batches(1)]
    items = np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int32)
    return Histories(
        history.user_ids,
        np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64),
        items,
        np.full(len(items), NOT_RATED, dtype=np.uint8),
        np.full(len(items), Status.COMPLETED, dtype=np.uint8),
    )
