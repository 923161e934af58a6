"""A real HTTP server on loopback that answers as a test says."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered; ``content`` is JSON unless it is bytes."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    """Say nothing until the test ends."""
    drips: bool = False
    """Send the body byte by byte, for ever."""


@dataclass
class SiteServer:
    """Answers with the replies in turn (the last one again and again), and remembers."""

    address: str
    asked: list[Asked] = field(default_factory=list)
    replies: list[Reply | Callable[[Asked], Reply]] = field(default_factory=list)
    done: Event = field(default_factory=Event)

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        one = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return one if isinstance(one, Reply) else one(asked)


@contextmanager
def site_server() -> Iterator[SiteServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            self.answer()

        def do_GET(self) -> None:
            self.answer()

        def answer(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = dict(parse_qsl(address.query))
            asked = Asked(self.command, address.path, query, dict(self.headers), body)
            reply = site.reply(asked)
            if reply.stalls:
                site.done.wait(20)
                return
            content = reply.content
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            length = 10**9 if reply.drips else len(data)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            try:
                self.wfile.write(data)
                while reply.drips and not site.done.wait(0.01):
                    self.wfile.write(b" ")
            except OSError:
                pass  # the client has had enough

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            pass  # a client that has had enough closes its side

    server = Server(("127.0.0.1", 0), Handler)
    site = SiteServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.done.set()
        server.shutdown()
        thread.join()
        server.server_close()
