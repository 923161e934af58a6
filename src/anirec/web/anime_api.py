"""Shows as JSON."""

from __future__ import annotations

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.web import urls
from anirec.web.context import recommender
from anirec.web.errors import problem_responses
from anirec.web.finding import catalogue_page, found_page
from anirec.web.revalidation import NOT_MODIFIED, may_be_kept
from anirec.web.schemas import (
    AnimePath,
    Answer,
    CatalogueQuery,
    ShowOut,
    Shows,
    SimilarQuery,
    answer,
)

anime_api = APIBlueprint(
    "anime_api",
    __name__,
    url_prefix="/api/v1/anime",
    abp_tags=[Tag(name="anime")],
    abp_responses={**problem_responses(422), 304: NOT_MODIFIED},
)
anime_api.after_request(may_be_kept)


@anime_api.get("", responses={200: Shows})
def search(query: CatalogueQuery) -> tuple[dict[str, Any], dict[str, str]]:
    """Find shows by title, or page through all of them.

    The header `Link` (RFC 8288) leads to the other pages: `first`, `prev`, `next`.
    """
    if query.q is None:
        found = catalogue_page(query.n, query.offset, adult=query.adult)
    else:
        found = found_page(query.q, query.n, query.offset, adult=query.adult)
    places = {"first": 0}
    if query.offset:
        places["prev"] = max(query.offset - query.n, 0)
    if found.more:
        places["next"] = query.offset + query.n
    links = ", ".join(
        f'<{urls.catalogue_json(query, offset)}>; rel="{rel}"' for rel, offset in places.items()
    )
    body = {"anime": [show.to_dict() for show in found.shows], "total": found.total}
    return body, {"Link": links}


@anime_api.get("/<anime_id>", responses={200: ShowOut, **problem_responses(404)})
def one(path: AnimePath) -> dict[str, Any]:
    """Return what the catalogue knows of a show."""
    return recommender().show(path.anime_id).to_dict()


@anime_api.get("/<anime_id>/similar", responses={200: Answer, **problem_responses(404)})
def similar(path: AnimePath, query: SimilarQuery) -> dict[str, Any]:
    """Return shows like this one."""
    found = recommender().similar(path.anime_id, query.n, query.weights, query.filters)
    return answer(found, recommender().model)
