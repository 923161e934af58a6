"""The page about the model, its JSON twin, and Markdown made safe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.markdown import to_html
from web.test_pages import Page
from web.web_world import CARD

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def figure(mean: float) -> dict[str, Any]:
    return {"ndcg@10": {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}}


REPORT = {
    "headline": "ndcg@10",
    "viewers": 1234,
    "models": {
        "popularity": figure(0.2),
        "linear": figure(0.3),
        "mute": figure(0.1),
        "hybrid": figure(0.4),
    },
}


WHOLE = "<!doctype html><html><body><h1>How good</h1></body></html>"


def asked(recommender: Recommender, **manifest: Any) -> FlaskClient:
    bundle = recommender.bundle
    changed = replace(bundle, manifest=replace(bundle.manifest, **manifest))
    return create_app(Recommender(changed)).test_client()


@pytest.fixture
def measured(recommender: Recommender) -> FlaskClient:
    reports = {
        "short-histories-1": REPORT,
        "new-viewers": REPORT,
        "other": {**REPORT, "models": {}},
    }
    return asked(recommender, evaluation=reports)


def test_the_page_holds_facts_figures_and_card(measured: FlaskClient) -> None:
    page = measured.get("/models")
    assert page.status_code == 200
    assert page.text.index("New viewers") < page.text.index("Short histories 1")
    assert "1,234 viewers" in page.text
    assert "hybrid 0.400, between 0.390 and 0.410" in page.text
    assert "<h2>Model card</h2>" in page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.text


def test_the_twin_says_the_same(measured: FlaskClient, recommender: Recommender) -> None:
    twin = measured.get("/api/v1/models").get_json()
    assert twin["answers"] == "hybrid"
    assert twin["card"] == CARD
    assert twin["manifest"]["bundle_hash"] == recommender.manifest.bundle_hash
    assert [one["protocol"] for one in twin["measured"]] == ["new-viewers", "short-histories-1"]
    first = twin["measured"][0]["figures"]
    assert [one["model"] for one in first] == ["hybrid", "linear", "popularity"]
    assert first[0] == {"model": "hybrid", **figure(0.4)["ndcg@10"]}


def test_what_is_missing_is_said(recommender: Recommender) -> None:
    page = asked(recommender, evaluation={}).get("/models").text
    assert "holds no evaluation reports" in page
    bare = create_app(Recommender(replace(recommender.bundle, model_card=None))).test_client()
    assert "published without a model card" in bare.get("/models").text


def test_the_report_stands_on_its_own(recommender: Recommender) -> None:
    bundle = replace(
        recommender.bundle,
        manifest=replace(recommender.manifest, evaluation={"new-viewers": REPORT}),
        evaluation_report=WHOLE,
    )
    client = create_app(Recommender(bundle)).test_client()
    assert 'href="/models/report"' in client.get("/models").text
    assert client.get("/api/v1/models").get_json()["report"] == "/models/report"
    report = client.get("/models/report")
    assert report.status_code == 200
    assert report.text.startswith(WHOLE.partition("<h1>")[0])
    assert '<a href="/models">' in report.text
    policy = report.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in client.get("/models").headers["Content-Security-Policy"]


def test_the_reports_twin_tells_of_no_single_viewer(recommender: Recommender) -> None:
    reports = {
        "liked": REPORT,
        "new-viewers": {**REPORT, "per_viewer": {"user_ids": [1, 2]}, "measured_on": "earlier"},
    }
    client = asked(recommender, evaluation=reports)
    twin = client.get("/api/v1/models/report").get_json()
    assert twin["reports"].keys() == {"new-viewers", "liked"}
    assert twin["reports"]["new-viewers"] == {**REPORT, "measured_on": "earlier"}
    page = client.get("/models").text
    assert "Measured for the bundle <code>earlier</code>" in page
    assert "published without its evaluation report" in page


def test_a_bundle_without_a_report_says_so(client: FlaskClient) -> None:
    assert client.get("/api/v1/models").get_json()["report"] is None
    assert client.get("/api/v1/models/report").get_json() == {"reports": {}}
    report = client.get("/models/report")
    assert report.status_code == 404
    assert "published without an evaluation report" in report.text


def test_figures_of_simulated_viewers_are_left_out(recommender: Recommender) -> None:
    client = asked(recommender, evaluation={"new-viewers": REPORT}, simulated=True)
    assert client.get("/api/v1/models").get_json()["measured"] == []
    assert client.get("/api/v1/models/report").get_json() == {"reports": {}}
    assert "simulated" in client.get("/models").text


def test_markdown_becomes_plain_html() -> None:
    html = to_html(CARD)
    assert '<td class="figure">2</td>' in html
    assert '<th scope="col">a</th>' in html
    assert "javascript" not in html.replace("[x](javascript:alert)", "")
    assert "<a" not in html


def test_a_table_whose_columns_have_no_names_has_no_head() -> None:
    html = to_html("| | |\n| --- | --- |\n| a | b |\n")
    assert "<th" not in html
    assert "<td>a</td>" in html


@given(st.text(alphabet="<>&\"'|-# \n`[](){}:abjs=/*!", max_size=200))
def test_no_text_makes_markup_of_its_own(text: str) -> None:
    page = Page(to_html(text))
    allowed = {"href", "title", "src", "alt", "class", "scope", "tabindex", "start"}
    for tag, attributes in page.tags:
        assert tag not in ("script", "style", "iframe", "form")
        assert attributes.keys() <= allowed
    assert not any(address.strip().lower().startswith("javascript") for address in page.addresses)
