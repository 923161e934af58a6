"""axe finds nothing to mend on any page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from web.browser.steps import (
    EVERYTHING,
    OWN,
    fits,
    keep,
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


def test_axe_finds_nothing_to_mend_on_any_page(page: Page, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    kept = urlsplit(keep(page, address)).path
    for path in (*PAGES, kept, f"{kept}/delete", "/lists/kept/deleted", "/lists/kept/unknown"):
        if page.goto(address + path) is None:
            continue
        for details in page.locator("details").all():
            details.evaluate("details => details.open = true")
        report = Axe().run(page)
        if report.violations_count:
            found.append(f"{path}: {report.generate_report()}")
        assert fits(page), path
    assert found == []
