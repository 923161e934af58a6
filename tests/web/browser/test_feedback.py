"""Feedback is sent by choice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from anirec.store.feedback import feedback_of
from anirec.store.secret_keys import KEY_PATTERN
from anirec.web.context import database
from web.browser.steps import (
    OWN,
    changes,
    fits,
    shown,
)

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Page, Request

    from anirec.store.events import Event

pytestmark = pytest.mark.real


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
