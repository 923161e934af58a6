"""A PostgreSQL server, the real one, on a free port of loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conftest import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEBIAN: Final = "/usr/lib/postgresql/*/bin/initdb"
OWNER: Final = "postgres"
"""Runs the server where the tests run as root, whom PostgreSQL refuses."""


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server with an empty data directory."""
    need_psycopg()
    programs = _programs()
    # Not below pytest's directories, which the server's user may not enter.
    home = Path(tempfile.mkdtemp(prefix="anirec-postgres-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(home, OWNER, OWNER)
    server = PostgresServer(programs, home, _free_port())
    try:
        server.run(
            "initdb", "-D", "data", "-U", "anirec", "--auth=trust", "--no-sync", "-E", "UTF8"
        )
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


class PostgresServer:
    """Starts and stops; makes databases."""

    def __init__(self, programs: Path, home: Path, port: int) -> None:
        self._programs = programs
        self._home = home
        self._port = port
        self._made = 0

    def start(self) -> None:
        options = f"-p {self._port} -h 127.0.0.1 -k {self._home} -c fsync=off"
        self.run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop", check=False)

    def new_database(self) -> str:
        """Make an empty database; returns its address."""
        self._made += 1
        name = f"test{self._made}"
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "anirec", name)
        return f"postgresql://anirec@127.0.0.1:{self._port}/{name}"

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        command: Sequence[str] = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        done = subprocess.run(
            command, cwd=self._home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert not check or done.returncode == 0, done.stderr


def need_psycopg() -> None:
    if find_spec("psycopg") is None:
        skip_or_fail("psycopg", "pip install 'anirec[postgres]'")


def _programs() -> Path:
    found = sorted(Path("/").glob(DEBIAN.lstrip("/")))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        skip_or_fail(
            "PostgreSQL", "install your system's package (Debian: apt-get install postgresql)"
        )
    return Path(str(on_path)).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
