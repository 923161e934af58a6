"""One log line a request: route, status, time. No list, no user id, no query string, no address.

The id of a request is taken from ``X-Request-ID`` where that is well formed, else made up, and goes
back with the answer, so that a line can be found from what a proxy or a client has written down.
"""

from __future__ import annotations

import logging
import re
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Final, TextIO

from flask import current_app, g, request

from anirec.web.context import recommender
from anirec.web.json_lines import JsonLines, fields
from anirec.web.routes import route_template

if TYPE_CHECKING:
    from flask import Flask, Response

REQUEST_ID: Final = "X-Request-ID"

WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{15,63}")
"""Long enough to be nobody's user id: trace ids and UUIDs are 16 characters or more."""

LOGGER: Final = "anirec"


def log_to(stream: TextIO) -> None:
    """Write the log of this process to ``stream``, one JSON object a line."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger(LOGGER)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def register_request_log(app: Flask) -> None:
    """Log every request of the application."""
    app.before_request(_begin)
    app.after_request(_write)


def log_failure(error: Exception) -> None:
    """Log that a request failed; ``JsonLines`` keeps the exception's text out of the line."""
    about = {"request_id": g.get("request_id"), "route": route_template()}
    current_app.logger.error("failed", exc_info=error, extra=fields(about))


def _begin() -> None:
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if WELL_FORMED.fullmatch(given) else token_hex(16)
    g.log_began = perf_counter()


def _write(response: Response) -> Response:
    response.headers[REQUEST_ID] = g.request_id
    about = {
        "request_id": g.request_id,
        "method": request.method,
        "route": route_template(),
        "status": response.status_code,
        "milliseconds": round(1000 * (perf_counter() - g.log_began), 1),
        "model": recommender().manifest.version,
    }
    current_app.logger.info("request", extra=fields(about))
    return response
