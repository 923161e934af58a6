from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.histories import Histories
from anirec.data.split import Fold, HeldOut
from anirec.evaluation.figures import headline, measure
from anirec.evaluation.full_ranking import NO_ITEM, hits, rank, top_items

ITEMS = 9


def histories_of(rows: list[list[int]]) -> Histories:
    flat = np.array([row for one in rows for row in one], dtype=np.int32)
    blank = np.zeros(len(flat), dtype=np.uint8)
    indptr = np.cumsum([0] + [len(one) for one in rows]).astype(np.int64)
    return Histories(np.arange(len(rows), dtype=np.int64), indptr, flat, blank, blank + 2)


def held_out_of(rows: list[list[int]]) -> HeldOut:
    same = histories_of(rows)
    return HeldOut(same.indptr, same.items + 1, same.items, same.ratings)


class Fixed:
    """Scores that follow from the list alone, however lists are batched."""

    n_items = ITEMS

    def score(self, histories: Histories) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        grid = np.arange(ITEMS)[None] * 7 + histories.user_ids[:, None] * 3
        return (grid % 4).astype(np.float32)


lists = st.lists(st.lists(st.integers(0, ITEMS - 1), unique=True), max_size=6)


@given(lists, st.integers(1, 12))
@settings(deadline=None)
def test_is_the_plain_sort(rows: list[list[int]], n: int) -> None:
    seen = histories_of(rows)
    scores = Fixed().score(seen)
    top = rank(Fixed(), seen, n)
    assert top.shape == (len(rows), n)
    for viewer, row in enumerate(rows):
        unseen = [item for item in range(ITEMS) if item not in row]
        best = sorted(unseen, key=lambda item: (-scores[viewer, item], item))[:n]
        assert top[viewer].tolist() == best + [NO_ITEM] * (n - len(best))


@given(lists, st.data())
def test_hits_are_membership(rows: list[list[int]], data: st.DataObject) -> None:
    place = st.lists(st.integers(-1, ITEMS - 1), min_size=3, max_size=3)
    top = np.array([data.draw(place) for _ in rows], dtype=np.int32).reshape(-1, 3)
    held = held_out_of(rows)
    found = hits(top, held, ITEMS)
    expected = [[p in row for p in places] for places, row in zip(top.tolist(), rows, strict=True)]
    assert found.tolist() == expected
    assert hits(top[1:], held, ITEMS, first=1).tolist() == expected[1:]


def test_an_unknown_held_out_item_is_a_miss() -> None:
    seen = histories_of([[0, 1]])
    known = Fold(seen, held_out_of([[3]]))
    with_unknown = Fold(seen, held_out_of([[3, -1]]))
    assert measure(Fixed(), known).per_viewer["recall"].tolist() == [1]
    assert measure(Fixed(), with_unknown).per_viewer["recall"].tolist() == [0.5]
    # A list that ends early must not count its empty places as hits of the unknown item.
    everything = histories_of([list(range(ITEMS))])
    nothing_left = Fold(everything, held_out_of([[-1]]))
    assert measure(Fixed(), nothing_left).per_viewer["hit_rate"].tolist() == [0]


def test_infinite_scores_of_seen_items_do_not_matter() -> None:
    scores = np.zeros((1, ITEMS), dtype=np.float32)
    scores[0, 4] = 1e30
    assert top_items(scores, histories_of([[4]]), 2).tolist() == [[0, 1]]


def test_headline_of_a_batch_is_that_of_the_whole() -> None:
    rows = [[0, 1], [2], [5, 6], []]
    fold = Fold(histories_of(rows), held_out_of([[3, 8], [-1, 0], [1], [7, 4, 2]]))
    whole = measure(Fixed(), fold).per_viewer["ndcg"]
    some = slice(1, 3)
    batch = fold.history.select(some)
    part = headline(Fixed().score(batch), batch, fold.held_out, some)
    np.testing.assert_array_equal(part, whole[some])
