"""Several catalogues become one: the richest wins per field, sets are united."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from anirec.data.catalogue_files import read_catalogue, recognise
from anirec.data.catalogue_merge import merge
from anirec.data.genres import GENRES
from anirec.data.normalise import AGE_RATINGS, SOURCES, TYPES
from anirec.data.rejects import Rejects
from anirec.data.show import Relation, Show

if TYPE_CHECKING:
    from pathlib import Path

RICH = Show(
    anime_id=1,
    title="Cowboy Bebop",
    title_japanese="カウボーイビバップ",
    synopsis="Bounty hunters.",
    genres=("Action", "Space"),
    tags=("Shipboard",),
    studios=("Sunrise",),
    type="TV",
    episodes=26,
    year=1998,
    score=8.75,
    relations=(Relation(5, "SIDE_STORY"),),
)
POOR = Show(
    anime_id=1,
    title="Kauboi Bibappu",
    title_english="Cowboy Bebop",
    synonyms=("cowboy bebop", "Space Cowboys"),
    genres=("Shounen", "Action"),
    studios=("Somebody",),
    episodes=25,
    year=1998,
    season="spring",
    relations=(Relation(17205, "SIDE_STORY"), Relation(5, "SIDE_STORY")),
    is_adult=True,
)


def test_the_richer_catalogue_wins_and_the_other_fills_in() -> None:
    for catalogues in ([[RICH], [POOR]], [[POOR], [RICH]]):
        assert merge(catalogues) == [
            replace(
                RICH,
                title_english="Cowboy Bebop",
                synonyms=("Space Cowboys",),
                genres=("Action", "Space", "Shounen"),
                season="spring",
                relations=(Relation(5, "SIDE_STORY"), Relation(17205, "SIDE_STORY")),
                franchise=1,
                is_adult=True,
            )
        ]


def test_a_season_of_another_year_is_not_taken() -> None:
    merged = merge([[RICH], [replace(POOR, year=1999)]])[0]
    assert (merged.year, merged.season) == (1998, None)


def test_rows_come_by_id_and_the_last_of_a_repeat_counts() -> None:
    first, last = Show(3, "first"), Show(3, "last")
    assert [(s.anime_id, s.title) for s in merge([[Show(9, "nine"), first, last], [RICH]])] == [
        (1, "Cowboy Bebop"),
        (3, "last"),
        (9, "nine"),
    ]


def test_a_title_is_taken_from_wherever_there_is_one() -> None:
    untitled = replace(RICH, title="")
    assert merge([[untitled], [POOR]])[0].title == "Kauboi Bibappu"
    assert merge([[replace(untitled, title_english="In English")]])[0].title == "In English"
    assert merge([[untitled]])[0].title == "カウボーイビバップ"
    assert merge([[replace(untitled, title_japanese=None)]]) == []


def test_adult_follows_the_merged_facts() -> None:
    rx = Show(1, "x", age_rating="Rx")
    assert merge([[RICH], [rx]])[0].is_adult
    assert not merge([[RICH]])[0].is_adult


def test_franchises_span_catalogues() -> None:
    merged = merge([[replace(RICH, anime_id=8)], [Show(5, "film"), Show(6, "other")]])
    assert {show.anime_id: show.franchise for show in merged} == {5: 5, 6: 6, 8: 5}


def test_merging_the_result_again_changes_nothing() -> None:
    merged = merge([[RICH, Show(5, "film")], [POOR]])
    assert merge([merged]) == merged


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == merge([[], []]) == []


@pytest.mark.real
def test_the_real_catalogues_merge_to_a_sensible_table(real_data: Path) -> None:
    catalogues = []
    for name in ("anime.csv.gz", "anime_with_synopsis.csv.gz", "catalogue.jsonl.gz"):
        data = gzip.decompress((real_data / name).read_bytes())
        layout = recognise(data[: 64 << 10])
        assert layout
        catalogues.append(read_catalogue(layout, name, io.BytesIO(data), Rejects()))
    shows = merge(catalogues)
    assert merge(catalogues[::-1]) == shows
    assert len(shows) == 27424 + 180
    assert all(show.title for show in shows)
    assert {show.type for show in shows} == {*TYPES, None}
    assert {show.source for show in shows} <= {*SOURCES, None}
    assert {show.age_rating for show in shows} == {*AGE_RATINGS, None}
    assert {genre for show in shows for genre in show.genres} <= set(GENRES)

    def coverage(field: str) -> float:
        return sum(getattr(show, field) not in (None, ()) for show in shows) / len(shows)

    least = {"type": 0.99, "episodes": 0.99, "members": 0.99, "age_rating": 0.98, "year": 0.97}
    least |= {"genres": 0.9, "source": 0.89, "season": 0.85, "synopsis": 0.82, "score": 0.77}
    assert {field: coverage(field) for field in least if coverage(field) < least[field]} == {}

    assert 1500 < sum(show.is_adult for show in shows) < 1800
    by_id = {show.anime_id: show for show in shows}
    assert by_id[1].franchise == by_id[5].franchise == 1
    assert by_id[20].franchise == by_id[1735].franchise
    with gzip.open(real_data / "animelist.csv.gz", "rt") as file:
        listed = {int(row["anime_id"]) for row in csv.DictReader(file)}
    assert len(listed - set(by_id)) == 70
