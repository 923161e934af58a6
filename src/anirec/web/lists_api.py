"""Lists of people, from a file or by user name, as a history to recommend for.

Read in memory, answered, forgotten: no file is written and nothing of a list is logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import abort, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.request_body import RequestBody
from flask_openapi3.models.tag import Tag
from flask_openapi3.utils import parse_body, parse_form
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from anirec.lists.by_name.sites import Sites
from anirec.lists.errors import (
    ListFileError,
    MissingProfileError,
    NotSetUpError,
    PrivateProfileError,
    SiteBrokenError,
    SiteBusyError,
    SiteTimeoutError,
    TooLargeError,
)
from anirec.lists.imported import import_list
from anirec.web.context import recommender
from anirec.web.errors import invalid, problem, problem_responses, require_json
from anirec.web.lists_schemas import ImportedListOut, ListByName, ListUpload
from anirec.web.uploads import MULTIPART, forget_upload, uploaded_list

if TYPE_CHECKING:
    from flask import Flask, Response

    from anirec.lists.read_list import ReadList
    from anirec.web.settings import Settings

STATUSES: Final = {
    TooLargeError: 413,
    ListFileError: 422,
    MissingProfileError: 404,
    PrivateProfileError: 403,
    NotSetUpError: 503,
    SiteBrokenError: 502,
    SiteTimeoutError: 504,
}

SITES: Final = "anirec-sites"
"""Under which the application keeps them"""

lists_api = APIBlueprint(
    "lists_api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="lists")],
    abp_responses=problem_responses(403, 404, 413, 415, 422, 429, 502, 503, 504),
)


def register_sites(app: Flask, options: Settings) -> None:
    """Give the application the sites that lists can be fetched from."""
    app.extensions[SITES] = Sites(options)


def sites() -> Sites:
    """Return the sites of the application."""
    return cast("Sites", current_app.extensions[SITES])


@lists_api.post("/lists", responses={200: ImportedListOut})
def read_one() -> dict[str, Any]:
    """Read a list from a file or by user name.

    The `history` of the answer is what `POST /api/v1/recommendations` takes. Nothing is stored.
    """
    found = uploaded_list() if request.mimetype == MULTIPART else _by_name()
    return import_list(found, recommender().bundle.catalogue).to_dict()


lists_api.after_request(forget_upload)


def _by_name() -> ReadList:
    if not request.is_json:
        raise UnsupportedMediaType(
            f"send a form with a file ({MULTIPART}), or JSON with source and username"
        )
    require_json()
    try:
        wanted = ListByName.model_validate(request.get_json())
    except ValidationError as error:
        abort(invalid(error))
    return sites().fetch(wanted.source, wanted.username)


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error of a list; 422 where it has none of its own."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 422)


def _refuse(error: Exception) -> Response:
    return problem(status_of(error), str(error))


@lists_api.errorhandler(SiteBusyError)
def _busy(error: SiteBusyError) -> Response:
    response = problem(503, str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _describe_bodies() -> None:
    """Tell OpenAPI of both bodies: a handler of flask_openapi3 has one."""
    form, form_schemas = parse_form(ListUpload)
    body, body_schemas = parse_body(ListByName)
    lists_api.components_schemas.update(form_schemas | body_schemas)
    operation = lists_api.paths["/api/v1/lists"].post
    operation.requestBody = RequestBody(content={**form, **body}, required=True)


for _kind in STATUSES:
    lists_api.register_error_handler(_kind, _refuse)
_describe_bodies()
