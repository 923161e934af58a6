"""The scanner of ``make lint`` finds what must never be committed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOOK = Path(sys.executable).with_name("detect-secrets-hook")
PLANTED = {
    "a password": "PASSWORD = 'kX9w2vQz7TfLm4Rb'",  # pragma: allowlist secret
    "an address with one": "postgresql://anirec:kX9w2vQz7TfL@db/anirec",  # pragma: allowlist secret
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",  # pragma: allowlist secret
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_found(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.py"
    path.write_text(PLANTED[kind] + "\n")
    found = subprocess.run([HOOK, "settings.py"], cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 1
    assert "settings.py:1" in found.stdout


def test_plain_settings_pass(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("PORT = 8000\n")
    assert subprocess.run([HOOK, "settings.py"], cwd=tmp_path, check=False).returncode == 0
