"""Codes of types and genres: trees were trained on them, so a larger catalogue must keep them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anirec.data.item_index import ItemIndex
from anirec.data.show import Relation, Show
from anirec.ranking.learned.item_facts import KINDS, ItemFacts

SHOWS = (
    Show(10, "One", type="TV", genres=("Drama", "Mystery")),
    Show(20, "Two", type="Movie", genres=("Drama",)),
    Show(30, "Three"),
)


def facts_of(shows: tuple[Show, ...], coded_as: ItemFacts | None = None) -> ItemFacts:
    return ItemFacts.of(shows, ItemIndex([show.anime_id for show in shows]), coded_as)


def test_codes_have_names() -> None:
    facts = facts_of(SHOWS)

    assert facts.type_names[facts.type].tolist() == ["TV", "Movie", ""]
    assert facts.genre_names.tolist() == ["Drama", "Mystery"]
    np.testing.assert_array_equal(facts.genres, [[1, 1], [1, 0], [0, 0]])


def test_an_unknown_type_has_a_code_whether_a_show_has_it_or_not() -> None:
    assert facts_of(SHOWS[:2]).type_names.tolist() == ["", "Movie", "TV"]


def test_a_larger_catalogue_keeps_the_codes() -> None:
    trained_on = facts_of(SHOWS)
    new = (
        Show(5, "Before", type="Advert", genres=("Action", "Drama")),
        Show(40, "After", type="TV", genres=("Mystery",)),
    )
    larger = facts_of((new[0], *SHOWS, new[1]), trained_on)

    np.testing.assert_array_equal(larger.type[1:4], trained_on.type)
    np.testing.assert_array_equal(larger.genres[1:4], trained_on.genres)
    assert larger.type[[0, 4]].tolist() == [0, trained_on.type[0]]
    np.testing.assert_array_equal(larger.genres[[0, 4]], [[1, 0], [0, 1]])


def test_codes_hold_when_a_type_disappears() -> None:
    trained_on = facts_of(SHOWS)
    without_movies = (SHOWS[0], replace(SHOWS[1], type="TV"), SHOWS[2])

    assert facts_of(without_movies, trained_on).type.tolist() == [2, 2, 0]


def test_relations_are_those_of_the_rows_that_are_asked_for() -> None:
    shows = (
        Show(1, "One", relations=(Relation(2, "SEQUEL"), Relation(99, "SEQUEL"))),
        Show(2, "Two", relations=(Relation(1, "PREQUEL"), Relation(3, "SIDE_STORY"))),
        Show(3, "Three"),
    )
    places, others, kinds = facts_of(shows).relations(np.array([2, 1, 0, 1], dtype=np.int32))

    # What the catalogue lacks is not among them.
    assert places.tolist() == [1, 1, 2, 3, 3]
    assert others.tolist() == [0, 2, 1, 0, 2]
    names = [KINDS[kind] for kind in kinds]
    assert names == ["PREQUEL", "SIDE_STORY", "SEQUEL", "PREQUEL", "SIDE_STORY"]


def test_facts_survive_being_stored() -> None:
    facts = facts_of(SHOWS)
    again = ItemFacts.restore(facts.state())

    for name, array in facts.state().items():
        np.testing.assert_array_equal(again.state()[name], array)
        assert array.dtype.kind != "O"
