"""Labels of several sites become one list of genres; the rest are tags."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anirec.data.genres import ALIASES, GENRES, genres_and_tags, label_key


def test_spellings_are_merged_and_placeholders_dropped() -> None:
    labels = ["Space", "sci-fi", "Science Fiction", "Zombies", "Zombie", "Unknown", " ", "Action"]
    assert genres_and_tags(labels) == (("Action", "Sci-Fi", "Space"), ("Zombie",))


def test_former_names_become_those_of_today() -> None:
    old = ["Shoujo Ai", "Yuri", "Shounen Ai", "Yaoi", "Dementia", "Thriller", "Cars"]
    assert genres_and_tags(old) == (
        ("Avant Garde", "Boys Love", "Girls Love", "Suspense", "Racing"),
        (),
    )


def test_tags_keep_their_order_and_lose_stray_spaces() -> None:
    labels = ["Shipboard", "Bakumatsu   Meiji Period", "shipboard"]
    assert genres_and_tags(labels) == ((), ("Shipboard", "Bakumatsu Meiji Period"))


def test_no_name_is_listed_twice_and_aliases_are_written_as_keys() -> None:
    assert len({label_key(name) for name in GENRES}) == len(GENRES)
    assert all(alias == label_key(alias) for alias in ALIASES)
    assert not set(ALIASES) & {label_key(name) for name in GENRES}


@given(st.lists(st.sampled_from([*GENRES, *ALIASES, "Shipboard", "Zombie", "High School"])))
def test_sorting_labels_again_changes_nothing(labels: list[str]) -> None:
    genres, tags = genres_and_tags(labels)
    assert genres_and_tags((*genres, *tags)) == (genres, tags)
    assert set(genres) <= set(GENRES)
    assert not set(tags) & set(GENRES)
