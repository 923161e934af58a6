"""A request whose body is on its way: what a server that stops must still answer."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection, HTTPResponse
from typing import Any

WAIT = 30.0
"""Seconds after which a server that says nothing fails the test."""


class HalfRequest:
    """Asks for recommendations and keeps the body back until ``finish``.

    The server has said that it waits for the body, so the request is in its hands.
    """

    def __init__(self, host: str, port: int) -> None:
        self._body = json.dumps({"history": [], "n": 3}).encode()
        self._socket = socket.create_connection((host, port), timeout=WAIT)
        self._socket.sendall(
            b"POST /api/v1/recommendations HTTP/1.1\r\nHost: test\r\n"
            b"Content-Type: application/json\r\nExpect: 100-continue\r\n"
            b"Content-Length: %d\r\n\r\n" % len(self._body)
        )
        said = self._socket.recv(1000)
        assert said == b"HTTP/1.1 100 Continue\r\n\r\n", said

    def finish(self) -> Any:
        """Send the body and return what the server answers."""
        self._socket.sendall(self._body)
        response = HTTPResponse(self._socket, method="POST")
        response.begin()
        assert response.status == 200
        answer = json.loads(response.read())
        self._socket.close()
        return answer


class IdleConnection:
    """A connection that a server keeps open until it stops (or for its time-out)."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = HTTPConnection(host, port, timeout=WAIT)
        self._connection.request("GET", "/healthz")
        self._connection.getresponse().read()

    def wait_until_closed(self) -> None:
        """Return once the server has closed it."""
        assert self._connection.sock.recv(1) == b""
        self._connection.close()
