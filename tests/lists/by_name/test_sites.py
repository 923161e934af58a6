"""Lists by name are remembered for an hour, and no name leads a request elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anirec.lists.by_name import sites as module
from anirec.lists.by_name.site_settings import SiteSettings
from anirec.lists.by_name.sites import Sites, Source
from anirec.lists.errors import MissingProfileError, SiteBusyError, UserNameError
from lists.by_name.site_server import Reply
from lists.by_name.test_jikan import line, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from lists.by_name.conftest import Clock
    from lists.by_name.site_server import Asked, SiteServer


def test_a_list_is_remembered_for_an_hour(sites: Sites, site: SiteServer, clock: Clock) -> None:
    site.replies = [page(line(5)), page(line(6))]
    first = sites.fetch(Source.JIKAN, "Someone")
    clock.now += 3599
    assert sites.fetch(Source.JIKAN, "sOMEONE") is first
    assert len(site.asked) == 1
    clock.now += 2
    assert sites.fetch(Source.JIKAN, "someone") != first


def test_a_failure_is_not_remembered(sites: Sites, site: SiteServer) -> None:
    site.replies = [Reply(404, {}), page(line(5))]
    with pytest.raises(MissingProfileError):
        sites.fetch(Source.JIKAN, "someone")
    assert len(sites.fetch(Source.JIKAN, "someone").entries) == 1


def test_what_is_remembered_has_an_end(
    sites_of: Callable[..., Sites], site: SiteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_ENTRIES", 5)
    sites = sites_of()
    site.replies = [page(line(5), line(6))]  # counts 3 with the list itself
    for name in ("one", "two", "one"):
        sites.fetch(Source.JIKAN, name)
    assert len(site.asked) == 3


def test_a_slow_site_holds_few_threads(sites: Sites, site: SiteServer) -> None:
    arrived = Barrier(module.AT_ONCE + 1)
    go_on = Event()

    def wait(asked: Asked) -> Reply:
        arrived.wait(10)
        go_on.wait(10)
        return page(line(5))

    site.replies = [wait]
    with ThreadPoolExecutor(module.AT_ONCE) as threads:
        names = [f"viewer{i}" for i in range(module.AT_ONCE)]
        waiting = [threads.submit(sites.fetch, Source.JIKAN, name) for name in names]
        arrived.wait(10)
        with pytest.raises(SiteBusyError, match="too many lists are being fetched"):
            sites.fetch(Source.ANILIST, "another")
        go_on.set()
        assert [len(one.result().entries) for one in waiting] == [1] * module.AT_ONCE
    site.replies = [page(line(5))]
    assert len(sites.fetch(Source.JIKAN, "another").entries) == 1


@pytest.mark.parametrize(
    "name",
    [
        *("", "a", "a" * 21, "../admin", "a/b", "a?b=c", "a#b", "a b", "a\r\nHost: x", "@me"),
        *("é" * 4, "aa%2e%2e", "aa.bb", "aa\n", "user@host"),
    ],
)
@pytest.mark.parametrize("source", Source)
def test_a_name_that_no_site_gives_is_not_asked_for(
    sites: Sites, site: SiteServer, source: Source, name: str
) -> None:
    with pytest.raises(UserNameError, match="a user name has 2 to 20"):
        sites.fetch(source, name)
    assert site.asked == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=25) | st.from_regex(module.USER_NAME, fullmatch=True))
def test_any_name_asks_this_path_or_nothing(
    sites: Sites, site: SiteServer, clock: Clock, name: str
) -> None:
    site.replies = [Reply(404, {})]
    clock.now += 60  # or the site would be asked too often
    site.asked.clear()
    with pytest.raises((UserNameError, MissingProfileError)):
        sites.fetch(Source.JIKAN, name)
    assert [one.path for one in site.asked] in ([], [f"/v4/users/{name}/animelist"])


@pytest.mark.parametrize(
    "address",
    ["ftp://x", "api.example", "https://user@host/", "https://x/?q=1", "https://x/#a", "file:///x"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        SiteSettings(anilist_url=address)


def test_the_client_id_is_not_shown() -> None:
    assert "secret-id" not in repr(SiteSettings.model_validate({"mal_client_id": "secret-id"}))


def test_the_sites_are_asked_safely_unless_told_otherwise() -> None:
    usual = SiteSettings()
    for address in (usual.anilist_url, usual.myanimelist_url, usual.jikan_url):
        assert address.startswith("https://")
