from __future__ import annotations

import numpy as np

from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.ranking.reasons import praised, strongest

INDEX = ItemIndex([1, 2, 3, 4, 5])


def history(*entries: Entry) -> Histories:
    return Histories.from_entries([entries], INDEX)


def test_dropped_and_low_rated_shows_are_no_praise() -> None:
    entries = history(Entry(1, 9), Entry(2, 3), Entry(3), Entry(4, 9, Status.DROPPED), Entry(5, 6))
    assert praised(entries).tolist() == [True, False, True, False, True]


def test_a_harsh_viewer_praises_from_the_own_mean() -> None:
    entries = history(Entry(1, 4), Entry(2, 2), Entry(3, 3))
    assert praised(entries).tolist() == [True, False, True]


def test_an_unrated_list_is_praise_throughout() -> None:
    assert praised(history(Entry(1), Entry(2))).all()


def test_the_strongest_positive_ones_come_first_and_no_more_than_the_limit() -> None:
    contributions = {
        "collaborative": np.array([0.1, -2.0, 0.5, 0.4], dtype=np.float32),
        "content": np.array([0.45, 0.0, 9.0, -1.0], dtype=np.float32),
    }
    eligible = np.array([True, True, True, True])
    found = strongest(contributions, eligible, limit=2)
    assert [(entry, component) for entry, component, _ in found] == [
        (2, "content"),
        (2, "collaborative"),
        (0, "content"),
        (3, "collaborative"),
    ]


def test_what_is_not_eligible_is_not_named() -> None:
    contributions = {"content": np.array([0.3, 0.9], dtype=np.float32)}
    found = strongest(contributions, np.array([True, False]), limit=3)
    assert [entry for entry, _, _ in found] == [0]
