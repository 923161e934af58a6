"""The main journey in a real browser: no errors, no sideways scrolling, also without JavaScript."""

from __future__ import annotations

import shutil
import threading
from itertools import product
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from conftest import skip_or_fail
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Locator, Page

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
OWN = encode_list(CodedList((Entry(30, 9), Entry(40, 3), Entry(50, 0, 6))))
EVERYTHING = encode_list(CodedList(tuple(Entry(10 * (row + 1), 1 + row % 10) for row in range(40))))
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
    # A wrong wish or address is answered with 4xx, on a page; browsers note that on their console.
    assert [text for text in complaints if "status of 4" not in text] == []


def fits(page: Page) -> bool:
    sideways = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return bool(sideways <= 0)


def pictures_loaded(page: Page) -> bool:
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    return bool(page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)"))


def shown(page: Page) -> list[str]:
    links = page.locator("#results .card h3 a")
    return [str(path) for path in links.evaluate_all("links => links.map(a => a.pathname)")]


def changes(page: Page, act: Callable[[], object]) -> None:
    """Do something that changes the answer in place, and wait for it."""
    page.evaluate(
        """() => { window.settled = new Promise((settle) => {
            document.addEventListener("htmx:afterSettle", () => settle(true), { once: true });
            setTimeout(() => settle(false), 10000);
        }); }"""
    )
    act()
    assert page.evaluate("window.settled")


def leave(field: Locator, text: str) -> None:
    """Type into a field and leave it."""
    field.fill(text)
    field.press("Tab")


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


def open_the_form(page: Page) -> None:
    """On a phone it is folded away."""
    if page.get_by_label("What counts").is_hidden():
        page.locator(".steer > summary").click()


def test_rating_shows_changes_the_answer_in_place(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Liked it").nth(2).click()
    page.wait_for_url("**/recommendations?list=*")
    assert fits(page)
    first, answer = page.url, shown(page)
    rate = page.get_by_label("Shows to rate")
    changes(page, lambda: rate.get_by_role("button", name="Did not like it").first.click())
    second = page.url
    assert second != first
    assert page.locator("#results .strip li").count() == 2
    # Its place in the page is kept, and the keyboard stays where it was.
    button = page.locator(".card").nth(3).get_by_role("button", name="Not interested")
    button.hover()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    taken = page.locator(".card").nth(3).locator("h3 a").get_attribute("href")
    changes(page, button.click)
    assert taken not in shown(page)
    assert abs(page.evaluate("scrollY") - scrolled) < 200
    # One click takes a show out again.
    page.evaluate("scrollTo(0, 0)")
    changes(page, page.locator("#results .strip .out").first.click)
    assert page.locator("#results .strip li").count() == 1
    assert page.locator("#said").inner_text() == "24 shows recommended"
    # The address says it all: somebody else sees the same.
    same = page.url
    there = shown(page)
    page.goto(address)
    page.goto(same)
    assert shown(page) == there
    assert answer


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


def test_enter_in_the_field_of_the_start_page_finds(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Or find one that you have seen").fill("hero")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations?find=hero")
    assert page.locator("#results .strip li").count() == 0
    assert page.locator("#found .act").count() > 0


def test_a_show_is_found_while_typing_and_rated(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations")
    field = page.get_by_label("Add a show that you have seen")
    changes(page, lambda: field.press_sequentially("very lnog raod", delay=5))
    page.wait_for_selector("#found .act")
    assert field.evaluate("field => field === document.activeElement")
    changes(page, page.locator("#found").get_by_role("button", name="Liked it").first.click)
    assert page.locator("#results .strip li").count() == 1
    assert fits(page)


def test_filters_are_in_the_address_and_say_when_they_bite(page: Page, address: str) -> None:
    page.goto(f"{address}/users/{KNOWN}")
    open_the_form(page)
    page.locator(".filters summary").click()
    changes(
        page, lambda: page.get_by_role("group", name="Without any").get_by_label("Action").check()
    )
    assert "without_genres=Action" in page.url
    changes(page, lambda: leave(page.get_by_label("members"), "99999999"))
    assert "took most away" in page.locator("#results .message").inner_text()
    changes(page, lambda: leave(page.get_by_label("With tags"), "swordplai"))
    assert "did you mean" in page.get_by_role("alert").inner_text()
    assert fits(page)


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
    page.locator(".card").first.get_by_role("button", name="Not interested").click()
    page.get_by_label("Only first seasons").check()
    page.get_by_role("button", name="Update").click()
    assert "sequels=0" in page.url
    assert page.locator("#results .strip li").count() == 2
    assert page.locator(".card").count() == 24
    context.close()


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


PAGES = [
    "/",
    f"/users/{KNOWN}",
    "/recommendations",
    f"/recommendations?list={OWN}&find=show",
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
    for path in PAGES:
        if page.goto(address + path) is None:
            continue
        for details in page.locator("details").all():
            details.evaluate("details => details.open = true")
        report = Axe().run(page)
        if report.violations_count:
            found.append(f"{path}: {report.generate_report()}")
        assert fits(page), path
    assert found == []
