"""Everything works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.browser.steps import fits, open_the_form
from web.web_world import KNOWN

if TYPE_CHECKING:
    from playwright.sync_api import Page


pytestmark = pytest.mark.real


def test_without_javascript_everything_works(plain: Page, address: str) -> None:
    page = plain
    page.goto(address)
    assert fits(page)
    page.get_by_label("User id").fill(str(KNOWN))
    page.get_by_role("button", name="Recommend").click()
    page.wait_for_url(f"{address}/users/{KNOWN}")
    open_the_form(page)
    page.get_by_label("What counts").fill("60")
    page.get_by_role("button", name="Update").click()
    page.wait_for_url(f"{address}/users/{KNOWN}?blend=60")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**lang=english")
    assert page.get_by_role("link", name="English").get_attribute("aria-current") == "true"
    page.get_by_label("Find a show by title").fill("hero")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/anime?q=hero")
    assert page.locator(".card h3").inner_text() == "The Hero & the Very Long Road"
    page.goto(address)
    page.get_by_role("button", name="Liked it").first.click()
    page.get_by_label("Add a show that you have seen").fill("hero")
    page.keyboard.press("Enter")
    page.locator("#found").get_by_role("button", name="Did not like it").first.click()
    page.locator("#results .strip li").nth(1).wait_for()
    page.locator("#results .strip button.rated").first.click()
    page.get_by_role("button", name="Rate 7 of 10").click()
    page.locator("#results .strip").get_by_text("★ 7").wait_for()
    page.locator(".card").first.get_by_role("button", name="Not interested").click()
    page.get_by_role("button", name="What this says of your taste").click()
    page.wait_for_url("**/taste?*")
    page.get_by_role("link", name="For you").click()
    page.wait_for_url("**/recommendations?*")
    open_the_form(page)
    page.get_by_label("Only first seasons").check()
    page.get_by_role("button", name="Update").click()
    page.wait_for_url("**sequels=0*")
    assert page.locator("#results .strip li").count() == 2
    assert page.locator(".card").count() == 24
    assert fits(page)
