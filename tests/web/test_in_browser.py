"""The main journey in a real browser: no errors, no sideways scrolling, also without JavaScript."""

from __future__ import annotations

import shutil
import threading
from itertools import product
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from conftest import skip_or_fail
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.real

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        chromium = None
    if chromium is None:
        skip_or_fail("a browser", "apt-get install chromium; pip install 'anirec[dev]'")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=product(SIZES, ["light", "dark"]), ids=lambda p: "-".join(p))
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    size, scheme = request.param
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    opened.on(
        "requestfailed",
        lambda failed: (
            None if failed.failure == "net::ERR_ABORTED" else complaints.append(failed.url)
        ),
    )
    yield opened
    context.close()
    assert complaints == []


def fits(page: Page) -> bool:
    sideways = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return bool(sideways <= 0)


def pictures_loaded(page: Page) -> bool:
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    return bool(page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)"))


def test_the_journey_from_the_form_to_a_show(page: Page, address: str) -> None:
    page.goto(address)
    assert fits(page)
    assert pictures_loaded(page)
    page.get_by_label("Your user id").fill(str(KNOWN))
    page.get_by_label("Shows", exact=True).fill("8")
    page.get_by_role("button", name="Recommend").click()
    page.wait_for_url(f"{address}/users/{KNOWN}?n=8")
    cards = page.get_by_role("list", name="Recommended shows").get_by_role("listitem")
    assert page.locator(".card").count() == 8
    assert cards.count() >= 8
    assert fits(page)
    assert pictures_loaded(page)
    slider = page.get_by_label("What counts")
    with page.expect_navigation():
        slider.fill("85")
    assert "blend=85" in page.url
    assert page.get_by_label("What counts").input_value() == "85"
    page.locator(".card h3 a").first.click()
    page.wait_for_url("**/anime/*")
    assert fits(page)
    assert pictures_loaded(page)


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
    page.get_by_label("Your user id").focus()
    page.keyboard.type(str(KNOWN))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{address}/users/{KNOWN}"


def test_without_javascript_everything_works(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Your user id").fill(str(KNOWN))
    page.get_by_label("What counts").fill("60")
    page.get_by_role("button", name="Recommend").click()
    assert page.url == f"{address}/users/{KNOWN}?blend=60"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("link", name="English").get_attribute("aria-current") == "true"
    page.get_by_label("Find a show by title").fill("hero")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".card h3").inner_text() == "The Hero & the Very Long Road"
    context.close()


def test_a_wrong_id_is_said_beside_the_form(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Your user id").fill("alice")
    page.get_by_role("button", name="Recommend").click()
    assert "whole number" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Your user id").input_value() == "alice"
    assert fits(page)
    context.close()
