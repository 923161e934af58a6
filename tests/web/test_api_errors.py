"""Every error under /api is application/problem+json, whoever raises it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anirec.web.app import create_app
from anirec.web.settings import Settings
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from anirec import Recommender

API = "/api/v1"
VIEWER = f"{API}/users/{KNOWN}/recommendations"
LIST = f"{API}/recommendations"

hostile_settings = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    problem = answer.get_json()
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    assert isinstance(problem, dict)
    return problem


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{API}/users/77/recommendations", 404),
        (f"{API}/users/9223372036854775807/recommendations", 404),
        (f"{API}/users/9223372036854775808/recommendations", 422),
        (f"{API}/users/{'9' * 5000}/recommendations", 422),
        (f"{API}/users/alice/recommendations", 422),
        (f"{API}/users/-1/recommendations", 422),
        (f"{API}/users/1.5/recommendations", 422),
        (f"{API}/users/%20/recommendations", 422),
        (f"{API}/users//recommendations", 404),
        (f"{VIEWER}?n=0", 422),
        (f"{VIEWER}?n=101", 422),
        (f"{VIEWER}?n=-3", 422),
        (f"{VIEWER}?n=x", 422),
        (f"{VIEWER}?n=", 422),
        (f"{VIEWER}?n=1.5", 422),
        (f"{VIEWER}?collaborative=-1", 422),
        (f"{VIEWER}?collaborative=nan", 422),
        (f"{VIEWER}?content=inf", 422),
        (f"{VIEWER}?content=x", 422),
        (f"{VIEWER}?collaborative=0&content=0", 422),
        (f"{VIEWER}?content=0", 422),
        (f"{VIEWER}?diversity=1.1", 422),
        (f"{VIEWER}?diversity=nan", 422),
        (f"{VIEWER}?adult=perhaps", 422),
        (f"{API}/anime?offset=-1", 422),
        (f"{API}/anime?q=", 422),
        (f"{API}/anime?q={'x' * 201}", 422),
        (f"{API}/anime?q=a&n=0", 422),
        (f"{API}/anime/999999", 404),
        (f"{API}/anime/2147483648", 404),
        (f"{API}/anime/-1", 422),
        (f"{API}/anime/x", 422),
        (f"{API}/anime/999999/similar", 404),
        (f"{API}/anime/x/similar", 422),
        (f"{API}/anime/{SHOW}/similar?n=101", 422),
        (f"{API}/nothing", 404),
        ("/api/", 404),
        ("/api", 404),
    ],
)
def test_a_wrong_request_is_a_problem(client: FlaskClient, path: str, status: int) -> None:
    check_problem(client.get(path), status)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "history"),
        ({"history": None}, "history"),
        ({"history": [1]}, "history.0"),
        ({"history": [{}]}, "history.0.anime_id"),
        ({"history": [{"anime_id": "x"}]}, "history.0.anime_id"),
        ({"history": [{"anime_id": -1}]}, "history.0.anime_id"),
        ({"history": [{"anime_id": 10**30}]}, "history.0.anime_id"),
        ({"history": [{"anime_id": 1, "rating": 11}]}, "history.0.rating"),
        ({"history": [{"anime_id": 1, "rating": -1}]}, "history.0.rating"),
        ({"history": [{"anime_id": 1, "status": 5}]}, "history.0.status"),
        ({"history": [{"anime_id": 1, "rate": 5}]}, "history.0.rate"),
        ({"history": [], "n": 0}, "n"),
        ({"history": [], "n": 101}, "n"),
        ({"history": [], "weights": {"content": -1}}, "request"),
        ({"history": [], "weights": {"content": 0}}, "request"),
        ({"history": [], "weights": {}}, "request"),
        ({"history": [], "weights": {"taste": 1}}, "request"),
        ({"history": [], "weights": {"content": float("nan")}}, "request"),
        ({"history": [], "weights": [1, 2]}, "weights"),
        ({"history": [], "filters": {"colour": "red"}}, "filters.colour"),
        ({"history": [], "filters": []}, "filters"),
        ({"history": [], "diversity": 2}, "diversity"),
        ({"history": [], "diversity": float("inf")}, "diversity"),
        ({"history": [], "surprise": True}, "surprise"),
        ([], "request"),
        (None, "request"),
        ("text", "request"),
        (7, "request"),
    ],
)
def test_a_wrong_body_names_the_field(client: FlaskClient, body: Any, field: str) -> None:
    answer = client.post(LIST, data=json.dumps(body), content_type="application/json")
    assert field in [error["field"] for error in check_problem(answer, 422)["errors"]]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[" * 500_000, b"\xff\xfe", b"1" * 6000, b'{"history": [], "n": 1e999}']
)
def test_a_body_that_is_no_json_is_malformed(client: FlaskClient, data: bytes) -> None:
    check_problem(client.post(LIST, data=data, content_type="application/json"), 422)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_kind_is_refused(client: FlaskClient, kind: str | None) -> None:
    check_problem(client.post(LIST, data=b'{"history": []}', content_type=kind), 415)


def test_a_huge_body_is_refused(recommender: Recommender) -> None:
    client = create_app(recommender, Settings(max_body_bytes=1000)).test_client()
    body = {"history": [{"anime_id": number} for number in range(100)]}
    check_problem(client.post(LIST, json=body), 413)


def test_a_long_list_within_the_limit_is_fine(client: FlaskClient) -> None:
    body = {"history": [{"anime_id": number, "rating": 7} for number in range(5000)]}
    assert client.post(LIST, json=body).status_code == 200


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete(VIEWER)
    check_problem(answer, 405)
    assert "GET" in answer.headers["Allow"]
    check_problem(client.put(LIST), 405)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["history", "n", "weights", "filters", "diversity", "anime_id", "rating", "content"]
            )
            | st.text(max_size=6),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@hostile_settings
@given(body=json_values)
def test_no_body_breaks_the_api(client: FlaskClient, body: Any) -> None:
    answer = client.post(LIST, data=json.dumps(body), content_type="application/json")
    if answer.status_code != 200:
        check_problem(answer, 422)


@hostile_settings
@given(
    body=st.fixed_dictionaries(
        {"history": st.lists(st.fixed_dictionaries({"anime_id": st.integers()}), max_size=5)},
        optional={
            "n": st.integers(-5, 120),
            "weights": st.dictionaries(
                st.sampled_from(["collaborative", "content"]), st.floats() | st.integers()
            ),
            "diversity": st.floats(),
            "filters": st.fixed_dictionaries({}, optional={"adult": st.booleans()}),
        },
    )
)
def test_nearly_right_bodies_are_answered_or_refused(client: FlaskClient, body: Any) -> None:
    answer = client.post(LIST, data=json.dumps(body), content_type="application/json")
    if answer.status_code != 200:
        check_problem(answer, 422)


@hostile_settings
@given(data=st.binary(max_size=60))
def test_no_bytes_break_the_api(client: FlaskClient, data: bytes) -> None:
    answer = client.post(LIST, data=data, content_type="application/json")
    if answer.status_code != 200:
        check_problem(answer, 422)


@hostile_settings
@given(
    what=st.text(max_size=30) | st.integers().map(str) | st.sampled_from(["%00", "١", "1_0", "+1"]),
    where=st.sampled_from(["users/{}/recommendations", "anime/{}", "anime/{}/similar", "{}"]),
)
def test_no_path_breaks_the_api(client: FlaskClient, what: str, where: str) -> None:
    answer = client.get(f"{API}/{where.format(quote(what, safe='/%.', errors='replace'))}")
    assert answer.status_code < 500
    if answer.status_code >= 400:
        check_problem(answer, answer.status_code)


@hostile_settings
@given(
    query=st.dictionaries(
        st.sampled_from(["n", "collaborative", "content", "diversity", "adult", "q", "lang"]),
        st.text(max_size=10) | st.integers().map(str) | st.floats().map(str),
    ),
    path=st.sampled_from(
        [VIEWER, f"{API}/anime", f"{API}/anime/{SHOW}/similar", "/posters/10.svg"]
    ),
)
def test_no_query_breaks_the_api(client: FlaskClient, query: dict[str, str], path: str) -> None:
    answer = client.get(path, query_string=urlencode(query, errors="replace"))
    if answer.status_code != 200:
        check_problem(answer, 422)
