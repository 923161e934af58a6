"""Jikan v4 is asked as its documentation says, and its answers are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from anirec.data.schema import Status
from anirec.lists.by_name.sites import Sites, Source
from anirec.lists.errors import MissingProfileError, PrivateProfileError, SiteBrokenError
from lists.by_name.site_server import Reply

if TYPE_CHECKING:
    from lists.by_name.site_server import SiteServer


def line(anime_id: int, score: int = 8, status: int = 2) -> dict[str, Any]:
    anime = {"mal_id": anime_id, "title": f"A{anime_id}", "type": "TV", "episodes": 12}
    return {"watching_status": status, "score": score, "episodes_watched": 3, "anime": anime}


def page(*lines: Any, more: bool = False) -> Reply:
    pagination = {"last_visible_page": 2, "has_next_page": more}
    return Reply(content={"pagination": pagination, "data": list(lines)})


def test_pages_are_followed(sites: Sites, site: SiteServer) -> None:
    site.replies = [page(line(5, 0, 6), more=True), page(line(6, 10, 1))]
    found = sites.fetch(Source.JIKAN, "someone")
    assert found.source == "MyAnimeList through Jikan, someone"
    assert [(e.show_id, e.rating, e.status, e.title) for e in found.entries] == [
        (5, 0, Status.PLAN_TO_WATCH, "A5"),
        (6, 10, Status.WATCHING, "A6"),
    ]
    assert [(one.path, one.query) for one in site.asked] == [
        ("/v4/users/someone/animelist", {"page": number}) for number in ("1", "2")
    ]


def test_an_empty_page_is_the_last(sites: Sites, site: SiteServer) -> None:
    site.replies = [page(more=True)]
    assert sites.fetch(Source.JIKAN, "someone").entries == ()
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (404, MissingProfileError, "finds no list of someone"),
        (403, PrivateProfileError, "is private"),
        (405, SiteBrokenError, "does not give lists: export the list as a file"),
        (400, SiteBrokenError, "does not give the list"),
    ],
)
def test_what_goes_wrong_is_said_plainly(
    sites: Sites, site: SiteServer, status: int, error: type[Exception], says: str
) -> None:
    site.replies = [Reply(status, {"status": status, "type": "HttpException", "message": "..."})]
    with pytest.raises(error, match=says):
        sites.fetch(Source.JIKAN, "someone")


def test_what_is_no_entry_is_skipped(sites: Sites, site: SiteServer) -> None:
    site.replies = [page(line(5), None, {"anime": []}, line(6, status=5))]
    found = sites.fetch(Source.JIKAN, "someone")
    assert len(found.entries) == 1
    assert found.skipped == {"no entry": 2, "unknown status": 1}
