"""The slider that says how much shows of new franchises are preferred."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from anirec.recommender import Recommender
from anirec.web.app import create_app
from small_learned_bundle import small_learned_bundle

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LIST = CodedList(tuple(Entry(10 * row, 8) for row in range(1, 9)))
PAGE = f"/recommendations?list={encode_list(LIST)}"


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    place = tmp_path_factory.mktemp("discovery") / "bundle"
    small_learned_bundle(place)
    recommender = Recommender.load(place)
    ranker = recommender.bundle.learned
    assert ranker is not None
    ranker.discovery = 0.35
    # The list holds shows of eight of ten franchises.
    franchise = np.arange(ranker.n_items, dtype=np.int32) % 10
    sizes = np.bincount(franchise)[franchise].astype(np.float32)
    ranker.facts = replace(ranker.facts, franchise=franchise, franchise_size=sizes)
    return recommender


@pytest.fixture(scope="module")
def page(learned: Recommender) -> FlaskClient:
    return create_app(learned).test_client()


def slider(html: str) -> str | None:
    found = re.search(r'<input id="discovery"[^>]*>', html)
    return found[0] if found else None


def shown(html: str) -> list[int]:
    return [int(anime_id) for anime_id in re.findall(r'<h3><a href="/anime/(\d+)"', html)]


def test_it_stands_where_the_bundle_does_and_then_says_nothing(page: FlaskClient) -> None:
    field = slider(page.get(PAGE).text)
    assert field is not None
    assert 'value="35"' in field
    assert "disabled" not in field
    answer = page.get(f"{PAGE}&discovery=35")
    assert answer.headers["Location"] == PAGE


@pytest.mark.parametrize("percent", [0, 100])
def test_moved_it_orders_the_page_and_its_twin(
    page: FlaskClient, learned: Recommender, percent: int
) -> None:
    html = page.get(f"{PAGE}&discovery={percent}").text
    found = learned.recommend(LIST.entries, 24, filters={"adult": False}, discovery=percent / 100)
    assert shown(html) == [one.anime_id for one in found]
    field = slider(html)
    assert field is not None
    assert f'value="{percent}"' in field
    twin = re.search(r'<link [^>]*type="application/json"[^>]*href="([^"]+)"', html)
    assert twin is not None
    there = page.get(twin[1].replace("&amp;", "&")).get_json()["recommendations"]
    assert [one["anime_id"] for one in there] == shown(html)


def test_it_changes_the_order(page: FlaskClient) -> None:
    orders = [shown(page.get(f"{PAGE}&discovery={percent}").text) for percent in (0, 100)]
    assert orders[0] != orders[1]


def test_a_blend_of_ones_own_leaves_it_without_effect(page: FlaskClient) -> None:
    answer = page.get(f"{PAGE}&blend=90&discovery=80")
    assert answer.status_code == 303
    assert "blend=90" in answer.headers["Location"]
    assert "discovery" not in answer.headers["Location"]
    field = slider(page.get(answer.headers["Location"]).text)
    assert field is not None
    assert "disabled" in field


@pytest.mark.parametrize("blend", ["", "05", " 5"])
def test_the_best_blend_however_written_is_none_of_ones_own(page: FlaskClient, blend: str) -> None:
    best = re.search(r'data-best="(\d+)"', page.get(PAGE).text)
    assert best is not None
    written = blend and blend.replace("5", best[1])
    answer = page.get(f"{PAGE}&blend={written}&discovery=80", follow_redirects=True)
    field = slider(answer.text)
    assert field is not None
    assert 'value="80"' in field
    assert "disabled" not in field


@pytest.mark.parametrize("wrong", ["101", "-1", "much"])
def test_what_it_cannot_be_is_said(page: FlaskClient, wrong: str) -> None:
    answer = page.get(f"{PAGE}&discovery={wrong}")
    assert answer.status_code == 422
    assert "from 0 to 100" in answer.text


def test_a_bundle_without_a_learned_ranker_has_none(client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}&discovery=80")
    assert answer.status_code == 303
    assert answer.headers["Location"] == PAGE
    assert slider(client.get(PAGE).text) is None
