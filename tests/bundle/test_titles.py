from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.bundle.titles import TitleSearch, fold, write_titles
from anirec.data.show import Show

if TYPE_CHECKING:
    from pathlib import Path

SHOWS = [
    Show(1, "Fullmetal Alchemist", title_japanese="鋼の錬金術師", synonyms=("FMA",)),
    Show(2, "Fullmetal Alchemist: Brotherhood"),
    Show(3, "Pokémon", synonyms=("Pocket Monsters",)),
    Show(4, "Steins;Gate"),
    Show(5, "Monster"),
    Show(6, "Gate: Jieitai", title_english="GATE"),
    Show(7, "Kiseki no Alchemist"),
]
POPULARITY = [0.5, 0.9, 0.3, 0.6, 0.4, 0.2, 0.1]


@pytest.fixture
def search(tmp_path: Path) -> TitleSearch:
    write_titles(tmp_path, SHOWS, POPULARITY)
    return TitleSearch(tmp_path)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("fullmetal alchemist", [0, 1]),  # the whole title before the more popular one
        ("full", [1, 0]),  # starts: most popular first
        ("alchemist", [1, 0, 6]),  # starts of words
        ("gate", [5, 3]),  # whole title, then a word
        ("pokemon", [2]),
        ("POKÉMON", [2]),
        ("鋼の", [0]),
        ("steins gate", [3]),
        ("brotherhood alchemist", [1]),  # words in any order
        ("monster", [4, 2]),
        ("onster", [4, 2]),  # any place
        ("naruto", []),
        ("", []),
        ("!?", []),
        ("|", []),
    ],
)
def test_ranks_matches(search: TitleSearch, query: str, rows: list[int]) -> None:
    assert search.rows(query, 10) == rows


def test_gives_no_more_than_asked_for(search: TitleSearch) -> None:
    assert search.rows("a", 2) == [1, 0]
    assert search.rows("a", 0) == []


def test_folding_drops_case_accents_and_signs() -> None:
    assert fold("  Pokémon: ＸＹ & ½|\n") == "pokemon xy 1 2"
