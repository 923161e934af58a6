"""Lists that are kept under a secret link, and what other sites may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.lists.file_formats import read_list
from anirec.lists.list_code import decode_list
from web.browser.steps import (
    OWN,
    changes,
    fits,
    keep,
    pictures_loaded,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request


pytestmark = pytest.mark.real


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


def test_a_list_that_another_tab_saved_is_not_written_over_unseen(page: Page, address: str) -> None:
    link = keep(page, address)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(link)
        tab.get_by_role("button", name="Show what to watch next").click()
        tab.wait_for_url("**/recommendations?list=*")
        changes(
            tab,
            tab.locator("#results .card").first.get_by_role("button", name="Seen and liked").click,
        )
        # A wish that is answered while the keyboard is at the link.
        tab.get_by_label("Or in place of a kept list").focus()
        again = "n => n.dispatchEvent(new Event('change', { bubbles: true }))"
        changes(tab, lambda: tab.locator("#n").evaluate(again))  # noqa: B023
    other.locator("#results .strip .out").first.click()
    other.locator("#results .strip li").nth(3).wait_for(state="detached")
    for tab in (other, page):
        tab.get_by_role("button", name="Save these changes").click()
    other.wait_for_url(link)
    page.get_by_role("alert").first.wait_for()
    assert "changed after you opened it" in page.get_by_role("alert").first.inner_text()
    assert fits(page)
    other.goto(link)
    assert len(downloaded(other)) == 3
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(link)
    assert len(downloaded(page)) == 4
    # After saving it can be saved again from the page before.
    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(link)
    other.close()


def test_what_was_saved_from_a_page_is_no_change_by_somebody_else(page: Page, address: str) -> None:
    link = keep(page, address)
    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    version = page.locator(".keep [name=version]")
    first = version.input_value()
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(link)
    page.go_back()
    page.get_by_role("button", name="Save these changes").wait_for()
    # This browser loads the page again; others show it as it was left, and say so.
    assert version.input_value() not in ("", first)
    version.evaluate("(field, value) => { field.value = value; }", first)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert version.input_value() not in ("", first)
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(link)


def test_pressing_twice_keeps_one_list(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    page.locator(".keep > summary").click()
    form = page.get_by_role("form", name="Keep this list")
    # False says that it is not sent.
    press = (
        "form => form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }))"
    )
    assert [form.evaluate(press) for _ in range(3)] == [True, False, False]


def test_without_javascript_a_list_is_kept_too(plain: Page, address: str) -> None:
    page = plain
    link = keep(page, address)
    assert f"http://{page.get_by_label('Link of this list').input_value()}" == link
    assert page.get_by_role("button", name="Copy").is_hidden()
    assert page.get_by_label("Help this site learn").is_hidden()
    assert downloaded(page) == list(decode_list(OWN).entries)
    page.get_by_role("button", name="Show what to watch next").click()
    page.wait_for_url("**/recommendations?list=*")
    before = page.url
    page.locator("#results .card").first.get_by_role("button", name="Not interested").click()
    page.wait_for_url(lambda now: now != before)
    page.locator(".keep > summary").click()
    page.get_by_label("Or in place of a kept list").fill(link)
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(link)
    assert "not interested" in page.locator("dl").inner_text().lower()
    delete(page)
    page.goto(link)
    assert "There is no list under this link" in page.locator("h1").inner_text()


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
