"""A kept list on the page: kept on request, reached by its link alone, downloaded, replaced, gone."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from anirec.data.histories import Entry
from anirec.data.schema import MAX_ANIME_ID, Status
from anirec.lists.file_formats import read_list
from anirec.lists.list_code import CodedList, decode_list, encode_list
from anirec.store.secret_keys import new_key
from anirec.web.app import create_app
from anirec.web.asked_list import MAX_IN_ADDRESS
from anirec.web.settings import Settings
from web.test_feedback_api import RATING, batch, send
from web.test_pages import Page, twin_of
from web.uploads import FORM, form
from web.web_world import KNOWN

if TYPE_CHECKING:
    import io

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from anirec.recommender import Recommender

KEEP = "/lists/kept"
LIST = CodedList((Entry(20, 9), Entry(30, 0, Status.PLAN_TO_WATCH)), frozenset({40}))
OTHER = CodedList((Entry(50, 3),))


def keep(client: FlaskClient, coded: CodedList = LIST) -> str:
    """Keep a list; returns the address of its page."""
    answer = client.post(KEEP, data={"list": encode_list(coded)})
    assert answer.status_code == 303
    return answer.headers["Location"]


def save(client: FlaskClient, coded: CodedList, link: str) -> TestResponse:
    return client.post(f"{KEEP}/changes", data={"list": encode_list(coded), "link": link})


def test_a_list_is_kept_and_its_page_has_all_of_it(keeping: FlaskClient) -> None:
    address = keep(keeping)
    assert re.fullmatch(r"/lists/kept/[A-Za-z0-9_-]{32}", address)
    answer = keeping.get(address)
    page = Page(answer.text)
    assert answer.status_code == 200
    assert "1 show, 1 rated, 9.0 on average, 1 planned." in answer.text
    assert "This link is the only key" in answer.text
    assert f'value="localhost{address}"' in answer.text
    code = page.value("list")
    assert code is not None
    assert decode_list(code) == LIST
    assert "://" not in answer.text
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script>", answer.text)
    for linked in set(page.addresses):
        if linked.startswith("/") and linked not in ("/api/v1/anime", "/anime"):
            with keeping.get(linked) as found:
                assert found.status_code == 200, linked


def test_feedback_that_a_program_gave_under_the_secret_is_told(keeping: FlaskClient) -> None:
    address = keep(keeping)
    assert "1 event" not in keeping.get(address).text
    send(keeping, batch(RATING, viewer=address.rpartition("/")[2]))
    assert "1 event" in keeping.get(address).text


def test_what_is_secret_is_cached_indexed_and_told_nowhere(keeping: FlaskClient) -> None:
    address = keep(keeping)
    for path in (address, f"{address}/list.csv", f"{address}/delete", f"{KEEP}/{new_key()}"):
        headers = keeping.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_the_twin_and_the_csv_hold_the_list(keeping: FlaskClient) -> None:
    address = keep(keeping)
    twin = keeping.get(twin_of(keeping.get(address).text)).get_json()
    assert [entry["anime_id"] for entry in twin["history"]] == [20, 30]
    assert twin["hidden"] == [40]
    download = keeping.get(f"{address}/list.csv")
    assert download.mimetype == "text/csv"
    assert download.headers["Content-Disposition"] == 'attachment; filename="anirec-list.csv"'
    found = read_list(download.data)
    assert [Entry(e.show_id, e.rating, e.status) for e in found.entries] == list(LIST.entries)
    again = keeping.post("/lists/file", data=form(download.data), content_type=FORM)
    assert "2 shows of yours found" in again.text


@pytest.mark.parametrize(
    "link", ["{0}", "localhost{0}", "http" + "://localhost{0}/?lang=english#x"]
)
def test_a_list_can_be_saved_in_place_of_a_kept_one(keeping: FlaskClient, link: str) -> None:
    address = keep(keeping)
    assert "never" in keeping.get(address).text
    answer = save(keeping, OTHER, link.format(address))
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    page = keeping.get(address)
    assert Page(page.text).value("list") == encode_list(OTHER)
    assert "never" not in page.text


def test_a_bare_secret_is_a_link_too(keeping: FlaskClient) -> None:
    address = keep(keeping)
    assert save(keeping, OTHER, f" {address.rpartition('/')[2]} ").status_code == 303


@pytest.mark.parametrize(
    ("link", "status", "says"),
    [
        ("", 422, "not the link of a kept list"),
        ("x", 422, "not the link of a kept list"),
        ("/lists/kept/", 422, "not the link of a kept list"),
        (f"/users/{KNOWN}", 422, "not the link of a kept list"),
        ("x" * 10_000, 422, "not the link of a kept list"),
        (f"{KEEP}/{'k' * 32}", 404, "any more"),
    ],
)
def test_a_wrong_link_changes_nothing_and_may_be_mended(
    keeping: FlaskClient, link: str, status: int, says: str
) -> None:
    answer = save(keeping, OTHER, link)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert says in answer.text
    page = Page(answer.text)
    assert page.value("link") == link[:300]
    assert page.value("list") == encode_list(OTHER)


def test_a_list_that_was_changed_meanwhile_is_not_written_over_unseen(keeping: FlaskClient) -> None:
    address = keep(keeping)
    (version,) = re.findall('data-version="([^"]+)"', keeping.get(address).text)
    form = {"list": encode_list(OTHER), "link": address, "version": version}
    save(keeping, CodedList((Entry(20, 1),)), address)
    answer = keeping.post(f"{KEEP}/changes", data=form)
    assert answer.status_code == 409
    assert "changed after you opened it" in answer.text
    page = Page(answer.text)
    assert (page.value("list"), page.value("link")) == (encode_list(OTHER), address)
    assert address in page.addresses
    now = page.value("version")
    assert now
    assert now != version
    assert keeping.post(f"{KEEP}/changes", data=form | {"version": now}).status_code == 303
    assert keeping.post(f"{KEEP}/changes", data=form | {"version": "?"}).status_code == 409


def test_a_list_is_deleted_only_after_asking(keeping: FlaskClient) -> None:
    address = keep(keeping)
    asked = keeping.get(f"{address}/delete")
    assert "Delete it for good" in asked.text
    assert keeping.get(address).status_code == 200
    answer = keeping.post(f"{address}/delete")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{KEEP}/deleted")
    assert "opens nothing any more" in keeping.get(f"{KEEP}/deleted").text
    for gone in (
        keeping.get(address),
        keeping.get(f"{address}/list.csv"),
        keeping.get(f"{address}/delete"),
        keeping.post(f"{address}/delete"),
    ):
        assert gone.status_code == 404
        assert "no list under this link" in gone.text


@pytest.mark.parametrize("secret", ["x", "%00", "a.b", "x" * 3_000, "k" * 32])
def test_an_unknown_link_is_said_kindly(keeping: FlaskClient, secret: str) -> None:
    answer = keeping.get(f"{KEEP}/{secret}")
    assert answer.status_code == 404
    assert "There is no list under this link" in answer.text
    assert "Back to the start" in answer.text


def test_nothing_and_damage_are_not_kept(keeping: FlaskClient) -> None:
    answer = keeping.post(KEEP, data={})
    assert answer.status_code == 422
    assert "nothing on this list yet" in answer.text
    assert keeping.post(KEEP, data={"list": "broken"}).status_code == 422


def test_a_list_too_long_for_an_address_is_kept_and_posted_on(keeping: FlaskClient) -> None:
    long = CodedList(tuple(Entry(10 + 700 * row, 1 + row % 10) for row in range(3_000)))
    assert len(encode_list(long)) > MAX_IN_ADDRESS
    page = Page(keeping.get(keep(keeping, long)).text)
    assert page.value("list") == encode_list(long)
    (go_on,) = [a for tag, a in page.tags if tag == "form" and a.get("id") == "go-on-with-it"]
    assert go_on["method"] == "post"


def test_what_only_the_api_can_keep_does_no_harm(keeping: FlaskClient) -> None:
    history = [{"anime_id": number} for number in (0, 20, MAX_ANIME_ID)]
    kept = keeping.post("/api/v1/profiles", json={"history": history, "hidden": [0, 30]})
    address = f"{KEEP}/{kept.get_json()['secret']}"
    code = Page(keeping.get(address).text).value("list")
    assert code is not None
    assert keeping.get(f"/recommendations?list={code}").status_code == 200
    assert keeping.get(f"{address}/list.csv").status_code == 200


@pytest.mark.parametrize("path", ["/recommendations", "/lists/file"])
def test_keeping_is_offered_where_there_is_a_list_and_a_database(
    keeping: FlaskClient, recommender: Recommender, path: str
) -> None:
    nowhere = create_app(recommender, Settings(database_url=SecretStr(""))).test_client()

    def offers(client: FlaskClient) -> bool:
        if path == "/lists/file":
            data = form(b"anime_id,rating\n20,9\n")
            text = client.post(path, data=data, content_type=FORM).text
        else:
            assert "Keep this list" not in client.get(path).text
            text = client.get(f"{path}?list={encode_list(LIST)}").text
        assert ("Help this site learn" in text) == ("Keep this list" in text)
        return "Keep this list" in text

    assert offers(keeping)
    assert not offers(nowhere)
    assert nowhere.post(KEEP, data={"list": encode_list(LIST)}).status_code == 503


def test_no_secret_is_logged(
    keeping: FlaskClient, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        address = keep(keeping)
        for path in (address, f"{address}/list.csv", f"{address}/delete"):
            keeping.get(path)
        save(keeping, OTHER, address)
        keeping.post(f"{address}/delete")
        keeping.get(address)
    routes = {json.loads(line)["route"] for line in log.getvalue().splitlines()}
    assert routes == {
        KEEP,
        f"{KEEP}/<secret>",
        f"{KEEP}/<secret>/list.csv",
        f"{KEEP}/<secret>/delete",
        f"{KEEP}/changes",
    }
    secret = address.rpartition("/")[2]
    assert secret not in log.getvalue() + caplog.text + repr([vars(one) for one in caplog.records])
    assert secret not in keeping.get("/metrics").text
