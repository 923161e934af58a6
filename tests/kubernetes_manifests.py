"""The Kubernetes manifests of this repository, rendered by kubectl."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from conftest import REPOSITORY, skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

KUBERNETES = REPOSITORY / "deploy" / "kubernetes"
KUBERNETES_VERSION = "1.32"
WITHOUT_SCHEMA = {
    "BackendConfig",
    "FrontendConfig",
    "ManagedCertificate",
    "PodMonitoring",
    "SecretProviderClass",
}
"""Google's own kinds: the schemas of Kubernetes do not hold them."""
OVERLAYS = ("local", "staging", "production")
FILLED_IN = {
    "PROJECT_ID": "my-project",
    "REGION": "europe-west1",
    "IMAGE": f"example.org/anirec@sha256:{'a' * 64}",
    "TRAIN_IMAGE": f"example.org/anirec-train@sha256:{'b' * 64}",
}

Manifest = dict[str, Any]


def need_kubectl() -> None:
    if shutil.which("kubectl") is None:
        skip_or_fail("kubectl", "https://kubernetes.io/docs/tasks/tools (1.28 or newer)")


@cache
def rendered(overlay: str) -> str:
    """What kustomize makes of an overlay."""
    return kustomized(KUBERNETES / "overlays" / overlay)


def kustomized(directory: Path) -> str:
    """What kustomize makes of a directory."""
    need_kubectl()
    return subprocess.run(
        ["kubectl", "kustomize", str(directory)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def fill_in(
    overlay: str, folder: Path = KUBERNETES, /, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run render.sh, that of a copy where another folder is given."""
    need_kubectl()
    return subprocess.run(
        [folder / "render.sh", overlay],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **variables},
        check=False,
        capture_output=True,
        text=True,
    )


def parse(text: str) -> list[Manifest]:
    return list(yaml.safe_load_all(text))


def one(manifests: list[Manifest], kind: str, name: str = "web") -> Manifest:
    found = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"].startswith(name)]
    assert len(found) == 1, (kind, name)
    return found[0]


def pod_templates(manifests: list[Manifest]) -> list[Manifest]:
    """The pods that Deployments and CronJobs make."""
    specs = [m["spec"] for m in manifests if m["kind"] in ("Deployment", "CronJob")]
    return [
        s["jobTemplate"]["spec"]["template"] if "jobTemplate" in s else s["template"] for s in specs
    ]
