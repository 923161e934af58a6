"""A viewer's list from MyAnimeList's API, which asks for a client id.

https://myanimelist.net/apiconfig/references/api/v2#operation/users_user_id_animelist_get
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from anirec.lists.errors import (
    MissingProfileError,
    NotSetUpError,
    PrivateProfileError,
    SiteBrokenError,
)
from anirec.lists.read_list import ListBuilder, Site, show_id_of, whole_number
from anirec.lists.scores import rating_of
from anirec.lists.statuses import mal_status

if TYPE_CHECKING:
    from anirec.lists.by_name.site_client import SiteAnswer, SiteClient
    from anirec.lists.read_list import ReadList

NAME: Final = "MyAnimeList"
CLIENT_ID_HEADER: Final = "X-MAL-CLIENT-ID"
LIMITS: Final = ((2, 1.0), (60, 60.0))
"""MyAnimeList publishes none; these are modest."""
PER_PAGE: Final = 1000


def fetch(client: SiteClient, user_name: str) -> ReadList:
    """Fetch a list, page by page.

    Raises
    ------
    MissingProfileError, PrivateProfileError
        If there is nothing to fetch.
    NotSetUpError
        If MyAnimeList refuses our client id.
    SiteError
        If it does not answer as it should.
    """
    builder = ListBuilder(f"the list of {user_name}")
    deadline = client.deadline()
    offset: int | None = 0
    while offset is not None:
        query = {"fields": "list_status", "limit": PER_PAGE, "offset": offset, "nsfw": "true"}
        answer = client.get(f"/users/{user_name}/animelist", query, deadline)
        page = _page(answer, user_name)
        for line in page["data"]:
            _add(line, builder)
        offset = _next(page, offset)
    return builder.build(f"MyAnimeList, {user_name}")


def _page(answer: SiteAnswer, user_name: str) -> dict[str, Any]:
    page = answer.content if isinstance(answer.content, dict) else {}
    if answer.status == HTTPStatus.NOT_FOUND:
        raise MissingProfileError(f"MyAnimeList has no profile {user_name}")
    if answer.status == HTTPStatus.FORBIDDEN:
        raise PrivateProfileError(f"the MyAnimeList list of {user_name} is private")
    if answer.status == HTTPStatus.UNAUTHORIZED or "client id" in str(page.get("message")).lower():
        raise NotSetUpError("MyAnimeList refuses the client id of ANIREC_MAL_CLIENT_ID")
    if answer.status != HTTPStatus.OK or not isinstance(page.get("data"), list):
        raise SiteBrokenError(f"MyAnimeList does not give the list (status {answer.status})")
    return page


def _next(page: dict[str, Any], offset: int) -> int | None:
    """Return where the next page begins; of its address nothing else is taken."""
    paging = page.get("paging")
    address = paging.get("next") if isinstance(paging, dict) else None
    if not isinstance(address, str):
        return None
    named = whole_number(parse_qs(urlsplit(address).query).get("offset", [""])[0])
    if named is None or named <= offset:
        raise SiteBrokenError("MyAnimeList names a next page that is none")
    return named


def _add(line: object, builder: ListBuilder) -> None:
    node = line.get("node") if isinstance(line, dict) else None
    about = line.get("list_status") if isinstance(line, dict) else None
    if not isinstance(node, dict) or not isinstance(about, dict):
        builder.skip("no entry")
        return
    title = node.get("title")
    builder.add(
        Site.MYANIMELIST,
        show_id_of(node.get("id")),
        rating_of(about.get("score")),
        mal_status(about.get("status")),
        title if isinstance(title, str) else None,
    )
