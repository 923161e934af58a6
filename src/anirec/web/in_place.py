"""What changes in place: htmx asks for the part of a page that is to take the place of the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import make_response, redirect, request

from anirec.web import urls

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

RESULTS_ID: Final = "results"
"""Of the part of a page with recommendations that changes with the list and the wishes"""


def is_asked() -> bool:
    """Tell whether only the part with the results is wanted."""
    return request.headers.get("HX-Target") == RESULTS_ID


def lead_to(address: str, answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Redirect to a page; or answer at once what it would, for a browser to show its address with it.

    A redirect costs one more request between a click and what it changes.
    """
    if request.method != "GET" or not is_asked():
        return redirect(address, 303)
    urls.stand_at(address)
    response = make_response(answer())
    response.headers.setdefault("HX-Push-Url", address)
    return response


def varies(response: Response) -> Response:
    """Say that pages and parts of pages stand under the same address."""
    response.vary.add("HX-Target")
    return response
