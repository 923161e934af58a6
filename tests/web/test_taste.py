"""The page about a taste and its JSON twin, over a world in which tastes are plain to see."""

from __future__ import annotations

import gc
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from weakref import ref

import numpy as np
import pytest

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from anirec.models.popularity import Popularity
from anirec.ranking.hybrid import Hybrid
from anirec.recommender import Recommender
from anirec.taste.backtest import backtest
from anirec.web import taste_tables
from anirec.web.app import create_app
from anirec.web.map_drawing import MAP_SIZE, draw_dots
from anirec.web.map_labels import NEAR, placed_labels
from taste.taste_world import ADULT, N_SHOWS, taste_dataset
from web.web_world import web_map

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

MECHA = [Entry(row + 1, 10) for row in range(0, N_SHOWS, 10)]
MORE = [Entry(row + 1, 6) for row in range(1, 40) if row % 10]
LIST = [*MECHA, *MORE]


def world(place: Path, *, with_map: bool = True, with_viewers: bool = True) -> Recommender:
    dataset = taste_dataset()
    popularity = Popularity().fit(dataset)
    write_bundle(
        place,
        dataset,
        Hybrid(popularity, popularity),
        popularity,
        Provenance("d" * 64, "p" * 64, 1, None, {}),
        shows_map=web_map(N_SHOWS) if with_map else None,
        with_viewers=with_viewers,
    )
    return Recommender.load(place)


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    return world(tmp_path_factory.mktemp("taste") / "bundle")


@pytest.fixture
def visitor(face: Recommender) -> FlaskClient:
    return create_app(face).test_client()


def address(entries: list[Entry], hidden: frozenset[int] = frozenset()) -> dict[str, str]:
    return {"list": encode_list(CodedList(tuple(entries), hidden))}


def history(entries: list[Entry]) -> dict[str, object]:
    return {
        "history": [
            {"anime_id": e.anime_id, "rating": e.rating, "status": int(e.status)} for e in entries
        ]
    }


def test_the_page_tells_what_stands_out(visitor: FlaskClient) -> None:
    page = visitor.get("/taste", query_string=address(LIST)).text
    assert "Genres that you watch more than others" in page
    assert re.search(r"Mecha: 3\d% of this list, 10% of what others watch", page)
    assert "How often each rating was given" in page
    assert "Hidden shows found among the first 50" in page
    assert "of viewers are more" in page


def test_every_chart_has_a_name_and_its_figures_in_words(visitor: FlaskClient) -> None:
    page = visitor.get("/taste", query_string=address(LIST)).text
    charts = re.findall(r"<svg class=\"chart\".*?</svg>", page, re.DOTALL)
    assert len(charts) >= 5
    for chart in charts:
        root = ET.fromstring(chart)
        assert root.get("role") == "img"
        named = str(root.get("aria-labelledby")).split()
        texts = {child.get("id"): child.text for child in root if child.get("id")}
        assert all((texts[one] or "").strip() for one in named)
        numbers = [float(value) for value in re.findall(r'\s(?:x|y|width|height)="([^"]+)"', chart)]
        assert all(-200 <= value <= 1000 for value in numbers)


def test_page_and_api_say_the_same(visitor: FlaskClient, face: Recommender) -> None:
    got = visitor.get("/api/v1/taste", query_string=address(LIST)).get_json()
    posted = visitor.post("/api/v1/taste", json=history(LIST)).get_json()
    assert posted == got
    assert got["enough"]
    assert (got["n_shows"], got["model"]) == (len(LIST), face.model)
    genres = next(one for one in got["watching"] if one["kind"] == "genres")
    assert [one["name"] for one in genres["more"]] == ["Mecha"]
    assert got["ratings"]["apart"][0]["title"].startswith("Show ")
    assert got["backtest"]["n_hidden"] == backtest(LIST, face).n_hidden
    assert len(got["map"]["own"]) == len(LIST)
    assert len(got["map"]["recommended"]) == 12
    for mark in (*got["map"]["own"], *got["map"]["recommended"]):
        assert 0 <= mark["x"] <= 1
        assert 0 <= mark["y"] <= 1


