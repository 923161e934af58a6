"""The cluster with a database: migrated by a Job of each release, reached through a file."""

from __future__ import annotations

import importlib
import re
from typing import Any

import kubernetes_validate
import pytest

from anirec.store.address import VARIABLE, parse
from conftest import REPOSITORY
from kubernetes_manifests import (
    FILLED_IN,
    KUBERNETES_VERSION,
    WITHOUT_SCHEMA,
    Manifest,
    fill_in,
    one,
)
from kubernetes_manifests import parse as parse_manifests


@pytest.fixture(params=["staging", "production"])
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    done = fill_in(request.param, **FILLED_IN, DOMAIN="anime.example.org", DATABASE="yes")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"PROJECT_ID|REGION|DOMAIN|sha256:0{64}", done.stdout)
    return parse_manifests(done.stdout)


def pods(manifests: list[Manifest]) -> dict[str, dict[str, Any]]:
    return {
        "web": one(manifests, "Deployment")["spec"]["template"],
        "migrate": one(manifests, "Job", "migrate")["spec"]["template"],
        "retrain": one(manifests, "CronJob", "retrain")["spec"]["jobTemplate"]["spec"]["template"],
    }


def environment(pod: dict[str, Any], manifests: list[Manifest]) -> dict[str, str]:
    (container,) = pod["spec"]["containers"]
    found = {each["name"]: each["value"] for each in container.get("env", ())}
    if "envFrom" in container:
        found |= one(manifests, "ConfigMap", "settings")["data"]
    return found


def test_every_field_is_one_that_kubernetes_knows(manifests: list[Manifest]) -> None:
    for manifest in manifests:
        if manifest["kind"] not in WITHOUT_SCHEMA:
            kubernetes_validate.validate(manifest, KUBERNETES_VERSION, strict=True)


def test_who_needs_the_database_finds_it(manifests: list[Manifest]) -> None:
    (file,) = re.findall(
        r"path: (\S+)",
        one(manifests, "SecretProviderClass", "database")["spec"]["parameters"]["secrets"],
    )
    for pod in pods(manifests).values():
        (container,) = pod["spec"]["containers"]
        (mount,) = (m for m in container["volumeMounts"] if m["name"] == "database")
        assert mount["readOnly"] is True
        given = environment(pod, manifests)
        assert given["PGSERVICEFILE"] == f"{mount['mountPath']}/{file}"
        assert parse(given[VARIABLE]).query == {"service": "anirec"}
        (volume,) = (v for v in pod["spec"]["volumes"] if v["name"] == "database")
        assert list(volume["csi"]["volumeAttributes"].values()) == ["database"]


def test_the_job_migrates_by_the_image_of_the_servers(manifests: list[Manifest]) -> None:
    job, server = pods(manifests)["migrate"]["spec"], pods(manifests)["web"]["spec"]
    (container,) = job["containers"]
    assert container["image"] == server["containers"][0]["image"] == FILLED_IN["IMAGE"]
    assert container["securityContext"] == server["containers"][0]["securityContext"]
    assert job["serviceAccountName"] == server["serviceAccountName"]
    assert job["automountServiceAccountToken"] is False
    python, option, module = container["command"]
    assert (python, option) == ("python", "-m")
    assert callable(importlib.import_module(module).main)


def test_each_release_has_a_job_of_its_own_that_settings_do_not_change(
    manifests: list[Manifest],
) -> None:
    job = one(manifests, "Job", "migrate")
    assert job["metadata"]["name"] == f"migrate-{'a' * 12}"
    assert "settings-" not in str(job)


def test_pods_may_reach_the_database(manifests: list[Manifest]) -> None:
    out = one(manifests, "NetworkPolicy", "out")["spec"]
    assert {"port": 5432} in [port for rule in out["egress"] for port in rule["ports"]]
    wanted = out["podSelector"]["matchLabels"].items()
    for pod in pods(manifests).values():
        assert wanted <= pod["metadata"]["labels"].items()


def test_without_it_nothing_is_kept() -> None:
    manifests = parse_manifests(fill_in("staging", **FILLED_IN).stdout)
    assert one(manifests, "ConfigMap", "settings")["data"][VARIABLE] == ""
    assert not [manifest for manifest in manifests if manifest["kind"] == "Job"]


def test_render_refuses_what_is_no_answer() -> None:
    done = fill_in("staging", **FILLED_IN, DATABASE="postgresql://x")
    assert done.returncode == 2
    assert "DATABASE must be yes" in done.stderr


def test_the_image_brings_what_postgresql_needs() -> None:
    text = (REPOSITORY / "requirements" / "lock.py").read_text()
    for name in ("gcs", "ops", "dev"):
        (chosen,) = re.findall(rf'"{name}": \([^)]*\)', text)
        assert '"--extra=postgres"' in chosen
