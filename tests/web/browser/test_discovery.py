"""The slider of new franchises beside that of the blend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from anirec.recommender import Recommender
from anirec.web.app import create_app
from small_learned_bundle import small_learned_bundle
from web.browser.server import serving
from web.browser.steps import changes, fits, open_the_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

LIST = encode_list(CodedList(tuple(Entry(10 * row, 8) for row in range(1, 9))))


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("discovery") / "bundle"
    small_learned_bundle(place)
    with serving(create_app(Recommender.load(place))) as address:
        yield address


def test_it_counts_while_the_blend_is_the_best_one(page: Page, learned: str) -> None:
    page.goto(f"{learned}/recommendations?list={LIST}")
    open_the_form(page)
    discovery = page.get_by_role("slider", name="New franchises")
    blend = page.get_by_label("What counts")
    best = blend.input_value()

    changes(page, lambda: discovery.fill("80"))
    assert page.locator("output[for=discovery]").inner_text() == "80%"
    assert "discovery=80" in page.url
    assert fits(page)

    changes(page, lambda: blend.fill("90"))
    assert discovery.is_disabled()
    assert page.get_by_text("Counts at the best blend only").is_visible()
    assert "discovery" not in page.url

    changes(page, lambda: blend.fill(best))
    assert discovery.is_enabled()
    assert "discovery=80" in page.url
    assert "blend" not in page.url

    with page.expect_event("load"):
        page.go_back()
    open_the_form(page)
    assert "blend=90" in page.url
    assert blend.input_value() == "90"
    assert discovery.is_disabled()
