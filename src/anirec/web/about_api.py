"""What answers here, and the description of the API."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.web.context import recommender, simulated
from anirec.web.openapi_document import openapi_document
from anirec.web.panel import VIEWERS_TO_TRY
from anirec.web.schemas import About

about_api = APIBlueprint("about_api", __name__, abp_tags=[Tag(name="about")])


@about_api.get("/api/v1", responses={200: About})
def about() -> dict[str, Any]:
    """Say which bundle answers and which viewers to try."""
    face = recommender()
    return {
        "name": "anirec",
        "version": version("anirec"),
        "bundle": face.manifest.version,
        "model": face.model,
        "weights": face.manifest.weights,
        "n_items": face.manifest.n_items,
        "n_viewers": face.manifest.n_viewers,
        "simulated_viewers": simulated(),
        "sample_viewers": face.sample_viewers(VIEWERS_TO_TRY),
    }


@about_api.get("/api/openapi.json", doc_ui=False)
def openapi() -> dict[str, Any]:
    """Return the OpenAPI description."""
    return openapi_document()
