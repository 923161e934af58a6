"""Bringing a list, seeing what it says, watching together: with JavaScript and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from lists.by_name.site_server import Reply
from lists.exports import collection, entry
from web.browser.steps import (
    EVERYTHING,
    OWN,
    changes,
    entries,
    fits,
    keep,
    pictures_loaded,
    read_a_file,
)
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from lists.by_name.site_server import SiteServer

pytestmark = pytest.mark.real


def bring_a_file(page: Page, address: str) -> None:
    read_a_file(page, address)
    assert page.locator("h1").inner_text() == "2 shows of yours found"
    assert "that our catalogue lacks" in page.locator("main").inner_text()
    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    assert entries(page) == 2


def is_still_there(page: Page, address: str) -> None:
    """Every page leads back to the list of two shows that was brought."""
    page.goto(address)
    page.get_by_role("link", name="For you").click()
    page.wait_for_url("**/recommendations?list=*")
    assert entries(page) == 2


def test_a_file_is_brought_and_stays(page: Page, address: str) -> None:
    bring_a_file(page, address)
    assert fits(page)
    is_still_there(page, address)


def test_without_javascript_a_file_is_brought(plain: Page, address: str) -> None:
    bring_a_file(plain, address)


def bring_by_name(page: Page, address: str, site: SiteServer, name: str) -> None:
    """A list of three shows, one of which we lack; each name is asked for once an hour."""
    site.replies = [Reply(content=collection(entry(1, 30), entry(2, 40), entry(3, 99_999_999)))]
    page.goto(f"{address}/lists")
    page.get_by_label("Your name there").fill(name)
    page.get_by_role("button", name="Fetch my list").click()
    page.wait_for_url("**/lists/name")
    assert page.locator("h1").inner_text() == "2 shows of yours found"
    assert site.asked[-1].json["variables"]["name"] == name
    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    assert entries(page) == 2


def test_a_list_is_brought_by_name_and_stays(
    page: Page, address: str, site: SiteServer, request: pytest.FixtureRequest
) -> None:
    bring_by_name(page, address, site, name_for(request))
    assert fits(page)
    is_still_there(page, address)


def test_without_javascript_a_list_is_brought_by_name(
    plain: Page, address: str, site: SiteServer, request: pytest.FixtureRequest
) -> None:
    bring_by_name(plain, address, site, name_for(request))


def test_a_name_that_the_site_does_not_know_is_said(
    page: Page, address: str, site: SiteServer, request: pytest.FixtureRequest
) -> None:
    site.replies = [Reply(404, {"errors": [{"message": "User not found", "status": 404}]})]
    page.goto(f"{address}/lists")
    page.get_by_label("Your name there").fill(name_for(request))
    page.get_by_role("button", name="Fetch my list").click()
    page.wait_for_url("**/lists/name")
    assert page.get_by_role("alert").first.is_visible()
    assert page.get_by_label("Your name there").input_value() == name_for(request)
    assert fits(page)


def name_for(request: pytest.FixtureRequest) -> str:
    """A name that no other test asks for: answers are kept for an hour."""
    return f"viewer{sum(request.node.name.encode())}"


def test_the_own_plans_are_one_click_away(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    button = page.get_by_role("button", name="What of my plans to watch next")
    changes(page, button.click)
    assert "unplanned=0" in page.url
    assert page.locator("#results ol.cards > .card").count() == 1
    assert button.count() == 0


def test_without_javascript_the_own_plans_are_one_click_away(plain: Page, address: str) -> None:
    plain.goto(f"{address}/recommendations?list={OWN}")
    plain.get_by_role("button", name="What of my plans to watch next").click()
    plain.wait_for_url("**unplanned=0*")
    assert plain.locator("#results ol.cards > .card").count() == 1


def see_the_taste(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={EVERYTHING}")
    page.get_by_role("button", name="What this says of your taste").click()
    page.wait_for_url("**/taste?list=*")
    assert page.locator("h1").inner_text() == "Your taste"
    for heading in ("What you watch more than others", "How you rate", "How well do we know you?"):
        assert page.get_by_role("heading", name=heading).is_visible()


def test_the_taste_of_a_list_and_its_map(page: Page, address: str) -> None:
    see_the_taste(page, address)
    assert fits(page)
    box = page.locator("[data-map] svg")
    whole = box.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    assert box.get_attribute("viewBox") != whole
    page.get_by_role("button", name="Zoom out").click()
    assert box.get_attribute("viewBox") == whole
    page.get_by_role("link", name="See why").click()
    page.wait_for_url(f"**/recommendations?list={EVERYTHING}")


def test_without_javascript_the_taste_of_a_list(plain: Page, address: str) -> None:
    see_the_taste(plain, address)
    plain.get_by_role("link", name="See why").click()
    plain.wait_for_url("**/recommendations?list=*")
    assert entries(plain) == 40


@pytest.mark.parametrize("whose", ["a link", "a kept list", "a viewer"])
def test_two_find_something_to_watch(page: Page, address: str, whose: str) -> None:
    theirs = encode_list(CodedList((Entry(60, 9), Entry(70, 8))))
    friend = {
        "a link": lambda: f"{address}/recommendations?list={theirs}",
        "a kept list": lambda: keep(page, address),
        "a viewer": lambda: str(KNOWN),
    }[whose]()
    page.goto(f"{address}/recommendations?list={OWN}")
    watch_together(page, friend)
    assert fits(page)
    assert pictures_loaded(page)


def test_without_javascript_two_find_something_to_watch(plain: Page, address: str) -> None:
    plain.goto(f"{address}/recommendations?list={OWN}")
    watch_together(plain, str(KNOWN))


def watch_together(page: Page, friend: str) -> None:
    page.get_by_role("button", name="Watch together with somebody").click()
    page.get_by_label("Link of your friend").fill(friend)
    page.get_by_role("button", name="Find something for both").click()
    page.get_by_role("heading", name="For both of you").wait_for()
    assert page.locator(".card").count() > 0
    assert page.locator(".card").first.get_by_text("They:").is_visible()


def see_a_show(page: Page, address: str) -> None:
    page.goto(f"{address}/anime/{SHOW}")
    for heading in (
        "The franchise, in watch order",
        "Watched by the same people",
        "Alike in what they are about",
    ):
        assert page.get_by_role("heading", name=heading).is_visible()
    page.get_by_label("The franchise, in watch order").get_by_role("link").last.click()
    page.wait_for_url("**/anime/20")


def test_a_show_leads_along_its_franchise(page: Page, address: str) -> None:
    see_a_show(page, address)
    assert fits(page)


def test_without_javascript_a_show_leads_along_its_franchise(plain: Page, address: str) -> None:
    see_a_show(plain, address)


def test_the_model_and_the_api_are_described(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="The model").click()
    page.wait_for_url("**/models")
    assert page.get_by_role("heading", name="The model that answers").is_visible()
    assert fits(page)
    page.get_by_role("link", name="The API", exact=True).click()
    page.wait_for_url("**/api/docs")
    assert page.get_by_role("heading", name="The API", exact=True).is_visible()
    assert fits(page)
