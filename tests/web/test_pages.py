"""The pages, as a browser without JavaScript meets them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from anirec.models.registry import MODELS
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.settings import Settings
from anirec.web.titles import Language
from small_world import ADULT, TEST_MODELS
from web.web_world import ADULT_SHOW, KNOWN, MARKUP, SHOW, web_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

OWN = CodedList((Entry(30, 9), Entry(40, 3), Entry(50, 0, 6), Entry(9_999, 7)), frozenset({60}))
OWN_PAGE = f"/recommendations?list={encode_list(OWN)}"
EVERYTHING = CodedList(tuple(Entry(10 * (row + 1), 1 + row % 10) for row in range(40)))
POSTED = (
    "/users",
    "/api/v1/anime",
    "/lists/name",
    "/lists/file",
    "/lists/kept",
    "/lists/kept/changes",
)
"""Addresses of forms that want something."""
PAGES = [
    "/",
    f"/users/{KNOWN}",
    "/recommendations",
    OWN_PAGE,
    f"{OWN_PAGE}&find=shwo&genres=Action&year_from=1990",
    f"{OWN_PAGE}&year_from=2020&year_to=2000",
    "/recommendations?list=broken",
    "/lists",
    f"/together?list={encode_list(OWN)}",
    "/taste",
    f"/taste?list={encode_list(OWN)}",
    f"/taste?list={encode_list(EVERYTHING)}",
    "/models",
    f"/anime/{SHOW}",
    "/anime?q=show",
    "/anime",
    "/users/x",
    "/nowhere",
]


class Page(HTMLParser):
    """Collects what a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.addresses += [
            found[a] or "" for a in ("href", "src", "action", "data-suggest") if a in found
        ]
        if found.get("id"):
            self.ids.append(str(found["id"]))

    def value(self, field: str) -> str | None:
        return next(
            a.get("value") for tag, a in self.tags if tag == "input" and a.get("name") == field
        )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_html_with_strict_headers_and_nothing_from_elsewhere(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path)
    page = Page(answer.text)
    assert answer.mimetype == "text/html"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "://" not in answer.text
    assert all(re.match(r"/(?!/)|\?|#", address) for address in page.addresses)
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script>", answer.text)
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("path", PAGES)
def test_every_address_on_a_page_answers(client: FlaskClient, path: str) -> None:
    for address in set(Page(client.get(path).text).addresses):
        if address.startswith("/") and address not in POSTED:
            with client.get(address) as answer:
                assert answer.status_code == 200, address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_aloud(client: FlaskClient, path: str) -> None:
    page = Page(client.get(path).text)
    named = {a.get("for") for tag, a in page.tags if tag == "label"}
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert ("html", {"lang": "en"}) in page.tags
    for tag, attributes in page.tags:
        assert tag != "img" or "alt" in attributes
        hidden = attributes.get("type") == "hidden"
        assert tag != "input" or hidden or attributes["id"] in named


def test_the_form_leads_to_the_viewer_and_leaves_defaults_out(client: FlaskClient) -> None:
    form = {"user_id": f" {KNOWN} ", "n": "5", "blend": "30", "variety": "0"}
    answer = client.get("/users", query_string=form)
    assert answer.status_code == 303
    # 30 percent content is what the bundle knows as its best blend.
    assert answer.headers["Location"] == f"/users/{KNOWN}?n=5"
    page = client.get(answer.headers["Location"])
    assert page.text.count('class="card"') == 5


def test_the_viewer_page_keeps_the_form_and_says_why(client: FlaskClient) -> None:
    answer = client.get(f"/users/{KNOWN}?n=7&blend=80&variety=40")
    page = Page(answer.text)
    assert [page.value(f) for f in ("user_id", "n", "blend", "variety")] == [
        str(KNOWN),
        "7",
        "80",
        "40",
    ]
    assert "Because you liked" in answer.text
    assert "100%" in answer.text


def twin_of(html: str) -> str:
    links = (a for tag, a in Page(html).tags if tag == "link")
    return next(str(a["href"]) for a in links if a.get("type") == "application/json")


