"""Answers are compressed as the client likes, and what may hold a secret is not."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
import pytest

from web.test_profiles_api import LIST, PROFILES, keep
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PAGE = f"/users/{KNOWN}"
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


@pytest.mark.parametrize("path", [PAGE, "/api/v1/anime", "/api/openapi.json"])
@pytest.mark.parametrize("kind", UNPACK)
def test_the_same_comes_in_fewer_bytes(client: FlaskClient, path: str, kind: str) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": kind})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == kind
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert UNPACK[kind](packed.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("path", ["/api/v1/anime", f"/posters/{SHOW}.svg", "/static/site.css"])
def test_copies_are_told_apart_and_found_again(client: FlaskClient, path: str) -> None:
    headers = {"Accept-Encoding": "br"}
    with client.get(path, headers=headers) as whole:
        tag = whole.headers["ETag"]
        assert whole.headers["Content-Encoding"] == "br"
    with client.get(path, headers=headers | {"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    if not tag.startswith("W/"):
        with client.get(path) as plain:
            assert plain.headers["ETag"] != tag


def test_what_holds_a_secret_keeps_its_length(keeping: FlaskClient) -> None:
    secret = keep(keeping, LIST * 100)
    answer = keeping.get(f"{PROFILES}/{secret}", headers={"Accept-Encoding": "gzip, br, zstd"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_errors_and_pictures_that_do_not_shrink_are_sent_as_they_are(client: FlaskClient) -> None:
    for path in ("/api/v1/anime/7", "/healthz"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers
