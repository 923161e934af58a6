"""The catalogue over HTTP: a page at a time, kept by whoever may, and asked for again in a few bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from anirec.recommender import Recommender
from anirec.web.app import create_app
from small_world import ADULT, N_SHOWS
from web.test_api_errors import check_problem
from web.web_world import ADULT_SHOW, SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

CATALOGUE = "/api/v1/anime"
KEPT = [
    CATALOGUE,
    f"{CATALOGUE}?q=show",
    f"{CATALOGUE}/{SHOW}",
    f"{CATALOGUE}/{SHOW}/similar",
    "/api/v1/models",
]


def ids(answer: TestResponse) -> list[int]:
    assert answer.status_code == 200
    return [show["anime_id"] for show in answer.get_json()["anime"]]


def links(answer: TestResponse) -> dict[str, str]:
    found = re.findall(r'<([^>]+)>; rel="([a-z]+)"(?:, |$)', answer.headers["Link"])
    return {rel: address for address, rel in found}


@pytest.mark.parametrize("query", ["n=7", "n=7&adult=true", "n=7&q=show", "n=100"])
def test_the_links_lead_through_everything_and_back(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{CATALOGUE}?{query}")
    first, pages = answer, [ids(answer)]
    while "next" in links(answer):
        before, answer = answer, client.get(links(answer)["next"])
        assert ids(client.get(links(answer)["prev"])) == ids(before)
        assert links(answer)["first"] == links(first)["first"]
        pages.append(ids(answer))
    assert "prev" not in links(first)
    assert all(len(page) == len(pages[0]) for page in pages[:-1])
    found = [anime_id for page in pages for anime_id in page]
    assert len(found) == len(set(found))
    adult = {10 * (row + 1) for row in ADULT}
    everything = {10 * (row + 1) for row in range(N_SHOWS)}
    if "q=" in query:
        assert first.get_json()["total"] is None
        assert not adult & set(found)
    else:
        wanted = everything if "adult" in query else everything - adult
        assert found == sorted(wanted)
        assert first.get_json()["total"] == len(wanted)


def test_behind_the_end_is_nothing(client: FlaskClient) -> None:
    answer = client.get(f"{CATALOGUE}?offset=100000")
    assert ids(answer) == []
    assert "next" not in links(answer)
    check_problem(client.get(f"{CATALOGUE}?offset=100001"), 422)


@pytest.mark.parametrize("path", KEPT)
def test_what_the_client_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    whole = client.get(path)
    tag = whole.headers["ETag"]
    assert tag.startswith('W/"')
    shared = "private" if "q=" in path else "public"
    assert whole.headers["Cache-Control"] == f"{shared}, max-age=60"
    assert "Cookie" not in whole.headers.get("Vary", "")
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == whole.headers["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).data == whole.data
    head = client.head(path)
    assert (head.status_code, head.headers["ETag"]) == (200, tag)


def test_the_tag_changes_with_the_bundle(client: FlaskClient, recommender: Recommender) -> None:
    manifest = replace(recommender.manifest, version="20300101T000000Z-abcdef01")
    other = create_app(Recommender(replace(recommender.bundle, manifest=manifest))).test_client()
    for path in KEPT:
        tag = client.get(path).headers["ETag"]
        assert other.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", [f"{CATALOGUE}/7", f"{CATALOGUE}/x", f"{CATALOGUE}?n=0"])
def test_errors_are_not_kept(client: FlaskClient, path: str) -> None:
    tag = client.get(CATALOGUE).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": tag})
    check_problem(answer, 404 if path.endswith("/7") else 422)
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_adult_shows_are_found_by_their_id(client: FlaskClient) -> None:
    assert client.get(f"{CATALOGUE}/{ADULT_SHOW}").get_json()["is_adult"] is True
