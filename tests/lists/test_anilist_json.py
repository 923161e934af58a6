"""AniList's data download and its lists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from anirec.data.schema import Status
from anirec.lists.errors import ListFileError, TooLargeError
from anirec.lists.file_formats import read_list
from anirec.lists.read_list import Site
from lists.exports import collection, entry, gdpr


def read(content: dict[str, Any]) -> Any:
    return read_list(json.dumps(content).encode())


def test_a_data_download_is_read() -> None:
    found = read_list(
        gdpr(
            {"series_id": 1, "score": 85, "status": 2},
            {"series_id": 2, "score": 0, "status": 1},
            {"series_id": 3, "score": 5, "status": 0},
            {"series_id": 4, "status": 3},
            {"series_id": 5, "status": 4},
            {"series_id": 6, "status": 5},
            {"series_id": 7, "series_type": 1},
            {"series_id": 8, "status": 6},
        )
    )
    assert found.source == "AniList data download"
    assert [(e.site, e.show_id, e.rating, e.status) for e in found.entries] == [
        (Site.ANILIST, 1, 9, Status.COMPLETED),
        (Site.ANILIST, 2, 0, Status.PLAN_TO_WATCH),
        (Site.ANILIST, 3, 1, Status.WATCHING),
        (Site.ANILIST, 4, 8, Status.DROPPED),
        (Site.ANILIST, 5, 8, Status.ON_HOLD),
        (Site.ANILIST, 6, 8, Status.COMPLETED),
    ]
    assert found.skipped == {"manga": 1, "unknown status": 1}


def test_a_list_brings_both_ids_and_its_scale() -> None:
    found = read(collection(entry(1005, 5, 4), entry(1006, None, 3), scale="POINT_5"))
    assert found.source == "AniList list"
    assert [(e.show_id, e.mal_id, e.rating, e.title) for e in found.entries] == [
        (1005, 5, 8, "A1005"),
        (1006, None, 6, "A1006"),
    ]
    assert found.notes == ()


def test_a_scale_that_is_not_named_is_assumed_and_told() -> None:
    found = read(collection(*(entry(1000 + i, i, 80) for i in range(1, 4)), scale=None))
    assert [one.rating for one in found.entries] == [8, 8, 8]
    assert found.notes == ("no scale is named: scores were read as out of 100",)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_list_is_found_at_any_depth_of_the_answer(depth: int) -> None:
    content: Any = collection(entry(1005, 5))
    for key in ("data", "MediaListCollection")[:depth]:
        content = content[key]
    assert [one.mal_id for one in read(content).entries] == [5]


def test_lists_of_ones_own_count_before_the_others() -> None:
    found = read(collection(entry(1005, 5, 9), custom=[entry(1005, 5, 3)]))
    assert [one.rating for one in found.entries] == [3, 9]


def test_an_entry_with_nothing_but_a_mal_id() -> None:
    media = {"media": {"idMal": 5}, "mediaId": None}
    (one,) = read(collection(entry(1, 1) | media)).entries
    assert (one.site, one.show_id) == (Site.MYANIMELIST, 5)


def test_a_manga_list_is_called_one() -> None:
    manga = entry(1, 1)
    manga["media"]["type"] = "MANGA"
    for data in (json.dumps(collection(manga)).encode(), gdpr({"series_id": 7, "series_type": 1})):
        with pytest.raises(ListFileError, match="is a manga list"):
            read_list(data)


def test_what_is_no_entry_is_skipped() -> None:
    content = collection(entry(1005, 5))
    lists = content["data"]["MediaListCollection"]["lists"]
    lists[0]["entries"] += [None, 3, "x", [], {}, {"mediaId": "y", "status": "COMPLETED"}]
    lists += [None, {"entries": None}, {"entries": {}}]
    found = read(content)
    assert len(found.entries) == 1
    assert found.skipped == {"no entry": 4, "no id": 2}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", r"is not valid JSON \(line 1: EOF"),
        (b'{"lists": [NaN]}', "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b"[1, 2]", "is JSON, but no list of AniList's"),
        (b'{"lists": {}}', "is JSON, but no list of AniList's"),
        (b'{"data": null, "errors": []}', "is JSON, but no list of AniList's"),
        (b'{"lists": [' + b"1" * 5000 + b"]}", "is not valid JSON"),
    ],
)
def test_other_json_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says):
        read_list(data)


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'"ab",', b'{"a":1},', b"1000,"])
def test_json_that_would_fill_the_memory_is_not_even_parsed(piece: bytes) -> None:
    with pytest.raises(TooLargeError, match="far more than a list"):
        read_list(b"[" + piece * 1_200_000 + b"1]")
