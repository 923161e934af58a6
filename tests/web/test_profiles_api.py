"""``/api/v1/profiles``: a list is kept under a secret, handed out, replaced and deleted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from anirec.data.schema import MAX_LIST
from anirec.store.secret_keys import new_key
from web.test_api_errors import check_problem
from web.test_feedback_api import RATING, batch, send

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PROFILES = "/api/v1/profiles"
LIST = [{"anime_id": 10, "rating": 9, "status": 2}, {"anime_id": 20, "rating": 0, "status": 6}]


def keep(client: FlaskClient, history: Any) -> str:
    answer = client.post(PROFILES, json={"history": history})
    assert answer.status_code == 200
    secret = answer.get_json()["secret"]
    assert isinstance(secret, str)
    return secret


def test_a_list_is_kept_exported_replaced_and_deleted(keeping: FlaskClient) -> None:
    secret = keep(keeping, [*LIST, LIST[0] | {"rating": 3}])
    address = f"{PROFILES}/{secret}"
    send(keeping, batch(RATING, viewer=secret))
    answer = keeping.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.get_json()
    assert found["history"] == [LIST[0] | {"rating": 3}, LIST[1]]
    assert [one["kind"] for one in found["feedback"]] == ["rating"]
    assert found["hidden"] == []
    assert found["created_at"] == found["updated_at"]

    history = {"history": found["history"]}
    assert keeping.post("/api/v1/recommendations", json=history).status_code == 200

    assert keeping.put(address, json={"history": LIST[:1]}).get_json() == {"entries": 1}
    assert keeping.get(address).get_json()["history"] == LIST[:1]
    hiding = {"history": LIST, "hidden": [40, 30, 40]}
    assert keeping.put(address, json=hiding).get_json() == {"entries": 2}
    assert keeping.get(address).get_json()["hidden"] == [30, 40]
    assert keeping.delete(address).get_json() == {"events": 1}
    for gone in (
        keeping.get(address),
        keeping.put(address, json={"history": []}),
        keeping.delete(address),
    ):
        assert secret not in check_problem(gone, 404)["detail"]
    assert keeping.get(f"/api/v1/feedback/{secret}").get_json() == {"feedback": []}


def test_a_list_is_replaced_only_if_nobody_changed_it_meanwhile(keeping: FlaskClient) -> None:
    secret = keep(keeping, LIST)
    address = f"{PROFILES}/{secret}"
    tag = keeping.get(address).headers["ETag"]
    send(keeping, batch(RATING, viewer=secret))
    assert keeping.get(address).headers["ETag"] == tag

    def replace(match: str, history: Any = ()) -> TestResponse:
        return keeping.put(address, json={"history": list(history)}, headers={"If-Match": match})

    first = replace(tag, LIST[:1])
    assert first.get_json() == {"entries": 1}
    assert first.headers["ETag"] != tag
    for stale in (tag, "", "x", '"x"', "W/" + first.headers["ETag"]):
        assert secret not in check_problem(replace(stale), 412)["detail"]
    assert keeping.get(address).get_json()["history"] == LIST[:1]
    assert replace("*", LIST).status_code == 200
    assert keeping.get(address).get_json()["history"] == LIST


@pytest.mark.parametrize("secret", ["x", "x" * 21, "a.b" * 11, "x" * 65, "%00" * 24])
def test_what_is_no_secret_is_malformed(keeping: FlaskClient, secret: str) -> None:
    check_problem(keeping.get(f"{PROFILES}/{secret}"), 422)


def test_what_is_no_list_is_refused(keeping: FlaskClient) -> None:
    address = f"{PROFILES}/{keep(keeping, [])}"
    bodies: list[Any] = [{}, {"history": 1}, {"history": [LIST[0] | {"rating": 11}]}, [], "text"]
    for body in bodies:
        check_problem(keeping.post(PROFILES, json=body), 422)
        check_problem(keeping.put(address, json=body), 422)
    check_problem(keeping.put(address, data=b"[]"), 415)
    too_long = {"history": [{"anime_id": number} for number in range(20_001)]}
    check_problem(keeping.post(PROFILES, json=too_long), 422)


def test_no_secret_is_logged(keeping: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        secret, unknown = keep(keeping, LIST), new_key()
        for key in (secret, unknown):
            keeping.get(f"{PROFILES}/{key}")
            keeping.get(f"/api/v1/feedback/{key}")
            send(keeping, batch(RATING, viewer=key))
            keeping.delete(f"{PROFILES}/{key}")
    logged = caplog.text + repr([vars(record) for record in caplog.records])
    assert "/api/v1/profiles/<secret>" in logged
    assert secret not in logged
    assert unknown not in logged


def test_a_list_and_what_it_hides_have_one_limit(keeping: FlaskClient) -> None:
    history = [{"anime_id": number} for number in range(MAX_LIST)]
    answer = keeping.post("/api/v1/profiles", json={"history": history, "hidden": [MAX_LIST]})
    assert answer.status_code == 422
    assert "together" in answer.get_json()["detail"]
