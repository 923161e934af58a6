from __future__ import annotations

from anirec.data.show import Show
from anirec.data.unreleased import unreleased


def test_without_year_and_episodes_a_show_is_announced_whatever_its_score() -> None:
    shows = [Show(1, "A"), Show(2, "B", score=6.5), Show(3, "C", episodes=3), Show(4, "D", year=1)]
    assert unreleased(shows) == [True, True, False, False]


def test_without_a_score_in_the_newest_scored_year_or_later_a_show_is_announced() -> None:
    shows = [
        Show(1, "Old and obscure", year=2019),
        Show(2, "Out", year=2020, score=7.0),
        Show(3, "Later this year", year=2020, episodes=12),
        Show(4, "Next year", year=2021),
        Show(5, "Scored without a year", episodes=1, score=7.0),
    ]
    assert unreleased(shows) == [False, False, True, True, False]


def test_without_any_score_years_say_nothing() -> None:
    assert unreleased([Show(1, "A", year=1990), Show(2, "B", year=2090)]) == [False, False]
    assert unreleased([]) == []
