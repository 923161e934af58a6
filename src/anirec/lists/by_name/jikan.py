"""A viewer's list from Jikan, which reads the pages of MyAnimeList.

https://docs.api.jikan.moe/ (``/users/{username}/animelist``; the public server may refuse it,
installations of one's own serve it)
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from anirec.lists.errors import MissingProfileError, PrivateProfileError, SiteBrokenError
from anirec.lists.read_list import ListBuilder, Site, show_id_of
from anirec.lists.scores import rating_of
from anirec.lists.statuses import mal_status

if TYPE_CHECKING:
    from anirec.lists.by_name.site_client import SiteAnswer, SiteClient
    from anirec.lists.read_list import ReadList

NAME: Final = "Jikan"
LIMITS: Final = ((3, 1.0), (60, 60.0))
MAX_PAGES: Final = 100


def fetch(client: SiteClient, user_name: str) -> ReadList:
    """Fetch a list, page by page.

    Raises
    ------
    MissingProfileError, PrivateProfileError
        If there is nothing to fetch.
    SiteError
        If Jikan does not answer as it should.
    """
    builder = ListBuilder(f"the list of {user_name}")
    deadline = client.deadline()
    for number in range(1, MAX_PAGES + 1):
        answer = client.get(f"/users/{user_name}/animelist", {"page": number}, deadline)
        page = _page(answer, user_name)
        for line in page["data"]:
            _add(line, builder)
        pagination = page.get("pagination")
        more = pagination.get("has_next_page") if isinstance(pagination, dict) else False
        if more is not True or not page["data"]:
            break
    return builder.build(f"MyAnimeList through Jikan, {user_name}")


def _page(answer: SiteAnswer, user_name: str) -> dict[str, Any]:
    page = answer.content if isinstance(answer.content, dict) else {}
    if answer.status == HTTPStatus.NOT_FOUND:
        raise MissingProfileError(f"Jikan finds no list of {user_name} on MyAnimeList")
    if answer.status == HTTPStatus.FORBIDDEN:
        raise PrivateProfileError(f"the MyAnimeList list of {user_name} is private")
    if answer.status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE):
        raise SiteBrokenError("this Jikan server does not give lists: export the list as a file")
    if answer.status != HTTPStatus.OK or not isinstance(page.get("data"), list):
        raise SiteBrokenError(f"Jikan does not give the list (status {answer.status})")
    return page


def _add(line: object, builder: ListBuilder) -> None:
    show = line.get("anime") if isinstance(line, dict) else None
    if not isinstance(line, dict) or not isinstance(show, dict):
        builder.skip("no entry")
        return
    title = show.get("title")
    builder.add(
        Site.MYANIMELIST,
        show_id_of(show.get("mal_id")),
        rating_of(line.get("score")),
        mal_status(line.get("watching_status")),
        title if isinstance(title, str) else None,
    )
