from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Histories
from anirec.data.show import Show
from anirec.data.split import Fold, HeldOut
from anirec.evaluation.relevance import discovery, liked, narrowed, of_items

ITEMS = 8
SHOWS = tuple(Show(anime_id=row + 1, title="", franchise=1 + row // 2 * 2) for row in range(ITEMS))
"""Two shows a franchise: rows 0 and 1, 2 and 3 and so on."""

Rated = list[tuple[int, int]]
"""(row, rating) of one list"""


def lists_of(rows: list[Rated]) -> Histories:
    flat = [entry for one in rows for entry in one]
    return Histories(
        user_ids=np.arange(len(rows), dtype=np.int64),
        indptr=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        items=np.array([row for row, _ in flat], dtype=np.int32),
        ratings=np.array([rating for _, rating in flat], dtype=np.uint8),
        statuses=np.full(len(flat), 2, dtype=np.uint8),
    )


def fold_of(history: list[Rated], held_out: list[Rated]) -> Fold:
    out = lists_of(held_out)
    return Fold(lists_of(history), HeldOut(out.indptr, out.items + 1, out.items, out.ratings))


def test_liked_by_hand() -> None:
    history: list[Rated] = [
        [(0, 9), (1, 9)],  # rates high: mean of all four 8.5
        [(0, 4), (1, 4)],  # rates low: mean 5
        [(0, 7), (1, 7)],  # always the same
        [(0, 0), (1, 0)],  # never rates
    ]
    held_out: list[Rated] = [
        [(2, 8), (3, 8)],
        [(2, 6), (3, 6), (4, 5), (5, 0)],
        [(2, 7)],
        [(2, 0)],
    ]
    expected = [True, True, True, True, False, False, False, False]
    assert liked(fold_of(history, held_out)).tolist() == expected


rated = st.lists(
    st.tuples(st.integers(0, ITEMS - 1), st.integers(0, 10)), unique_by=lambda e: e[0], max_size=6
)
folds = st.lists(st.tuples(rated, rated), min_size=1, max_size=5)


@given(folds)
def test_liked_is_eight_or_above_the_own_mean(pairs: list[tuple[Rated, Rated]]) -> None:
    mask = liked(fold_of([h for h, _ in pairs], [o for _, o in pairs]))
    expected = []
    for history, held_out in pairs:
        ratings = [rating for _, rating in history + held_out if rating]
        for _, rating in held_out:
            # On whole numbers: a mean of floats may lie a rounding below an equal rating.
            above = rating * len(ratings) > sum(ratings)
            expected.append(rating > 0 and (rating >= 8 or above))
    assert mask.tolist() == expected


@given(folds)
def test_discovery_is_of_no_franchise_of_the_history(pairs: list[tuple[Rated, Rated]]) -> None:
    mask = discovery(fold_of([h for h, _ in pairs], [o for _, o in pairs]), SHOWS)
    expected = [
        all(row // 2 != seen // 2 for seen, _ in history)
        for history, held_out in pairs
        for row, _ in held_out
    ]
    assert mask.tolist() == expected


def test_a_show_without_franchise_is_its_own_and_an_unknown_one_is_looked_for() -> None:
    shows = (Show(anime_id=1, title=""), Show(anime_id=2, title=""))
    fold = fold_of([[(0, 0)]], [[(1, 0), (-1, 0)]])
    assert discovery(fold, shows).tolist() == [True, True]
    # Nobody's cold item, though the last row is cold.
    assert of_items(fold.held_out, np.array([False, True])).tolist() == [True, False]


@given(folds, st.data())
def test_narrowed_keeps_viewers_and_the_chosen_entries(
    pairs: list[tuple[Rated, Rated]], data: st.DataObject
) -> None:
    held_out = fold_of([h for h, _ in pairs], [o for _, o in pairs]).held_out
    size = len(held_out.rows)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    kept = narrowed(held_out, mask)
    assert len(kept) == len(held_out)
    assert kept.rows.tolist() == held_out.rows[mask].tolist()
    assert kept.viewers.tolist() == held_out.viewers[mask].tolist()