@pytest.mark.parametrize("query", ["", "?n=9&blend=80&variety=40", "?blend=0", "?blend=100&n=1"])
def test_a_page_shows_what_its_json_twin_says(client: FlaskClient, query: str) -> None:
    html = client.get(f"/users/{KNOWN}{query}").text
    there = [r["anime_id"] for r in client.get(twin_of(html)).get_json()["recommendations"]]
    assert [int(shown) for shown in re.findall(r'<h3><a href="/anime/(\d+)"', html)] == there


@pytest.mark.parametrize(
    "path", ["/", f"/users/{KNOWN}", OWN_PAGE, f"/anime/{SHOW}", "/anime?q=show"]
)
def test_every_page_has_a_json_twin(client: FlaskClient, path: str) -> None:
    twin = client.get(twin_of(client.get(path).text))
    assert twin.status_code == 200
    assert twin.mimetype == "application/json"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/users/77", 404, "no list of that viewer"),
        ("/users/alice", 422, "whole number"),
        ("/users/-5", 422, "never negative"),
        ("/users/1.5", 422, "whole number"),
        ("/users/%D9%A1", 422, "whole number"),
        ("/users/99999999999999999999", 422, "too large"),
        ("/users/9223372036854775808", 422, "too large"),
        ("/users/9223372036854775807", 404, "no list of that viewer"),
        ("/users", 422, "give a user id"),
        ("/users/", 422, "give a user id"),
        (f"/users/{KNOWN}?n=0", 422, "from 1 to 100"),
        (f"/users/{KNOWN}?n=101", 422, "from 1 to 100"),
        (f"/users/{KNOWN}?n=many", 422, "from 1 to 100"),
        (f"/users/{KNOWN}?blend=nan", 422, "from 0 to 100"),
        (f"/users/{KNOWN}?variety=-1", 422, "from 0 to 100"),
    ],
)
def test_a_wrong_form_comes_back_with_a_kind_word(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    page = Page(answer.text)
    assert answer.status_code == status
    assert words in answer.text
    assert page.value("user_id") is not None
    assert 'role="alert"' in answer.text
    assert "Try" in answer.text


def test_a_wrong_form_keeps_what_was_typed(client: FlaskClient) -> None:
    answer = client.get("/users", query_string={"user_id": '"><script>'})
    assert answer.status_code == 422
    assert Page(answer.text).value("user_id") == '"><script>'
    form = {"n": "1000", "blend": "60", "variety": "20", "tags": "<b>, war", "year_from": "soon"}
    answer = client.get(f"/users/{KNOWN}", query_string=form)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert [page.value(name) for name in form] == list(form.values())


@pytest.mark.parametrize("path", ["/anime/999999", "/anime/99999999999999999999", "/anime/x"])
def test_an_unknown_show_is_said_kindly(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    assert "Back to the start" in answer.text


def test_a_show_tells_what_is_known_and_escapes_it(client: FlaskClient) -> None:
    text = client.get(f"/anime/{SHOW}").text
    for known in (
        "TV Short",
        "12",
        "Spring 2009",
        "Studio Kite",
        "Manga",
        "8.25",
        "12,345",
        "Sequel",
    ):
        assert known in text
    assert MARKUP not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;with markup" in text


def test_a_show_names_no_unknown_and_no_adult_relatives(client: FlaskClient) -> None:
    text = client.get(f"/anime/{SHOW}").text
    assert "Side story" not in text
    assert "Spin off" not in text


def test_adult_shows_appear_only_where_asked_for(client: FlaskClient) -> None:
    adult = {f"/anime/{10 * (row + 1)}" for row in ADULT}
    for path in ("/", f"/users/{KNOWN}?n=100", f"/anime/{SHOW}", "/anime?q=show"):
        assert not adult & set(Page(client.get(path).text).addresses)
    assert "For adults only" in client.get(f"/anime/{ADULT_SHOW}").text


def test_the_language_of_titles_is_chosen_and_remembered(client: FlaskClient) -> None:
    def heading(path: str) -> str:
        found = re.search(r"<h1[^>]*>([^<]*)</h1>", client.get(path).text)
        assert found
        return found[1]

    assert "script" in heading(f"/anime/{SHOW}")
    assert heading(f"/anime/{SHOW}?lang=english") == "The Hero &amp; the Very Long Road"
    assert heading(f"/anime/{SHOW}") == "The Hero &amp; the Very Long Road"
    assert heading(f"/anime/{SHOW}?lang=japanese") == "勇者と長い道のり"
    assert heading(f"/anime/{SHOW}?lang=klingon") == "勇者と長い道のり"
    # A poster's address names a language too, without choosing it for the viewer.
    client.get(f"/posters/{SHOW}.svg?lang=english")
    assert heading(f"/anime/{SHOW}") == "勇者と長い道のり"


def test_the_language_switch_keeps_the_rest_of_the_address(client: FlaskClient) -> None:
    addresses = Page(client.get(f"/users/{KNOWN}?n=5&lang=english").text).addresses
    assert "?n=5&lang=japanese" in addresses


def test_settings_change_the_language_and_the_posters(recommender: Recommender) -> None:
    options = Settings(title_language=Language.JAPANESE, remote_posters=True)
    answer = create_app(recommender, options).test_client().get(f"/anime/{SHOW}")
    assert 'src="https://cdn.myanimelist.net/images/anime/1/1.jpg"' in answer.text
    assert "https://cdn.myanimelist.net/" in answer.headers["Content-Security-Policy"]
    assert "<title>勇者と長い道のり" in answer.text


@pytest.mark.parametrize("path", ["/", f"/users/{KNOWN}", "/users/x"])
def test_simulated_viewers_are_called_so(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: FlaskClient
) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    simulated = Recommender.load(web_bundle(tmp_path / "bundle", simulated=True))
    assert "simulated viewer" in create_app(simulated).test_client().get(path).text
    assert "imulated" not in client.get(path).text


def test_without_viewers_the_page_still_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    bare = Recommender.load(web_bundle(tmp_path / "bundle", with_viewers=False))
    client = create_app(bare).test_client()
    assert client.get("/").status_code == 200
    assert client.get(f"/users/{KNOWN}").status_code == 404


def test_fingerprinted_files_may_be_kept_and_answers_may_not(client: FlaskClient) -> None:
    home = client.get("/")
    assert home.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in home.headers["Vary"]
    files = [a for a in Page(home.text).addresses if a.startswith(("/static/", "/posters/"))]
    assert len(files) > 3
    for address in files:
        with client.get(address) as named, client.get(address.split("?")[0]) as unnamed:
            assert "immutable" in named.headers["Cache-Control"]
            assert "immutable" not in unnamed.headers["Cache-Control"]
        # A page of another version asked for it: this is not what it will mean there.
        older = address.replace("v=", "v=0")
        with client.get(older) as other:
            assert other.headers["Cache-Control"] == "public, no-cache"
            assert other.headers["ETag"]
        if "/posters/" in address:
            without = client.get(address.replace("lang=", "x="))
            assert "Cookie" in without.headers["Vary"]
            assert "Cookie" not in client.get(address).headers.get("Vary", "")


def test_bugs_are_hidden_from_viewers_and_logged(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Recommender, "show", broken)
    page = app.test_client().get(f"/anime/{SHOW}")
    twin = app.test_client().get(f"/api/v1/anime/{SHOW}")
    assert page.status_code == twin.status_code == 500
    assert "on our side" in page.text
    assert twin.mimetype == "application/problem+json"
    assert "secret" not in page.text + twin.text
    assert "a secret" in caplog.text


hostile = st.text(max_size=40) | st.sampled_from(
    ["../../etc/passwd", "%00", "0x10", "1e3", "+1", "１", "-0", "nan", "\u202e", "//evil.example"]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.sampled_from(["/", "/users/", "/anime/", "/posters/", "/static/"]), what=hostile)
def test_no_path_breaks_a_page(client: FlaskClient, where: str, what: str) -> None:
    with client.get(where + quote(what, safe="/%.", errors="replace")) as answer:
        assert answer.status_code < 500


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(["/", "/users", f"/users/{KNOWN}", f"/anime/{SHOW}", "/anime"]),
    query=st.dictionaries(
        st.sampled_from(["user_id", "n", "blend", "variety", "q", "lang", "adult"]),
        hostile | st.integers().map(str) | st.floats().map(str),
    ),
)
def test_no_query_breaks_a_page(client: FlaskClient, path: str, query: dict[str, str]) -> None:
    answer = client.get(path, query_string=urlencode(query, errors="replace"))
    assert answer.status_code < 500
    assert all(re.match(r"/(?!/)|\?|#", a) for a in Page(answer.text).addresses)
