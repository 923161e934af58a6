"""Bringing a list on the page: what was read is said, what went wrong too, and nothing is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.lists.list_code import decode_list
from web.uploads import FORM, form

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

CSV = b"anime_id,rating,status\n20,9,2\n30,0,6\n40,3,4\n999999,8,2\n20,10,2\n"


def upload(client: FlaskClient, content: bytes) -> TestResponse:
    return client.post("/lists/file", data=form(content), content_type=FORM)


def test_a_file_leads_to_recommendations(client: FlaskClient) -> None:
    answer = upload(client, CSV)
    assert answer.status_code == 200
    assert "3 shows of yours found" in answer.text
    assert "5 lines read, 1 show that our catalogue lacks" in answer.text
    assert "1 skipped: listed again; the last counts" in answer.text
    code = re.search(r'name="list" value="([^"]+)"', answer.text)
    assert code is not None
    assert decode_list(code[1]).entries == (
        Entry(20, 10),
        Entry(30, 0, Status.PLAN_TO_WATCH),
        Entry(40, 3, Status.DROPPED),
    )
    assert client.get(f"/recommendations?list={code[1]}").status_code == 200


def test_a_file_of_nothing_that_we_know_leads_elsewhere(client: FlaskClient) -> None:
    answer = upload(client, b"anime_id,rating,status\n999999,8,2\n")
    assert "0 shows of yours found" in answer.text
    assert "Rate a few shows instead" in answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"\x89PNG\r\n\x1a\n", 422),
        (b"<?xml version='1.0'?><rss/>", 422),
        (b"{}", 422),
        (b"x" * 11_000_000, 413),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(
    client: FlaskClient, content: bytes, status: int
) -> None:
    answer = upload(client, content)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert "Import a file" in answer.text


def test_a_form_without_a_file_or_with_a_strange_site_is_refused(client: FlaskClient) -> None:
    assert client.post("/lists/file", data={"other": "x"}).status_code == 422
    answer = client.post("/lists/name", data={"source": "example", "username": "someone"})
    assert answer.status_code == 422
    assert "Choose one of the sites." in answer.text
    assert 'value="someone"' in answer.text


def test_a_name_that_no_site_gives_is_refused_and_kept(client: FlaskClient) -> None:
    answer = client.post("/lists/name", data={"source": "anilist", "username": "../../etc"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="../../etc"' in answer.text


def test_a_site_that_is_not_set_up_says_so(client: FlaskClient) -> None:
    answer = client.post("/lists/name", data={"source": "myanimelist", "username": "someone"})
    assert answer.status_code == 503
    assert "ANIREC_MAL_CLIENT_ID" in answer.text
