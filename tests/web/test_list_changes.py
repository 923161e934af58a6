"""What each button does to a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import MAX_LIST, Status
from anirec.lists.list_code import CodedList
from anirec.web.list_changes import changed
from anirec.web.wishes import WishError

LIST = CodedList((Entry(1, 8), Entry(2, 0, Status.PLAN_TO_WATCH)), frozenset({3}))


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        ("like:9", Entry(9, 9)),
        ("dislike:9", Entry(9, 3)),
        ("seen:9", Entry(9)),
        ("drop:9", Entry(9, 0, Status.DROPPED)),
        ("plan:9", Entry(9, 0, Status.PLAN_TO_WATCH)),
        ("7:9", Entry(9, 7)),
        ("10:1", Entry(1, 10)),
        # Whoever rates what was planned has seen it.
        ("6:2", Entry(2, 6)),
        # What was hidden is on the list from then on.
        ("like:3", Entry(3, 9)),
    ],
)
def test_a_show_gets_onto_the_list_once(change: str, entry: Entry) -> None:
    after = changed(LIST, change)
    assert [one for one in after.entries if one.anime_id == entry.anime_id] == [entry]
    assert entry.anime_id not in after.hidden
    others = {one for one in LIST.entries if one.anime_id != entry.anime_id}
    assert others <= set(after.entries)


def test_a_dropped_show_that_is_rated_stays_dropped() -> None:
    dropped = CodedList((Entry(1, 0, Status.DROPPED),))
    assert changed(dropped, "4:1").entries == (Entry(1, 4, Status.DROPPED),)


def test_what_is_hidden_leaves_the_list_and_what_is_forgotten_both() -> None:
    assert changed(LIST, "hide:1") == CodedList((LIST.entries[1],), frozenset({1, 3}))
    assert changed(LIST, "forget:1") == CodedList((LIST.entries[1],), frozenset({3}))
    assert changed(LIST, "forget:3") == CodedList(LIST.entries)


@pytest.mark.parametrize(
    "change",
    ["", "like", "like:", "like:x", "love:1", "0:1", "11:1", "like:99999999999", "like:-1"],
)
def test_anything_else_is_refused(change: str) -> None:
    with pytest.raises(WishError, match="none of ours"):
        changed(LIST, change)


@given(st.text(max_size=20))
def test_text_is_refused_or_changes_one_show(text: str) -> None:
    try:
        after = changed(LIST, text)
    except WishError:
        return
    assert len(set(after.entries) ^ set(LIST.entries)) <= 2


def test_a_list_does_not_grow_beyond_what_can_be_read_again() -> None:
    full = CodedList(tuple(Entry(number + 1, 5) for number in range(MAX_LIST)))
    for change in ("like:900000", "hide:900000"):
        with pytest.raises(WishError, match="take one out first"):
            changed(full, change)
    assert len(changed(full, "7:1").entries) == MAX_LIST
    assert len(changed(full, "hide:1").entries) == MAX_LIST - 1
