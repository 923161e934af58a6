"""The manifests against checkov's policies."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from conftest import skip_or_fail
from kubernetes_manifests import KUBERNETES, need_kubectl

pytestmark = pytest.mark.real


def test_checkov_finds_nothing_that_is_not_explained() -> None:
    need_kubectl()
    installed = KUBERNETES / ".venv" / "bin" / "checkov"
    if not installed.exists() and shutil.which("checkov") is None:
        skip_or_fail("checkov", "make checkov")
    done = subprocess.run([KUBERNETES / "check.sh"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "Failed checks: 0" in done.stdout
