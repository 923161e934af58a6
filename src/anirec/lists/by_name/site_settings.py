"""Where the sites are asked. No request can change it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from anirec.config import Config

Address = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._/-]*)?$")]


class SiteSettings(Config):
    """Addresses of the sites, and what they ask us for."""

    anilist_url: Address = "https://graphql.anilist.co"
    """AniList's GraphQL API"""
    myanimelist_url: Address = "https://api.myanimelist.net/v2"
    """MyAnimeList's API"""
    mal_client_id: SecretStr = SecretStr("")
    """What MyAnimeList knows us by; without it only Jikan can be asked for its lists."""
    jikan_url: Address = "https://api.jikan.moe/v4"
    """Jikan, which reads MyAnimeList's pages"""
