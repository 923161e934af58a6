"""``POST /api/v1/lists``: a person's list becomes a history, and nothing of it is kept."""

from __future__ import annotations

import gzip
import io
import logging
import tempfile
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import pytest

from anirec.web import uploads
from anirec.web.app import create_app
from anirec.web.request_log import LOGGER, log_to
from anirec.web.settings import Settings
from lists.by_name.site_server import Reply, site_server
from lists.by_name.test_jikan import line, page
from lists.exports import MANGA, anime, collection, entry, gdpr, mal_xml
from web.test_api_errors import check_problem
from web.uploads import LISTS, upload
from web.web_world import SHOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from anirec.recommender import Recommender
    from lists.by_name.site_server import SiteServer


def gzipped(data: bytes) -> bytes:
    """Gzip without the time of packing: test ids hold these bytes, and each worker makes its own."""
    return gzip.compress(data, mtime=0)


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with site_server() as server:
        yield server


@pytest.fixture
def asking(recommender: Recommender, site: SiteServer) -> FlaskClient:
    """A client of an application that asks the site."""
    settings = Settings(
        anilist_url=site.address, myanimelist_url=site.address, jikan_url=site.address
    )
    return create_app(recommender, settings).test_client()


def test_a_file_becomes_a_history_that_can_be_recommended_for(client: FlaskClient) -> None:
    data = mal_xml(anime(10, 9), anime(20, 0, "6"), anime(5, title="Gone"), anime(30, status="x"))
    for sent in (data, gzipped(data)):
        answer = upload(client, sent)
        assert answer.status_code == 200
        assert answer.get_json() == {
            "history": [
                {"anime_id": 10, "rating": 9, "status": 2},
                {"anime_id": 20, "rating": 0, "status": 6},
            ],
            "source": "MyAnimeList export",
            "read": 4,
            "matched": 2,
            "unknown": [{"site": "myanimelist", "id": 5, "title": "Gone"}],
            "skipped": {"unknown status": 1},
            "notes": [],
        }
    history = answer.get_json()["history"]
    found = client.post("/api/v1/recommendations", json={"history": history})
    assert found.status_code == 200
    assert len(found.get_json()["recommendations"]) == 10


def test_a_list_of_anilist_is_matched_by_the_ids_of_the_catalogue(client: FlaskClient) -> None:
    answer = upload(client, gdpr({"series_id": 20_010, "score": 85}, {"series_id": 20_020}))
    assert answer.get_json()["history"] == [{"anime_id": SHOW, "rating": 9, "status": 2}]
    assert answer.get_json()["unknown"] == [{"site": "anilist", "id": 20_020, "title": None}]
    assert answer.get_json()["notes"] == []


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"<rss/>", 422, "the file is XML, but no MyAnimeList export (it begins with <rss>)"),
        (mal_xml(MANGA), 422, "the file is a manga list, and anirec recommends anime: export the"),
        (b"", 422, "the file is empty"),
        (gzipped(bytes(30_000_000)), 413, "the file holds more than 20 MB"),
        (bytes(11_000_000), 413, "the upload is larger than 10 MB: pack the list with gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem(
    client: FlaskClient, data: bytes, status: int, says: str
) -> None:
    assert check_problem(upload(client, data), status)["detail"].startswith(says)


def test_the_limit_of_uploads_is_one_of_its_own(recommender: Recommender) -> None:
    settings = Settings(max_upload_bytes=1_000_000, max_body_bytes=1_000)
    client = create_app(recommender, settings).test_client()
    data = mal_xml(*(anime(10) for _ in range(500)))
    assert 300_000 < len(data) < 1_000_000
    assert upload(client, data).status_code == 200
    problem = check_problem(upload(client, data * 3), 413)
    assert problem["detail"] == "the upload is larger than 1 MB: pack the list with gzip"
    body = {"source": "anilist", "username": "x" * 2000}
    check_problem(client.post(LISTS, json=body), 413)


