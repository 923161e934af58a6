"""Every example of the API, in its description and in the docs, is sent, and answered as described."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import SecretStr

from anirec.models.registry import MODELS
from anirec.recommender import Recommender
from anirec.store.secret_keys import new_key
from anirec.web.api_examples import EXAMPLES, FORM, JSON, KEPT
from anirec.web.app import create_app
from anirec.web.context import database
from anirec.web.settings import Settings
from lists.by_name.site_server import Reply, site_server
from lists.exports import collection, entry
from small_world import TEST_MODELS
from web.documented_world import documented_bundle
from web.test_api_errors import check_problem
from web.uploads import FORM as FORM_WITH_BOUNDARY
from web.uploads import form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = sorted((path, method) for method, path in EXAMPLES)
WITH_BODY = sorted(
    (path, method, media_type)
    for (method, path), example in EXAMPLES.items()
    for media_type in example.bodies
)


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an application with a catalogue, a viewer, a database and a site as in the examples."""
    place = tmp_path_factory.mktemp("documented")
    with pytest.MonkeyPatch.context() as patch, site_server() as site:
        for name, model in TEST_MODELS.items():
            patch.setitem(MODELS, name, model)
        site.replies = [Reply(content=collection(entry(5114, 5114), entry(1, 1)))]
        app = create_app(
            Recommender.load(documented_bundle(place / "bundle")),
            Settings(
                database_url=SecretStr(f"sqlite:///{place}/anirec.db"),
                anilist_url=site.address,
            ),
        )
        yield app.test_client()
        with app.app_context():
            database().close()


@pytest.fixture(scope="module")
def description(documented: FlaskClient) -> dict[str, Any]:
    found = documented.get("/api/openapi.json").get_json()
    assert isinstance(found, dict)
    return found


def check(description: dict[str, Any], path: str, method: str, body: Any) -> None:
    """Hold a 200 answer against its schema."""
    schema = description["paths"][path][method]["responses"]["200"]["content"][JSON]["schema"]
    whole = {**schema, "components": description["components"]}
    OAS31Validator(whole, format_checker=oas31_format_checker).validate(body)


def send(
    client: FlaskClient, description: dict[str, Any], path: str, method: str, media_type: str | None
) -> TestResponse:
    """Send the example of an operation as the description has it."""
    operation = description["paths"][path][method]
    where: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    for parameter in operation.get("parameters", []):
        if "example" in parameter:
            where[parameter["in"]][parameter["name"]] = parameter["example"]
    if KEPT in where["path"].values():
        kept = client.post(
            "/api/v1/profiles", json=EXAMPLES["post", "/api/v1/profiles"].bodies[JSON]
        )
        where["path"]["secret"] = kept.get_json()["secret"]
    options: dict[str, Any] = {"query_string": where["query"], "headers": where["header"]}
    if media_type is not None:
        example = operation["requestBody"]["content"][media_type]["example"]
        if media_type == FORM:
            options |= {"data": form(example["file"].encode()), "content_type": FORM_WITH_BOUNDARY}
        else:
            options |= {"json": example}
    return client.open(path.format(**where["path"]), method=method.upper(), **options)


def test_the_description_is_valid(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_every_operation_has_an_example(description: dict[str, Any]) -> None:
    described = {
        (method, path) for path, operations in description["paths"].items() for method in operations
    }
    assert described == set(EXAMPLES)
    for (method, path), example in EXAMPLES.items():
        operation = description["paths"][path][method]
        parameters = operation.get("parameters", [])
        assert set(example.parameters) <= {one["name"] for one in parameters}
        needed = {one["name"] for one in parameters if one.get("required")}
        assert needed <= set(example.parameters), path
        bodies = operation.get("requestBody", {}).get("content", {})
        assert set(example.bodies) == set(bodies), path


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_answer_of_an_example_is_as_described(
    documented: FlaskClient, description: dict[str, Any], path: str, method: str
) -> None:
    example = EXAMPLES[method, path]
    media_types: list[str | None] = [*example.bodies] or [None]
    check(description, path, method, example.answer)
    for media_type in media_types:
        answer = send(documented, description, path, method, media_type)
        assert answer.status_code == 200, answer.text
        check(description, path, method, answer.get_json())
        assert answer.get_json().keys() == example.answer.keys()


@pytest.mark.parametrize(("path", "method", "media_type"), WITH_BODY)
def test_the_body_of_an_example_is_as_described(
    description: dict[str, Any], path: str, method: str, media_type: str
) -> None:
    content = description["paths"][path][method]["requestBody"]["content"][media_type]
    whole = {**content["schema"], "components": description["components"]}
    OAS31Validator(whole).validate(content["example"])


def test_the_addresses_on_the_page_about_the_api_lead_somewhere(documented: FlaskClient) -> None:
    html = documented.get("/api/docs").text
    led = re.findall(r'<p class="address"><a href="([^"]+)"', html)
    assert len(led) > 8
    for address in led:
        assert documented.get(address.replace("&amp;", "&")).status_code == 200, address


# What the docs show, in the order in which they show it: where it is sent, or what it describes.

REQUEST, ANSWER = "request", "answer"
IN_DOCS: dict[str, list[tuple[str, str, str]]] = {
    "api.md": [
        (REQUEST, "post", "/api/v1/recommendations"),
        (ANSWER, "post", "/api/v1/recommendations"),
        (REQUEST, "post", "/api/v1/lists"),
        (ANSWER, "post", "/api/v1/lists"),
        (REQUEST, "post", "/api/v1/feedback"),
        (ANSWER, "422", "Problem"),
    ],
}


def in_docs(name: str) -> list[Any]:
    text = (DOCS / name).read_text()
    return [json.loads(one) for one in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize("name", IN_DOCS)
def test_the_json_of_the_docs_is_sent_and_answered(
    documented: FlaskClient, description: dict[str, Any], name: str
) -> None:
    for shown, (what, method, path) in zip(in_docs(name), IN_DOCS[name], strict=True):
        if path == "Problem":
            wrong = {"history": [{"anime_id": 5114, "rating": 11}]}
            answer = documented.post("/api/v1/recommendations", json=wrong)
            assert check_problem(answer, int(method)) == shown
        elif what == REQUEST:
            headers = {"Idempotency-Key": new_key()} if path.endswith("feedback") else {}
            answer = documented.open(path, method=method, json=shown, headers=headers)
            assert answer.status_code == 200, answer.text
            check(description, path, method, answer.get_json())
        else:
            check(description, path, method, shown)


def test_the_requests_in_the_tables_of_the_docs_are_answered(documented: FlaskClient) -> None:
    text = (DOCS / "api.md").read_text() + (DOCS / "feedback.md").read_text()
    routes = set(re.findall(r"`(?:GET|POST|PUT|DELETE) (/[^`?]+)", text))
    assert len(routes) > 10
    described = documented.get("/api/openapi.json").get_json()["paths"]
    assert routes <= {*described, "/api/openapi.json"}


def test_the_parameters_in_the_docs_are_those_of_the_api(
    documented: FlaskClient, description: dict[str, Any]
) -> None:
    (table,) = re.findall(r"## Parameters\n(.*?)\n## ", (DOCS / "api.md").read_text(), re.DOTALL)
    named = set(re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\| (.*?) \|", table, re.M))))
    known = {
        one["name"]
        for operations in description["paths"].values()
        for operation in operations.values()
        for one in operation.get("parameters", [])
    }
    assert len(named) > 8
    assert named <= known
