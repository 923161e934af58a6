"""What is no number in a body is not read as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from web.test_api_errors import LIST, check_problem

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": "5"},
        {"n": True},
        {"n": 5.5},
        {"diversity": True},
        {"dislikes": "yes"},
        {"dislikes": 1},
        {"weights": {"content": "1"}},
        {"history": [{"anime_id": "10"}]},
        {"history": [{"anime_id": 10, "status": True}]},
        {"filters": {"adult": 1}},
        {"filters": {"year_from": "2000"}},
        {"filters": {"without_shows": ["10"]}},
    ],
)
def test_what_is_not_as_described_is_refused(client: FlaskClient, wrong: dict[str, Any]) -> None:
    check_problem(client.post(LIST, json={"history": []} | wrong), 422)


def test_json_knows_one_kind_of_number(client: FlaskClient) -> None:
    history = [{"anime_id": 10.0, "rating": 9.0, "status": 2.0}]
    body = {"history": history, "n": 5.0, "diversity": 1, "filters": {"year_to": 2050.0}}
    assert client.post(LIST, json=body).status_code == 200


@pytest.mark.parametrize("depth", [50, 200, 500, 900, 2_000])
@pytest.mark.parametrize("path", [LIST, "/api/v1/feedback", "/api/v1/taste", "/api/v1/profiles"])
def test_a_body_that_is_nested_deeply_is_refused(
    client: FlaskClient, path: str, depth: int
) -> None:
    body = '{"history": ' + "[" * depth + "]" * depth + "}"
    answer = client.post(path, data=body, content_type="application/json")
    check_problem(answer, 422)
