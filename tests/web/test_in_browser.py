"""The main journey in a real browser: no errors, no sideways scrolling, also without JavaScript."""

from __future__ import annotations

import re
import shutil
import threading
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from werkzeug.serving import WSGIRequestHandler, make_server

from anirec.data.histories import Entry
from anirec.lists.file_formats import read_list
from anirec.lists.list_code import CodedList, decode_list, encode_list
from anirec.store.feedback import feedback_of
from anirec.store.secret_keys import KEY_PATTERN
from anirec.web.app import create_app
from anirec.web.context import database
from anirec.web.settings import Settings
from conftest import skip_or_fail
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Locator, Page, Request

    from anirec.recommender import Recommender
    from anirec.store.events import Event

pytestmark = pytest.mark.real

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
]
OWN = encode_list(CodedList((Entry(30, 9), Entry(40, 3), Entry(50, 0, 6))))
EVERYTHING = encode_list(CodedList(tuple(Entry(10 * (row + 1), 1 + row % 10) for row in range(40))))
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


@pytest.fixture(scope="module")
def app(recommender: Recommender, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a database of its own."""
    place = tmp_path_factory.mktemp("kept") / "anirec.db"
    return create_app(recommender, Settings(database_url=SecretStr(f"sqlite:///{place}")))


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


def keep(page: Page, address: str) -> str:
    """Keep a list; returns its link."""
    page.goto(f"{address}/recommendations?list={OWN}")
    page.locator(".keep > summary").click()
    assert fits(page)
    page.get_by_role("button", name="Keep it under a new link").click()
    page.wait_for_url("**/lists/kept/*")
    return page.url


def downloaded(page: Page) -> list[Entry]:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the list (CSV)").click()
    found = read_list(started.value.path().read_bytes())
    return [Entry(one.show_id, one.rating, one.status) for one in found.entries]


def delete(page: Page) -> None:
    page.get_by_role("link", name="Delete it …").click()
    page.wait_for_url("**/delete")
    assert fits(page)
    page.get_by_role("button", name="Delete it for good").click()
    page.wait_for_url("**/lists/kept/deleted")
    assert "opens nothing any more" in page.locator("main").inner_text()


def test_a_list_is_kept_found_again_changed_downloaded_and_deleted(
    page: Page, address: str
) -> None:
    link = keep(page, address)
    assert fits(page)
    assert page.get_by_label("Link of this list").input_value() == link
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.locator("#said").inner_text() == "The link is copied"

    page.goto(address)
    page.goto(link)
    assert pictures_loaded(page)
    assert downloaded(page) == list(decode_list(OWN).entries)
    assert page.request.get(f"{address}{json_of(page)}").json()["history"][0]["rating"] == 9

    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    field = page.get_by_label("Or in place of a kept list")
    assert field.input_value() == link
    card = page.locator("#results .card").first
    changes(page, card.get_by_role("button", name="Seen and liked").click)
    assert field.input_value() == link
    assert "/kept/" not in page.url
    assert fits(page)
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(link)
    assert len(downloaded(page)) == 4

    delete(page)
    page.goto(link)
    assert "There is no list under this link" in page.locator("h1").inner_text()
    page.goto(f"{address}/recommendations?list={OWN}")
    assert page.get_by_label("Or in place of a kept list").input_value() == ""


def json_of(page: Page) -> str | None:
    return page.get_by_role("link", name="Download all of it").get_attribute("href")


@pytest.mark.parametrize("size", SIZES)
def test_without_javascript_a_list_is_kept_too(browser: Browser, address: str, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": height}
    )
    page = context.new_page()
    link = keep(page, address)
    assert f"http://{page.get_by_label('Link of this list').input_value()}" == link
    assert page.get_by_role("button", name="Copy").is_hidden()
    assert page.get_by_label("Help this site learn").is_hidden()
    assert downloaded(page) == list(decode_list(OWN).entries)
    page.get_by_role("button", name="Show what to watch next").click()
    page.locator("#results .card").first.get_by_role("button", name="Not interested").click()
    page.locator(".keep > summary").click()
    page.get_by_label("Or in place of a kept list").fill(link)
    page.get_by_role("button", name="Save these changes").click()
    assert page.url == link
    assert "not interested" in page.locator("dl").inner_text().lower()
    delete(page)
    page.goto(link)
    assert "There is no list under this link" in page.locator("h1").inner_text()
    context.close()


@pytest.mark.parametrize("policy", ["unsafe-url", "no-referrer"])
def test_what_another_site_sends_is_refused(page: Page, address: str, policy: str) -> None:
    target = f"{address}/lists/kept"
    body = (
        f"<meta name=referrer content={policy}><form method=post action={target}>"
        f"<input name=list value={OWN}><button>Win</button></form>"
    )
    page.route(
        "http://evil.test/", lambda route: route.fulfill(content_type="text/html", body=body)
    )
    page.goto("http://evil.test/")
    page.get_by_role("button", name="Win").click()
    page.wait_for_url(target)
    assert "came from another site" in page.locator("h1").inner_text()


def test_over_plain_http_our_own_forms_work(browser: Browser, address: str) -> None:
    """Without TLS browsers do not say where a request comes from, and of our pages not even that."""
    context = browser.new_context()
    page = context.new_page()
    seen: list[Request] = []
    page.on("request", lambda one: seen.append(one) if one.method == "POST" else None)
    keep(page, address.replace("127.0.0.1", "anirec.test"))
    headers = seen[0].all_headers()
    assert (headers.get("sec-fetch-site"), headers["origin"]) == (None, "null")
    delete(page)
    context.close()


def kept_events(page: Page, app: Flask, address: str, enough: str) -> list[Event]:
    """What the database has of this browser, once ``enough`` holds of it."""
    key = page.evaluate("JSON.parse(localStorage['anirec-learning']).key")
    assert re.fullmatch(KEY_PATTERN, key)
    assert page.evaluate(
        f"""async (address) => {{
            for (let tries = 0; tries < 400; tries++) {{
                const {{ feedback }} = await (await fetch(address)).json();
                if (({enough})(feedback)) return true;
                await new Promise((again) => setTimeout(again, 50));
            }}
            return false;
        }}""",
        f"{address}/api/v1/feedback/{key}",
    )
    with app.app_context():
        return [one.event for one in feedback_of(database(), key)]


def test_feedback_is_sent_while_the_switch_is_on_and_deleted_on_demand(
    page: Page, address: str, app: Flask
) -> None:
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if "/api/v1/feedback" in one.url else None)
    page.goto(f"{address}/recommendations?list={OWN}")
    cards = page.locator("#results .card")
    changes(page, cards.first.get_by_role("button", name="Not interested").click)
    assert page.evaluate("[localStorage, sessionStorage].flatMap(Object.keys).join()") in (
        "",
        "htmx-current-path-for-history",
    )
    assert sent == []
    learn = page.get_by_label("Help this site learn")
    learn.check()
    assert fits(page)

    def press(place: int, name: str) -> int:
        shown_id = int(shown(page)[place].rpartition("/")[2])
        changes(page, cards.nth(place).get_by_role("button", name=name).click)
        return shown_id

    page.reload()
    seen = shown(page)
    cards.first.scroll_into_view_if_needed()
    found = kept_events(page, app, address, "all => all.some((one) => one.kind === 'impression')")
    for event in found:
        assert event.kind == "impression"
        assert event.position is not None
        assert seen[event.position - 1] == f"/anime/{event.anime_id}"
    assert len(found) == len({event.anime_id for event in found}) < len(seen)

    liked, planned, passed = (
        press(1, "Seen and liked"),
        press(2, "Add to my plans"),
        press(0, "Not interested"),
    )
    opened = int(shown(page)[3].rpartition("/")[2])
    cards.nth(3).locator("h3 a").click()
    page.wait_for_url("**/anime/*")
    found = kept_events(page, app, address, "all => all.some((one) => one.kind === 'click')")
    assert [
        (event.kind, event.anime_id, event.rating, event.status, event.position)
        for event in found
        if event.kind != "impression"
    ] == [
        ("rating", liked, 9, 2, 2),
        ("added", planned, None, None, 3),
        ("dismissal", passed, None, None, 1),
        ("click", opened, None, None, 4),
    ]

    page.get_by_label("Help this site learn").uncheck()
    before = len(sent)
    page.go_back()
    changes(page, cards.first.get_by_role("button", name="Not interested").click)
    assert not page.get_by_label("Help this site learn").is_checked()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_text("What was sent is deleted.").wait_for()
    key = sent[-1].url.rpartition("/")[2]
    assert [one.method for one in sent[before:]] == ["DELETE"]
    with app.app_context():
        assert feedback_of(database(), key) == []
    assert page.evaluate("localStorage['anirec-learning']") is None


def test_feedback_that_fails_is_sent_again_once(page: Page, address: str, app: Flask) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    page.get_by_label("Help this site learn").check()
    page.route("**/api/v1/feedback", lambda route: route.fulfill(status=429, body="{}"))
    card = page.locator("#results .card").first
    with page.expect_response("**/api/v1/feedback"):
        changes(page, card.get_by_role("button", name="Seen it").click)
    page.unroute("**/api/v1/feedback")
    page.reload()
    enough = "all => all.some((one) => one.kind === 'seen')"
    found = kept_events(page, app, address, enough)
    page.reload()
    again = kept_events(page, app, address, enough)
    assert [event.kind for event in found if event.kind != "impression"] == ["seen"]
    assert [event.kind for event in again if event.kind != "impression"] == ["seen"]


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


def entries(page: Page) -> int:
    return page.locator("#results .strip li").count()


def test_the_own_list_comes_along_to_every_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Liked it").first.click()
    page.wait_for_url("**/recommendations?list=*")
    page.locator(".card h3 a").first.click()
    page.wait_for_url("**/anime/*")
    page.get_by_role("button", name="Rate 8 of 10").click()
    page.wait_for_url("**/recommendations?list=*")
    assert entries(page) == 2
    page.goto(address)
    page.get_by_role("button", name="Liked it").nth(3).click()
    page.wait_for_url("**/recommendations?list=*")
    assert entries(page) == 3
    page.goto(f"{address}/models")
    page.get_by_role("link", name="For you").click()
    page.wait_for_url("**/recommendations?list=*")
    assert entries(page) == 3
    # A friend's list is looked at, changed and left: the own one is still there.
    page.goto(f"{address}/recommendations?list={EVERYTHING}")
    changes(page, page.locator("#results .strip .out").first.click)
    page.get_by_role("link", name="For you").click()
    page.wait_for_load_state()
    assert entries(page) == 3
    page.goto(f"{address}/recommendations?list={OWN}")
    page.get_by_role("button", name="Keep it in this browser").click()
    page.goto(f"{address}/recommendations")
    page.wait_for_url(f"**/recommendations?list={OWN}")
    page.get_by_role("button", name="Forget it").click()
    page.wait_for_url(address + "/")
    page.get_by_role("link", name="For you").click()
    page.wait_for_url("**/recommendations")
    assert entries(page) == 0


def test_a_list_too_long_for_an_address_is_kept_and_posted(page: Page, address: str) -> None:
    known = (Entry(30, 9), Entry(40, 3))
    long = encode_list(CodedList((*known, *(Entry(10_007 * one, 8) for one in range(1, 1_998)))))
    page.goto(f"{address}/recommendations?list={OWN}")
    field = page.locator("[data-own=list]")
    field.evaluate("(field, code) => { field.value = code; field.form.method = 'post'; }", long)
    page.locator("#steer").evaluate("form => form.submit()")
    page.wait_for_url("**/recommendations")
    page.get_by_role("button", name="Keep it in this browser").click()
    page.goto(f"{address}/anime/{SHOW}")
    with page.expect_request(lambda sent: sent.method == "POST") as posted:
        page.get_by_role("button", name="Liked it").click()
    assert len(posted.value.post_data or "") > len(long)
    page.wait_for_url("**/recommendations")
    assert "2,000 shows" in page.locator(".because").inner_text()
    page.get_by_role("link", name="For you").click()
    page.wait_for_load_state()
    assert "2,000 shows" in page.locator(".because").inner_text()


def test_every_show_of_the_list_can_be_rated(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    strip = page.locator("#results .strip")
    changes(page, strip.locator("button.rated").last.click)
    assert page.locator(".rating [aria-pressed]").inner_text() == "Plan to watch"
    assert page.locator(".rating").evaluate("one => one.contains(document.activeElement)")
    assert fits(page)
    changes(page, page.get_by_role("button", name="Rate 7 of 10").click)
    assert "★ 7" in strip.inner_text()
    assert entries(page) == 3


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
