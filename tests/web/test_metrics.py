"""What Prometheus scrapes: counted by route, without anything of a viewer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from anirec.data.histories import Entry
from anirec.lists.list_code import CodedList, encode_list
from anirec.monitoring.distinct_shows import count_distinct
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.context import attach
from anirec.web.settings import Settings
from web.web_world import KNOWN, SHOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def app(recommender: Recommender) -> Flask:
    """An application whose counters stand at zero."""
    return create_app(recommender)


def samples(client: FlaskClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """All samples of a scrape by name and labels."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.mimetype == "text/plain"
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def value(client: FlaskClient, name: str, labels: Mapping[str, str] | None = None) -> float:
    return samples(client).get((name, frozenset((labels or {}).items())), 0.0)


def with_name(client: FlaskClient, name: str) -> Iterator[float]:
    return (number for (found, _), number in samples(client).items() if found == name)


def test_requests_are_counted_by_route_method_and_status(client: FlaskClient) -> None:
    client.get(f"/users/{KNOWN}")
    client.get(f"/users/{KNOWN + 1}?n=12")
    client.get("/users/none-of-them")
    client.get("/there/is/nothing")
    name = "anirec_http_requests_total"

    page = {"route": "/users/<user_id>", "method": "GET"}
    assert value(client, name, page | {"status": "200"}) == 2
    assert value(client, name, page | {"status": "422"}) == 1
    nowhere = {"route": "(none)", "method": "GET", "status": "404"}
    assert value(client, name, nowhere) == 1
    duration = "anirec_http_request_duration_seconds_count"
    assert value(client, duration, {"route": "/users/<user_id>"}) == 3


def test_methods_that_clients_make_up_share_one_label(client: FlaskClient) -> None:
    for method in ("BREW", "KNOWN"):
        client.open("/healthz", method=method)
    labels = {"route": "(none)", "method": "other", "status": "405"}
    assert value(client, "anirec_http_requests_total", labels) == 2


def test_no_label_tells_who_asked_or_for_what(client: FlaskClient) -> None:
    client.get(f"/users/{KNOWN}?n=17")
    client.get(f"/api/v1/users/{KNOWN}/recommendations?genres=Drama")
    client.get(f"/anime/{SHOW}")
    client.get("/nothing/at-all?secret=1")
    client.post("/api/v1/recommendations", json={"history": [{"anime_id": 4230}], "n": 3})
    labels = {label for _, found in samples(client) for _, label in found}

    for telltale in (str(KNOWN), "at-all", "secret", "4230", "n=17"):
        assert not any(telltale in label for label in labels), telltale


def test_a_bug_is_counted_as_an_error(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(recommender).test_client()

    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(recommender), "show", broken)
    client.get(f"/anime/{SHOW}")
    labels = {"route": "/anime/<anime_id>", "method": "GET", "status": "500"}
    assert value(client, "anirec_http_requests_total", labels) == 1


def test_the_scrape_itself_is_all_that_is_in_flight(client: FlaskClient) -> None:
    client.get("/nothing")
    client.get("/")
    assert value(client, "anirec_http_requests_in_flight") == 1


def test_the_model_that_answers_is_named(client: FlaskClient, recommender: Recommender) -> None:
    (labels,) = (found for name, found in samples(client) if name == "anirec_model_info")
    assert ("version", recommender.manifest.version) in labels
    published = value(client, "anirec_model_published_timestamp_seconds")
    assert published > 1.7e9


def test_a_model_that_takes_over_is_named_at_once(app: Flask, recommender: Recommender) -> None:
    client = app.test_client()
    client.get("/metrics")
    manifest = replace(recommender.manifest, version="20300101T000000Z-abcdef01")
    attach(app, Recommender(replace(recommender.bundle, manifest=manifest)), Settings())
    versions = {
        dict(labels)["version"] for name, labels in samples(client) if name == "anirec_model_info"
    }
    assert versions == {manifest.version}


def test_answers_are_counted_as_what_they_are(client: FlaskClient) -> None:
    def ask(history: list[dict[str, int]], **more: object) -> None:
        body = {"history": history, **more}
        assert client.post("/api/v1/recommendations", json=body).status_code == 200

    ask([{"anime_id": 20}, {"anime_id": 50}], n=5)
    ask([], n=5)  # cold
    ask([{"anime_id": 20, "status": 6}], n=5)  # planned: no evidence of taste
    ask([{"anime_id": 50}], n=100)  # there are 60 shows only
    client.get(f"/api/v1/users/{KNOWN}/recommendations?n=4")
    client.get(f"/users/{KNOWN}")

    assert value(client, "anirec_answers_total") == 6
    assert value(client, "anirec_cold_viewers_total") == 2
    assert value(client, "anirec_fallbacks_total") == 2
    assert value(client, "anirec_short_answers_total") == 1
    assert value(client, "anirec_filter_refills_total") == 0
    assert value(client, "anirec_list_length_count") == 6
    assert value(client, "anirec_list_length_bucket", {"le": "0.0"}) == 2
    # Each answer with a list brings 1 to the genres of lists, each at all 1 to those shown.
    assert sum(with_name(client, "anirec_list_genre_share_total")) == pytest.approx(4)
    assert sum(with_name(client, "anirec_recommended_genre_share_total")) == pytest.approx(6)
    popularity = "anirec_recommended_popularity_share_total"
    assert sum(with_name(client, popularity)) == pytest.approx(6)


def test_what_nobody_asked_a_viewers_list_for_is_no_answer(client: FlaskClient) -> None:
    for path in ("/", "/readyz", f"/anime/{SHOW}", f"/api/v1/anime/{SHOW}/similar"):
        assert client.get(path).status_code == 200
    assert value(client, "anirec_answers_total") == 0


def test_distinct_shows_are_counted_once(client: FlaskClient) -> None:
    for _ in range(3):
        client.post("/api/v1/recommendations", json={"history": [{"anime_id": 20}], "n": 30})
    registers = np.array(list(with_name(client, "anirec_recommended_distinct_register")))
    padded = np.concatenate([registers, np.zeros(256 - len(registers))]).astype(np.int64)

    assert value(client, "anirec_recommended_shows_total") == 90
    assert count_distinct(padded) == pytest.approx(30, rel=0.15)


def test_shows_for_several_are_an_answer_to_each(client: FlaskClient) -> None:
    lists = [
        [{"anime_id": 20}, {"anime_id": 30, "status": 6}],
        [{"anime_id": 50}, {"anime_id": 7}],
        [],
    ]
    answer = client.post("/api/v1/together", json={"histories": lists, "n": 5})
    assert answer.status_code == 200
    assert value(client, "anirec_answers_total") == 3
    assert value(client, "anirec_cold_viewers_total") == 1
    assert value(client, "anirec_list_length_sum") == 2
    assert value(client, "anirec_recommended_shows_total") == 15

    own, other = (
        encode_list(CodedList(tuple(Entry(i, 9) for i in ids))) for ids in ((20, 30), (40,))
    )
    assert client.post("/together", data={"list": own, "with": other}).status_code == 200
    assert value(client, "anirec_answers_total") == 5
    assert value(client, "anirec_list_length_sum") == 5
