"""What journeys in the browser have in common: lists, sizes, waiting for a change in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page


OWN = encode_list(CodedList((Entry(30, 9), Entry(40, 3), Entry(50, 0, 6))))


EVERYTHING = encode_list(CodedList(tuple(Entry(10 * (row + 1), 1 + row % 10) for row in range(40))))


SIZES = {"desktop": (1280, 900), "phone": (390, 844)}

FOLDED_UP_TO = 980
"""Pixels: where the stylesheet folds the form of wishes away."""


LONG = encode_list(
    CodedList((Entry(30, 9), Entry(40, 3), *(Entry(10_007 * one, 8) for one in range(1, 1_998))))
)
"""Of 2,000 shows, too long for an address"""


def post_a_long_list(page: Page, address: str) -> None:
    page.goto(f"{address}/recommendations?list={OWN}")
    field = page.locator("[data-own=list]")
    field.evaluate("(field, code) => { field.value = code; field.form.method = 'post'; }", LONG)
    page.locator("#steer").evaluate("form => form.submit()")
    page.wait_for_url("**/recommendations")


CSV = "anime_id,rating,status\n30,9,completed\n40,3,dropped\n99999999,8,completed\n"


def read_a_file(page: Page, address: str) -> None:
    page.goto(f"{address}/lists")
    page.get_by_label("Exported list").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    )
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url("**/lists/file")


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


def entries(page: Page) -> int:
    return page.locator("#results .strip li").count()


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


def open_the_form(page: Page) -> None:
    """Unfold it on a phone; elsewhere it stands beside the answer."""
    form = page.locator(".steer")
    # Asked of the element, so this waits for a page that is still on its way.
    folded = form.get_attribute("open") is None
    if folded and page.evaluate("innerWidth") <= FOLDED_UP_TO:
        form.locator("> summary").click()


def keep(page: Page, address: str) -> str:
    """Keep a list; returns its link."""
    page.goto(f"{address}/recommendations?list={OWN}")
    page.locator(".keep > summary").click()
    assert fits(page)
    page.get_by_role("button", name="Keep it under a new link").click()
    page.wait_for_url("**/lists/kept/*")
    return page.url
