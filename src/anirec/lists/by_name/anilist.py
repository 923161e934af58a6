"""A viewer's list from AniList's GraphQL API.

https://docs.anilist.co/guide/graphql/queries/media-list
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from anirec.lists.anilist_json import add_collection, find_collection
from anirec.lists.errors import MissingProfileError, PrivateProfileError, SiteBrokenError
from anirec.lists.read_list import ListBuilder

if TYPE_CHECKING:
    from anirec.lists.by_name.site_client import SiteAnswer, SiteClient
    from anirec.lists.read_list import ReadList

NAME: Final = "AniList"
LIMITS: Final = ((25, 60.0),)
"""AniList serves 30 requests a minute (90 when it is well)."""
PER_CHUNK: Final = 500
MAX_CHUNKS: Final = 60

QUERY: Final = """
query ($name: String, $chunk: Int, $perChunk: Int) {
  MediaListCollection(userName: $name, type: ANIME, chunk: $chunk, perChunk: $perChunk) {
    hasNextChunk
    user { mediaListOptions { scoreFormat } }
    lists { isCustomList entries { mediaId status score media { id idMal type title { romaji } } } }
  }
}
"""


def fetch(client: SiteClient, user_name: str) -> ReadList:
    """Fetch a list, chunk by chunk.

    Raises
    ------
    MissingProfileError, PrivateProfileError
        If there is nothing to fetch.
    SiteError
        If AniList does not answer as it should.
    """
    builder = ListBuilder(f"the list of {user_name}")
    deadline = client.deadline()
    notes: tuple[str, ...] = ()
    for chunk in range(1, MAX_CHUNKS + 1):
        variables = {"name": user_name, "chunk": chunk, "perChunk": PER_CHUNK}
        answer = client.post({"query": QUERY, "variables": variables}, deadline)
        collection = _collection(answer, user_name)
        notes = add_collection(collection, builder)
        if collection.get("hasNextChunk") is not True:
            break
    return builder.build(f"AniList, {user_name}", *notes)


def _collection(answer: SiteAnswer, user_name: str) -> dict[str, Any]:
    said = _errors(answer.content).lower()
    if "private" in said:
        raise PrivateProfileError(f"the AniList profile {user_name} is private")
    if answer.status == HTTPStatus.NOT_FOUND or "not found" in said:
        # A private profile may look like none.
        raise MissingProfileError(f"AniList has no profile {user_name}, or it is private")
    collection = find_collection(answer.content)
    if answer.status != HTTPStatus.OK or collection is None:
        raise SiteBrokenError(f"AniList does not give the list (status {answer.status})")
    return collection


def _errors(content: object) -> str:
    """Return the messages of an answer."""
    errors = content.get("errors") if isinstance(content, dict) else None
    if not isinstance(errors, list):
        return ""
    return "; ".join(str(error.get("message")) for error in errors if isinstance(error, dict))
