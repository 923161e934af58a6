"""Rating shows, steering, and the list that stays in the browser."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from web.browser.conftest import ARGUMENTS
from web.browser.steps import (
    EVERYTHING,
    LONG,
    OWN,
    changes,
    entries,
    fits,
    leave,
    open_the_form,
    post_a_long_list,
    shown,
)
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route


pytestmark = pytest.mark.real

AGAIN = "n => n.dispatchEvent(new Event('change', { bubbles: true }))"
FEWER = "n => { n.value = 20; n.dispatchEvent(new Event('change', { bubbles: true })); }"


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


def test_the_keyboard_stays_on_a_button_that_stays(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    button = page.locator("#results .card").nth(2).get_by_role("button", name="Seen it")
    at = button.get_attribute("value")
    button.focus()
    changes(page, lambda: page.locator("#n").evaluate(FEWER))
    assert page.locator("#results .card").count() == 20
    assert page.evaluate("document.activeElement.value") == at


def test_the_keyboard_stays_on_the_card_where_another_has_the_same_button(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    cards = page.locator("#results .card").filter(has=page.locator(".reason .out"))
    outs = cards.locator(".out")
    alike = outs.evaluate_all("all => all.map(one => one.value)")
    assert alike[0] in alike[1:], "two reasons name one show"
    second = outs.nth(alike.index(alike[0], 1))
    of_card = "one => one.closest('.card').querySelector('h3 a').pathname"
    at = second.evaluate(of_card)
    second.focus()
    changes(page, lambda: page.locator("#n").evaluate(FEWER))
    assert page.locator(":focus").get_attribute("value") == alike[0]
    assert page.locator(":focus").evaluate(of_card) == at


@contextmanager
def on_its_way(page: Page, wish: str, ask: Callable[[], object]) -> Iterator[None]:
    """Do something that changes the page, and something else before the answer arrives."""
    waiting: list[Route] = []
    page.route(wish, lambda route: route.continue_() if waiting else waiting.append(route))
    with page.expect_request(wish):
        ask()
    yield
    changes(page, waiting[0].continue_)


@pytest.mark.parametrize("leaves", [False, True])
def test_what_is_typed_while_the_page_changes_is_found(
    page: Page, address: str, leaves: bool
) -> None:
    like_on(page, address)
    field = page.get_by_label("Add a show that you have seen")
    field.fill("y long")
    page.wait_for_selector("#found")
    with on_its_way(page, "**/recommendations?*n=20*", lambda: page.locator("#n").evaluate(FEWER)):
        field.focus()
        page.keyboard.press("Home")
        page.keyboard.type("ver")
        if leaves:
            page.keyboard.press("Tab")
    page.wait_for_selector("#found .act")
    assert field.input_value() == "very long"
    if not leaves:
        page.keyboard.type("y ")
        assert field.input_value() == "very y long"


def test_what_was_found_and_rated_does_not_come_back(page: Page, address: str) -> None:
    like_on(page, address)
    field = page.get_by_label("Add a show that you have seen")
    field.fill("very long")
    rate = page.locator("#found").get_by_role("button", name="Liked it").first
    with on_its_way(page, "**/recommendations?*change=*", rate.click):
        field.focus()
    assert field.input_value() == ""
    assert page.locator("#found .act").count() == 0


def test_what_is_out_of_sight_moves_nothing_that_is_seen(page: Page, address: str) -> None:
    like_on(page, address)
    cards = page.locator("#results .card")
    changes(page, cards.nth(6).get_by_role("button", name="Seen it").click)
    # A jump, which leaves cards behind that were never drawn.
    page.evaluate("document.querySelectorAll('#results .card')[20].scrollIntoView()")
    undrawn = page.locator("#results .card.undrawn")
    top = "document.querySelectorAll('#results .card')[20].getBoundingClientRect().top"
    before = page.evaluate(top)
    changes(page, lambda: page.locator("#n").evaluate(AGAIN))
    assert 0 < undrawn.count() < 24
    assert abs(page.evaluate(top) - before) <= 2
    assert not cards.nth(20).evaluate("card => card.matches('.undrawn')")
    # They are there all the same, for who goes on with the keyboard.
    undrawn.first.get_by_role("button", name="Not interested").focus()
    assert undrawn.first.get_by_role("link").first.is_visible()
    assert fits(page)


def test_what_is_pressed_while_the_page_changes_is_not_lost(page: Page, address: str) -> None:
    like_on(page, address)
    waiting: list[Route] = []
    page.route(
        "**/recommendations?*change=*",
        lambda route: route.continue_() if waiting else waiting.append(route),
    )
    buttons = page.locator("#results .card").get_by_role("button", name="Seen and liked")
    pressed = [str(buttons.nth(place).get_attribute("value")) for place in range(3)]
    with page.expect_request("**/recommendations?*change=*"):
        buttons.nth(0).click()
    buttons.nth(1).click()
    buttons.nth(2).click()
    # And a wish, which does not take the place of the picks.
    page.locator("#n").evaluate(FEWER)
    waiting[0].continue_()
    page.locator("#results .strip li").nth(3).wait_for()
    page.locator("#results .card").nth(20).wait_for(state="detached")
    assert entries(page) == kept_shows(page) == 4
    ids = {value.partition(":")[2] for value in pressed}
    links = page.locator("#results .strip a")
    assert ids <= {
        path.rpartition("/")[2] for path in links.evaluate_all("a => a.map(a => a.pathname)")
    }


def test_an_answer_without_results_leaves_everything_as_it_is(page: Page, address: str) -> None:
    like_on(page, address)
    before = shown(page)
    page.route("**/recommendations?*change=*", lambda route: route.fulfill(status=422, body="Out"))
    page.locator("#results .card").first.get_by_role("button", name="Seen it").click()
    page.get_by_text("That did not work").wait_for()
    assert shown(page) == before
    assert page.evaluate("document.body.style.minHeight") == ""
    page.unroute("**/recommendations?*change=*")
    # A list that is looked at next is not taken for the changed own one.
    page.goto(f"{address}/recommendations?list={EVERYTHING}")
    assert kept_shows(page) == 1


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
    # Where typing paused there were several answers: what changes next may be the last of these.
    page.locator("#found").get_by_role("button", name="Liked it").first.click()
    page.locator("#results .strip li").wait_for()
    assert entries(page) == 1
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
    post_a_long_list(page, address)
    page.get_by_role("button", name="Keep it in this browser").click()
    page.goto(f"{address}/anime/{SHOW}")
    with page.expect_request(lambda sent: sent.method == "POST") as posted:
        page.get_by_role("button", name="Liked it").click()
    assert len(posted.value.post_data or "") > len(LONG)
    page.wait_for_url("**/recommendations")
    assert "2,000 shows" in page.locator(".because").inner_text()
    page.get_by_role("link", name="For you").click()
    page.wait_for_load_state()
    assert "2,000 shows" in page.locator(".because").inner_text()
    # What was changed in place stays when the titles change.
    changes(page, page.locator("#results .strip .out").first.click)
    page.get_by_label("Language of titles").get_by_role("button", name="English").click()
    page.get_by_role("button", name="English", pressed=True).wait_for()
    assert "1,999 shows" in page.locator(".because").inner_text()
    assert fits(page)


def test_the_language_of_titles_keeps_what_was_changed_in_place(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    changes(
        page,
        page.locator("#results .card").first.get_by_role("button", name="Seen and liked").click,
    )
    page.get_by_label("Language of titles").get_by_role("link", name="English").click()
    page.wait_for_url("**lang=english")
    assert entries(page) == 4


@pytest.mark.parametrize(
    ("headers", "says"),
    [({"Retry-After": "7"}, "try again in 7 s"), ({}, "did not work"), (None, "cannot be reached")],
)
def test_what_cannot_be_changed_is_said_and_stays(
    browser: Browser, address: str, headers: dict[str, str] | None, says: str
) -> None:
    page = browser.new_page()
    page.goto(f"{address}/recommendations?list={OWN}")
    before = shown(page)

    def refuse(route: Route) -> None:
        if headers is None:
            route.abort()
        else:
            route.fulfill(status=429, headers=headers, body="")

    page.route("**/recommendations?*", refuse)
    page.locator(".card").first.get_by_role("button", name="Not interested").click()
    page.get_by_text(says).wait_for()
    assert shown(page) == before
    page.unroute("**/recommendations?*")
    changes(page, page.locator(".card").first.get_by_role("button", name="Not interested").click)
    assert page.locator("#trouble").is_hidden()
    page.close()


def like_on(page: Page, address: str, place: int = 0) -> None:
    page.goto(address)
    page.get_by_role("button", name="Liked it").nth(place).click()
    page.wait_for_url("**/recommendations?list=*")


def kept_shows(page: Page) -> int:
    return int(page.evaluate("JSON.parse(localStorage['anirec-list']).shows"))


def test_a_click_that_failed_makes_no_strangers_list_the_own_one(page: Page, address: str) -> None:
    like_on(page, address)
    page.route("**/recommendations?*change=*", lambda route: route.fulfill(status=429, body=""))
    page.locator(".card").first.get_by_role("button", name="Not interested").click()
    page.get_by_text("did not work").wait_for()
    page.unroute("**/recommendations?*change=*")
    page.goto(f"{address}/recommendations?list={EVERYTHING}")
    assert kept_shows(page) == 1
    assert page.get_by_role("button", name="Keep it in this browser").is_visible()


def test_two_tabs_add_to_one_list(page: Page, address: str) -> None:
    like_on(page, address)
    other = page.context.new_page()
    other.goto(f"{address}/anime/{SHOW}")
    like_on(page, address, 1)
    other.get_by_role("button", name="Rate 6 of 10").click()
    other.wait_for_url("**/recommendations?list=*")
    assert kept_shows(page) == entries(other) == 3
    other.close()


def test_going_back_to_the_empty_page_undoes_the_first_pick(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations")
    rate = page.get_by_label("Shows to rate").get_by_role("button", name="Liked it")
    changes(page, rate.first.click)
    assert kept_shows(page) == 1
    # The page is asked for again: htmx keeps none.
    with page.expect_event("load"):
        page.evaluate("history.back()")
    assert page.url == f"{address}/recommendations"
    assert entries(page) == 0
    changes(page, rate.nth(2).click)
    assert kept_shows(page) == entries(page) == 1


def test_a_page_that_the_browser_kept_adds_to_the_list_as_it_is_now(
    browser: Browser, address: str
) -> None:
    # Playwright switches off what browsers do: to show a page as it was left, without loading it.
    usual = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = usual.new_page()
    like_on(page, address)
    page.goto(address)
    page.evaluate("window.asItWasLeft = true")
    page.get_by_role("button", name="Liked it").nth(1).click()
    page.wait_for_url("**/recommendations?list=*")
    page.evaluate("history.back()")
    page.wait_for_url(f"{address}/", wait_until="commit")
    assert page.evaluate("window.asItWasLeft")
    page.get_by_role("button", name="Liked it").nth(4).click()
    page.wait_for_url("**/recommendations?list=*")
    assert kept_shows(page) == entries(page) == 3
    usual.close()


def test_a_long_list_finds_while_typing_and_keeps_its_sliders(page: Page, address: str) -> None:
    known = (Entry(30, 9), Entry(40, 3))
    # Two entries short of what an address carries: the next pick is posted.
    many = next(
        coded
        for size in range(700, 3_000)
        if len(encode_list(coded := CodedList((*known, *more(size))))) > 3_398
    )
    page.goto(
        f"{address}/recommendations?list={encode_list(CodedList((*known, *more(len(many.entries) - 3))))}"
    )
    open_the_form(page)
    for _ in range(2):
        card = page.locator("#results .card").first
        changes(page, card.get_by_role("button", name="Seen and liked").click)
    assert page.locator("#steer").get_attribute("method") == "post"
    open_the_form(page)
    assert page.locator("output[for=blend]").inner_text() != ""
    changes(page, lambda: page.get_by_label("Variety").fill("40"))
    assert page.locator("output[for=variety]").inner_text() == "40%"
    field = page.get_by_label("Add a show that you have seen")
    changes(page, lambda: field.press_sequentially("very long", delay=5))
    page.wait_for_selector("#found .act")


def more(size: int) -> list[Entry]:
    return [Entry(10_007 + 150 * one, 8) for one in range(size)]
