"""For those who watch the process: does it live, is it ready to answer."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.web.context import recommender
from anirec.web.schemas import Health

health = APIBlueprint("health", __name__, abp_tags=[Tag(name="health")])


@health.get("/healthz", responses={200: Health})
def healthz() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "alive"}


@health.get("/readyz", responses={200: Health})
def readyz() -> dict[str, str]:
    """Answer once the bundle does: it recommends one show."""
    recommender().recommend([], n=1)
    return {"status": "ready"}
