"""A site that is slow, busy, broken or malicious costs a bounded time and one sentence."""

from __future__ import annotations

import gzip
import json
import socket
from email.utils import formatdate
from time import perf_counter, time
from typing import TYPE_CHECKING

import pytest

from anirec.lists.by_name.site_client import ATTEMPTS, Patience
from anirec.lists.by_name.sites import Source
from anirec.lists.errors import SiteBrokenError, SiteBusyError, SiteTimeoutError
from lists.by_name.site_server import Reply
from lists.by_name.test_jikan import line, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from anirec.lists.by_name.sites import Sites
    from lists.by_name.conftest import Clock
    from lists.by_name.site_server import SiteServer

GOOD = page(line(5))
LIMITED = {"status": 429, "type": "RateLimitException", "message": "You are being rate-limited."}


def fetch(sites: Sites) -> int:
    return len(sites.fetch(Source.JIKAN, "someone").entries)


def test_a_fault_that_passes_is_not_seen(sites: Sites, site: SiteServer, clock: Clock) -> None:
    site.replies = [Reply(500), Reply(502, b"<html>"), GOOD]
    assert fetch(sites) == 1
    assert len(site.asked) == 3
    assert len(clock.slept) == 2
    assert all(0 <= seconds <= 4 for seconds in clock.slept)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_that_stays_is_said(sites: Sites, site: SiteServer, status: int) -> None:
    site.replies = [Reply(status, {})]
    with pytest.raises(SiteBrokenError, match=rf"^Jikan is out of order \(status {status}\)$"):
        fetch(sites)
    assert len(site.asked) == ATTEMPTS


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_that_is_asked_for_is_waited(
    sites: Sites, site: SiteServer, clock: Clock, status: int
) -> None:
    site.replies = [Reply(status, LIMITED, {"Retry-After": "7"}), GOOD]
    assert fetch(sites) == 1
    assert sum(clock.slept) >= 7


def test_a_date_to_wait_for_is_understood(sites: Sites, site: SiteServer) -> None:
    later = formatdate(time() + 600, usegmt=True)
    site.replies = [Reply(429, LIMITED, {"Retry-After": later})]
    with pytest.raises(SiteBusyError) as caught:
        fetch(sites)
    assert 590 < caught.value.seconds <= 600


def test_a_long_wait_is_passed_on_and_until_then_the_site_is_left_alone(
    sites: Sites, site: SiteServer, clock: Clock
) -> None:
    site.replies = [Reply(429, LIMITED, {"Retry-After": "60"}), GOOD]
    with pytest.raises(SiteBusyError, match="Jikan asks us to wait: try again in 60 seconds"):
        fetch(sites)
    with pytest.raises(SiteBusyError):
        sites.fetch(Source.JIKAN, "another")
    assert len(site.asked) == 1
    assert clock.slept == []


@pytest.mark.parametrize("said", ["", "soon", "-5", "99999999999"])
def test_without_a_sensible_time_the_wait_is_short(
    sites: Sites, site: SiteServer, said: str
) -> None:
    site.replies = [Reply(429, LIMITED, {"Retry-After": said} if said else {})]
    with pytest.raises(SiteBusyError, match="in 1 seconds"):
        fetch(sites)
    assert len(site.asked) == ATTEMPTS


def test_a_site_that_says_nothing_is_given_up(
    sites_of: Callable[..., Sites], site: SiteServer
) -> None:
    site.replies = [Reply(stalls=True)]
    began = perf_counter()
    with pytest.raises(SiteTimeoutError, match="takes too long"):
        fetch(sites_of(Patience(read=0.1)))
    assert perf_counter() - began < 2
    assert len(site.asked) == ATTEMPTS


def test_a_site_that_drips_is_given_up(sites_of: Callable[..., Sites], site: SiteServer) -> None:
    site.replies = [Reply(drips=True, content=b"{")]
    began = perf_counter()
    with pytest.raises(SiteTimeoutError, match="takes too long"):
        fetch(sites_of(Patience(read=1, whole=0.3)))
    assert perf_counter() - began < 2


def test_pages_together_have_a_time(sites_of: Callable[..., Sites], site: SiteServer) -> None:
    site.replies = [page(line(5), more=True)]
    with pytest.raises(SiteTimeoutError):
        fetch(sites_of(Patience(whole=0.05)))


@pytest.mark.parametrize("packed", [False, True])
def test_a_huge_answer_is_not_read_to_its_end(sites: Sites, site: SiteServer, packed: bool) -> None:
    content = b"[" + b" " * 50_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    site.replies = [
        Reply(content=gzip.compress(content, 1) if packed else content, headers=headers)
    ]
    with pytest.raises(SiteBrokenError, match="answers more than a list can be"):
        fetch(sites)


def test_a_packed_answer_is_read(sites: Sites, site: SiteServer) -> None:

    body = gzip.compress(json.dumps(GOOD.content).encode())
    site.replies = [Reply(content=body, headers={"Content-Encoding": "gzip"})]
    assert fetch(sites) == 1
    assert site.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(sites: Sites, site: SiteServer, status: int) -> None:
    site.replies = [Reply(status, {}, {"Location": f"{site.address}/elsewhere"}), GOOD]
    with pytest.raises(SiteBrokenError, match="sends us elsewhere"):
        fetch(sites)
    assert len(site.asked) == 1


@pytest.mark.parametrize("content", [b"", b"<html>", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_said(sites: Sites, site: SiteServer, content: bytes) -> None:
    site.replies = [Reply(content=content)]
    with pytest.raises(SiteBrokenError, match="Jikan answers no JSON"):
        fetch(sites)


def test_bytes_that_are_not_packed_as_said(sites: Sites, site: SiteServer) -> None:
    site.replies = [Reply(content=b"plain", headers={"Content-Encoding": "gzip"})]
    with pytest.raises(SiteBrokenError, match="cannot be reached"):
        fetch(sites)


def test_nobody_there(sites_of: Callable[..., Sites]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SiteBrokenError, match="Jikan cannot be reached"):
        fetch(sites_of(jikan_url=f"http://127.0.0.1:{port}/v4"))
