"""AniList is asked as its documentation says, and its answers are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from anirec.lists.by_name import anilist
from anirec.lists.by_name.sites import Sites, Source
from anirec.lists.errors import MissingProfileError, PrivateProfileError, SiteBrokenError
from lists.by_name.site_server import Reply
from lists.exports import collection, entry

if TYPE_CHECKING:
    from lists.by_name.site_server import SiteServer


def failed(status: int, message: str) -> Reply:
    error = {"message": message, "status": status, "locations": [{"line": 1, "column": 2}]}
    return Reply(status, {"errors": [error], "data": {"MediaListCollection": None}})


def test_a_list_comes_in_chunks(sites: Sites, site: SiteServer) -> None:
    site.replies = [
        Reply(content=collection(entry(1005, 5, 80), scale="POINT_100", hasNextChunk=True)),
        Reply(content=collection(entry(1006, 6, 45), scale="POINT_100", hasNextChunk=False)),
    ]
    found = sites.fetch(Source.ANILIST, "Some_One")
    assert found.source == "AniList, Some_One"
    assert [(e.show_id, e.mal_id, e.rating) for e in found.entries] == [(1005, 5, 8), (1006, 6, 5)]
    assert [one.json["variables"] for one in site.asked] == [
        {"name": "Some_One", "chunk": chunk, "perChunk": 500} for chunk in (1, 2)
    ]
    for one in site.asked:
        assert (one.method, one.path) == ("POST", "/")
        assert one.headers["Content-Type"] == "application/json"
        assert one.headers["User-Agent"].startswith("anirec/")
        for word in ("MediaListCollection", "type: ANIME", "idMal", "scoreFormat", "hasNextChunk"):
            assert word in one.json["query"]


def test_an_empty_list_is_a_list(sites: Sites, site: SiteServer) -> None:
    empty: dict[str, Any] = {"hasNextChunk": False, "user": None, "lists": []}
    site.replies = [Reply(content={"data": {"MediaListCollection": empty}})]
    assert sites.fetch(Source.ANILIST, "nobody").entries == ()


def test_a_missing_profile_is_said_plainly(sites: Sites, site: SiteServer) -> None:
    site.replies = [failed(404, "User not found")]
    with pytest.raises(
        MissingProfileError, match=r"^AniList has no profile someone, or it is private$"
    ):
        sites.fetch(Source.ANILIST, "someone")
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", [404, 403, 200])
def test_a_private_profile_is_said_plainly(sites: Sites, site: SiteServer, status: int) -> None:
    site.replies = [failed(status, "Private User")]
    with pytest.raises(PrivateProfileError, match=r"^the AniList profile someone is private$"):
        sites.fetch(Source.ANILIST, "someone")


@pytest.mark.parametrize(
    "reply",
    [
        failed(400, "validation"),
        Reply(content={"data": None}),
        Reply(content=[]),
        Reply(content={"data": {"MediaListCollection": {"lists": None}}}),
    ],
)
def test_what_makes_no_sense_is_the_sites_fault(
    sites: Sites, site: SiteServer, reply: Reply
) -> None:
    site.replies = [reply]
    with pytest.raises(SiteBrokenError, match="AniList does not give the list"):
        sites.fetch(Source.ANILIST, "someone")


def test_chunks_without_end_end(
    sites: Sites, site: SiteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anilist, "MAX_CHUNKS", 4)
    site.replies = [Reply(content=collection(entry(1, 1), hasNextChunk=True))]
    assert len(sites.fetch(Source.ANILIST, "someone").entries) == 4
    assert len(site.asked) == 4
