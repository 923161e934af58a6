"""A container engine with a storage of its own, the image that serves, and bundles to serve.

Fixtures for the tests that run real containers; ``conftest.py`` makes them known to all of them.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from conftest import REPOSITORY, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{place}/storage"
runroot = "{place}/run"
"""

# Inside a virtual machine without systemd: plain cgroups, limits that exist, no journal. Locks as
# files in a place of our own, so that other engines on the machine are not met.
CONTAINERS = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "runc"
static_dir = "{place}/storage/libpod"
tmp_dir = "{place}/run/libpod"
volume_path = "{place}/storage/volumes"
"""

# Registries on loopback speak plain HTTP.
REGISTRIES = """\
unqualified-search-registries = []
[[registry]]
prefix = "127.0.0.1"
location = "127.0.0.1"
insecure = true
"""

LOCKED_DOWN = (
    *("--memory", "512m"),
    *("--read-only", "--tmpfs", "/tmp"),
    *("--cap-drop", "all", "--security-opt", "no-new-privileges"),
)
"""How a container is run everywhere: docs/image.md."""

WAIT = 60.0
"""Seconds after which a container that does nothing fails the test."""


@dataclass(frozen=True)
class Engine:
    """podman, with a storage and settings of its own below one directory."""

    place: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        settings = {
            "CONTAINERS_STORAGE_CONF": STORAGE,
            "CONTAINERS_CONF": CONTAINERS,
            "CONTAINERS_REGISTRIES_CONF": REGISTRIES,
        }
        environment = dict(os.environ, BUILDAH_ISOLATION="chroot")
        for name, text in settings.items():
            path = self.place / f"{name.lower()}.conf"
            path.write_text(text.format(place=self.place))
            environment[name] = str(path)
        object.__setattr__(self, "environment", environment)

    def run(self, *command: str | Path) -> str:
        """Run a program that talks to the engine and return what it prints."""
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr[-3000:]}"
        return done.stdout.strip()

    def __call__(self, *arguments: str) -> str:
        """Run podman."""
        return self.run("podman", *arguments)

    def clear(self) -> None:
        """Stop and remove all there is."""
        self("pod", "rm", "--force", "--all")
        self("rm", "--force", "--all", "--time", "0")
        mounted = self.place / "storage" / "overlay"
        subprocess.run(["umount", mounted], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.place)


@dataclass(frozen=True)
class Server:
    """A container that serves on this machine's loopback."""

    process: subprocess.Popen[str]
    name: str
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(engine: Engine, image: str, bundles: Path, *options: str) -> Iterator[Server]:
    """Run the image, locked down, on a directory of bundles; SIGTERM to the process reaches it."""
    port = free_port()
    name = f"anirec-{port}"
    errors = engine.place / f"{name}.log"
    with errors.open("w") as log:
        process = subprocess.Popen(
            [
                *("podman", "run", "--name", name, "--network", "host", *LOCKED_DOWN),
                *("--env", f"ANIREC_PORT={port}", "--volume", f"{bundles}:/bundles:ro"),
                *(*options, image),
            ],
            env=engine.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert re.match(r"http://", lines[1]), (lines, errors.read_text())
        yield Server(process, name, port)
    finally:
        engine("rm", "--force", "--time", "0", name)
        process.communicate(timeout=WAIT)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """podman with the base image in it, and nothing else."""
    for program in ("podman", "runc", "debootstrap"):
        if shutil.which(program) is None:
            skip_or_fail(program, "apt-get install podman buildah runc debootstrap catatonit")
    if os.geteuid() != 0:
        skip_or_fail("root", "the tests with containers make their base image: run them as root")
    engine = Engine(tmp_path_factory.mktemp("containers"))
    engine.run("deploy/image/base.sh")
    yield engine
    engine.clear()


@pytest.fixture(scope="session")
def serve_image(engine: Engine) -> str:
    """The image that serves, built from this checkout: its name with tag."""
    return engine.run("deploy/image/build.sh", "serve", "--layers=false")


@pytest.fixture(scope="session")
def starter_bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of bundles, with one from a small starter community."""
    place = tmp_path_factory.mktemp("starter")
    (place / "quick.yaml").write_text("models: {ease: {neighbours: 50}}")
    subprocess.run(
        [
            *(sys.executable, "-m", "anirec", "demo", "--check", "--viewers", "150"),
            *("--params", "quick.yaml", "--dir", "demo"),
        ],
        cwd=place,
        check=True,
        capture_output=True,
    )
    return place / "demo" / "bundles"


@pytest.fixture(scope="session")
def image_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real registry of images on loopback: HOST:PORT."""
    if shutil.which("docker-registry") is None:
        skip_or_fail("docker-registry", "apt-get install docker-registry")
    place = tmp_path_factory.mktemp("registry")
    address = f"127.0.0.1:{free_port()}"
    (place / "config.yml").write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {place}/images}}}}\n"
        f"http: {{addr: '{address}'}}\n"
    )
    with (place / "log").open("w") as log:
        registry = subprocess.Popen(
            ["docker-registry", "serve", place / "config.yml"], stdout=log, stderr=log
        )
    try:
        give_up = time.monotonic() + WAIT
        while not answers(address):
            assert registry.poll() is None, (place / "log").read_text()
            assert time.monotonic() < give_up
        yield address
    finally:
        registry.terminate()
        registry.wait(timeout=WAIT)


def answers(address: str) -> bool:
    """Whether somebody listens at HOST:PORT."""
    host, _, port = address.partition(":")
    with socket.socket() as connection:
        return connection.connect_ex((host, int(port))) == 0