def test_few_large_files_wait_at_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    places = BoundedSemaphore(1)
    monkeypatch.setattr(uploads, "_LARGE", places)
    large = mal_xml(anime(10, title="x" * 2_000_000))
    assert upload(client, large).status_code == 413
    with places:
        answer = upload(client, large)
        problem = check_problem(answer, 429)
        assert problem["detail"].startswith("several large lists are being read: try again in 3")
        assert answer.headers["Retry-After"] == "3"
        assert upload(client, mal_xml(anime(10))).status_code == 200
    assert upload(client, large).status_code == 413  # the place is free again


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"other": (io.BytesIO(b"x"), "x")}}, 422),
        ({"data": {"file": "text"}, "content_type": "multipart/form-data"}, 422),
        ({"data": b"x", "content_type": "multipart/form-data"}, 422),
        ({"data": b"--x\r\nhalf", "content_type": "multipart/form-data; boundary=x"}, 422),
        ({"data": {str(i): (io.BytesIO(b"x"), "x") for i in range(11)}}, 413),
        ({"data": b"<myanimelist/>", "content_type": "text/xml"}, 415),
        ({"data": b""}, 415),
        ({"data": b"{", "content_type": "application/json"}, 422),
        ({"json": {"source": "anilist"}}, 422),
        ({"json": {"source": "kitsu", "username": "someone"}}, 422),
        ({"json": {"source": "anilist", "username": "../x"}}, 422),
        ({"json": {"source": "anilist", "username": "aa\n"}}, 422),
        ({"json": {"source": "anilist", "username": "someone", "url": "http://x"}}, 422),
        ({"json": []}, 422),
        ({"json": {"source": "myanimelist", "username": "someone"}}, 503),
    ],
)
def test_a_wrong_request_is_a_problem(
    client: FlaskClient, sent: dict[str, Any], status: int
) -> None:
    check_problem(client.post(LISTS, **sent), status)


def test_a_list_by_name(asking: FlaskClient, site: SiteServer) -> None:
    site.replies = [Reply(content=collection(entry(7, 10, 9)))]
    answer = asking.post(LISTS, json={"source": "anilist", "username": "someone"})
    assert answer.status_code == 200
    assert answer.get_json()["source"] == "AniList, someone"
    assert answer.get_json()["history"] == [{"anime_id": 10, "rating": 9, "status": 2}]


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(404, {}), 404),
        (Reply(403, {}), 403),
        (Reply(400, {}), 502),
        (Reply(200, b"<html>"), 502),
        (Reply(302, {}, {"Location": "http://127.0.0.1/"}), 502),
        (Reply(429, {}, {"Retry-After": "77"}), 503),
    ],
)
def test_a_site_that_gives_no_list_is_a_problem(
    asking: FlaskClient, site: SiteServer, reply: Reply, status: int
) -> None:
    site.replies = [reply]
    answer = asking.post(LISTS, json={"source": "jikan", "username": "someone"})
    check_problem(answer, status)
    assert answer.headers.get("Retry-After") == ("77" if status == 503 else None)


def test_nothing_of_a_list_is_written_or_logged(
    client: FlaskClient,
    asking: FlaskClient,
    site: SiteServer,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path_factory.mktemp("tmp")
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    opened = []
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *a, **k: opened.append(a))
    stream, logger = io.StringIO(), logging.getLogger(LOGGER)
    before = (logger.handlers[:], logger.level, logger.propagate)
    log_to(stream)
    try:
        data = mal_xml(*(anime(987_654_321, title="SecretTitle") for _ in range(1000)))
        assert len(data) > 600_000  # what werkzeug would put into a file
        assert upload(client, data, "SecretName.xml").status_code == 200
        assert upload(client, b"<SecretRoot/>").status_code == 422
        site.replies = [page(line(987_654_321))]
        asking.post(LISTS, json={"source": "jikan", "username": "SecretUser"})
    finally:
        logger.handlers[:], logger.level, logger.propagate = before
    logged = stream.getvalue()
    assert len(logged.splitlines()) == 3
    for told in ("Secret", "987654321", "myanimelist"):
        assert told not in logged
    assert opened == []
    assert list(place.iterdir()) == []


def test_both_bodies_are_described(client: FlaskClient) -> None:
    description = client.get("/api/openapi.json").get_json()
    operation = description["paths"][LISTS]["post"]
    assert set(operation["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
    statuses = {"200", "403", "404", "413", "415", "422", "429", "502", "503", "504"}
    assert set(operation["responses"]) == statuses
    schemas = description["components"]["schemas"]
    assert schemas["ListUpload"]["properties"]["file"]["format"] == "binary"
    assert set(schemas["ListByName"]["required"]) == {"source", "username"}
    answered = schemas["ImportedList"]["properties"]
    assert set(answered) == set(upload(client, mal_xml()).get_json())


def test_a_form_of_many_fields_is_told_apart_from_a_large_one(client: FlaskClient) -> None:
    fields = {f"field{number}": "x" for number in range(20)}
    answer = client.post(LISTS, data=fields, content_type="multipart/form-data")
    assert "a file named 'file' alone" in check_problem(answer, 413)["detail"]
    long = client.post(LISTS, data={"text": "x" * 200_000}, content_type="multipart/form-data")
    assert "a file named 'file' alone" in check_problem(long, 413)["detail"]
