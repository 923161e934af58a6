"""deploy/compose.yaml: images pinned, the server locked down, no secret inside."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from conftest import REPOSITORY, skip_or_fail

COMPOSE = REPOSITORY / "deploy" / "compose.yaml"
EXAMPLE = REPOSITORY / "deploy" / ".env.example"
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]


def settings() -> dict[str, str]:
    """The variables of the example and the values they have there."""
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


def test_has_server_database_and_monitoring() -> None:
    assert set(SERVICES) == {"web", "postgres", "prometheus", "grafana"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_and_bounded(name: str) -> None:
    service = SERVICES[name]

    assert re.search(r":(v?\d+\.\d+|\$\{ANIREC_REVISION:\?)", service["image"])
    assert service["mem_limit"]
    assert "no-new-privileges:true" in service["security_opt"]
    for port in service.get("ports", ()):
        assert port.startswith("127.0.0.1:"), port


def test_the_server_runs_as_everywhere() -> None:
    web = SERVICES["web"]

    assert web["cap_drop"] == ["ALL"]
    assert web["read_only"] is True
    assert web["tmpfs"] == ["/tmp"]
    assert all(volume.endswith(":ro") for volume in web["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_from_the_repository_is_there(name: str) -> None:
    for volume in SERVICES[name]["volumes"]:
        if volume.startswith("./"):
            assert (COMPOSE.parent / volume.split(":")[0]).exists(), volume


def test_passwords_come_from_outside() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name:
                assert re.fullmatch(r"\$\{ANIREC_\w+:[-?][^}]*\}", value), name
    assert not any(value for name, value in settings().items() if "PASSWORD" in name)


def test_the_example_names_every_setting() -> None:
    used = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))

    assert used <= set(settings())
    assert set(settings()) - used == {"COMPOSE_PROJECT_NAME"}


@pytest.mark.real
def test_compose_accepts_it() -> None:
    if shutil.which("docker-compose") is None:
        skip_or_fail("docker-compose", "apt-get install docker-compose")
    files = ("--file", str(COMPOSE), "--env-file", str(EXAMPLE))
    command = ["docker-compose", *files, "--profile", "store", "config"]
    filled = {name: value or "x" for name, value in settings().items()}
    done, refused = (
        subprocess.run(
            command,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for environment in (filled, {})
    )

    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["services"]["web"]["image"] == "anirec:x"
    assert refused.returncode != 0
    assert "deploy/image/build.sh" in refused.stderr
