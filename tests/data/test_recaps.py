from __future__ import annotations

import pytest

from anirec.data.recaps import recaps
from anirec.data.show import Relation, Show


def of_two(summary: Show) -> bool:
    story = Show(1, "Story", type="TV", episodes=24, relations=(Relation(2, "SUMMARY"),))
    return recaps([story, summary]) == [False, True]


@pytest.mark.parametrize(
    "show",
    [
        Show(2, "Story: The Film", type="Movie", episodes=1),
        Show(2, "Story", type="Special", episodes=12),
        Show(2, "Story"),
    ],
)
def test_what_another_show_names_as_its_summary_is_a_recap(show: Show) -> None:
    assert of_two(show)


@pytest.mark.parametrize(
    "show",
    [
        Show(2, "Story (TV)", type="TV", episodes=12),
        Show(2, "Story", type="ONA", episodes=13),
    ],
)
def test_a_series_and_a_long_show_are_none(show: Show) -> None:
    assert not of_two(show)


@pytest.mark.parametrize(
    "show",
    [
        Show(3, "Nana Recaps", type="Special"),
        Show(3, "Bonobono Soushuuhen", type="Special"),
        Show(3, "X", title_english="X: Recap"),
        Show(3, "X", title_japanese="X 総集編"),
        Show(3, "X", synonyms=("Y", "X Digest")),
    ],
)
def test_a_title_may_say_so(show: Show) -> None:
    assert recaps([show]) == [True]


@pytest.mark.parametrize("title", ["Recapture", "Indigestion", "Summaryland", ""])
def test_parts_of_words_say_nothing(title: str) -> None:
    assert recaps([Show(3, title)]) == [False]