def test_own_shows_and_recommendations_are_links_on_the_map(visitor: FlaskClient) -> None:
    page = visitor.get("/taste", query_string=address(LIST, frozenset({150}))).text
    drawn = page[page.index("data-map") : page.index("</figure>")]
    assert len(re.findall(r'class="mine"', drawn)) == len(LIST)
    stars = re.findall(r'href="/anime/(\d+)" aria-label="Recommended: ', drawn)
    assert len(stars) == 12
    assert not {150, *(e.anime_id for e in LIST)} & {int(one) for one in stars}


def test_a_list_may_be_posted(visitor: FlaskClient) -> None:
    asked = address(LIST)
    posted = visitor.post("/taste", data=asked)
    assert posted.status_code == 200
    page = visitor.get("/taste", query_string=asked).text
    assert main_part(posted.text) == main_part(page)


def main_part(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def test_without_a_list_the_page_explains_and_invites(visitor: FlaskClient) -> None:
    page = visitor.get("/taste")
    assert page.status_code == 200
    assert 'href="/recommendations"' in page.text
    assert 'href="/lists"' in page.text
    assert "data-map" in page.text
    twin = visitor.get("/api/v1/taste").get_json()
    assert not twin["enough"]
    assert twin["map"] == {"own": [], "recommended": []}


def test_a_short_list_is_told_so(visitor: FlaskClient) -> None:
    asked = address([*LIST[:4], Entry(ADULT + 1, 9)])
    page = visitor.get("/taste", query_string=asked).text
    assert "4 watched shows are too few to tell a taste" in page
    assert "Show 199" not in page
    assert visitor.get("/api/v1/taste", query_string=asked).get_json()["ratings"] is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_damaged_list_is_refused(visitor: FlaskClient, method: str) -> None:
    broken = {"list": "broken"}
    where = {"get": "query_string", "post": "data"}[method]
    page = getattr(visitor, method)("/taste", **{where: broken})
    assert page.status_code == 422
    answer = visitor.get("/api/v1/taste", query_string=broken)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_wrong_body_is_refused(visitor: FlaskClient) -> None:
    for body in ({}, {"history": [{"anime_id": 1, "rating": 11}]}, {"history": [], "more": 1}):
        answer = visitor.post("/api/v1/taste", json=body)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_the_dots_are_drawn_once_and_kept(visitor: FlaskClient, face: Recommender) -> None:
    page = visitor.get("/taste").text
    found = re.search(r'<image href="([^"]+)"', page)
    assert found is not None
    dots = visitor.get(found[1])
    assert dots.mimetype == "image/svg+xml"
    assert "immutable" in dots.headers["Cache-Control"]
    assert visitor.get(found[1], headers={"If-None-Match": dots.headers["ETag"]}).status_code == 304
    assert dots.text.count("M") == N_SHOWS - 1  # the adult one is not drawn
    assert len(ET.fromstring(dots.text)) == 1
    assert draw_dots(face.bundle) == dots.text
    shows_map = face.bundle.shows_map
    assert shows_map is not None
    x, y = np.rint(shows_map.positions[0] * MAP_SIZE).astype(int)
    assert f"M{x} {y}h0" in dots.text


def test_a_bundle_without_map_or_lists_says_so(tmp_path: Path) -> None:
    visitor = create_app(
        world(tmp_path / "bundle", with_map=False, with_viewers=False)
    ).test_client()
    page = visitor.get("/taste", query_string=address(LIST)).text
    assert "was published without a map" in page
    assert "This bundle keeps no lists" in page
    assert visitor.get("/taste/map.svg").status_code == 404
    assert visitor.get("/api/v1/taste", query_string=address(LIST)).get_json()["map"] is None


def test_tables_go_with_the_bundle_that_they_belong_to(tmp_path: Path) -> None:
    mine = world(tmp_path / "bundle")
    tables = taste_tables.tables_of(mine)
    assert taste_tables.tables_of(mine) is tables
    bundle, kept = ref(mine), ref(tables)
    del mine, tables
    gc.collect()
    assert bundle() is None
    assert kept() is None


def test_names_of_regions_do_not_cover_each_other() -> None:
    labels = placed_labels(web_map(5).regions)
    assert [(label.name, label.shown) for label in labels] == [
        ("Drama", "always"),
        ("<Action>", NEAR),
    ]
