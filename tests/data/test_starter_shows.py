"""The packaged shows: facts and descriptions of our own."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest

from anirec.data import catalogue_json
from anirec.data.rejects import Rejects
from anirec.data.starter.shows import (
    episodes_of,
    index_of,
    packaged_shows,
    packaged_shows_text,
    refresh_facts,
    to_text,
)
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

RUN = 8


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def test_there_are_enough_shows_with_their_facts() -> None:
    shows = packaged_shows()
    assert len(shows) >= 500
    assert len({show["idMal"] for show in shows}) == len(shows)
    for show in shows:
        assert show["title"]["romaji"] or show["title"]["english"]
        assert show["type"] in {"TV", "Movie", "OVA", "ONA", "Special"}
        assert show["episodeCount"] >= 1
        assert show["year"] or show["aired"]
        for fact in ("source", "rating", "genres", "studios"):
            assert show[fact], (show["idMal"], fact)


def test_each_description_is_its_own_and_one_or_two_sentences() -> None:
    descriptions = [show["synopsis"] for show in packaged_shows()]
    assert len(set(descriptions)) == len(descriptions)
    for text in descriptions:
        assert 10 <= len(text.split()) <= 45
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith((".", "!", "?"))


def test_no_address_score_or_count_of_members_is_shipped() -> None:
    assert "http" not in packaged_shows_text()
    for show in packaged_shows():
        assert show.keys().isdisjoint({"images", "score", "members", "scorers", "popularity"})
        for other in show["sequence"]:
            assert other.keys() == {"malId", "relationType"}


def test_ingestion_reads_every_show() -> None:
    rejects = Rejects()
    shows = catalogue_json.read("shows.jsonl", packaged_shows_text(), rejects)
    assert rejects.count == 0
    assert len(shows) == len(packaged_shows())
    assert all(show.synopsis and show.genres and show.year for show in shows)
    assert not any(show.is_adult for show in shows)
    assert all(show.score is None and show.poster_url is None for show in shows)


def test_episodes_follow_the_index() -> None:
    shows = packaged_shows()
    row = int(index_of(shows).rows(5114))
    assert episodes_of(shows)[row] == 64


def catalogue_row(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "idMal": 1,
        "title": {"romaji": "A", "english": None, "native": "あ", "synonyms": ["B", "ア"]},
        **dict.fromkeys(("type", "source", "season", "rating"), "x"),
        "episodeCount": 2,
        "year": None,
        "aired": {"from": "2001-07-20", "to": None},
        "genres": ["Action"],
        "studios": [],
        "synopsis": "theirs",
        "score": {"malScore": 9.0},
        "images": {"poster": "https://example.org/1.jpg"},
        "sequence": [
            {"malId": 2, "relationType": "SEQUEL", "image": "https://example.org/2.jpg"},
            {"malId": None, "relationType": "OTHER"},
        ],
    }
    return row | changes


def test_refreshed_facts_leave_out_what_must_not_be_shipped(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.jsonl"
    path.write_text(json.dumps(catalogue_row()) + "\n")
    (show,) = refresh_facts([{"idMal": 1, "synopsis": "Ours."}], path)
    assert show["synopsis"] == "Ours."
    assert show["title"]["synonyms"] == ["B"]
    assert show["aired"] == {"from": "2001-07-20"}
    assert show["sequence"] == [{"malId": 2, "relationType": "SEQUEL"}]
    assert "http" not in to_text([show])
    assert "theirs" not in to_text([show])


def test_a_source_that_the_catalogue_does_not_know_stays(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.jsonl"
    path.write_text(json.dumps(catalogue_row(source=None)) + "\n")
    (show,) = refresh_facts([{"idMal": 1, "source": "Manga", "synopsis": "Ours."}], path)
    assert show["source"] == "Manga"


@pytest.mark.parametrize("text", ["not json\n", json.dumps({"idMal": 2}) + "\n", "[1]\n"])
def test_a_catalogue_that_does_not_serve_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalogue.jsonl"
    path.write_text(text)
    with pytest.raises(DataError, match=r"catalogue\.jsonl") as caught:
        refresh_facts([{"idMal": 1, "synopsis": "Ours."}], path)
    assert "\n" not in str(caught.value)


@pytest.mark.real
def test_facts_are_those_of_the_real_catalogue(real_data: Path) -> None:
    shows = packaged_shows()
    assert refresh_facts(shows, real_data / "catalogue.jsonl.gz") == shows


@pytest.mark.real
def test_no_description_shares_eight_words_in_a_row_with_a_real_synopsis(real_data: Path) -> None:
    ours = {
        tuple(run): show["idMal"]
        for show in packaged_shows()
        for run in zip(*(words(show["synopsis"])[i:] for i in range(RUN)), strict=False)
    }
    shared = set()
    with gzip.open(real_data / "catalogue.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            theirs = words(json.loads(line)["synopsis"] or "")
            runs = zip(*(theirs[i:] for i in range(RUN)), strict=False)
            shared |= {ours[run] for run in runs if run in ours}
    with gzip.open(real_data / "anime_with_synopsis.csv.gz", "rt", encoding="utf-8") as file:
        theirs = words(file.read())
        runs = zip(*(theirs[i:] for i in range(RUN)), strict=False)
        shared |= {ours[run] for run in runs if run in ours}
    assert shared == set()
