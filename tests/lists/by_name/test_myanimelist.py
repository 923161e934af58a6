"""MyAnimeList's API v2 is asked as its documentation says, and its answers are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from anirec.data.schema import Status
from anirec.lists.by_name.sites import Sites, Source
from anirec.lists.errors import (
    MissingProfileError,
    NotSetUpError,
    PrivateProfileError,
    SiteBrokenError,
)
from lists.by_name.site_server import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from lists.by_name.site_server import SiteServer


def line(anime_id: int, score: int = 8, status: str = "completed") -> dict[str, Any]:
    return {
        "node": {
            "id": anime_id,
            "title": f"A{anime_id}",
            "main_picture": {"medium": "https://x/1"},
        },
        "list_status": {
            "status": status,
            "score": score,
            "num_episodes_watched": 3,
            "is_rewatching": False,
            "updated_at": "2017-11-11T19:52:16+00:00",
        },
    }


def page(*lines: dict[str, Any], next_page: str | None = None) -> Reply:
    return Reply(content={"data": list(lines), "paging": {"next": next_page} if next_page else {}})


def test_pages_are_followed_by_their_offset_and_nowhere_else(
    sites: Sites, site: SiteServer
) -> None:
    site.replies = [
        page(
            line(5, 10, "plan_to_watch"),
            line(6, 0, "on_hold"),
            next_page="https://elsewhere.example/v2/users/other/animelist?offset=1000&limit=9",
        ),
        page(line(7)),
    ]
    found = sites.fetch(Source.MYANIMELIST, "some-one")
    assert found.source == "MyAnimeList, some-one"
    assert [(e.show_id, e.rating, e.status, e.title) for e in found.entries] == [
        (5, 10, Status.PLAN_TO_WATCH, "A5"),
        (6, 0, Status.ON_HOLD, "A6"),
        (7, 8, Status.COMPLETED, "A7"),
    ]
    assert [one.query["offset"] for one in site.asked] == ["0", "1000"]
    for one in site.asked:
        assert (one.method, one.path) == ("GET", "/v2/users/some-one/animelist")
        assert one.headers["X-MAL-CLIENT-ID"] == "client-id"
        assert one.query["fields"] == "list_status"
        assert one.query["limit"] == "1000"
        assert one.query["nsfw"] == "true"


@pytest.mark.parametrize("client_id", ["", " \n", "a\r\nHost: x", "é"])
def test_without_a_client_id_nobody_is_asked(
    sites_of: Callable[..., Sites], site: SiteServer, client_id: str
) -> None:
    with pytest.raises(NotSetUpError, match="ANIREC_MAL_CLIENT_ID"):
        sites_of(mal_client_id=SecretStr(client_id)).fetch(Source.MYANIMELIST, "someone")
    assert site.asked == []


def test_a_line_break_after_the_client_id_is_no_part_of_it(
    sites_of: Callable[..., Sites], site: SiteServer
) -> None:
    site.replies = [page(line(5))]
    sites_of(mal_client_id=SecretStr("client-id\n")).fetch(Source.MYANIMELIST, "someone")
    assert site.asked[0].headers["X-MAL-CLIENT-ID"] == "client-id"


@pytest.mark.parametrize(
    ("reply", "error", "says"),
    [
        (Reply(404, {"message": "", "error": "not_found"}), MissingProfileError, "no profile some"),
        (Reply(403, {"message": "", "error": "not_permitted"}), PrivateProfileError, "is private"),
        (
            Reply(400, {"message": "Invalid client id", "error": "bad_request"}),
            NotSetUpError,
            "refuses the client id",
        ),
        (Reply(401, {"error": "invalid_token"}), NotSetUpError, "refuses the client id"),
        (Reply(200, {"data": None}), SiteBrokenError, "does not give the list"),
        (Reply(200, []), SiteBrokenError, "does not give the list"),
        (page(line(5), next_page="x?offset=0"), SiteBrokenError, "a next page that is none"),
        (page(line(5), next_page="x"), SiteBrokenError, "a next page that is none"),
    ],
)
def test_what_goes_wrong_is_said_plainly(
    sites: Sites, site: SiteServer, reply: Reply, error: type[Exception], says: str
) -> None:
    site.replies = [reply]
    with pytest.raises(error, match=says):
        sites.fetch(Source.MYANIMELIST, "someone")
    assert len(site.asked) == 1


def test_what_is_no_entry_is_skipped(sites: Sites, site: SiteServer) -> None:
    lines: list[Any] = [line(5), None, {}, {"node": {"id": 6}}, line(0), line(7, status="reading")]
    site.replies = [page(*lines)]
    found = sites.fetch(Source.MYANIMELIST, "someone")
    assert len(found.entries) == 1
    assert found.skipped == {"no entry": 3, "no id": 1, "unknown status": 1}
