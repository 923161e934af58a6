"""Shows as JSON."""

from __future__ import annotations

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.web.context import recommender
from anirec.web.errors import problem_responses
from anirec.web.finding import find_shows
from anirec.web.schemas import (
    AnimePath,
    Answer,
    SearchQuery,
    ShowOut,
    Shows,
    SimilarQuery,
    answer,
    shows_answer,
)

anime_api = APIBlueprint(
    "anime_api",
    __name__,
    url_prefix="/api/v1/anime",
    abp_tags=[Tag(name="anime")],
    abp_responses=problem_responses(422),
)


@anime_api.get("", responses={200: Shows})
def search(query: SearchQuery) -> dict[str, Any]:
    """Find shows by title."""
    return shows_answer(find_shows(query.q, query.n, adult=query.adult))


@anime_api.get("/<anime_id>", responses={200: ShowOut, **problem_responses(404)})
def one(path: AnimePath) -> dict[str, Any]:
    """Return what the catalogue knows of a show."""
    return recommender().show(path.anime_id).to_dict()


@anime_api.get("/<anime_id>/similar", responses={200: Answer, **problem_responses(404)})
def similar(path: AnimePath, query: SimilarQuery) -> dict[str, Any]:
    """Return shows like this one."""
    found = recommender().similar(path.anime_id, query.n, query.weights, query.filters)
    return answer(found, recommender().model)
