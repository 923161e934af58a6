"""Requests made up from the description of the API: never a 5xx, and every answer as described."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import SecretStr
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from anirec.lists.by_name.sites import Sites
from anirec.models.registry import MODELS
from anirec.recommender import Recommender
from anirec.web.api_examples import EXAMPLES
from anirec.web.app import create_app
from anirec.web.context import database
from anirec.web.lists_api import SITES
from anirec.web.settings import Settings
from lists.by_name.site_server import Asked, Reply, site_server
from lists.by_name.test_jikan import line, page
from lists.exports import collection, entry
from small_world import TEST_MODELS
from web.documented_world import documented_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator


MADE_UP = [
    pytest.param(method, path, mode, id=f"{method}-{path}-{mode.value}")
    for (method, path), example in sorted(EXAMPLES.items())
    for mode in GenerationMode
    # Nothing can be wrong with a request that carries nothing.
    if mode is GenerationMode.POSITIVE or example.parameters or example.bodies
]
REFUSALS = ["400", "404", "405", "413", "415", "422"]
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
KNOWS_MORE = {
    ("get", "/api/v1/anime/{anime_id}/similar"): "labels of the catalogue, weights that are all 0",
    ("get", "/api/v1/recommendations"): "the same, and the checksum of a list",
    ("get", "/api/v1/taste"): "the checksum of a list",
    ("get", "/api/v1/users/{user_id}/recommendations"): "labels, weights",
    ("post", "/api/v1/feedback"): "what goes with which kind of event, keys that were used",
    ("post", "/api/v1/lists"): "what a file holds",
    ("post", "/api/v1/recommendations"): "labels, weights",
    ("post", "/api/v1/together"): "labels, weights",
}
"""Operations that may refuse what fits the schema, and for what the schema cannot say."""


def a_list(asked: Asked) -> Reply:
    """What each of the sites says to whoever asks."""
    if asked.method == "POST":
        return Reply(content=collection(entry(5114, 5114)))
    if "/history" in asked.path or (
        "/animelist" in asked.path and asked.path.startswith("/users/")
    ):
        return Reply(content={"data": [], "paging": {}, "pagination": {"has_next_page": False}})
    return page(line(5114))


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API of an application whose database and sites answer."""
    place, minutes = tmp_path_factory.mktemp("made-up"), count(0, 60)
    with pytest.MonkeyPatch.context() as patch, site_server() as site:
        for name, model in TEST_MODELS.items():
            patch.setitem(MODELS, name, model)
        site.replies = [a_list]
        options = Settings(
            database_url=SecretStr(f"sqlite:///{place}/anirec.db"),
            anilist_url=site.address,
            myanimelist_url=site.address,
            jikan_url=site.address,
            mal_client_id=SecretStr("0" * 32),
        )
        app = create_app(Recommender.load(documented_bundle(place / "bundle")), options)
        # Sites want to be asked slowly: here a minute passes whenever somebody looks at the clock.
        app.extensions[SITES] = Sites(options, clock=lambda: float(next(minutes)))
        yield schemathesis.openapi.from_wsgi("/api/openapi.json", app, config=CONFIG)
        with app.app_context():
            database().close()


def ask(api: Any, method: str, path: str, mode: GenerationMode, most: int) -> None:
    excluded = [positive_data_acceptance] if (method, path) in KNOWS_MORE else []
    strategy = api[path][method.upper()].as_strategy(generation_mode=mode)

    @settings(max_examples=most, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=strategy)
    def send(case: Any) -> None:
        # Without a socket nobody unpacks what is compressed.
        case.call_and_validate(excluded_checks=excluded, headers={"Accept-Encoding": "identity"})

    send()


@pytest.mark.parametrize(("method", "path", "mode"), MADE_UP)
def test_a_few_made_up_requests_are_answered_as_described(
    api: Any, method: str, path: str, mode: GenerationMode
) -> None:
    ask(api, method, path, mode, 10)


@pytest.mark.real
@pytest.mark.parametrize(("method", "path", "mode"), MADE_UP)
def test_many_made_up_requests_are_answered_as_described(
    api: Any, method: str, path: str, mode: GenerationMode
) -> None:
    ask(api, method, path, mode, 300)
