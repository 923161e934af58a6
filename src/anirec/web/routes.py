"""Which route a request took, without what stands in its address."""

from __future__ import annotations

from typing import Final

from flask import request

NO_ROUTE: Final = "(none)"
"""For addresses at which there is nothing."""


def route_template() -> str:
    """Return the route of the request, such as ``/users/<user_id>``: no id, no query string."""
    return request.url_rule.rule if request.url_rule else NO_ROUTE
