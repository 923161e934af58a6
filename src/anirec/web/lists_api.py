"""Lists of people, from a file or by user name, as a history to recommend for.

Read in memory, answered, forgotten: no file is written and nothing of a list is logged.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING, Any, Final, cast

from flask import abort, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.request_body import RequestBody
from flask_openapi3.models.tag import Tag
from flask_openapi3.utils import parse_body, parse_form
from pydantic import ValidationError
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    TooManyRequests,
    UnprocessableEntity,
    UnsupportedMediaType,
)
from werkzeug.formparser import FormDataParser

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
from anirec.lists.file_formats import read_list
from anirec.lists.imported import import_list
from anirec.web.context import recommender, settings
from anirec.web.errors import invalid, problem, problem_responses, require_json
from anirec.web.freed_memory import give_back
from anirec.web.lists_schemas import ImportedListOut, ListByName, ListUpload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response

    from anirec.lists.read_list import ReadList
    from anirec.web.settings import Settings

MULTIPART: Final = "multipart/form-data"
FILE: Final = "file"
MAX_PARTS: Final = 10
MAX_FIELD_BYTES: Final = 100_000
LARGE_UPLOAD: Final = 1_000_000
"""Bytes; a list of 1,100 entries as MyAnimeList exports it, or of 15,000 in gzip."""
TRY_AGAIN: Final = 3
"""Seconds after which a large upload likely finds room."""

STATUSES: Final = {
    TooLargeError: 413,
    ListFileError: 422,
    MissingProfileError: 404,
    PrivateProfileError: 403,
    NotSetUpError: 503,
    SiteBrokenError: 502,
    SiteTimeoutError: 504,
}

_EXTENSION: Final = "anirec-sites"
# Files are read one at a time in each process: side by side they would be no sooner done, and take
# the memory of all. Always by the same thread, for the C library keeps freed memory for each.
_READER: Final = ThreadPoolExecutor(1, "lists")
# Of those that take much memory even before they are read, few may wait for that.
_LARGE: Final = BoundedSemaphore(2)

lists_api = APIBlueprint(
    "lists_api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="lists")],
    abp_responses=problem_responses(403, 404, 413, 415, 422, 429, 502, 503, 504),
)


def register_sites(app: Flask, options: Settings) -> None:
    """Give the application the sites that lists can be fetched from."""
    app.extensions[_EXTENSION] = Sites(options)


def sites() -> Sites:
    """Return the sites of the application."""
    return cast("Sites", current_app.extensions[_EXTENSION])


@lists_api.post("/lists", responses={200: ImportedListOut})
def read_one() -> dict[str, Any]:
    """Read a list from a file or by user name.

    The `history` of the answer is what `POST /api/v1/recommendations` takes. Nothing is stored.
    """
    if request.mimetype == MULTIPART:
        with _room():
            found = _READER.submit(read_list, uploaded_file()).result()
    else:
        found = _by_name()
    return import_list(found, recommender()).to_dict()


@contextmanager
def _room() -> Iterator[None]:
    """Let few large uploads in at once; one of unknown length counts as large."""
    length = request.content_length
    if length is not None and length <= LARGE_UPLOAD:
        yield
        return
    if not _LARGE.acquire(blocking=False):
        raise TooManyRequests(
            f"several large lists are being read: try again in {TRY_AGAIN} seconds, or pack the "
            "list with gzip",
            retry_after=TRY_AGAIN,
        )
    try:
        yield
    finally:
        _LARGE.release()


@lists_api.after_request
def _forget(response: Response) -> Response:
    """Give memory back, now that no error holds what was read."""
    if request.mimetype == MULTIPART:
        give_back()
    return response


def uploaded_file() -> bytes:
    """Return the content of the form's file, which never touches a disk.

    Raises
    ------
    RequestEntityTooLarge
        If the upload is larger than the setting allows.
    UnprocessableEntity
        If the form is broken or has no file.
    """
    limit = settings().max_upload_bytes
    request.max_content_length = limit
    parser = FormDataParser(
        stream_factory=_in_memory,
        max_form_memory_size=MAX_FIELD_BYTES,
        max_form_parts=MAX_PARTS,
        silent=False,
    )
    try:
        _, _, files = parser.parse(
            request.stream, request.mimetype, request.content_length, request.mimetype_params
        )
    except RequestEntityTooLarge:
        raise RequestEntityTooLarge(
            f"the upload is larger than {limit / 1e6:g} MB: pack the list with gzip"
        ) from None
    except ValueError:
        raise UnprocessableEntity("the form is broken or cut off: send the file again") from None
    if FILE not in files:
        raise UnprocessableEntity(f"the form has no file named {FILE!r}")
    content: bytes = files[FILE].stream.read()
    return content


def _in_memory(*_about: object, **_more: object) -> IO[bytes]:
    return io.BytesIO()


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


def _refuse(error: Exception) -> Response:
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return problem(status, str(error))


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
