"""Serving with gunicorn: worker processes that share one opened bundle."""

from __future__ import annotations

import errno
import os
import signal
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from anirec.errors import AnirecError
from anirec.web.metrics_directory import VARIABLE
from anirec.web.server_log import ServerLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

BACKLOG: Final = 1024
STOPPING: Final = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def open_port(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes a free one.

    Raises
    ------
    AnirecError
        If the address cannot be had; the text says why and what to do.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise AnirecError(f"there is no host {host!r}: choose another with --host") from None
    bound = socket.socket(family, kind)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
        # From here on a client waits for the workers instead of being refused.
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            why = f"port {port} on {host} is in use: choose another with --port"
        elif error.errno == errno.EACCES:
            why = f"port {port} needs special rights: choose one above 1023 with --port"
        else:
            why = f"{host}:{port} cannot be opened: {error.strerror}"
        raise AnirecError(why) from None
    return bound


class Server(BaseApplication):  # type: ignore[misc]
    """Runs an application in gunicorn until SIGTERM or Ctrl-C.

    The application is built before the workers fork, so that its memory maps are shared.

    Parameters
    ----------
    app
        The application.
    bound
        From ``open_port``; gunicorn takes it over and closes it.
    workers, threads
        Processes, and threads in each.
    at_worker_start
        Called in every worker process before it answers.
    """

    def __init__(
        self,
        app: Flask,
        bound: socket.socket,
        workers: int,
        threads: int,
        at_worker_start: Callable[[], None] | None = None,
    ) -> None:
        self._app = app
        self._options: dict[str, Any] = {
            "backlog": BACKLOG,
            "bind": f"fd://{bound.detach()}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "loglevel": "warning",
            "logger_class": ServerLog,
            "child_exit": _forget_worker,
            "post_worker_init": lambda worker: _hold_back(stopping=False),
            "graceful_timeout": 10,
            # A list of 3,400 characters and every filter of the form.
            "limit_request_line": 8190,
            # Newer gunicorns open a control socket in the home directory, which may be read-only.
            "control_socket_disable": True,
        }
        if at_worker_start is not None:
            self._options["post_fork"] = lambda server, worker: at_worker_start()
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn, as far as this version of it knows them."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application."""
        return self._app

    def run(self) -> None:
        """Serve until told to stop."""
        # A worker that has just been forked would take the word to stop for its parent's and lose
        # it, and be killed ten seconds later: the word waits until the worker listens to it.
        os.register_at_fork(
            before=partial(_hold_back, stopping=True),
            after_in_parent=partial(_hold_back, stopping=False),
        )
        super().run()


def _hold_back(*, stopping: bool) -> None:
    how = signal.SIG_BLOCK if stopping else signal.SIG_UNBLOCK
    signal.pthread_sigmask(how, STOPPING)


def _forget_worker(arbiter: Any, worker: Any) -> None:
    """Leave a dead worker's requests out of those in flight; what it has counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    if VARIABLE in os.environ:
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
