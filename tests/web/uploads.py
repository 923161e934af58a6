"""A form with a file, as a browser sends it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

LISTS = "/api/v1/lists"
BOUNDARY = "x-a-boundary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def form(data: bytes, name: str = "list", field: str = "file") -> bytes:
    """The body of a form, made in memory."""
    file = FileStorage(io.BytesIO(data), name, content_type="application/octet-stream")
    return encode_multipart(MultiDict({field: file}), BOUNDARY)[1]


def upload(
    client: FlaskClient, data: bytes, name: str = "list", field: str = "file"
) -> TestResponse:
    return client.post(LISTS, data=form(data, name, field), content_type=FORM)
