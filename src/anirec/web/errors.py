"""Errors as people and programs meet them: a kind page, or problem+json under ``/api``."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, current_app, json, make_response, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from anirec.errors import DiscoveryError, UnknownAnimeError, UnknownLabelError, UnknownViewerError
from anirec.lists.list_code import ListCodeError
from anirec.store.errors import (
    KeyReusedError,
    NothingKeptError,
    ProfileChangedError,
    StoreUnavailableError,
    UnknownProfileError,
)
from anirec.store.outage import REST_SECONDS
from anirec.web.json_body import TOO_DEEP
from anirec.web.request_log import log_failure
from anirec.web.schemas import Problem

if TYPE_CHECKING:
    from flask import Flask
    from pydantic import ValidationError

PROBLEM_JSON: Final = "application/problem+json"

WHOLE: Final = "request"
"""The field that is named where several fields together are wrong."""

KIND_WORDS: Final = {
    400: "Your browser sent something that we could not read.",
    404: "There is nothing at this address.",
    405: "This address cannot be used that way.",
    413: "That was more than we can take at once.",
    429: "That was a lot at once. Please wait a moment and try again.",
    500: "Something broke on our side. It has been written down; please try again.",
}


def problem_responses(*statuses: int) -> dict[Any, Any]:
    """Describe error responses for OpenAPI."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def register_errors(app: Flask) -> None:
    """Answer every error of the application, the framework's own included."""
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(UnknownViewerError, _on_unknown)
    app.register_error_handler(UnknownAnimeError, _on_unknown)
    app.register_error_handler(UnknownLabelError, _on_impossible)
    app.register_error_handler(DiscoveryError, _on_impossible)
    app.register_error_handler(ListCodeError, _on_damaged_list)
    app.register_error_handler(UnknownProfileError, _on_unknown_profile)
    app.register_error_handler(ProfileChangedError, _on_changed_profile)
    app.register_error_handler(KeyReusedError, _on_reused_key)
    app.register_error_handler(StoreUnavailableError, _on_closed_store)
    app.register_error_handler(Exception, _on_bug)


def invalid(error: ValidationError) -> Response:
    """Answer what pydantic refused, field by field."""
    fields = [
        {"field": ".".join(map(str, item["loc"])) or WHOLE, "message": _plain(item["msg"])}
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    first = fields[0]
    where = "" if first["field"] == WHOLE else f"{first['field']}: "
    return problem(422, where + first["message"], fields)


def require_json() -> None:
    """Refuse a body that is no JSON before anything looks into it."""
    if request.method not in ("POST", "PUT"):
        return
    if not request.is_json:
        raise UnsupportedMediaType("send JSON, with the header Content-Type: application/json")
    try:
        request.get_json()
    except BadRequest:
        raise BadRequest("the body is not valid JSON") from None
    except RecursionError:
        raise BadRequest(TOO_DEEP) from None


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """Return an ``application/problem+json`` response."""
    body = Problem.model_validate(
        {
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "errors": errors or [],
        }
    )
    return Response(json.dumps(body.model_dump()), status, content_type=PROBLEM_JSON)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _under_api() -> bool:
    asked_by_program = request.path == "/api" or request.path.startswith("/api/")
    return asked_by_program or request.blueprint == "health"


def _respond(status: int, for_programs: str, for_people: str) -> Response:
    if _under_api():
        return problem(status, for_programs)
    return make_response(render_template("message.html", status=status, message=for_people), status)


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    # A body that is no JSON is malformed input like any other.
    status = 422 if error.code == 400 and _under_api() else error.code
    text = error.description or HTTPStatus(status).phrase
    response = _respond(status, text, KIND_WORDS.get(status, text))
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    return response


def _on_unknown(error: UnknownViewerError | UnknownAnimeError) -> Response:
    return _respond(404, str(error), f"There is {error}.")


def _on_impossible(error: UnknownLabelError | DiscoveryError) -> Response:
    return _respond(422, str(error), f"Sorry, {error}.")


def _on_damaged_list(error: ListCodeError) -> Response:
    return _respond(422, str(error), str(error))


def _on_unknown_profile(error: UnknownProfileError) -> Response:
    return _respond(404, str(error), "There is no list under this link. It may have been deleted.")


def _on_changed_profile(error: ProfileChangedError) -> Response:
    return _respond(412, str(error), str(error))


def _on_reused_key(error: KeyReusedError) -> Response:
    return _respond(422, str(error), str(error))


def _on_closed_store(error: StoreUnavailableError) -> Response:
    if isinstance(error, NothingKeptError):
        return _respond(503, "this server keeps nothing", "Sorry, this site keeps nothing.")
    # Why is for those who run the server: it may name hosts.
    if error.asked:
        current_app.logger.warning("%s", error)
    text = "nothing can be kept or looked up just now; try again later"
    response = _respond(503, text, f"Sorry, {text}.")
    response.headers["Retry-After"] = str(REST_SECONDS)
    return response


def _on_bug(error: Exception) -> Response:
    log_failure(error)
    return _respond(500, "an error on our side; it has been logged", KIND_WORDS[500])
