"""Facts of a show have one spelling, whatever the source calls them."""

from __future__ import annotations

import pytest

from anirec.data import normalise


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(("TV", "TV"), ("TV_SHORT", "TV"), ("MOVIE", "Movie"), ("TV Special", "Special")),
        *(("SPECIAL", "Special"), ("Unknown", None), (None, None), ("Manga", None)),
    ],
)
def test_types(text: str | None, kind: str | None) -> None:
    assert normalise.show_type(text) == kind


@pytest.mark.parametrize(
    ("text", "source"),
    [
        *(("LIGHT_NOVEL", "Light novel"), ("4-koma manga", "4-koma manga"), ("Unknown", None)),
        *(("Digital manga", "Web manga"), ("VIDEO_GAME", "Game"), ("Stone tablet", "Other")),
    ],
)
def test_sources(text: str, source: str | None) -> None:
    assert normalise.source(text) == source


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        *(("PG-13 - Teens 13 or older", "PG-13"), ("R+ - Mild Nudity", "R+"), ("PG", "PG")),
        *(("Rx - Hentai", "Rx"), ("R - 17+ (violence & profanity)", "R"), ("None", None)),
    ],
)
def test_age_ratings(text: str, rating: str | None) -> None:
    assert normalise.age_rating(text) == rating


def test_adult_is_rx_hentai_or_erotica() -> None:
    assert normalise.is_adult("Rx", ())
    assert normalise.is_adult("R+", ("Drama", "Hentai"))
    assert normalise.is_adult(None, ("Erotica",))
    assert not normalise.is_adult("R+", ("Ecchi",))


@pytest.mark.parametrize(
    ("aired", "start"),
    [
        ("Apr 3, 1998 to Apr 24, 1999", (1998, "spring")),
        ("Mar 31, 2012", (2012, "spring")),
        ("Dec, 2003", (2003, "fall")),
        ("1975 to ?", (1975, None)),
        ("Unknown", (None, None)),
        ("Not available", (None, None)),
    ],
)
def test_first_aired(aired: str, start: tuple[int | None, str | None]) -> None:
    assert normalise.first_aired(aired) == start


@pytest.mark.parametrize(
    ("aired", "start"),
    [
        ("1998-04-03T00:00:00+00:00", (1998, "spring")),
        ("1999-01-01T00:00:00+00:00", (1999, None)),
        ("2003-01-02", (2003, "winter")),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_first_aired_iso(aired: str | None, start: tuple[int | None, str | None]) -> None:
    assert normalise.first_aired_iso(aired) == start


def test_only_whole_entities_are_resolved() -> None:
    assert normalise.one_line("Gintama&#039; &amp; friends") == "Gintama' & friends"
    assert normalise.one_line("Q&notes  and\tR&D") == "Q&notes and R&D"


def test_relations_are_written_as_on_anilist() -> None:
    assert normalise.relation_kind("Alternative version") == "ALTERNATIVE"
    assert normalise.relation_kind("Spin-off") == "SPIN_OFF"
    assert normalise.relation_kind(None) == "OTHER"
