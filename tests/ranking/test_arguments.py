from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.ranking.arguments import check_dislikes, check_entries, parse_count


@given(st.integers(1, 10**6))
def test_a_count_is_a_plain_int(n: int) -> None:
    assert parse_count(n) == n
    small = parse_count(np.int8(n % 100 + 1))  # type: ignore[arg-type]
    assert type(small) is int
    assert small == n % 100 + 1


@pytest.mark.parametrize("n", [0, -1, np.int64(0), 2.0, np.float32(2), True, "3", None])
def test_what_is_no_count(n: Any) -> None:
    with pytest.raises(ValueError, match="n must be "):
        parse_count(n)


def test_the_switch_knows_two_positions() -> None:
    assert check_dislikes(True) is True
    assert check_dislikes(False) is False
    for wrong in (0, 1, None, "no", np.True_):
        with pytest.raises(ValueError, match="dislikes must be True or False, not "):
            check_dislikes(wrong)  # type: ignore[arg-type]


entries = st.builds(
    Entry,
    anime_id=st.integers(),
    rating=st.integers(0, 10),
    status=st.sampled_from([*Status, *map(int, Status)]),
)


@given(st.lists(entries))
def test_lists_as_people_have_them(history: list[Entry]) -> None:
    check_entries(history)
    check_entries([Entry(np.int32(5), np.uint8(7), np.int64(2)) for _ in history])  # type: ignore[arg-type]


@given(
    entries,
    st.sampled_from(["anime_id", "rating", "status"]),
    st.sampled_from([None, "2", 1.5, True]),
)
def test_the_message_names_the_field(entry: Entry, field: str, value: Any) -> None:
    values = {name: getattr(entry, name) for name in ("anime_id", "rating", "status")}
    with pytest.raises(ValueError, match=f"the {field} of a list entry must be a whole number"):
        check_entries([entry, Entry(**(values | {field: value}))])


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (Entry(10, 11), r"the rating of anime 10 must be from 0 \(not rated\) to 10, not 11"),
        (Entry(10, -1), "the rating of anime 10 must be from 0"),
        (Entry(10, 5, 5), "the status of anime 10 must be one of 1, 2, 3, 4, 6, not 5"),
    ],
)
def test_the_message_names_the_show(entry: Entry, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_entries([entry])
