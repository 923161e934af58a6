"""Titles as people mistype them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.bundle.spelling import Spelling
from anirec.bundle.titles import TitleSearch, write_titles
from anirec.data.show import Show

if TYPE_CHECKING:
    from pathlib import Path

SHOWS = [
    Show(10, "Hagane no Renkinjutsushi", title_english="Fullmetal Alchemist"),
    Show(20, "Steins;Gate", title_japanese="シュタインズ・ゲート"),
    Show(30, "Shingeki no Kyojin", title_english="Attack on Titan", title_japanese="進撃の巨人"),
    Show(40, "Kaubooi Bibappu", synonyms=("Cowboy Bebop",)),
    Show(50, "Cowboy Bebop: Tengoku no Tobira"),
]


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> TitleSearch:
    place: Path = tmp_path_factory.mktemp("titles")
    write_titles(place, SHOWS, [0.5, 0.4, 0.3, 0.2, 0.1])
    return TitleSearch(place)


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("fulmetal alchmist", 0),
        ("Fullmetla", 0),
        ("steinsgate", 1),
        ("stiens gate", 1),
        ("シュタイズゲート", 1),
        ("atack on titan", 2),
        ("進撃の居人", 2),
        ("cowboy bepop", 3),
    ],
)
def test_the_show_that_was_meant_comes_first(titles: TitleSearch, typed: str, row: int) -> None:
    assert titles.rows(typed, 3)[0] == row


def test_what_is_spelt_right_is_not_corrected(titles: TitleSearch) -> None:
    assert titles.rows("gate", 5) == [1]
    assert titles.rows("cowboy bebop", 5) == [3, 4]


@pytest.mark.parametrize("typed", ["xyzzyqqq", "gaet of", "ab", "zz zz zz"])
def test_what_is_like_nothing_finds_nothing(titles: TitleSearch, typed: str) -> None:
    assert titles.rows(typed, 5) == []


@given(st.text(max_size=60), st.integers(1, 5))
def test_whatever_is_typed_finds_rows_once(titles: TitleSearch, typed: str, n: int) -> None:
    rows = titles.rows(typed, n)
    assert len(rows) == len(set(rows)) <= n


@given(st.data())
def test_one_slip_in_a_long_word_is_corrected(data: st.DataObject) -> None:
    words = ["alchemist", "cowboy", "evangelion"]
    word = data.draw(st.sampled_from(words))
    place = data.draw(st.integers(0, len(word) - 1))
    kind = data.draw(st.sampled_from(["drop", "swap", "double"]))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    typed = {
        "drop": before + after,
        "swap": before + after[:1] + letter + after[1:],
        "double": before + letter + letter + after,
    }[kind]
    assert next(Spelling(words).words(typed)) == [word]
