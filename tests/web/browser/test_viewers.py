"""From a viewer of the training data to a show; ids, titles and the search box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.browser.steps import (
    changes,
    fits,
    open_the_form,
    pictures_loaded,
    shown,
)
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.real


def test_the_journey_from_a_viewer_to_a_show(page: Page, address: str) -> None:
    page.goto(address)
    assert fits(page)
    assert pictures_loaded(page)
    page.get_by_label("User id").fill(str(KNOWN))
    page.get_by_role("button", name="Recommend").click()
    page.wait_for_url(f"{address}/users/{KNOWN}")
    assert page.locator(".card").count() == 24
    assert fits(page)
    assert pictures_loaded(page)
    open_the_form(page)
    before = shown(page)
    changes(page, lambda: page.get_by_label("What counts").fill("85"))
    assert page.url == f"{address}/users/{KNOWN}?blend=85"
    assert shown(page) != before
    changes(page, lambda: page.get_by_label("One per franchise").check())
    assert page.url == f"{address}/users/{KNOWN}?blend=85&franchise_repeats=0"
    page.reload()
    open_the_form(page)
    assert page.get_by_label("What counts").input_value() == "85"
    page.go_back()
    page.locator(".card h3 a").first.click()
    page.wait_for_url("**/anime/*")
    assert fits(page)
    assert pictures_loaded(page)


def test_clicks_on_a_viewers_page_add_up(page: Page, address: str) -> None:
    page.goto(f"{address}/users/{KNOWN}")
    gone = []
    for _ in range(2):
        card = page.locator("#results .card").first
        gone.append(card.locator("h3 a").evaluate("link => link.pathname"))
        changes(page, card.get_by_role("button", name="Not interested").click)
    open_the_form(page)
    changes(page, lambda: page.get_by_label("Variety").fill("30"))
    assert "/recommendations?" in page.url
    assert not set(gone) & set(shown(page))
    page.reload()
    assert not set(gone) & set(shown(page))


def test_a_wrong_id_is_said_beside_the_form(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    page.get_by_label("User id").fill("alice")
    page.get_by_role("button", name="Recommend").click()
    assert "whole number" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("User id").input_value() == "alice"
    assert fits(page)
    context.close()


def test_long_and_japanese_titles_fit(page: Page, address: str) -> None:
    for path in (f"/anime/{SHOW}", "/anime/20", "/anime/30?lang=japanese", "/anime?q=daigaku"):
        page.goto(address + path)
        assert fits(page), path


def test_the_search_box_suggests_titles(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Find a show by title").press_sequentially("very long", delay=5)
    page.wait_for_selector("#titles option", state="attached")
    page.get_by_label("Find a show by title").press("Enter")
    page.wait_for_url("**/anime?q=very+long")
    assert page.locator(".card").count() == 1


def test_the_keyboard_alone_is_enough(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_label("User id").focus()
    page.keyboard.type(str(KNOWN))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{address}/users/{KNOWN}"
