"""The image with nothing mounted: it fetches the bundle from a bucket."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from containers import serving
from gcs_server import gcs_server

if TYPE_CHECKING:
    from pathlib import Path

    from containers import Engine

pytestmark = pytest.mark.real

REGISTRY = "gs://tests/bundles"


def test_serves_a_bundle_of_a_bucket(
    engine: Engine, serve_image: str, starter_bundles: Path, tmp_path: Path
) -> None:
    with gcs_server("tests") as url:
        subprocess.run(
            [
                *(sys.executable, "-m", "anirec", "publish", "--out", REGISTRY),
                *("--params", str(starter_bundles.parents[1] / "quick.yaml")),
            ],
            cwd=starter_bundles.parent,
            check=True,
        )
        bucket = ("--env", f"STORAGE_EMULATOR_HOST={url}", "--env", f"ANIREC_BUNDLE={REGISTRY}")
        with (
            serving(engine, serve_image, tmp_path, *bucket) as server,
            urlopen(f"{server.address}/api/v1/users/1/recommendations?n=3", timeout=30) as answer,
        ):
            assert len(json.load(answer)["recommendations"]) == 3
            assert "/tmp/.cache/anirec" in engine("exec", server.name, "find", "/tmp/.cache")
