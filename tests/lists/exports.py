"""Files as sites export them, and a catalogue to hold them against."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ANIME = """\t<anime>
\t\t<series_animedb_id>{id}</series_animedb_id>
\t\t<series_title><![CDATA[{title}]]></series_title>
\t\t<series_type>TV</series_type>
\t\t<series_episodes>12</series_episodes>
\t\t<my_id>0</my_id>
\t\t<my_watched_episodes>12</my_watched_episodes>
\t\t<my_start_date>2015-05-00</my_start_date>
\t\t<my_finish_date>0000-00-00</my_finish_date>
\t\t<my_rated></my_rated>
\t\t<my_score>{score}</my_score>
\t\t<my_storage></my_storage>
\t\t<my_storage_value>0.00</my_storage_value>
\t\t<my_status>{status}</my_status>
\t\t<my_comments><![CDATA[]]></my_comments>
\t\t<my_times_watched>0</my_times_watched>
\t\t<my_rewatch_value></my_rewatch_value>
\t\t<my_priority>LOW</my_priority>
\t\t<my_tags><![CDATA[]]></my_tags>
\t\t<my_rewatching>0</my_rewatching>
\t\t<my_rewatching_ep>0</my_rewatching_ep>
\t\t<my_discuss>1</my_discuss>
\t\t<my_sns>default</my_sns>
\t\t<update_on_import>0</update_on_import>
\t</anime>
"""
MANGA = "<manga><manga_mangadb_id>2</manga_mangadb_id><my_score>9</my_score></manga>"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!--
 Created by XML Export feature at MyAnimeList.net
-->
<myanimelist>
\t<myinfo>
\t\t<user_id>1</user_id>
\t\t<user_name>someone</user_name>
\t\t<user_export_type>1</user_export_type>
\t</myinfo>
"""


def anime(
    show_id: object, score: object = 8, status: object = "Completed", title: str = "T"
) -> str:
    return ANIME.format(id=show_id, score=score, status=status, title=title)


def mal_xml(*entries: str, head: str = HEAD) -> bytes:
    return (head + "".join(entries) + "</myanimelist>\n").encode()


def gdpr(*lines: dict[str, Any]) -> bytes:
    usual = {"series_type": 0, "progress": 12, "score": 80, "status": 2, "notes": None}
    return json.dumps(
        {
            "user": {"id": 1, "display_name": "someone"},
            "lists": [usual | line for line in lines],
            "activity": [{"id": 1, "status": "watched episode"}],
        }
    ).encode()


def entry(media_id: int, mal_id: int | None, score: float = 8, **more: Any) -> dict[str, Any]:
    media = {"id": media_id, "idMal": mal_id, "type": "ANIME", "title": {"romaji": f"A{media_id}"}}
    return {"mediaId": media_id, "status": "COMPLETED", "score": score, "media": media, **more}


def collection(
    *entries: dict[str, Any],
    scale: str | None = "POINT_10",
    custom: Sequence[Any] = (),
    **more: Any,
) -> dict[str, Any]:
    lists = [{"name": "Completed", "isCustomList": False, "entries": list(entries)}]
    if custom:
        lists.append({"name": "Best", "isCustomList": True, "entries": list(custom)})
    user = {"mediaListOptions": {"scoreFormat": scale}} if scale else None
    return {"data": {"MediaListCollection": {"user": user, "lists": lists, **more}}}


class Shows:
    """A catalogue of a few ids; AniList's are 1000 more."""

    def __init__(self, *anime_ids: int, anilist: bool = True) -> None:
        self.anime_ids = set(anime_ids)
        self.has_anilist_ids = anilist

    def knows(self, anime_ids: Sequence[int]) -> list[bool]:
        return [anime_id in self.anime_ids for anime_id in anime_ids]

    def anime_of_anilist(self, anilist_ids: Sequence[int]) -> list[int | None]:
        found = [anilist_id - 1000 for anilist_id in anilist_ids]
        known = self.anime_ids if self.has_anilist_ids else set()
        return [anime_id if anime_id in known else None for anime_id in found]
