"""axe finds nothing to mend on any page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from web.browser.steps import (
    EVERYTHING,
    OWN,
    changes,
    fits,
    keep,
    post_a_long_list,
    read_a_file,
)
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from playwright.sync_api import Page


pytestmark = pytest.mark.real

PAGES = [
    "/",
    f"/users/{KNOWN}",
    "/recommendations",
    f"/recommendations?list={OWN}&find=show&rate=30",
    f"/recommendations?list={OWN}&year_from=2020&year_to=2000",
    f"/anime/{SHOW}",
    "/anime?q=show",
    "/lists",
    f"/together?list={OWN}",
    "/taste",
    f"/taste?list={EVERYTHING}",
    "/models",
    "/api/docs",
    "/users/x",
    "/nowhere",
]


def to_mend(page: Page) -> str:
    """Return what axe finds on the page as it is, and whether it is too wide."""
    from axe_playwright_python.sync_playwright import Axe

    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    report = Axe().run(page)
    found = str(report.generate_report()) if report.violations_count else ""
    return found if fits(page) else f"{found} too wide"


def test_axe_finds_nothing_to_mend_on_any_page(page: Page, address: str) -> None:
    found = []
    kept = urlsplit(keep(page, address)).path
    for path in (*PAGES, kept, f"{kept}/delete", "/lists/kept/deleted", "/lists/kept/unknown"):
        if page.goto(address + path) is None:
            continue
        found += [f"{path}: {problem}" for problem in [to_mend(page)] if problem]
    assert found == []


def test_axe_finds_nothing_to_mend_where_no_address_leads(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    changes(
        page,
        page.locator("#results .card").first.get_by_role("button", name="Seen and liked").click,
    )
    changes(page, page.get_by_role("button", name="Rate ").first.click)
    assert to_mend(page) == ""
    post_a_long_list(page, address)
    assert to_mend(page) == ""
    read_a_file(page, address)
    assert to_mend(page) == ""


def test_axe_finds_nothing_to_mend_where_a_kept_list_was_changed(page: Page, address: str) -> None:
    link = keep(page, address)
    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    secret = link.rpartition("/")[2]
    page.request.put(
        f"{address}/api/v1/profiles/{secret}", data={"history": [{"anime_id": 30, "rating": 2}]}
    )
    page.get_by_role("button", name="Save these changes").click()
    page.get_by_role("link", name="Look at it first").wait_for()
    assert to_mend(page) == ""
