"""The OpenAPI document as a page shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from markupsafe import Markup, escape

from anirec.web.api_examples import JSON
from anirec.web.markdown import to_html

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMAS: Final = "#/components/schemas/"
LONG: Final = 60
"""Characters of an example in one line; longer ones are broken"""


@dataclass(frozen=True)
class Row:
    """A parameter, or a field of a schema."""

    name: str
    kind: Markup
    """Its type in words, with links to schemas"""
    required: bool
    text: str
    where: str = ""
    """Of a parameter: path, query or header"""


@dataclass(frozen=True)
class Content:
    """A body that is sent or answered."""

    media_type: str
    kind: Markup
    example: str


@dataclass(frozen=True)
class Operation:
    """What one method of one address does."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    """HTML"""
    parameters: list[Row]
    bodies: list[Content]
    answer: Content
    other: list[tuple[str, str]]
    """Statuses of other answers, and what they are called"""
    example_address: str
    """Path and query string of the example"""
    can_be_opened: bool
    """Whether a browser may be led there"""


@dataclass(frozen=True)
class Schema:
    """An object that is sent or answered."""

    anchor: str
    name: str
    text: str
    kind: Markup
    """What it is, where it has no fields"""
    rows: list[Row]


@dataclass(frozen=True)
class ApiDocs:
    """All that the page shows."""

    title: str
    version: str
    groups: dict[str, list[Operation]] = field(default_factory=dict)
    """By tag"""
    schemas: list[Schema] = field(default_factory=list)


def api_docs_view(document: Mapping[str, Any]) -> ApiDocs:
    """Return what the page shows of an OpenAPI 3.1 document."""
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups[operation["tags"][0]].append(_operation(method, path, operation))
    schemas = [
        _schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())
    ]
    return ApiDocs(document["info"]["title"], document["info"]["version"], groups, schemas)


def kind_of(schema: Mapping[str, Any]) -> Markup:
    """Return the type of a JSON schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SCHEMAS)
        return Markup('<a href="#{}">{}</a>').format(_anchor(name), name)
    if "anyOf" in schema:
        return Markup(" or ").join(kind_of(one) for one in schema["anyOf"])
    if "enum" in schema:
        return Markup("one of {}").format(", ".join(map(str, schema["enum"])))
    kind = schema.get("type", "any value")
    if kind == "array":
        length = _range(schema, "minItems", "maxItems")
        return Markup("list of {}{}").format(kind_of(schema.get("items", {})), length)
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return Markup("object with values: {}").format(kind_of(schema["additionalProperties"]))
    if kind == "string":
        if schema.get("format") == "binary":
            return Markup("file")
        words = {"date-time": "date and time"}.get(schema.get("format", ""), "text")
        if "pattern" in schema:
            return Markup("{} like <code>{}</code>").format(words, schema["pattern"])
        return Markup("{}{}").format(words, _range(schema, "minLength", "maxLength", " characters"))
    words = {"integer": "whole number", "boolean": "true or false"}.get(kind, kind)
    return Markup("{}{}").format(words, _range(schema, "minimum", "maximum"))


def _range(schema: Mapping[str, Any], least: str, most: str, unit: str = "") -> str:
    low, high = schema.get(least), schema.get(most)
    if low is not None and high is not None:
        return f", {_number(low)} to {_number(high)}{unit}"
    if low is not None:
        return f", {_number(low)} or more{unit}"
    return "" if high is None else f", at most {_number(high)}{unit}"


def _number(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:g}"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    responses = operation["responses"]
    parameters = operation.get("parameters", [])
    answer = responses["200"]["content"][JSON]
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=to_html(operation.get("description", "")),
        parameters=[
            _row(one["name"], one["schema"], one.get("required", False), one["in"])
            for one in parameters
        ],
        bodies=[
            _content(media_type, content)
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items()
        ],
        answer=_content(JSON, answer),
        other=[(s, responses[s]["description"]) for s in sorted(responses) if s != "200"],
        example_address=_example_address(path, parameters),
        can_be_opened=method == "get" and not _names_a_secret(path),
    )


def _names_a_secret(path: str) -> bool:
    return "{viewer}" in path or "{secret}" in path


def _example_address(path: str, parameters: list[dict[str, Any]]) -> str:
    given = [(one["in"], one["name"], one["example"]) for one in parameters if "example" in one]
    for where, name, value in given:
        if where == "path":
            path = path.replace(f"{{{name}}}", str(value))
    query = urlencode([(name, value) for where, name, value in given if where == "query"])
    return f"{path}?{query}" if query else path


def _content(media_type: str, content: Mapping[str, Any]) -> Content:
    example = content["example"]
    if media_type == JSON:
        text = pretty(example)
    else:
        text = "\n".join(f"{name}:\n{value}" for name, value in example.items())
    return Content(media_type, kind_of(content["schema"]), text)


def pretty(value: Any, indent: str = "") -> str:
    """Return JSON with short objects and lists on one line each."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= LONG or not isinstance(value, (dict, list)):
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {pretty(one, inner)}" for name, one in value.items()]
        ends = "{}"
    else:
        parts, ends = [pretty(one, inner) for one in value], "[]"
    body = f",\n{inner}".join(parts)
    return f"{ends[0]}\n{inner}{body}\n{indent}{ends[1]}"


def _schema(name: str, schema: Mapping[str, Any]) -> Schema:
    required = schema.get("required", [])
    rows = [_row(name, one, name in required) for name, one in schema.get("properties", {}).items()]
    return Schema(_anchor(name), name, schema.get("description", ""), kind_of(schema), rows)


def _row(name: str, schema: Mapping[str, Any], required: bool, where: str = "") -> Row:
    text = schema.get("description", "")
    default = schema.get("default")
    if default not in (None, [], ""):
        text = f"{text} Left out: {json.dumps(default)}.".strip()
    return Row(name, kind_of(schema), required, text, where)


def _anchor(name: str) -> str:
    return f"schema-{escape(name)}"
