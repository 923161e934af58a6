"""Requests that change something must not come from another site (docs/decisions/0025)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

if TYPE_CHECKING:
    from flask import Flask

SAFE_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
OWN: Final = frozenset(("same-origin", "none"))
"""What ``Sec-Fetch-Site`` says of our own pages, and of what a viewer began without any page."""
SILENT: Final = frozenset(("", "null"))
"""Of ``Origin``: programs send none, and browsers say ``null`` on behalf of pages that, like ours,
let no referrer out."""

WHY: Final = (
    "This came from another site, so nothing was done. If you meant it, open the page here and "
    "send it again."
)


def register_cross_site(app: Flask) -> None:
    """Look at every request before it is handled."""
    app.before_request(refuse_cross_site)


def refuse_cross_site() -> None:
    """Refuse what is not to be done for another site.

    Raises
    ------
    Forbidden
        If the request may change something and its headers say that a page of another origin sent
        it. Where they say nothing it is let through: nothing here rests on who a browser is.
    """
    if request.method not in SAFE_METHODS and _comes_from_elsewhere():
        raise Forbidden(WHY)


def _comes_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in OWN
    for name in ("Origin", "Referer"):
        said = request.headers.get(name, "")
        if said not in SILENT:
            return _host(said) != request.host
    return False


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""
