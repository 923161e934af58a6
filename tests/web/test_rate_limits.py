"""One client cannot take all: what costs is counted by address, and an address cannot be made up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from anirec.errors import AnirecError
from anirec.web.app import create_app
from anirec.web.rate_limits import COSTS
from anirec.web.settings import Settings
from web.test_api_errors import check_problem
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from anirec.recommender import Recommender

LIST = "/api/v1/recommendations"
FREE = ["/", "/healthz", "/readyz", "/metrics", f"/anime/{SHOW}", f"/posters/{SHOW}.svg", "/none"]
NEAR, FAR = "203.0.113.7", "198.51.100.9"


def application(recommender: Recommender, **options: Any) -> FlaskClient:
    return create_app(recommender, Settings(**options)).test_client()


def ask(client: FlaskClient, address: str, forwarded: str | None = None) -> TestResponse:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    body = {"history": [{"anime_id": SHOW}], "n": 1}
    return client.post(LIST, json=body, environ_base={"REMOTE_ADDR": address}, headers=headers)


def statuses(client: FlaskClient, *addresses: str, forwarded: str | None = None) -> list[int]:
    return [ask(client, address, forwarded).status_code for address in addresses]


def test_who_has_spent_the_allowance_waits(recommender: Recommender) -> None:
    client = application(recommender, rate_limit="2/minute")
    first = ask(client, NEAR)
    assert first.headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert first.headers["RateLimit"].startswith('"default";r=1;t=')
    assert "Retry-After" not in first.headers
    assert statuses(client, NEAR, NEAR, FAR) == [200, 429, 200]
    refused = ask(client, NEAR)
    problem = check_problem(refused, 429)
    seconds = int(refused.headers["Retry-After"])
    assert 1 <= seconds <= 60
    assert f"try again in {seconds} seconds" in problem["detail"]
    assert refused.headers["RateLimit"].startswith('"default";r=0;t=')
    page = client.get(f"/users/{KNOWN}", environ_base={"REMOTE_ADDR": NEAR})
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert "wait a moment" in page.text
    assert int(page.headers["Retry-After"]) >= 1


def test_what_only_reads_is_free(recommender: Recommender) -> None:
    client = application(recommender, rate_limit="1/minute")
    assert statuses(client, NEAR, NEAR) == [200, 429]
    for path in FREE:
        answer = client.get(path, environ_base={"REMOTE_ADDR": NEAR})
        assert answer.status_code == (404 if path == "/none" else 200)
        assert "RateLimit" not in answer.headers


def test_the_next_minute_brings_another_allowance(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = application(recommender, rate_limit="1/minute")
    assert statuses(client, NEAR, NEAR) == [200, 429]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert statuses(client, NEAR, NEAR) == [200, 429]


def test_an_import_costs_more(recommender: Recommender) -> None:
    client = application(recommender, rate_limit="25/minute")
    near = {"REMOTE_ADDR": NEAR}
    names = {"source": "anilist", "username": "not a name"}
    assert client.post("/api/v1/lists", json=names, environ_base=near).status_code == 422
    check_problem(client.post("/api/v1/lists", json=names, environ_base=near), 429)
    assert client.post("/lists/file", environ_base=near).status_code == 429
    assert client.get("/lists", environ_base=near).status_code == 200
    # What was refused cost nothing.
    assert statuses(client, NEAR, NEAR, NEAR, NEAR, NEAR, NEAR) == [200] * 5 + [429]


def test_this_machine_is_not_limited(recommender: Recommender) -> None:
    client = application(recommender, rate_limit="1/minute")
    for address in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", ""):
        assert statuses(client, address, address) == [200, 200], address


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("::ffff:203.0.113.7", NEAR, True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("what a proxy wrote", "what a proxy wrote", True),
        (f"{NEAR}:4000", f"{NEAR}:4001", True),
        (f"{NEAR}:4000", f"{FAR}:4000", False),
        ("[2001:db8:1:2::5]:4000", "2001:db8:1:2::9", True),
    ],
)
def test_what_one_client_is(recommender: Recommender, address: str, other: str, same: bool) -> None:
    client = application(recommender, rate_limit="1/minute")
    assert statuses(client, address, other) == [200, 429 if same else 200]


def test_nobody_passes_for_somebody_else(recommender: Recommender) -> None:
    client = application(recommender, rate_limit="1/minute")
    assert statuses(client, NEAR, forwarded="192.0.2.1") == [200]
    for made_up in ("192.0.2.2", "127.0.0.1", "::1"):
        assert statuses(client, NEAR, forwarded=made_up) == [429]


@pytest.mark.parametrize(("proxies", "chain"), [(1, "{}"), (2, "{}, 10.0.0.1")])
def test_behind_proxies_of_ours_clients_are_told_apart(
    recommender: Recommender, proxies: int, chain: str
) -> None:
    client = application(recommender, rate_limit="1/minute", trusted_proxies=proxies)

    def through(address: str) -> list[int]:
        return statuses(client, "10.0.0.2", forwarded=chain.format(address))

    assert through(NEAR) == [200]
    assert through(FAR) == [200]
    # What the client itself wrote stands further left, and is nobody's business.
    assert through(f"127.0.0.1, {NEAR}") == [429]
    assert through(f"192.0.2.99, {FAR}") == [429]


def test_it_can_be_switched_off(recommender: Recommender) -> None:
    client = application(recommender, rate_limit="")
    assert statuses(client, *[NEAR] * 3) == [200] * 3
    assert "RateLimit" not in ask(client, NEAR).headers


def test_applications_do_not_share_their_counts(recommender: Recommender) -> None:
    for _ in range(2):
        assert statuses(application(recommender, rate_limit="1/minute"), NEAR) == [200]


@pytest.mark.parametrize("rate", ["many", "0", "10", "5/fortnight", "5/minute;9/hour"])
def test_what_is_no_rate_is_said(rate: str) -> None:
    with pytest.raises(AnirecError, match=r"^ANIREC_RATE_LIMIT: .*such as 1200/minute"):
        Settings.from_environment({"ANIREC_RATE_LIMIT": rate})


def test_the_price_list_names_endpoints_that_are_there(app: Flask) -> None:
    assert set(COSTS) <= set(app.view_functions)
