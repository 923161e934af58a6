"""The OpenAPI document: what the library makes of the code, and the examples."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app

from anirec.web.api_examples import EXAMPLES, JSON

if TYPE_CHECKING:
    from flask_openapi3.openapi import OpenAPI

_EXTENSION: Final = "anirec-openapi"


def openapi_document() -> dict[str, Any]:
    """Return the document of this application; nobody changes it."""
    if _EXTENSION not in current_app.extensions:
        document = deepcopy(cast("OpenAPI", current_app).api_doc)
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _complete(operation, method, path)
        current_app.extensions[_EXTENSION] = document
    return cast("dict[str, Any]", current_app.extensions[_EXTENSION])


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    if "parameters" not in operation and "requestBody" not in operation:
        # The library adds it everywhere, and as if it were plain JSON.
        operation["responses"].pop("422", None)
    if "description" in operation:
        operation["description"] = operation["description"].replace("<br/>", "\n").strip()
    example = EXAMPLES[method, path]
    for parameter in operation.get("parameters", []):
        if parameter["name"] in example.parameters:
            parameter["example"] = example.parameters[parameter["name"]]
    for media_type, body in example.bodies.items():
        operation["requestBody"]["content"][media_type]["example"] = body
    operation["responses"]["200"]["content"][JSON]["example"] = example.answer
