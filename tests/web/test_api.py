"""The JSON API: what it answers, and that it describes itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from anirec import Entry, Filters, Recommender
from small_world import ADULT
from web.web_world import ADULT_SHOW, KNOWN, SHOW

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

API = "/api/v1"
ADULT_IDS = {10 * (row + 1) for row in ADULT}


def ids(answer: Any) -> list[int]:
    return [one["anime_id"] for one in answer.get_json()["recommendations"]]


def test_a_viewer_gets_what_the_recommender_says(
    client: FlaskClient, recommender: Recommender
) -> None:
    query = {"n": 7, "collaborative": 1, "content": 3, "diversity": 0.5}
    answer = client.get(f"{API}/users/{KNOWN}/recommendations", query_string=query)
    weights = {"collaborative": 1.0, "content": 3.0}
    expected = recommender.recommend_user(KNOWN, 7, weights, Filters(adult=False), 0.5)
    body = answer.get_json()
    assert answer.status_code == 200
    assert body["recommendations"] == [one.to_dict() for one in expected]
    assert body["removed"] == expected.removed
    assert body["ignored"] == []
    assert body["model"] == recommender.model
    assert set(body) == {"recommendations", "ignored", "removed", "model"}


def test_defaults_are_ten_shows_of_the_best_blend(
    client: FlaskClient, recommender: Recommender
) -> None:
    answer = client.get(f"{API}/users/{KNOWN}/recommendations")
    expected = recommender.recommend_user(KNOWN, filters=Filters(adult=False))
    assert ids(answer) == [one.anime_id for one in expected]
    assert len(ids(answer)) == 10


def test_one_weight_alone_counts_alone(client: FlaskClient) -> None:
    answer = client.get(f"{API}/users/{KNOWN}/recommendations?content=2")
    for one in answer.get_json()["recommendations"]:
        assert one["components"]["collaborative"] == 0


def test_a_list_in_the_request_gets_what_the_recommender_says(
    client: FlaskClient, recommender: Recommender
) -> None:
    body = {
        "history": [
            {"anime_id": SHOW, "rating": 10, "status": 2},
            {"anime_id": 20},
            {"anime_id": 999_999, "rating": 3},
        ],
        "n": 4,
        "weights": {"collaborative": 0.2, "content": 0.8},
        "filters": {"adult": True},
        "diversity": 0.25,
    }
    answer = client.post(f"{API}/recommendations", json=body)
    history = [Entry(SHOW, 10, 2), Entry(20), Entry(999_999, 3)]
    weights = {"collaborative": 0.2, "content": 0.8}
    expected = recommender.recommend(history, 4, weights, Filters(adult=True), 0.25)
    assert answer.status_code == 200
    assert answer.get_json() == {
        "recommendations": [one.to_dict() for one in expected],
        "ignored": [999_999],
        "removed": {},
        "model": recommender.model,
    }


def test_the_request_of_the_documentation_works(client: FlaskClient) -> None:
    body = {
        "history": [{"anime_id": 5114, "rating": 10, "status": 2}],
        "n": 10,
        "weights": None,
        "filters": {},
        "diversity": 0,
    }
    answer = client.post(f"{API}/recommendations", json=body)
    assert answer.status_code == 200
    assert answer.get_json()["ignored"] == [5114]
    assert len(ids(answer)) == 10


def test_an_empty_list_is_answered(client: FlaskClient) -> None:
    assert len(ids(client.post(f"{API}/recommendations", json={"history": []}))) == 10


def test_adult_titles_are_out_unless_asked_for(client: FlaskClient) -> None:
    for path in (f"{API}/users/{KNOWN}/recommendations?n=100", f"{API}/anime/{SHOW}/similar?n=100"):
        assert not ADULT_IDS & set(ids(client.get(path)))
        assert ADULT_IDS & set(ids(client.get(f"{path}&adult=true")))
    answer = client.post(f"{API}/recommendations", json={"history": [], "n": 100})
    assert answer.get_json()["removed"] == {"adult": len(ADULT)}
    found = client.get(f"{API}/anime?q=show&n=100").get_json()["anime"]
    assert not ADULT_IDS & {show["anime_id"] for show in found}
    found = client.get(f"{API}/anime?q=show&n=100&adult=true").get_json()["anime"]
    assert {show["anime_id"] for show in found} >= ADULT_IDS


def test_n_shows_come_also_where_adult_titles_rank_first(client: FlaskClient) -> None:
    assert len(client.get(f"{API}/anime?q=show&n=20").get_json()["anime"]) == 20


@pytest.mark.parametrize("anime_id", [SHOW, ADULT_SHOW])
def test_a_show_is_all_that_the_catalogue_knows(
    client: FlaskClient, recommender: Recommender, anime_id: int
) -> None:
    answer = client.get(f"{API}/anime/{anime_id}").get_json()
    expected = recommender.show(anime_id).to_dict()
    assert answer == {k: list(v) if isinstance(v, tuple) else v for k, v in expected.items()}


def test_titles_are_found_in_any_language(client: FlaskClient) -> None:
    for query in ("very long road", "勇者", "HERO"):
        answer = client.get(f"{API}/anime", query_string={"q": query})
        assert answer.get_json()["anime"][0]["anime_id"] == SHOW


def test_similar_shows_are_those_of_the_recommender(
    client: FlaskClient, recommender: Recommender
) -> None:
    answer = client.get(f"{API}/anime/{SHOW}/similar?n=5&content=1")
    expected = recommender.similar(SHOW, 5, {"content": 1.0}, Filters(adult=False))
    assert answer.get_json()["recommendations"] == [one.to_dict() for one in expected]


def test_the_api_says_what_answers(client: FlaskClient, recommender: Recommender) -> None:
    about = client.get(API).get_json()
    assert about["bundle"] == recommender.manifest.version
    assert about["n_items"] == recommender.manifest.n_items
    assert about["simulated_viewers"] is False
    for user_id in about["sample_viewers"]:
        assert client.get(f"{API}/users/{user_id}/recommendations").status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_health(client: FlaskClient, path: str, status: str) -> None:
    assert client.get(path).get_json() == {"status": status}


def test_not_ready_is_said_to_programs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Recommender, "recommend", broken)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert app.test_client().get("/healthz").status_code == 200


def described(app: Flask) -> dict[str, Any]:
    description = app.test_client().get("/api/openapi.json").get_json()
    assert isinstance(description, dict)
    return description


def test_openapi_lists_every_route_for_programs(app: Flask) -> None:
    description = described(app)
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<([^>:]+:)?([^>]+)>", r"{\2}", rule.rule)
        for_programs = path.startswith("/api") or path.endswith("z")
        if for_programs and path not in ("/api/openapi.json", "/api/docs"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert method.lower() in description["paths"][path], path


def test_openapi_holds_together(app: Flask) -> None:
    description = described(app)
    assert description["openapi"].startswith("3.1")
    names = []
    for path, methods in description["paths"].items():
        for operation in methods.values():
            names.append(operation["operationId"])
            assert operation["summary"]
            assert "200" in operation["responses"]
            declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path))
    assert len(names) == len(set(names))
    for reference in references(description):
        node: Any = description
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_openapi_says_nothing_with_null(app: Flask) -> None:
    """A null is no object, list or text: validators refuse it everywhere but as a value."""

    def nulls(node: Any, where: str) -> list[str]:
        if isinstance(node, dict):
            inside = [(f"{where}/{name}", value) for name, value in node.items()]
        elif isinstance(node, list):
            inside = [(f"{where}/{place}", value) for place, value in enumerate(node)]
        else:
            is_value = where.endswith("/default") or "/example/" in where
            return [where] if node is None and not is_value else []
        return [found for place, value in inside for found in nulls(value, place)]

    assert nulls(described(app), "") == []


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []


def test_null_filters_are_the_usual_ones(client: FlaskClient) -> None:
    body: dict[str, object] = {"history": [{"anime_id": SHOW}]}
    usual = client.post(f"{API}/recommendations", json=body).get_json()
    answer = client.post(f"{API}/recommendations", json=body | {"filters": None})
    assert answer.status_code == 200
    assert answer.get_json() == usual
    assert usual["removed"]["adult"] > 0
