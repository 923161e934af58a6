"""``/metrics``: what Prometheus scrapes. No label holds an id, an address or anything of a list."""

from __future__ import annotations

import os
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from flask import Blueprint, Response, current_app, g, request

from anirec.monitoring import metric_names as names
from anirec.monitoring.answer_profile import LENGTH_BORDERS, AnswerProfile
from anirec.monitoring.distinct_shows import N_REGISTERS, registers_of
from anirec.web.context import recommender
from anirec.web.metrics_directory import VARIABLE
from anirec.web.routes import route_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import GaugeMetricFamily

    from anirec.ranking.recommendation import Recommendations
    from anirec.ranking.show_traits import ShowTraits
    from anirec.store.events import Event

metrics = Blueprint("metrics", __name__)

SECONDS: Final = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the groups of latencies."""

METHODS: Final = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"))

_EXTENSION: Final = "anirec-metrics"


class Metrics:
    """The metrics of one application.

    Where ``PROMETHEUS_MULTIPROC_DIR`` is set, they are kept in its files and added up over all
    worker processes.
    """

    def __init__(self) -> None:
        # The first import decides where values live, so the directory must have been made before.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Any:
            return Counter(name, text, labels, registry=self.registry)

        self.requests = counter(
            names.REQUESTS, "Requests answered, by route template.", "route", "method", "status"
        )
        self.seconds = Histogram(
            names.REQUEST_SECONDS,
            "Seconds from the first handler to the finished answer, by route template.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            names.IN_FLIGHT,
            "Requests being answered now.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.answers = counter(names.ANSWERS, "Recommendations made for a viewer.")
        self.cold = counter(names.COLD_VIEWERS, "Of these, for viewers without a watched show.")
        self.fallbacks = counter(names.FALLBACKS, "Answered by popularity, for want of a taste.")
        self.refills = counter(
            names.REFILLS, "Answers for which filters asked for more candidates."
        )
        self.short = counter(names.SHORT_ANSWERS, "Answers with fewer shows than asked for.")
        self.list_length = Histogram(
            names.LIST_LENGTH,
            "Watched shows in the lists answered for.",
            buckets=LENGTH_BORDERS,
            registry=self.registry,
        )
        self.list_genres = counter(
            names.LIST_GENRES, "Sum over answers of a genre's share of the list.", "genre"
        )
        self.recommended_genres = counter(
            names.RECOMMENDED_GENRES,
            "Sum over answers of a genre's share of what is shown.",
            "genre",
        )
        self.recommended_popularity = counter(
            names.RECOMMENDED_POPULARITY,
            "Sum over answers of the share of a popularity group (1: the most watched shows).",
            "group",
        )
        self.recommended = counter(names.RECOMMENDED_SHOWS, "Places filled with a show.")
        self.registers = Gauge(
            names.DISTINCT_REGISTERS,
            "HyperLogLog registers of the distinct shows recommended since the start.",
            ("register",),
            multiprocess_mode="max",
            registry=self.registry,
        )
        self.feedback = counter(names.FEEDBACK, "Events of feedback that were kept.", "kind")
        self.feedback_of_recommended = counter(
            names.FEEDBACK_OF_RECOMMENDED,
            "Of these, of shows in a list of recommendations.",
            "kind",
        )
        self._highest = np.zeros(N_REGISTERS, dtype=np.int64)

    def count_answer(self, profile: AnswerProfile, n: int, traits: ShowTraits) -> None:
        """Count one answer; ``n`` is how many shows were asked for."""
        self.answers.inc()
        self.list_length.observe(profile.list_length)
        self.recommended.inc(len(profile.recommended_rows))
        for happened, counted in (
            (profile.list_length == 0, self.cold),
            (profile.by_popularity, self.fallbacks),
            (profile.refilled, self.refills),
            (len(profile.recommended_rows) < n, self.short),
        ):
            if happened:
                counted.inc()
        for counted, mix in (
            (self.list_genres, profile.list_genres),
            (self.recommended_genres, profile.recommended_genres),
        ):
            for place in np.flatnonzero(mix).tolist():
                counted.labels(traits.genres[place]).inc(mix[place])
        for group in np.flatnonzero(profile.recommended_popularity).tolist():
            share = profile.recommended_popularity[group]
            self.recommended_popularity.labels(str(group + 1)).inc(share)
        self._count_distinct(traits.index.ids(profile.recommended_rows))

    def _count_distinct(self, anime_ids: Any) -> None:
        registers, values = registers_of(anime_ids)
        for register, value in zip(registers.tolist(), values.tolist(), strict=True):
            # Two threads at once may lose one show to each other; the next answer brings it back.
            if value > self._highest[register]:
                self._highest[register] = value
                self.registers.labels(str(register)).set(value)


class _Model:
    """Tells which model answers at the moment of the scrape: it may be swapped while serving."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from prometheus_client.core import GaugeMetricFamily

        manifest = recommender().manifest
        about = {
            "version": manifest.version,
            "collaborative": manifest.collaborative,
            "content": manifest.content,
            "revision": manifest.revision or "",
            "simulated": str(manifest.simulated).lower(),
        }
        info = GaugeMetricFamily(names.MODEL_INFO, "The model that answers.", labels=list(about))
        info.add_metric(list(about.values()), 1)
        yield info
        published = datetime.fromisoformat(manifest.created_at).timestamp()
        yield GaugeMetricFamily(names.MODEL_PUBLISHED, "When it was published.", value=published)


def register_metrics(app: Flask) -> None:
    """Measure every request of the application."""
    app.extensions[_EXTENSION] = Metrics()
    app.before_request(_begin)
    app.after_request(_count)
    app.teardown_request(_end)
    app.register_blueprint(metrics)


def count_answer(found: Recommendations, n: int) -> Recommendations:
    """Count what was recommended to a viewer who asked for ``n`` shows, and return it."""
    if _EXTENSION not in current_app.extensions:
        return found
    traits = recommender().traits
    _metrics().count_answer(AnswerProfile.of(found, traits), n, traits)
    return found


def count_feedback(events: Iterable[Event]) -> None:
    """Count what viewers did, once it is kept."""
    if _EXTENSION not in current_app.extensions:
        return
    for event in events:
        _metrics().feedback.labels(event.kind.value).inc()
        if event.position is not None:
            _metrics().feedback_of_recommended.labels(event.kind.value).inc()


@metrics.get("/metrics")
def scrape() -> Response:
    """Return the metrics of all workers in Prometheus' text format."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    registry = _all_workers() if VARIABLE in os.environ else _metrics().registry
    body = generate_latest(registry) + generate_latest(cast("CollectorRegistry", _Model()))
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _all_workers() -> CollectorRegistry:
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _metrics() -> Metrics:
    return cast("Metrics", current_app.extensions[_EXTENSION])


def _begin() -> None:
    g.began = perf_counter()
    g.in_flight = True
    _metrics().in_flight.inc()


def _count(response: Response) -> Response:
    route = route_template()
    method = request.method if request.method in METHODS else "other"
    _metrics().requests.labels(route, method, str(response.status_code)).inc()
    _metrics().seconds.labels(route).observe(perf_counter() - g.began)
    return response


def _end(error: BaseException | None) -> None:
    if g.pop("in_flight", False):
        _metrics().in_flight.dec()
