from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.item_index import ItemIndex
from anirec.data.show import Relation, Show
from anirec.ranking.prequels import Prequels
from random_catalogue import catalogues


def of(*shows: Show) -> Prequels:
    return Prequels.of(shows, ItemIndex([show.anime_id for show in shows]))


def stand_ins(prequels: Prequels, *seen: int) -> list[int]:
    mask = np.zeros(len(prequels.main), dtype=bool)
    mask[list(seen)] = True
    return [int(row) for row in prequels.stand_ins(mask)]


SERIES = of(
    Show(1, "First"),
    Show(2, "Second", relations=(Relation(1, "PREQUEL"), Relation(3, "SEQUEL"))),
    Show(3, "Third"),
    Show(4, "Fourth", relations=(Relation(3, "PREQUEL"), Relation(77, "PREQUEL"))),
)


def test_whoever_has_seen_nothing_starts_with_the_first() -> None:
    assert stand_ins(SERIES) == [0, 0, 0, 0]


def test_whoever_has_seen_a_part_goes_on_from_there() -> None:
    assert stand_ins(SERIES, 0) == [0, 1, 1, 1]
    assert stand_ins(SERIES, 0, 1) == [0, 1, 2, 2]
    assert stand_ins(SERIES, 2) == [0, 0, 2, 3]


def test_one_of_several_prequels_is_enough_and_the_best_known_is_offered() -> None:
    two = of(
        Show(1, "Special", members=10),
        Show(2, "Series", members=1000),
        Show(3, "Sequel", relations=(Relation(1, "PREQUEL"), Relation(2, "PREQUEL"))),
    )
    assert stand_ins(two) == [0, 1, 1]
    assert stand_ins(two, 0) == [0, 1, 2]


def test_a_circle_has_no_start() -> None:
    circle = of(
        Show(1, "Egg", relations=(Relation(2, "PREQUEL"),)),
        Show(2, "Hen", relations=(Relation(1, "PREQUEL"),)),
        Show(3, "Itself", relations=(Relation(3, "PREQUEL"),)),
        Show(4, "After the egg", relations=(Relation(1, "PREQUEL"),)),
    )
    assert stand_ins(circle) == [-1, -1, 2, -1]
    assert stand_ins(circle, 0) == [0, 1, 2, 3]


def test_a_long_series_is_followed_to_its_start() -> None:
    n = 300
    long = of(*(Show(i, "x", relations=(Relation(i - 1, "PREQUEL"),)) for i in range(1, n + 1)))
    assert stand_ins(long) == [0] * n


@given(catalogues(), st.data())
def test_a_stand_in_is_unseen_and_waits_for_nothing(shows: list[Show], data: st.DataObject) -> None:
    prequels = of(*shows)
    n = len(shows)
    seen = data.draw(st.sets(st.integers(0, n - 1)))
    found = stand_ins(prequels, *seen)
    before = {
        row: {int(p) for s, p in zip(prequels.shows, prequels.prequels, strict=True) if s == row}
        for row in range(n)
    }
    for row, stand_in in enumerate(found):
        waits = row not in seen and bool(before[row]) and not before[row] & seen
        assert waits == (stand_in != row)
        if stand_in not in (-1, row):
            assert stand_in not in seen
            assert not before[stand_in] or before[stand_in] & seen
