"""Catalogue files: known by their columns or keys, read row by row, bad rows told and left out."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from anirec.data.catalogue_files import read_catalogue, recognise
from anirec.data.rejects import Rejects
from anirec.data.show import Relation, Show
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

KAGGLE_2020 = {
    "MAL_ID": "1",
    "Name": "Cowboy Bebop",
    "Score": "8.78",
    "Genres": "Action, Adventure, Shounen Ai, Space",
    "English name": "Cowboy Bebop",
    "Japanese name": "カウボーイビバップ",
    "Type": "TV",
    "Episodes": "26",
    "Aired": "Apr 3, 1998 to Apr 24, 1999",
    "Premiered": "Spring 1998",
    "Producers": "Bandai Visual",
    "Licensors": "Funimation",
    "Studios": "Sunrise, Bones",
    "Source": "Original",
    "Duration": "24 min. per ep.",
    "Rating": "R - 17+ (violence & profanity)",
    "Ranked": "28.0",
    "Popularity": "39",
    "Members": "1251960",
}
KAGGLE_2016 = {
    "anime_id": "9969",
    "name": "Gintama&#039;",
    "genre": "Action, Sci-Fi, Hentai",
    "type": "TV",
    "episodes": "51",
    "rating": "9.16",
    "members": "151266",
}
SYNOPSIS_2020 = {
    "MAL_ID": "1",
    "Name": "Cowboy Bebop",
    "Score": "8.78",
    "Genres": "Action, Space",
    "sypnopsis": 'In 2071, "bounty hunters"\r\n\r\nchase  criminals.',
}
KAGGLE_2018 = {
    "anime_id": "11013",
    "title": "Inu x Boku SS",
    "title_english": "Inu X Boku Secret Service",
    "title_japanese": "妖狐×僕SS",
    "title_synonyms": "Youko x Boku SS, Inu x Boku SS",
    "image_url": "https://images.example/11013.jpg",
    "type": "TV",
    "source": "Manga",
    "episodes": "12",
    "status": "Finished Airing",
    "aired_string": "Jan 13, 2012 to Mar 30, 2012",
    "rating": "PG-13 - Teens 13 or older",
    "score": "7.63",
    "members": "283882",
    "premiered": "Winter 2012",
    "related": str(
        {
            "Adaptation": [{"mal_id": 17207, "type": "manga", "url": "", "title": "Inu x Boku"}],
            "Side story": [{"mal_id": 13403, "type": "anime", "url": "", "title": "Special"}],
        }
    ),
    "studio": "David Production",
    "genre": "Comedy, Supernatural, Romance, Shounen",
}
JSON_LINE: dict[str, Any] = {
    "id": 5,
    "idMal": 5,
    "title": {
        "romaji": "Tengoku no Tobira",
        "english": "The Movie",
        "native": "天国の扉",
        "synonyms": ["the movie", "Knockin&#039; on Heaven&#039;s Door", ""],
    },
    "type": "MOVIE",
    "source": None,
    "episodeCount": 1,
    "aired": {"from": "2001-09-01T00:00:00+00:00", "to": None},
    "season": None,
    "year": None,
    "rating": "Rx - Hentai",
    "score": {"malScore": 8, "anilistScore": 8.2},
    "genres": ["Science Fiction", "Sci-Fi", "Other Planet"],
    "studios": ["Bones"],
    "images": {"poster": "https://images.example/5.jpg"},
    "synopsis": "There is currently no synopsis for this title.",
    "sequence": [
        {"malId": 1, "relationType": "PARENT"},
        {"malId": None, "relationType": "SEQUEL"},
        {"malId": 5, "relationType": "SEQUEL"},
    ],
    "members": 414561,
}


def csv_bytes(*rows: dict[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def json_bytes(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def read(data: bytes, rejects: Rejects | None = None) -> list[Show]:
    layout = recognise(data[: 64 << 10])
    assert layout
    return read_catalogue(layout, "file", io.BytesIO(data), rejects or Rejects())


def rejected(data: bytes, path: Path) -> tuple[list[Show], list[tuple[int, str]]]:
    with Rejects(path / "rejected.csv") as rejects:
        shows = read(data, rejects)
    with (path / "rejected.csv").open(newline="") as file:
        return shows, [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("head", "layout"),
    [
        (csv_bytes(KAGGLE_2020), "Kaggle 2020 anime.csv"),
        (csv_bytes(SYNOPSIS_2020), "Kaggle 2020 anime_with_synopsis.csv"),
        (csv_bytes(KAGGLE_2018), "Kaggle 2018 AnimeList.csv"),
        (csv_bytes(KAGGLE_2016), "Kaggle 2016 anime.csv"),
        (json_bytes(JSON_LINE), "JSON-lines catalogue"),
        (b"\xef\xbb\xbf" + csv_bytes(KAGGLE_2016), "Kaggle 2016 anime.csv"),
        (csv_bytes(KAGGLE_2020).decode().encode("utf-16"), "Kaggle 2020 anime.csv"),
        (b"user_id,anime_id,rating\n1,2,3\n", None),
        (b'{"user": 1}\n', None),
        (b"", None),
        (b"\x1f\x8b\x00\xff", None),
    ],
)
def test_a_layout_is_known_by_its_columns_or_keys(head: bytes, layout: str | None) -> None:
    assert recognise(head) == layout


def test_a_json_line_longer_than_the_head_is_recognised() -> None:
    head = json_bytes(JSON_LINE | {"synopsis": "long " * 20_000})[: 64 << 10]
    assert recognise(head) == "JSON-lines catalogue"


def test_kaggle_2020() -> None:
    assert read(csv_bytes(KAGGLE_2020)) == [
        Show(
            anime_id=1,
            title="Cowboy Bebop",
            title_english="Cowboy Bebop",
            title_japanese="カウボーイビバップ",
            genres=("Action", "Adventure", "Boys Love", "Space"),
            studios=("Sunrise", "Bones"),
            source="Original",
            type="TV",
            episodes=26,
            year=1998,
            season="spring",
            age_rating="R",
            score=8.78,
            members=1251960,
        )
    ]


def test_unknown_means_missing_and_numbers_may_be_written_as_fractions() -> None:
    missing = dict.fromkeys(KAGGLE_2020, "Unknown") | {"MAL_ID": "7.0", "Name": "Unknown"}
    assert read(csv_bytes(missing)) == [Show(anime_id=7, title="Unknown")]
    assert read(csv_bytes(KAGGLE_2020 | {"Episodes": "28.0"}))[0].episodes == 28
    assert read(csv_bytes(KAGGLE_2020 | {"Episodes": "0", "Score": "0.0"}))[0].score is None


def test_year_and_season_come_from_the_air_date_where_there_is_no_premiere() -> None:
    row = KAGGLE_2020 | {"Premiered": "Unknown"}
    show = read(csv_bytes(row | {"Aired": "Sep 1, 2001"}))[0]
    assert (show.year, show.season) == (2001, "fall")
    show = read(csv_bytes(row | {"Aired": "2021 to ?"}))[0]
    assert (show.year, show.season) == (2021, None)


def test_kaggle_2016_resolves_html_entities_and_flags_adult_titles() -> None:
    show = read(csv_bytes(KAGGLE_2016))[0]
    assert show.title == "Gintama'"
    assert show.is_adult
    assert (show.episodes, show.score, show.members) == (51, 9.16, 151266)
    assert read(csv_bytes(KAGGLE_2016 | {"rating": "", "genre": "", "type": ""}))[0].genres == ()


def test_kaggle_2018_keeps_related_anime_and_leaves_manga_out() -> None:
    show = read(csv_bytes(KAGGLE_2018))[0]
    assert show.relations == (Relation(13403, "SIDE_STORY"),)
    assert show.synonyms == ("Youko x Boku SS",)
    assert (show.year, show.season, show.age_rating) == (2012, "winter", "PG-13")
    assert show.poster_url == "https://images.example/11013.jpg"
    assert read(csv_bytes(KAGGLE_2018 | {"related": "[]"}))[0].relations == ()


def test_synopses_keep_their_paragraphs_and_lose_their_placeholders() -> None:
    assert read(csv_bytes(SYNOPSIS_2020))[0].synopsis == (
        'In 2071, "bounty hunters"\n\nchase criminals.'
    )
    for placeholder in (
        "No synopsis information has been added to this title. Help improve our database by "
        "adding a synopsis here .",
        "No synopsis has been added for this series yet.\n\nClick here to update this information.",
        "There is currently no synopsis for this title.",
        "N/A",
        " ",
    ):
        assert read(csv_bytes(SYNOPSIS_2020 | {"sypnopsis": placeholder}))[0].synopsis is None


def test_json_lines() -> None:
    assert read(json_bytes(JSON_LINE)) == [
        Show(
            anime_id=5,
            title="Tengoku no Tobira",
            title_english="The Movie",
            title_japanese="天国の扉",
            synonyms=("Knockin' on Heaven's Door",),
            genres=("Sci-Fi",),
            tags=("Other Planet",),
            studios=("Bones",),
            type="Movie",
            episodes=1,
            year=2001,
            season="fall",
            age_rating="Rx",
            score=8.0,
            members=414561,
            poster_url="https://images.example/5.jpg",
            relations=(Relation(1, "PARENT"),),
            is_adult=True,
        )
    ]


def test_json_lines_say_how_anilist_calls_a_show() -> None:
    for mappings, expected in (
        ({"mal": 5, "anilist": 17}, 17),
        ({"anilist": None}, None),
        ({}, None),
    ):
        assert read(json_bytes(JSON_LINE | {"mappings": mappings}))[0].anilist_id == expected


def test_bad_json_lines_are_rejected_with_line_and_reason(tmp_path: Path) -> None:
    lines = [
        json_bytes(JSON_LINE),
        b"\n",
        b'{"idMal": 6, "title"\n',
        json_bytes({"title": {"romaji": "No id"}}),
        json_bytes(JSON_LINE | {"idMal": "7"}),
        json_bytes(JSON_LINE | {"idMal": 8, "title": {"romaji": 8}}),
        json_bytes(JSON_LINE | {"idMal": 9, "synopsis": "Zoë"}).replace("ë".encode(), b"\xeb"),
        b"[]\n",
        json_bytes(JSON_LINE | {"idMal": 2**31}),
        json_bytes(JSON_LINE | {"idMal": 10}),
    ]
    shows, reasons = rejected(b"".join(lines), tmp_path)
    assert [show.anime_id for show in shows] == [5, 10]
    assert reasons == [
        (3, "not valid JSON"),
        (4, "idMal: Field required"),
        (5, "idMal: Input should be a valid integer"),
        (6, "title.romaji: Input should be a valid string"),
        (7, "not valid UTF-8"),
        (8, "line: Input should be an object"),
        (9, "idMal: Input should be less than 2147483648"),
    ]


def test_bad_csv_rows_are_rejected_with_line_and_reason(tmp_path: Path) -> None:
    good = csv_bytes(KAGGLE_2016 | {"name": "two\nlines"})
    start = good.index(b"\r\n") + 2
    header, row = good[:start], good[start:]
    rows = [
        row,  # lines 2 and 3
        b",No id,Action,TV,1,7,10\r\n",
        b"-3,Negative,Action,TV,1,7,10\r\n",
        b"4,Too few,Action\r\n",
        b"8,Bad \xff byte,Action,TV,1,7,10\r\n",
        b"9,,Action,TV,1,7,10\r\n",
        b"\r\n",
        row,
    ]
    shows, reasons = rejected(header + b"".join(rows), tmp_path)
    assert [show.title for show in shows] == ["two lines", "two lines"]
    assert reasons == [
        (4, "anime_id: missing"),
        (5, "anime_id: not a whole number from 1 up"),
        (6, "3 columns instead of 7"),
        (7, "not valid UTF-8"),
        (8, "name: missing"),
    ]


def test_a_bad_fact_in_a_json_line_costs_that_fact_only(tmp_path: Path) -> None:
    bad = JSON_LINE | {
        "title": JSON_LINE["title"] | {"synonyms": "one text"},
        "episodeCount": -1,
        "year": 99999,
        "score": {"malScore": 12},
        "genres": ["Sci-Fi", 7, "Other Planet"],
        "sequence": [{"malId": "one"}, 3, {"malId": 1, "relationType": "PARENT"}],
    }
    shows, reasons = rejected(json_bytes(bad), tmp_path)
    good = read(json_bytes(JSON_LINE))[0]
    assert shows == [replace(good, synonyms=(), episodes=None, score=None)]
    assert {line for line, _ in reasons} == {1}
    assert {reason.split(":")[0] for _, reason in reasons} == {
        *("title.synonyms", "episodeCount", "year", "score.malScore", "genres"),
        *("sequence.malId", "sequence"),
    }
    year = "year: Input should be less than or equal to 2100; kept without it"
    assert (1, year) in reasons


def test_a_bad_fact_in_a_csv_row_costs_that_fact_only(tmp_path: Path) -> None:
    rows = [
        KAGGLE_2016 | {"rating": "great"},
        KAGGLE_2016 | {"rating": "11", "episodes": "1.5", "members": "-1"},
        KAGGLE_2016,
    ]
    shows, reasons = rejected(csv_bytes(*rows), tmp_path)
    good = shows[2]
    assert shows[0] == replace(good, score=None)
    assert shows[1] == replace(good, score=None, episodes=None, members=None)
    assert sorted(reasons) == [
        (2, "rating: not a number; kept without it"),
        (3, "episodes: not a whole number from 0 up; kept without it"),
        (3, "members: not a whole number from 0 up; kept without it"),
        (3, "rating: not from 0 to 10; kept without it"),
    ]


def test_a_stray_quote_costs_one_line_not_the_rest_of_the_file(tmp_path: Path) -> None:
    header, row = csv_bytes(KAGGLE_2016).split(b"\r\n")[:2]
    stray = b'1,"Never closed,Action,TV,1,7,10'
    data = b"\r\n".join([header, row, stray, row, row, b""])
    shows, reasons = rejected(data, tmp_path)
    assert len(shows) == 3
    assert reasons == [(3, "unreadable CSV")]


@pytest.mark.parametrize(
    "related",
    [
        "__import__('os').getcwd()",
        "{'Sequel': [{'mal_id': 1e999, 'type': 'anime'}]}",
        "[" * 5_000,
        "-" * 10_000 + "1",
    ],
    ids=["code", "infinite", "brackets", "signs"],
)
def test_relations_that_are_none_are_left_out(tmp_path: Path, related: str) -> None:
    shows, reasons = rejected(csv_bytes(KAGGLE_2018 | {"related": related}), tmp_path)
    assert [show.relations for show in shows] == [()]
    assert reasons == [(2, "related: not a list of relations; kept without it")]


def test_a_missing_column_stops_and_names_it_and_those_found() -> None:
    row = {name: cell for name, cell in KAGGLE_2020.items() if name not in ("Genres", "Type")}
    with pytest.raises(DataError, match=r"lacks the column Genres, Type .* it has: MAL_ID, Name"):
        read(csv_bytes(row))
    for row in (KAGGLE_2016, KAGGLE_2018):
        row = {name: cell for name, cell in row.items() if name != "genre"}
        with pytest.raises(DataError, match="lacks the column genre"):
            read(csv_bytes(row))


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "layout", "rows"),
    [
        ("anime.csv.gz", "Kaggle 2020 anime.csv", 17562),
        ("anime_with_synopsis.csv.gz", "Kaggle 2020 anime_with_synopsis.csv", 16214),
        ("catalogue.jsonl.gz", "JSON-lines catalogue", 27424),
        ("animelist.csv.gz", None, 0),
    ],
)
def test_real_catalogues_are_read_without_loss(
    real_data: Path, name: str, layout: str | None, rows: int
) -> None:
    rejects = Rejects()
    with gzip.open(real_data / name) as stream:
        assert recognise(stream.read(64 << 10)) == layout
        if layout is None:
            return
        stream.seek(0)
        shows = read_catalogue(layout, name, io.BytesIO(stream.read()), rejects)
    assert len({show.anime_id for show in shows}) == rows
    assert rejects.count == 0
    assert not [show for show in shows if "o synopsis" in (show.synopsis or "")[:40]]
