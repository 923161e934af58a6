"""Asks one site, and no other: time-outs, retries, its pace, a limit to what it may answer."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import urllib3
from pydantic_core import from_json
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from anirec.lists.by_name.pace import Pace
from anirec.lists.errors import SiteBrokenError, SiteBusyError, SiteError, SiteTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3.response import BaseHTTPResponse

ATTEMPTS: Final = 3
CHUNK: Final = 64 << 10
MIN_WAIT: Final = 1
"""Seconds to wait where a site asks for fewer requests and does not say how long."""
NEEDED: Final = {"User-Agent": f"anirec/{version('anirec')}", "Accept": "application/json"}


@dataclass(frozen=True)
class Patience:
    """How long a site is waited for, in seconds, and how much it may answer."""

    connect: float = 3.0
    read: float = 8.0
    """Between two pieces of an answer"""
    retry: float = 10.0
    """With all waits between attempts"""
    whole: float = 25.0
    """For a list with all its pages"""
    max_bytes: int = 8_000_000
    """Of one answer, unpacked"""


@dataclass(frozen=True)
class SiteAnswer:
    """What a site answered: 200, or a status of the person's making (4xx)."""

    status: int
    content: Any
    """JSON, None if it was none"""


class _TryAgainError(Exception):
    """An attempt that failed and may succeed later.

    Parameters
    ----------
    error
        What is raised if no further attempt is made.
    after
        Seconds that the site wants to be left alone.
    """

    def __init__(self, error: SiteError, after: float = 0) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


class SiteClient:
    """Sends requests to one address. Threads may share it.

    Parameters
    ----------
    name
        Of the site, for messages.
    address
        Of its API; all requests go to this host, redirects are not followed.
    limits
        How many requests may be made in how many seconds.
    headers
        To send along.
    patience
        How long to wait.
    clock, sleep
        Of the module ``time``; they keep the pace and wait between attempts.
    """

    def __init__(
        self,
        name: str,
        address: str,
        limits: tuple[tuple[int, float], ...],
        headers: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._patience = patience or Patience()
        self._path = urllib3.util.parse_url(address).path or ""
        self._pace = Pace(name, limits, self._patience.retry, clock, sleep)
        self._sleep = sleep
        self._pool = urllib3.connection_from_url(
            address,
            headers={**NEEDED, "Accept-Encoding": "gzip", **(headers or {})},
            timeout=urllib3.Timeout(connect=self._patience.connect, read=self._patience.read),
            retries=False,
            maxsize=4,
        )

    def deadline(self) -> float:
        """Return until when a list that is begun now must be complete."""
        return time.monotonic() + self._patience.whole

    def get(self, path: str, query: Mapping[str, object], deadline: float) -> SiteAnswer:
        """Ask for a resource.

        Raises
        ------
        SiteError
            If the site is busy, too slow, broken, or not there.
        """
        return self._ask("GET", f"{path}?{urlencode(query)}", None, deadline)

    def post(self, content: object, deadline: float) -> SiteAnswer:
        """Send JSON to the address itself; errors as ``get`` raises them."""
        return self._ask("POST", "", json.dumps(content).encode(), deadline)

    def _ask(self, method: str, path: str, body: bytes | None, deadline: float) -> SiteAnswer:
        attempts = Retrying(
            retry=retry_if_exception_type(_TryAgainError),
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(self._patience.retry),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return attempts(self._ask_once, method, self._path + path or "/", body, deadline)
        except _TryAgainError as error:
            raise error.error from None

    def _ask_once(self, method: str, path: str, body: bytes | None, deadline: float) -> SiteAnswer:
        self._check(deadline)
        self._pace.wait()
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            response = self._pool.urlopen(
                method,
                path,
                body,
                headers={**(self._pool.headers or {}), **kind},
                redirect=False,
                preload_content=False,
            )
            try:
                return self._read(response, deadline)
            finally:
                # A connection with an unread rest cannot be used again.
                response.close()
        except urllib3.exceptions.HTTPError as error:
            raise _TryAgainError(self._failure(error)) from None

    def _failure(self, error: urllib3.exceptions.HTTPError) -> SiteError:
        # A refused connection is a kind of time-out to urllib3.
        refused = isinstance(error, urllib3.exceptions.NewConnectionError)
        if isinstance(error, urllib3.exceptions.TimeoutError) and not refused:
            return self._too_slow()
        return SiteBrokenError(f"{self.name} cannot be reached ({type(error).__name__})")

    def _read(self, response: BaseHTTPResponse, deadline: float) -> SiteAnswer:
        status = response.status
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            seconds = _seconds(response.headers.get("Retry-After", ""))
            if seconds is not None or status == HTTPStatus.TOO_MANY_REQUESTS:
                seconds = max(MIN_WAIT, seconds or 0)
                self._pace.hold(seconds)
                busy = SiteBusyError(f"{self.name} asks us to wait", round(seconds))
                raise _TryAgainError(busy, seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _TryAgainError(SiteBrokenError(f"{self.name} is out of order (status {status})"))
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise SiteBrokenError(f"{self.name} sends us elsewhere, where we do not go")
        try:
            content = from_json(self._body(response, deadline))
        except ValueError:
            if status == HTTPStatus.OK:
                raise SiteBrokenError(f"{self.name} answers no JSON") from None
            content = None
        return SiteAnswer(status, content)

    def _body(self, response: BaseHTTPResponse, deadline: float) -> bytes:
        """Return the body, unpacked piece by piece, so that neither length nor time runs away."""
        body = bytearray()
        while piece := response.read1(CHUNK, decode_content=True):
            body += piece
            if len(body) > self._patience.max_bytes:
                raise SiteBrokenError(f"{self.name} answers more than a list can be")
            self._check(deadline)
        return bytes(body)

    def _check(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise self._too_slow()

    def _too_slow(self) -> SiteTimeoutError:
        return SiteTimeoutError(f"{self.name} takes too long to answer: try again later")


_back_off = wait_random_exponential(multiplier=0.3, max=4)


def _wait(state: RetryCallState) -> float:
    """Wait as long as the site asks, else longer each time."""
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.after if isinstance(error, _TryAgainError) else 0
    return max(asked, _back_off(state))


def _seconds(retry_after: str) -> float | None:
    """Return the seconds of a ``Retry-After`` header, also where it is a date."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 8:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())
