"""Headers that every response carries, and how long what may be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

from anirec.web import urls
from anirec.web.context import LANGUAGE_NAME, language, settings
from anirec.web.titles import Language

if TYPE_CHECKING:
    from flask import Flask, Response

REMOTE_POSTERS: Final = (
    "https://cdn.myanimelist.net/",
    "https://media.kitsu.app/",
    "https://s4.anilist.co/",
)
"""Where remote posters may come from, if they are switched on."""

YEAR: Final = 365 * 24 * 3600
FILES: Final = frozenset(("static", "posters.poster", "taste.dots"))
"""Endpoints whose addresses carry the version of what they lead to"""


def register_headers(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(_protect)
    app.after_request(_say_how_long_to_keep)
    app.after_request(_remember_language)


def _protect(response: Response) -> Response:
    images = " ".join(("'self'", *REMOTE_POSTERS)) if settings().remote_posters else "'self'"
    headers = {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _say_how_long_to_keep(response: Response) -> Response:
    """Files under the address of their version may be kept for ever, answers must be asked for again.

    A file under the address of another version comes from a page of another bundle: what is
    served there now must not be taken for it later.
    """
    if request.endpoint in FILES and response.status_code in (200, 304):
        asked = request.args.get("v")
        if asked is None:
            kept = "public, max-age=3600"
        elif asked == urls.current_version():
            kept = f"public, max-age={YEAR}, immutable"
        else:
            kept = "public, no-cache"
        response.headers["Cache-Control"] = kept
        if request.endpoint == "posters.poster" and LANGUAGE_NAME not in request.args:
            response.vary.add("Cookie")
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.add("Cookie")
    return response


def _remember_language(response: Response) -> Response:
    """Keep the language that was asked for on a page, not that of a poster's address."""
    wanted = request.args.get(LANGUAGE_NAME)
    if response.mimetype == "text/html" and wanted in set(Language):
        response.set_cookie(
            LANGUAGE_NAME, language().value,
            max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure,
        )  # fmt: skip
    return response
