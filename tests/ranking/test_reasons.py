from __future__ import annotations

from typing import Any

import numpy as np

from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.ranking.reasons import Attitude, attitudes, praised, strongest

INDEX = ItemIndex([1, 2, 3, 4, 5])


def of_one(contributions: dict[str, Any], *arguments: Any, **options: Any) -> list[Any]:
    """Ask for one show."""
    columns = {name: values[:, None] for name, values in contributions.items()}
    (found,) = strongest(columns, *arguments, **options)
    return found


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
    found = of_one(contributions, eligible, ~eligible, limit=2)
    assert [(entry, component) for entry, component, _ in found] == [
        (2, "content"),
        (2, "collaborative"),
        (0, "content"),
        (3, "collaborative"),
    ]


def test_what_is_not_eligible_is_not_named() -> None:
    contributions = {"content": np.array([0.3, 0.9], dtype=np.float32)}
    found = of_one(contributions, np.array([True, False]), np.array([True, True]), limit=3)
    assert [entry for entry, _, _ in found] == [0]


def test_what_is_said_of_each_entry() -> None:
    entries = history(
        Entry(1, 9), Entry(2, 3), Entry(3), Entry(4, 9, Status.DROPPED), Entry(5, 0, Status.DROPPED)
    )
    assert attitudes(entries) == [
        Attitude.LIKED,
        Attitude.RATED_LOW,
        Attitude.WATCHED,
        Attitude.DROPPED,
        Attitude.DROPPED,
    ]
    assert [one.is_dislike for one in attitudes(entries)] == [False, True, False, True, True]


def test_what_speaks_against_comes_last_and_only_where_it_matters() -> None:
    contributions = {
        "collaborative": np.array([1.0, -0.5, -0.09, -0.2, -0.4], dtype=np.float32),
        "content": np.array([0.0, -0.6, 0.05, -0.05, -0.1], dtype=np.float32),
    }
    against = np.array([True, True, True, False, True])
    found = of_one(contributions, ~against | (np.arange(5) == 0), against, limit=2)
    assert [(entry, component) for entry, component, _ in found] == [
        (0, "collaborative"),
        (1, "content"),
        (1, "collaborative"),
        (4, "collaborative"),
        (4, "content"),
    ]
    everything = of_one(contributions, against, against, limit=5, matters=0)
    assert (2, "collaborative") in [(entry, component) for entry, component, _ in everything]


def test_every_show_has_reasons_of_its_own() -> None:
    values = np.array([[0.5, -0.3, 0.0], [0.2, 0.4, 0.0]], dtype=np.float32)
    everyone = np.array([True, True])
    together = strongest({"content": values}, everyone, everyone, limit=2)
    assert together == [
        of_one({"content": values[:, show]}, everyone, everyone, limit=2) for show in range(3)
    ]
    assert [[entry for entry, _, _ in found] for found in together] == [[0, 1], [1, 0], []]
    assert strongest({}, everyone, everyone, limit=2) == []
