"""The pod of the local overlay with an image, settings and a port of a test, in a real podman."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from containers import WAIT, Engine, free_port
from kubernetes_manifests import KUBERNETES, kustomized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BUILT_HERE = "localhost/anirec"
"""What the local overlay runs."""
PROBES = ("startup", "readiness", "liveness")


@dataclass(frozen=True)
class Pod:
    """A running pod of one container."""

    engine: Engine
    container: str
    address: str

    def ask(self, path: str, body: object = None) -> Any:
        """Return the answer of the server in it."""
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def log(self) -> str:
        """Return all that the server has written, to either stream."""
        return self.engine.run("sh", "-c", f"podman logs {self.container} 2>&1")

    def process(self) -> str:
        """Return when which process was started: another one after a restart."""
        return self.engine(
            "inspect", "--format", "{{.State.Pid}} {{.State.StartedAt}}", self.container
        )

    def wait(self, done: Callable[[Pod], bool]) -> None:
        """Ask until something holds."""
        give_up = time.monotonic() + WAIT
        while not done(self):
            assert time.monotonic() < give_up, self.log()[-3000:]


@contextmanager
def local_pod(engine: Engine, image: str, place: Path, **settings: str) -> Iterator[Pod]:
    """Run the pod; it pulls ``image``, a REPOSITORY@DIGEST, itself.

    An overlay over the local one. It shares the network of the host: what the settings name, a
    storage server at loopback, could not be reached from a network of its own.
    """
    port = free_port()
    repository, _, digest = image.partition("@")
    container = {
        "name": "web",
        "ports": [{"$patch": "replace"}],  # podman maps what is declared, which here it cannot
        **{f"{kind}Probe": {"httpGet": {"port": port}} for kind in PROBES},
        "volumeMounts": [{"mountPath": "/bundles", "$patch": "delete"}],
    }
    spec = {
        "hostNetwork": True,
        "containers": [container],
        "volumes": [{"name": "bundles", "$patch": "delete"}],
    }
    overlay = {
        "resources": [os.path.relpath(KUBERNETES / "overlays" / "local", place.resolve())],
        "images": [{"name": BUILT_HERE, "newName": repository, "digest": digest}],
        "configMapGenerator": [
            {
                "name": "settings",
                "behavior": "merge",
                "literals": [
                    f"{name}={value}" for name, value in {**settings, "ANIREC_PORT": port}.items()
                ],
            }
        ],
        "patches": [
            {
                "patch": yaml.safe_dump(
                    {
                        "apiVersion": "apps/v1",
                        "kind": "Deployment",
                        "metadata": {"name": "web"},
                        "spec": {"template": {"spec": spec}},
                    }
                )
            }
        ],
    }
    (place / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    manifests = place / "pod.yaml"
    manifests.write_text(kustomized(place))
    engine("play", "kube", str(manifests))
    try:
        names = engine("ps", "--all", "--format", "{{.Names}}", "--filter", f"ancestor={image}")
        pod = Pod(engine, names, f"http://127.0.0.1:{port}")
        pod.wait(lambda pod: "http://" in pod.log())
        yield pod
    finally:
        engine("play", "kube", "--down", str(manifests))
