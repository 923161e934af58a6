"""How much one client may ask of us: an allowance of points a minute, spent by what a request costs.

Counted in memory, so each worker process counts for itself (docs/serving.md says what that means).
"""

from __future__ import annotations

import re
import time
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import TYPE_CHECKING, Final

from flask import g, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from flask import Flask, Response

    from anirec.web.settings import Settings

IMPORT: Final = 20
"""Points of a list that is read from a file, or fetched from another site"""
COSTS: Final = {
    "lists.by_name": IMPORT,
    "lists.from_file": IMPORT,
    "lists_api.read_one": IMPORT,
    "recommendations.page": 1,
    "taste.page": 2,
    "taste_api.for_code": 2,
    "taste_api.for_list": 2,
    "together.page": 2,
    "viewers.page": 1,
    "viewers_api.for_code": 1,
    "viewers_api.for_list": 1,
    "viewers_api.for_several": 2,
    "viewers_api.for_user": 1,
}
"""Points by endpoint; of others, what changes something costs one and what only reads is free."""

READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
IPV6_PREFIX: Final = 64
"""Bits of an IPv6 address that stand for one client: it has all addresses behind them"""


def register_rate_limits(app: Flask, options: Settings) -> None:
    """Refuse what goes beyond the allowance with 429, and tell clients how much they have left."""
    if options.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=options.trusted_proxies, x_proto=1
        )
    if not options.rate_limit:
        return
    allowance = parse(options.rate_limit)
    window = allowance.get_expiry()
    limiter = FixedWindowRateLimiter(MemoryStorage())

    def spend() -> None:
        """Take the points of this request off the allowance of its client."""
        client, cost = _client(), _cost()
        if not cost or client is None:
            return
        # What is refused costs nothing: a large request does not shut out the small ones after it.
        allowed = limiter.test(allowance, client, cost=cost) and limiter.hit(
            allowance, client, cost=cost
        )
        ends, left = limiter.get_window_stats(allowance, client)
        seconds = max(1, ceil(ends - time.time()))
        g.rate_limit = f'"default";r={left};t={seconds}'
        if not allowed:
            raise TooManyRequests(
                f"too many requests from your address: try again in {seconds} seconds",
                retry_after=seconds,
            )

    def tell(response: Response) -> Response:
        """Add the headers of draft-ietf-httpapi-ratelimit-headers."""
        if "rate_limit" in g:
            response.headers["RateLimit-Policy"] = f'"default";q={allowance.amount};w={window}'
            response.headers["RateLimit"] = g.rate_limit
        return response

    app.before_request(spend)
    app.after_request(tell)


def _cost() -> int:
    if request.endpoint is None:
        return 0
    return COSTS.get(request.endpoint, 0 if request.method in READING else 1)


def _client() -> str | None:
    """Return what stands for the client; None on this machine itself, which nobody limits."""
    said = request.remote_addr or ""
    try:
        address = ip_address(_without_port(said))
    except ValueError:  # nothing on a socket of this machine, or what a proxy calls the client
        return said or None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return None if address.is_loopback else str(int(address) >> (128 - IPV6_PREFIX))
        address = address.ipv4_mapped
    return None if address.is_loopback else str(address)


def _without_port(address: str) -> str:
    """Return what stands before the port, which some proxies add: each connection has another."""
    host = re.fullmatch(r"\[(.+)\](?::\d+)?|([^:]+):\d+", address)
    return (host[1] or host[2]) if host else address
