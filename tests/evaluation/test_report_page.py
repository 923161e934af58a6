from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from split_world import Fixed, taste_split

from anirec.errors import DataError
from anirec.evaluation.cold_items import without_cold_items
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.learning_curve import learning_curve
from anirec.evaluation.page import write_page
from anirec.evaluation.protocols import ON_COLD_ITEMS, ON_NEW_VIEWERS, evaluate_each
from anirec.models.popularity import Popularity
from conftest import skip_or_fail
from notes import Notes

if TYPE_CHECKING:
    from pathlib import Path

PLOTS = 8
FETCHING = {"src", "href", "xlink:href", "srcset", "data", "action"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a report of every protocol, the learning curve and the page."""
    place = tmp_path_factory.mktemp("evaluation")
    split = taste_split()
    extras = [Fixed(len(split.index), f"<script>{n}") for n in range(9)]

    def contestants(data: Any) -> Contestants:
        return Contestants({"popularity": Popularity().fit(data)}, None, extras)

    points = learning_curve(lambda part: {"popularity": Popularity().fit(part)}, "test", split)
    reports = evaluate_each(ON_NEW_VIEWERS, "test", split, contestants(split.train))
    reports[0].about["learning_curve"] = [point.to_dict() for point in points]
    reports += evaluate_each(ON_COLD_ITEMS, "test", split, contestants(without_cold_items(split)))
    for report in reports:
        report.write(place)
    write_page(place, "test", "")
    return place


@pytest.fixture(scope="module")
def html(place: Path) -> str:
    return (place / "report.html").read_text(encoding="utf-8")


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_needs_nothing_from_elsewhere(html: str) -> None:
    elements = Elements(html)
    assert not {"script", "link", "img", "iframe"} & set(elements.tags)
    assert all(value.startswith("#") for name, value in elements.attributes if name in FETCHING)
    assert not re.search(r"url\((?!#)|@import", html)


def test_every_plot_is_told_in_words_and_as_a_table(html: str) -> None:
    elements = Elements(html)
    assert elements.tags.count("svg") == elements.tags.count("details") == PLOTS
    assert len(re.findall(r'<svg [^>]*role="img" aria-labelledby="', html)) == PLOTS
    for name in ("title", "text"):
        assert len(re.findall(rf'id="plot\d+-{name}">[^<]+<', html)) == PLOTS


def test_names_within_the_page_are_unique_and_found(html: str) -> None:
    elements = Elements(html)
    ids = [value for name, value in elements.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    asked = {value[1:] for name, value in elements.attributes if name.endswith("href")}
    asked |= set(re.findall(r"url\(#([^)]+)\)", html))
    asked |= {
        one
        for name, value in elements.attributes
        if name == "aria-labelledby"
        for one in value.split()
    }
    assert asked <= set(ids)


def test_colours_are_those_of_the_page(html: str) -> None:
    """So that a plot can be read on dark and on light."""
    body = html[html.index("<body>") :]
    assert not re.search(r"(?:fill|stroke): #", body)
    assert "var(--series-7)" in body
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", html))
    light, dark = re.findall(r":root \{(.*?)\}", html, flags=re.DOTALL)
    colours = used - {"--font"}
    assert colours <= set(re.findall(r"(--[a-z0-9-]+):", dark))
    assert used <= set(re.findall(r"(--[a-z0-9-]+):", light))


def test_the_page_is_the_same_each_time(place: Path, html: str) -> None:
    assert write_page(place, "test", "").read_text(encoding="utf-8") == html
    assert not list(place.glob("*.part"))


def test_reports_of_other_models_are_left_out(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place, tmp_path / "copy")
    path = tmp_path / "copy" / "liked.json"
    path.write_text(path.read_text().replace('"recipe": ""', '"recipe": "other"'))
    notes = Notes()
    page = write_page(tmp_path / "copy", "test", "", notes).read_text(encoding="utf-8")
    assert "liked.json is not on the page" in notes.text
    assert "only held-out shows that the viewer liked" not in page
    path.write_text("{")
    with pytest.raises(DataError, match="not valid JSON"):
        write_page(tmp_path / "copy", "test", "")


def test_what_is_not_on_the_page_is_named(place: Path, html: str, tmp_path: Path) -> None:
    assert "Not measured, or not with these models: known viewers." in html
    shutil.copy(place / "liked.json", tmp_path)
    page = write_page(tmp_path, "test", "").read_text(encoding="utf-8")
    assert "new viewers, known viewers, discovery, history of 1," in page
    assert "learning curve." in page


def test_the_weights_of_the_hybrid_are_rounded(place: Path, tmp_path: Path) -> None:
    report = json.loads((place / "new-viewers.json").read_text())
    parts = {"collaborative": "ease", "content": "content"}
    weights = {"collaborative": 0.9499999999999998, "content": 0.050000000000000044}
    report["hybrid"] = {"parts": parts, "weights": weights}
    (tmp_path / "new-viewers.json").write_text(json.dumps(report))
    page = write_page(tmp_path, "test", "").read_text(encoding="utf-8")
    assert "ease (collaborative, 0.95), content (content, 0.05)" in page


def test_one_report_is_enough(place: Path, tmp_path: Path) -> None:
    shutil.copy(place / "cold-items.json", tmp_path)
    page = write_page(tmp_path, "test", "").read_text(encoding="utf-8")
    assert "recall@50" in page
    assert page.count("<svg ") == 1


@pytest.mark.real
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_a_phone_and_can_be_read(place: Path, scheme: Any) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        skip_or_fail("a browser", "apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page.goto((place / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('svg text')].map("
            "t => t.getBoundingClientRect().height))"
        )
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = page.evaluate("getComputedStyle(document.querySelector('svg text')).fill")
        browser.close()
    assert smallest >= 9
    assert (brightness(paper) > brightness(ink)) == (scheme == "light")


def brightness(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])
