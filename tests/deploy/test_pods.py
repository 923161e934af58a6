"""The Deployment and ConfigMap of the local overlay, as they are, in a real pod."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import skip_or_fail
from kubernetes_manifests import rendered

if TYPE_CHECKING:
    from containers import Engine

pytestmark = pytest.mark.real

HERE = Path(__file__).parent
IMAGE = "localhost/anirec:local"
BUNDLES = "/var/lib/anirec/bundles"
GIBIBYTE = 2**30


def test_the_pod_answers_and_may_do_no_more(
    engine: Engine, serve_image: str, starter_bundles: Path, tmp_path: Path
) -> None:
    for program in ("unshare", "ip"):
        if shutil.which(program) is None:
            skip_or_fail(program, "apt-get install util-linux iproute2")
    manifests = rendered("local")
    assert IMAGE in manifests
    assert BUNDLES in manifests
    engine("tag", serve_image, IMAGE)
    pod = tmp_path / "local.yaml"
    pod.write_text(manifests.replace(BUNDLES, str(starter_bundles)))

    # A network of its own: the port on the host cannot be taken, and no bridge is needed.
    printed = engine.run(
        *("unshare", "--net", "--mount"), sys.executable, HERE / "pod_answers.py", pod
    )
    seen = json.loads(printed)

    assert seen["alive"] == {"status": "alive"}
    assert seen["ready"] == {"status": "ready"}
    assert len(seen["recommended"]["recommendations"]) == 3
    assert seen["recommended"]["ignored"] == []
    uid, wrote, capabilities, memory = seen["tried"]
    assert uid == "10001"
    assert wrote == "wrote to tmp and cache"
    assert int(capabilities.split()[1], 16) == 0
    assert int(memory) == GIBIBYTE
