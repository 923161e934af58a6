"""One JSON line a request, which tells nothing about the viewer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    import io

    from flask.testing import FlaskClient

    from anirec.recommender import Recommender


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line(
    client: FlaskClient, log: io.StringIO, recommender: Recommender
) -> None:
    client.get(f"/users/{KNOWN}?n=12")
    (line,) = lines(log)

    assert line.pop("time").endswith("+00:00")
    assert len(line.pop("request_id")) == 32
    assert 0 < line.pop("milliseconds") < 60_000
    assert line == {
        "level": "info",
        "message": "request",
        "method": "GET",
        "route": "/users/<user_id>",
        "status": 200,
        "model": recommender.manifest.version,
    }


def test_nothing_tells_who_asked_for_what(
    client: FlaskClient, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, recommender: Recommender
) -> None:
    history = [{"anime_id": 20, "rating": 7}, {"anime_id": 987_654_321, "rating": 9}]
    environ: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.77"}
    client.get(f"/users/{KNOWN}?n=12&lang=english", environ_base=environ)
    client.get(f"/users?user_id={KNOWN}", environ_base=environ)
    client.get(f"/api/v1/users/{KNOWN}/recommendations?n=-5", environ_base=environ)
    client.get(f"/nowhere/{KNOWN}?token=topsecret", environ_base=environ)
    client.post("/api/v1/recommendations", json={"history": history}, environ_base=environ)
    client.post("/api/v1/recommendations", json={"history": "topsecret"}, environ_base=environ)

    def broken(*arguments: object, **options: object) -> None:
        raise ValueError(f"viewer {KNOWN} with topsecret and 987654321")

    monkeypatch.setattr(type(recommender), "recommend", broken)
    client.post("/api/v1/recommendations", json={"history": history}, environ_base=environ)

    assert len(lines(log)) == 8
    for telltale in (str(KNOWN), "topsecret", "987654321", "203.0.113.77", "english", "n=12", "?"):
        assert telltale not in log.getvalue(), telltale


def test_a_bug_leaves_its_kind_and_place(
    client: FlaskClient, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, recommender: Recommender
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise KeyError("a value")

    monkeypatch.setattr(type(recommender), "show", broken)
    client.get(f"/anime/{SHOW}")
    failure, request = lines(log)

    assert failure["level"] == "error"
    assert failure["error"] == "KeyError"
    assert failure["where"][-1].endswith(" broken")
    assert failure["request_id"] == request["request_id"]
    assert (failure["route"], request["status"]) == ("/anime/<anime_id>", 500)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("4bf92f3577b34da6a3ce929d0e0e4736", True),  # pragma: allowlist secret
        ("7f1c0f6e-0a4e-4a47-a1a1-0d2f6b1e3c55", True),
        (str(KNOWN), False),  # too short: that may be anything
        ("x" * 65, False),
        ("spaces are no id at all", False),
        ('quoted"and{"json": 1}------', False),
        ("", False),
    ],
)
def test_a_well_formed_request_id_is_kept(
    client: FlaskClient, log: io.StringIO, given: str, kept: bool
) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": given})
    (line,) = lines(log)

    assert line["request_id"] == response.headers["X-Request-ID"]
    assert (line["request_id"] == given) is kept


def test_answers_of_every_kind_carry_an_id(client: FlaskClient) -> None:
    ids = {
        client.get(path).headers["X-Request-ID"]
        for path in ("/", "/nowhere", "/metrics", "/api/v1/anime/x", "/static/nothing.css")
    }
    assert len(ids) == 5
