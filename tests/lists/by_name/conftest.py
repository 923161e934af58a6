"""A site, and those who ask it without waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from anirec.lists.by_name.site_client import Patience
from anirec.lists.by_name.site_settings import SiteSettings
from anirec.lists.by_name.sites import Sites
from lists.by_name.site_server import SiteServer, site_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = Patience(connect=2, read=2, retry=10, whole=20, max_bytes=200_000)


class Clock:
    """Time that passes only when somebody sleeps, or a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with site_server() as server:
        yield server


@pytest.fixture
def sites_of(site: SiteServer, clock: Clock) -> Callable[..., Sites]:
    def make(patience: Patience = QUICK, **settings: Any) -> Sites:
        usual = {
            "anilist_url": site.address,
            "myanimelist_url": f"{site.address}/v2",
            "jikan_url": f"{site.address}/v4",
            "mal_client_id": SecretStr("client-id"),
        }
        return Sites(SiteSettings(**usual | settings), patience, clock.time, clock.sleep)

    return make


@pytest.fixture
def sites(sites_of: Callable[..., Sites]) -> Sites:
    return sites_of()
