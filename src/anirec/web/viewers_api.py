"""Recommendations as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.lists.list_code import decode_list
from anirec.web.context import recommender
from anirec.web.errors import problem_responses, require_json
from anirec.web.metrics import count_answer
from anirec.web.schemas import (
    Answer,
    ListQuery,
    RecommendBody,
    SharedAnswer,
    TogetherBody,
    UserPath,
    UserQuery,
    WebFilters,
    answer,
)

viewers_api = APIBlueprint(
    "viewers_api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="recommendations")],
    abp_responses=problem_responses(422, 429),
)
viewers_api.before_request(require_json)


@viewers_api.get(
    "/users/<user_id>/recommendations", responses={200: Answer, **problem_responses(404)}
)
def for_user(path: UserPath, query: UserQuery) -> dict[str, Any]:
    """Recommend to a viewer of the training data."""
    found = recommender().recommend_user(
        path.user_id,
        query.n,
        query.weights,
        query.filters,
        query.diversity,
        query.dislikes,
        query.discovery,
        query.niche,
    )
    return answer(count_answer(found, query.n), recommender().model)


@viewers_api.get("/recommendations", responses={200: Answer})
def for_code(query: ListQuery) -> dict[str, Any]:
    """Recommend for a list that stands in the address, as the links of the page have it."""
    coded = decode_list(query.code)
    unwanted = (*query.without_shows, *sorted(coded.hidden))
    found = recommender().recommend(
        coded.entries,
        query.n,
        query.weights,
        query.filters.model_copy(update={"without_shows": unwanted}),
        query.diversity,
        query.dislikes,
        query.discovery,
        query.niche,
    )
    return answer(count_answer(found, query.n), recommender().model)


@viewers_api.post("/recommendations", responses={200: Answer, **problem_responses(413, 415)})
def for_list(body: RecommendBody) -> dict[str, Any]:
    """Recommend for a list that comes with the request."""
    history = [entry.to_entry() for entry in body.history]
    filters = body.filters or WebFilters()
    found = recommender().recommend(
        history,
        body.n,
        body.weights,
        filters,
        body.diversity,
        body.dislikes,
        body.discovery,
        body.niche,
    )
    return answer(count_answer(found, body.n), recommender().model)


@viewers_api.post("/together", responses={200: SharedAnswer, **problem_responses(413, 415)})
def for_several(body: TogetherBody) -> dict[str, Any]:
    """Recommend shows that the viewers of several lists would watch together."""
    histories = [[entry.to_entry() for entry in history] for history in body.histories]
    filters = body.filters or WebFilters()
    found = recommender().recommend_together(
        histories, body.n, body.weights, filters, body.dislikes
    )
    for of_viewer in found.for_each():
        count_answer(of_viewer, body.n)
    return {"recommendations": [asdict(one) for one in found], "model": recommender().model}
