"""Filters and dislikes over HTTP and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from anirec.ranking.filters import Filters
from anirec.ranking.reasons import Attitude, Reason
from anirec.ranking.recommendation import Recommendation, Recommendations
from anirec.recommender import Recommender
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

API = "/api/v1"
USER = f"{API}/users/{KNOWN}/recommendations"
SIMILAR = f"{API}/anime/{SHOW}/similar"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, recommender: Recommender) -> list[dict[str, Any]]:
    """What reaches the recommender."""
    calls: list[dict[str, Any]] = []
    recommend = Recommender._recommend

    def note(self: Recommender, *arguments: Any) -> Recommendations:
        names = [
            "history",
            "n",
            "weights",
            "filters",
            "diversity",
            "dislikes",
            "discovery",
            "niche",
        ]
        calls.append(dict(zip(names, arguments, strict=True)))
        return recommend(self, *arguments)

    monkeypatch.setattr(Recommender, "_recommend", note)
    return calls


def test_filters_mean_the_same_in_the_address_and_in_the_body(
    client: FlaskClient, recommender: Recommender
) -> None:
    query = "?genres=action&without_genres=Comedy&year_from=1990&recaps=false&n=5"
    by_address = client.get(f"{USER}{query}").get_json()
    history = [
        {"anime_id": entry.anime_id, "rating": entry.rating, "status": int(entry.status)}
        for entry in recommender.history(KNOWN)
    ]
    filters = {
        "genres": ["Action"],
        "without_genres": ["comedy"],
        "year_from": 1990,
        "recaps": False,
    }
    body = {"history": history, "n": 5, "filters": filters}
    by_body = client.post(f"{API}/recommendations", json=body).get_json()
    assert by_address["recommendations"] == by_body["recommendations"]
    assert by_address["removed"] == by_body["removed"]
    expected = {"adult", "recaps", "genres", "without_genres", "year_from"}
    assert by_body["removed"].keys() == expected


@pytest.mark.parametrize("path", [USER, SIMILAR])
def test_every_filter_can_stand_in_an_address(client: FlaskClient, path: str) -> None:
    removed = client.get(f"{path}?genres=Action&genres=Fantasy&year_from=1990").get_json()
    assert removed["removed"]["genres"] > 0
    query = {
        "adult": "true",
        "known_franchises": "false",
        "sequels_before_prequels": "false",
        "franchise_repeats": "false",
        "types": ["TV short"],
        "age_ratings": ["PG-13"],
        "tags": ["travel"],
        "year_to": 2020,
        "episodes_from": 1,
        "episodes_to": 99,
        "members_from": 5,
        "score_from": 7.5,
        "sequels": "false",
        "planned": "false",
        "unplanned": "false",
        "without_shows": [20, 30],
    }
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    assert set(answer.get_json()["removed"]) == set(query) - {"adult"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("genres=Actoin", "the genre 'Actoin'; did you mean Action"),
        ("tags=Swordplai", "the tag 'Swordplai'; did you mean"),
        ("types=Radio", "the type 'Radio'; did you mean TV_SHORT"),
        ("year_from=soon", "year_from"),
        ("year_from=2020&year_to=2000", "year_from is 2020 and year_to 2000"),
        ("score_from=11", "score_from"),
        ("episodes_to=0", "episodes_to"),
        ("members_from=-1", "members_from"),
        ("franchise_repeats=perhaps", "franchise_repeats"),
    ],
)
def test_wrong_filters_are_422_in_words(client: FlaskClient, query: str, says: str) -> None:
    for path in (USER, SIMILAR):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert answer.mimetype == "application/problem+json"
        assert says in answer.get_json()["detail"]


def test_wrong_filters_of_a_body_are_422_in_words(client: FlaskClient) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "did you mean Action": {"genres": ["Actoin"]},
        "filters.genres": {"genres": 5},
        "nothing lies between": {"year_from": 2020, "year_to": 2000},
        "filters.studio": {"studio": "Kite"},
    }
    for says, filters in wrong.items():
        body: dict[str, Any] = {"history": [], "filters": filters}
        answer = client.post(f"{API}/recommendations", json=body)
        assert answer.status_code == 422
        assert says in answer.get_json()["detail"]


def test_dislikes_can_be_switched_off_everywhere(
    client: FlaskClient, asked: list[dict[str, Any]]
) -> None:
    client.get(USER)
    client.get(f"{USER}?dislikes=false")
    client.post(f"{API}/recommendations", json={"history": [], "dislikes": False})
    client.get(f"/users/{KNOWN}")
    client.get(f"/users/{KNOWN}?dislikes=0")
    assert [call["dislikes"] for call in asked] == [True, False, False, True, False]
    wanted = [(call["filters"] or Filters()).model_dump() for call in asked]
    assert wanted == [Filters(adult=False).model_dump()] * 5
    assert client.get(f"{USER}?dislikes=perhaps").status_code == 422


def test_the_form_keeps_the_switch(client: FlaskClient) -> None:
    answer = client.get("/users", query_string={"user_id": KNOWN, "dislikes": "0"})
    assert answer.headers["Location"] == f"/users/{KNOWN}?dislikes=0"
    page = client.get(answer.headers["Location"]).text
    assert 'type="checkbox" value="0" checked' in page
    assert f"{USER}?n=24&amp;dislikes=0" in page
    assert 'value="0" checked' not in client.get(f"/users/{KNOWN}").text
    answer = client.get(f"/users/{KNOWN}?dislikes=perhaps")
    assert answer.status_code == 422
    assert "Dislikes are on (1) or off (0)." in answer.text


def reason(anime_id: int, contribution: float, attitude: Attitude) -> Reason:
    return Reason(anime_id, f"Show {anime_id}", "content", contribution, attitude)


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        (
            [reason(40, 2, Attitude.LIKED), reason(50, 1, Attitude.LIKED)],
            ["Because you liked Show 3 67%× and Show 4 33%×"],
        ),
        ([reason(40, 2, Attitude.WATCHED)], ["Because you watched Show 3×"]),
        (
            [
                reason(40, 2, Attitude.LIKED),
                reason(50, 1, Attitude.WATCHED),
                reason(40, 0.5, Attitude.LIKED),
                reason(60, -3, Attitude.LIKED),
                reason(70, -2, Attitude.DROPPED),
                reason(80, -1, Attitude.RATED_LOW),
            ],
            ["Because you liked Show 3 71%×", "Less, because you dropped Show 6×"],
        ),
        (
            [reason(80, -1, Attitude.RATED_LOW)],
            [
                "Close to what this list is about",
                "Less, because you gave a low rating to Show 7×",
            ],
        ),
        ([reason(60, -3, Attitude.WATCHED)], ["Close to what this list is about"]),
    ],
)
def test_cards_say_why_and_never_call_a_like_a_dislike(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    reasons: list[Reason],
    words: list[str],
) -> None:
    found = Recommendations([Recommendation(30 * 10, "x", 1.0, {"content": 1.0}, reasons)])
    monkeypatch.setattr(Recommender, "_recommend", lambda *arguments: found)
    page = client.get(f"/users/{KNOWN}").text
    said = [
        " ".join(_text(part.partition("</p>")[0].partition(">")[2]).split())
        for part in page.split('<p class="reason')[1:]
    ]
    assert said == words


def test_a_prequel_says_what_it_comes_before(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    liked = [reason(40, 2, Attitude.LIKED)]
    found = [
        Recommendation(300, "x", 1.0, {"content": 1.0}, liked, instead_of=310),
        Recommendation(500, "y", 0.5, {"content": 0.5}, liked),
    ]
    monkeypatch.setattr(Recommender, "_recommend", lambda *arguments: Recommendations(found))
    page = client.get(f"/users/{KNOWN}").text
    assert page.count("Start here: comes before") == 1
    line = page.partition("Start here: comes before ")[2].partition("</p>")[0]
    assert line == '<a href="/anime/310" lang="ja-Latn">Show 30</a>'
    in_english = client.get(f"/users/{KNOWN}?lang=english").text
    assert "Start here: comes before" in in_english


def _text(html: str) -> str:
    parts = html.split("<")
    return parts[0] + "".join(part.partition(">")[2] for part in parts[1:])


def test_discovery_reaches_the_recommender_and_is_refused_where_it_means_nothing(
    client: FlaskClient, asked: list[dict[str, Any]]
) -> None:
    address = client.get(f"{USER}?discovery=0.5")
    body = client.post(f"{API}/recommendations", json={"history": [], "discovery": 0})
    assert [call["discovery"] for call in asked] == [0.5, 0]
    # This bundle has no learned blend.
    for answer in (address, body):
        assert answer.status_code == 422
        assert "this bundle has none" in answer.get_json()["detail"]
    assert client.get(f"{USER}?discovery=2").status_code == 422
