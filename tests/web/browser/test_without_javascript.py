"""Everything works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.web_world import KNOWN

if TYPE_CHECKING:
    from playwright.sync_api import Browser


pytestmark = pytest.mark.real


def test_without_javascript_everything_works(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("User id").fill(str(KNOWN))
    page.get_by_role("button", name="Recommend").click()
    page.get_by_label("What counts").fill("60")
    page.get_by_role("button", name="Update").click()
    assert page.url == f"{address}/users/{KNOWN}?blend=60"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("link", name="English").get_attribute("aria-current") == "true"
    page.get_by_label("Find a show by title").fill("hero")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".card h3").inner_text() == "The Hero & the Very Long Road"
    page.goto(address)
    page.get_by_role("button", name="Liked it").first.click()
    page.get_by_label("Add a show that you have seen").fill("hero")
    page.keyboard.press("Enter")
    page.locator("#found").get_by_role("button", name="Did not like it").first.click()
    assert page.locator("#results .strip li").count() == 2
    page.locator("#results .strip button.rated").first.click()
    page.get_by_role("button", name="Rate 7 of 10").click()
    assert "★ 7" in page.locator("#results .strip").inner_text()
    page.locator(".card").first.get_by_role("button", name="Not interested").click()
    page.get_by_role("button", name="What this says of your taste").click()
    page.get_by_role("link", name="For you").click()
    page.get_by_label("Only first seasons").check()
    page.get_by_role("button", name="Update").click()
    assert "sequels=0" in page.url
    assert page.locator("#results .strip li").count() == 2
    assert page.locator(".card").count() == 24
    context.close()
