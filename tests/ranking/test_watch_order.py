"""A franchise in the order in which it is watched."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.ranking.watch_order import watch_order


def order(rows: list[int], years: dict[int, int], pairs: list[tuple[int, int]]) -> list[int]:
    relations = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    return watch_order(rows, lambda row: (years[row], row), relations[:, 0], relations[:, 1])


def test_as_it_came_out_but_prequels_first() -> None:
    years = {1: 2001, 2: 2002, 3: 2003, 4: 2004}
    assert order([4, 2, 1, 3], years, []) == [1, 2, 3, 4]
    # 4 was made last and tells what came before 2.
    assert order([1, 2, 3, 4], years, [(2, 4), (3, 2)]) == [1, 4, 2, 3]


def test_circles_have_a_start_and_shows_elsewhere_do_not_count() -> None:
    years = {1: 2001, 2: 2002}
    assert order([1, 2], years, [(1, 2), (2, 1), (1, 9)]) == [1, 2]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8))), st.permutations(range(9)))
def test_every_show_comes_once_and_after_its_prequels(
    pairs: list[tuple[int, int]], release: list[int]
) -> None:
    # Without circles: what is later has the higher row.
    pairs = [(max(pair), min(pair)) for pair in pairs if pair[0] != pair[1]]
    found = order(list(range(9)), dict(enumerate(release)), pairs)
    assert sorted(found) == list(range(9))
    assert all(found.index(prequel) < found.index(show) for show, prequel in pairs)
