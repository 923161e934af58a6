"""Shows for two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from anirec.web.schemas import WebFilters
from small_world import FIRST_USER

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from anirec.recommender import Recommender

ONE = CodedList((Entry(20, 9), Entry(30, 8)), frozenset({50}))
OTHER = CodedList((Entry(40, 9), Entry(70, 2)))


def shown(html: str) -> list[int]:
    return [int(anime_id) for anime_id in re.findall(r'<h3><a href="/anime/(\d+)"', html)]


@pytest.mark.parametrize(
    "typed",
    [
        encode_list(OTHER),
        f"https://example.org/recommendations?niche=20&list={encode_list(OTHER)}",
        f"  /recommendations?list={encode_list(OTHER)}  ",
    ],
)
def test_both_get_shows_with_what_they_are_owed_to(
    client: FlaskClient, recommender: Recommender, typed: str
) -> None:
    answer = client.post("/together", data={"list": encode_list(ONE), "with": typed})
    filters = WebFilters(without_shows=(50,))
    found = recommender.recommend_together([ONE.entries, OTHER.entries], 24, filters=filters)
    assert answer.status_code == 200
    assert shown(answer.text) == [one.anime_id for one in found]
    assert "<strong>You:</strong>" in answer.text
    assert "<strong>They:</strong>" in answer.text


def test_the_other_may_be_a_viewer_that_we_know(
    client: FlaskClient, recommender: Recommender
) -> None:
    answer = client.post("/together", data={"list": encode_list(ONE), "with": str(FIRST_USER)})
    seen = {entry.anime_id for entry in recommender.history(FIRST_USER)}
    assert shown(answer.text)
    assert not seen & set(shown(answer.text))


@pytest.mark.parametrize(
    ("own", "typed", "words"),
    [
        (ONE, "http://[x?list=a", "neither the link of a list nor a viewer"),
        (ONE, "my friend", "neither the link of a list nor a viewer"),
        (ONE, "/recommendations?list=broken", "copy the whole link"),
        (CodedList(), encode_list(OTHER), "Rate a few shows yourself first"),
    ],
)
def test_what_cannot_be_is_said(
    client: FlaskClient, own: CodedList, typed: str, words: str
) -> None:
    answer = client.post("/together", data={"list": encode_list(own), "with": typed})
    assert answer.status_code == 422
    assert words in answer.text


def test_alone_the_page_asks_for_the_other(client: FlaskClient) -> None:
    assert "needs two lists" in client.get("/together").text
    page = client.get("/together", query_string={"list": encode_list(ONE)})
    assert "Whose is the other one?" in page.text


def test_however_much_both_hide_is_no_error(client: FlaskClient) -> None:
    one = CodedList(ONE.entries, frozenset(range(10**6, 10**6 + 15_000)))
    other = CodedList(OTHER.entries, frozenset(range(2 * 10**6, 2 * 10**6 + 15_000)))
    form = {"list": encode_list(one), "with": encode_list(other)}
    assert client.post("/together", data=form).status_code == 200


def test_the_api_says_the_same_for_several(client: FlaskClient, recommender: Recommender) -> None:
    lists = [ONE.entries, OTHER.entries, (Entry(90, 7),)]
    histories = [
        [{"anime_id": e.anime_id, "rating": e.rating, "status": e.status} for e in entries]
        for entries in lists
    ]
    answer = client.post("/api/v1/together", json={"histories": histories, "n": 5}).get_json()
    found = recommender.recommend_together(lists, 5, filters={"adult": False})
    assert [one["anime_id"] for one in answer["recommendations"]] == [o.anime_id for o in found]
    for one, expected in zip(answer["recommendations"], found, strict=True):
        assert [each["score"] for each in one["each"]] == [each.score for each in expected.each]
    assert client.post("/api/v1/together", json={"histories": histories[:1]}).status_code == 422
    assert client.post("/api/v1/together", json={"histories": histories * 3}).status_code == 422


def test_the_other_may_be_a_kept_list(keeping: FlaskClient) -> None:
    secret = save_profile_of(keeping, OTHER)
    own = {"list": encode_list(ONE)}
    plain = keeping.post("/together", data={**own, "with": encode_list(OTHER)})
    kept = keeping.post("/together", data={**own, "with": f"http://localhost/lists/kept/{secret}"})
    assert shown(kept.text) == shown(plain.text) != []
    assert kept.headers["Cache-Control"] == "no-store"
    assert plain.headers["Cache-Control"] != "no-store"
    gone = keeping.post("/together", data={**own, "with": f"/lists/kept/{'k' * 32}"})
    assert gone.status_code == 422
    assert "No list is kept under this link any more" in gone.text


def save_profile_of(client: FlaskClient, coded: CodedList) -> str:
    history = [{"anime_id": one.anime_id, "rating": one.rating} for one in coded.entries]
    return str(client.post("/api/v1/profiles", json={"history": history}).get_json()["secret"])
