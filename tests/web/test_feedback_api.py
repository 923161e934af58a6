"""``/api/v1/feedback``: kept once, refused where it makes no sense, and no danger to the rest."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from anirec.monitoring.exposition import parse
from anirec.store.address import VARIABLE
from anirec.store.events import Kind
from anirec.store.secret_keys import new_key
from anirec.web.app import create_app
from anirec.web.settings import Settings
from store.postgres_server import postgres_server
from web.running_server import running
from web.test_api_errors import check_problem, hostile_settings
from web.web_world import SHOW, plain_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from anirec import Recommender

FEEDBACK = "/api/v1/feedback"
RATING = {"kind": "rating", "anime_id": SHOW, "rating": 9}


def send(client: FlaskClient, body: Any, key: str | None = None) -> TestResponse:
    return client.post(FEEDBACK, json=body, headers={"Idempotency-Key": key or new_key()})


def batch(*events: dict[str, Any], viewer: str | None = None) -> dict[str, Any]:
    return {"viewer": viewer or new_key(), "events": list(events)}


def test_what_a_viewer_did_is_kept_and_can_be_looked_at(
    keeping: FlaskClient, recommender: Recommender
) -> None:
    viewer = new_key()
    events = [
        {"kind": "impression", "anime_id": SHOW, "position": 3},
        RATING | {"status": 2},
        {"kind": "dismissal", "anime_id": 20},
    ]
    answer = send(keeping, batch(*events, {"kind": "click", "anime_id": 999_999}, viewer=viewer))
    assert answer.status_code == 200
    assert answer.get_json() == {"recorded": 3, "ignored": [999_999]}
    assert answer.headers["Cache-Control"] == "no-store"
    kept = keeping.get(f"{FEEDBACK}/{viewer}").get_json()["feedback"]
    assert [
        {name: one[name] for name in event} for one, event in zip(kept, events, strict=True)
    ] == events
    assert {one["bundle"] for one in kept} == {recommender.manifest.version}
    assert keeping.delete(f"{FEEDBACK}/{viewer}").get_json() == {"events": 3}
    assert keeping.get(f"{FEEDBACK}/{viewer}").get_json() == {"feedback": []}


def test_the_bundle_that_recommended_can_be_named(keeping: FlaskClient) -> None:
    viewer = new_key()
    send(keeping, batch(RATING, viewer=viewer) | {"bundle": "20260101T000000Z-0123abcd"})
    (kept,) = keeping.get(f"{FEEDBACK}/{viewer}").get_json()["feedback"]
    assert kept["bundle"] == "20260101T000000Z-0123abcd"


def test_a_repetition_gets_the_same_answer(keeping: FlaskClient) -> None:
    body, key = batch(RATING, {"kind": "seen", "anime_id": 999_999}), new_key()
    answers = [send(keeping, body, key).get_json() for _ in range(3)]
    assert answers == [{"recorded": 1, "ignored": [999_999]}] * 3
    assert len(keeping.get(f"{FEEDBACK}/{body['viewer']}").get_json()["feedback"]) == 1


def test_a_key_with_another_body_is_refused(keeping: FlaskClient) -> None:
    body, key = batch(RATING), new_key()
    send(keeping, body, key)
    for other in (body | {"bundle": "b"}, batch(RATING), body | {"events": [RATING, RATING]}):
        assert "Idempotency-Key" in check_problem(send(keeping, other, key), 422)["detail"]


@pytest.mark.parametrize("key", [None, "", "short", "x" * 129, "with space"])
def test_a_key_is_needed(keeping: FlaskClient, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    problem = check_problem(keeping.post(FEEDBACK, json=batch(RATING), headers=headers), 422)
    assert "Idempotency-Key" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "viewer"),
        (batch(), "events"),
        (batch(*[RATING] * 501), "events"),
        (batch(RATING, viewer="192.168.100.100.192.168"), "viewer"),
        (batch(RATING, viewer="somebody@example.org.uk"), "viewer"),
        (batch(RATING, viewer="x" * 21), "viewer"),
        (batch(RATING) | {"bundle": "a b"}, "bundle"),
        (batch(RATING) | {"bundle": "b" * 65}, "bundle"),
        (batch(RATING) | {"user_id": 7}, "user_id"),
        (batch({"kind": "liked", "anime_id": SHOW}), "events.0.kind"),
        (batch({"kind": "click"}), "events.0.anime_id"),
        (batch({"kind": "rating", "anime_id": SHOW}), "events.0"),
        (batch(RATING | {"rating": 11}), "events.0.rating"),
        (batch(RATING | {"status": 5}), "events.0.status"),
        (batch({"kind": "click", "anime_id": SHOW, "rating": 5}), "events.0"),
        (batch({"kind": "dismissal", "anime_id": SHOW, "status": 4}), "events.0"),
        (batch({"kind": "click", "anime_id": SHOW, "position": 0}), "events.0.position"),
    ],
)
def test_a_wrong_body_names_the_field(keeping: FlaskClient, body: Any, field: str) -> None:
    problem = check_problem(send(keeping, body), 422)
    assert field in [error["field"] for error in problem["errors"]]


@hostile_settings
@given(
    events=st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(Kind) | st.text(), "anime_id": st.integers()},
            optional={
                "rating": st.integers(-2, 12) | st.none(),
                "status": st.integers(0, 7),
                "position": st.integers(),
            },
        ),
        max_size=4,
    ),
    key=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=6, max_size=20),
)
def test_nearly_right_feedback_is_kept_or_refused(
    keeping: FlaskClient, events: Any, key: str
) -> None:
    answer = send(keeping, batch(*events), key)
    if answer.status_code != 200:
        check_problem(answer, 422)


def test_a_body_that_is_no_json_is_refused(keeping: FlaskClient) -> None:
    headers = {"Idempotency-Key": new_key()}
    for kind, status in (("text/plain", 415), ("application/json", 422)):
        check_problem(keeping.post(FEEDBACK, data="x", content_type=kind, headers=headers), status)


def test_a_database_that_is_down_takes_only_feedback_down(
    recommender: Recommender, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    broken = Settings(database_url=SecretStr(f"sqlite:///{tmp_path}/file/anirec.db"))
    client = create_app(recommender, broken).test_client()
    viewer = new_key()
    with caplog.at_level(logging.INFO):
        for answer in (
            send(client, batch(RATING, viewer=viewer)),
            client.get(f"{FEEDBACK}/{viewer}"),
            client.post("/api/v1/profiles", json={"history": []}),
        ):
            problem = check_problem(answer, 503)
            assert str(tmp_path) not in json.dumps(problem)
            assert answer.headers["Retry-After"] == "5"
    assert str(tmp_path) in caplog.text  # for who runs it
    assert viewer not in caplog.text
    assert client.post("/api/v1/recommendations", json={"history": []}).status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 200


def test_worker_processes_share_the_database_that_the_first_of_them_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/kept/anirec.db")
    bundle = plain_bundle(tmp_path / "bundle")
    viewer, key = new_key(), new_key()
    body = json.dumps(batch(RATING, viewer=viewer)).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    with running(bundle, "--workers", "2") as (_, address):
        assert not (tmp_path / "kept").exists()

        def post(_: int) -> Any:
            with urlopen(Request(address + FEEDBACK, body, headers)) as answer:
                return json.load(answer)

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(post, range(24)))
        assert answers == [{"recorded": 1, "ignored": []}] * 24
        with urlopen(f"{address}{FEEDBACK}/{viewer}") as answer:
            assert len(json.load(answer)["feedback"]) == 1


def test_what_is_kept_is_counted_once(keeping: FlaskClient) -> None:
    body = batch(
        RATING,
        {"kind": "impression", "anime_id": SHOW, "position": 1},
        {"kind": "click", "anime_id": 999_999, "position": 2},
    )
    key = new_key()
    for _ in range(3):
        send(keeping, body, key)
    text = keeping.get("/metrics").text
    counts = parse(text, "x")
    assert counts.feedback == {"impression": 1}
    assert 'anirec_feedback_total{kind="rating"} 1.0' in text
    assert body["viewer"] not in text


@pytest.mark.real
def test_a_server_recommends_on_while_postgresql_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = plain_bundle(tmp_path / "bundle")
    body = json.dumps(batch(RATING)).encode()

    def post(address: str) -> int:
        headers = {"Content-Type": "application/json", "Idempotency-Key": new_key()}
        try:
            with urlopen(Request(address + FEEDBACK, body, headers)) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def recommend(address: str) -> int:
        data, headers = b'{"history": []}', {"Content-Type": "application/json"}
        with urlopen(Request(f"{address}/api/v1/recommendations", data, headers)) as answer:
            return int(answer.status)

    with postgres_server() as postgres:
        monkeypatch.setenv(VARIABLE, postgres.new_database())
        subprocess.run([sys.executable, "-m", "anirec.store.migrate"], check=True)
        with running(bundle, "--workers", "2") as (_, address), ThreadPoolExecutor(16) as threads:
            assert set(threads.map(post, [address] * 32)) == {200}
            postgres.stop()
            feedback = [threads.submit(post, address) for _ in range(32)]
            assert set(threads.map(recommend, [address] * 8)) == {200}
            assert {each.result() for each in feedback} == {503}
            assert urlopen(f"{address}/readyz").status == 200
