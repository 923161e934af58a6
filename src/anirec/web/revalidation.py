"""What is the same for everybody may be kept, and costs a few bytes to ask for again."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from flask import request

from anirec.web.context import recommender

if TYPE_CHECKING:
    from flask import Response

CODE: Final = version("anirec")
"""Looked up once: it is read from files."""
FRESH_SECONDS: Final = 60
"""After a promotion answers of the bundle before may be seen for so long"""
NOT_MODIFIED: Final[Any] = {"description": "The copy that If-None-Match names is still right."}
"""Describes the answer for OpenAPI"""


def may_be_kept(response: Response) -> Response:
    """Let an answer that bundle and address decide be kept for a minute, and revalidated from then on.

    The tag names bundle and version of anirec. It is weak: two servers may write a number
    differently in its last digit, and a proxy may compress what we send. What was searched for is
    kept by the browser alone.
    """
    if response.status_code != 200:
        return response
    shared = "private" if request.args.get("q") else "public"
    response.headers["Cache-Control"] = f"{shared}, max-age={FRESH_SECONDS}"
    response.set_etag(f"{CODE}-{recommender().manifest.version}", weak=True)
    response.make_conditional(request)  # in place
    return response
