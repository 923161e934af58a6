"""A list that comes as a file with a form: read in memory, a few at a time, and never stored."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING, Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests, UnprocessableEntity
from werkzeug.formparser import FormDataParser

from anirec.lists.file_formats import read_list
from anirec.web.context import settings
from anirec.web.freed_memory import give_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response

    from anirec.lists.read_list import ReadList

MULTIPART: Final = "multipart/form-data"
FILE: Final = "file"
MAX_PARTS: Final = 10
MAX_FIELD_BYTES: Final = 100_000
LARGE_UPLOAD: Final = 1_000_000
"""Bytes; a list of 1,100 entries as MyAnimeList exports it, or of 15,000 in gzip."""
TRY_AGAIN: Final = 3
"""Seconds after which a large upload likely finds room."""

# Files are read one at a time in each process: side by side they would be no sooner done, and take
# the memory of all. Always by the same thread, for the C library keeps freed memory for each.
_READER: Final = ThreadPoolExecutor(1, "lists")
# Of those that take much memory even before they are read, few may wait for that.
_LARGE: Final = BoundedSemaphore(2)


def uploaded_list() -> ReadList:
    """Read the list of the form's file.

    Nothing may have looked at the form before: the limits of other bodies would apply to it.

    Raises
    ------
    RequestEntityTooLarge
        If the upload is larger than the setting allows, or has much beside the file.
    UnprocessableEntity
        If the form is broken or has no file.
    TooManyRequests
        If several large uploads are being read.
    ListFileError
        If the file is no list that we can read.
    """
    with _room():
        return _READER.submit(read_list, _uploaded_file()).result()


def forget_upload(response: Response) -> Response:
    """Give memory back after a request, now that no error holds what was read."""
    if request.mimetype == MULTIPART:
        give_back()
    return response


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


def _uploaded_file() -> bytes:
    """Return the content of the form's file, which never touches a disk."""
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
        if request.content_length is not None and request.content_length <= limit:
            raise RequestEntityTooLarge(
                f"the form has too many fields, or too long ones: send a file named {FILE!r} alone"
            ) from None
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
