"""The taste of a list as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.lists.list_code import decode_list
from anirec.web.context import recommender
from anirec.web.errors import problem_responses, require_json
from anirec.web.taste_schemas import TasteBody, TasteOut, TasteQuery, taste_answer
from anirec.web.taste_view import taste_view

if TYPE_CHECKING:
    from anirec.web.taste_view import TasteView

taste_api = APIBlueprint(
    "taste_api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="taste")],
    abp_responses=problem_responses(422, 429),
)
taste_api.before_request(require_json)


@taste_api.get("/taste", responses={200: TasteOut})
def for_code(query: TasteQuery) -> dict[str, Any]:
    """Tell what a list in the address says of its viewer."""
    coded = decode_list(query.code)
    return _answer(taste_view(coded.entries, coded.hidden))


@taste_api.post("/taste", responses={200: TasteOut, **problem_responses(413, 415)})
def for_list(body: TasteBody) -> dict[str, Any]:
    """Tell what a list that comes with the request says of its viewer."""
    return _answer(taste_view([entry.to_entry() for entry in body.history]))


def _answer(view: TasteView) -> dict[str, Any]:
    return taste_answer(view, recommender().bundle.catalogue, recommender().model)
