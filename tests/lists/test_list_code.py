"""Lists in addresses: what goes in comes out, short, and nothing else is taken."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import MAX_ANIME_ID, MAX_LIST, Status
from anirec.lists.list_code import CodedList, ListCodeError, decode_list, encode_list

ENTRIES = st.builds(
    Entry, st.integers(0, MAX_ANIME_ID), st.integers(0, 10), st.sampled_from(list(Status))
)
LISTS = st.builds(
    lambda entries, hidden: CodedList(tuple(entries), frozenset(hidden)),
    st.lists(ENTRIES, unique_by=lambda entry: entry.anime_id, max_size=60),
    st.frozensets(st.integers(0, MAX_ANIME_ID), max_size=20),
)


@given(LISTS)
def test_what_goes_in_comes_out(coded: CodedList) -> None:
    found = decode_list(encode_list(coded))
    assert found.entries == tuple(sorted(coded.entries, key=lambda entry: entry.anime_id))
    assert found.hidden == coded.hidden - {entry.anime_id for entry in coded.entries}


@given(LISTS, st.data())
def test_any_other_code_is_refused(coded: CodedList, data: st.DataObject) -> None:
    code = encode_list(coded)
    if not code:
        return
    place = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.characters(codec="ascii").filter(lambda letter: letter != code[place]))
    with pytest.raises(ListCodeError):
        decode_list(code[:place] + letter + code[place + 1 :])
    if place:
        with pytest.raises(ListCodeError):
            decode_list(code[:place])


@given(st.text())
def test_text_is_refused_or_a_list(text: str) -> None:
    try:
        coded = decode_list(text)
    except ListCodeError:
        return
    assert encode_list(coded) == text


def test_of_a_repeated_show_the_last_counts() -> None:
    code = encode_list(CodedList((Entry(5, 3), Entry(5, 9)), frozenset({5})))
    assert decode_list(code) == CodedList((Entry(5, 9),))


def test_500_entries_fit_into_an_address() -> None:
    rng = random.Random(0)
    ids = rng.sample(range(1, 60_000), 500)
    code = encode_list(CodedList(tuple(Entry(i, rng.randint(0, 10)) for i in ids)))
    assert len(code) <= 2_200


def test_no_list_grows_without_bound() -> None:
    hidden = frozenset(range(MAX_LIST + 1))
    with pytest.raises(ListCodeError):
        decode_list(encode_list(CodedList(hidden=hidden)))
