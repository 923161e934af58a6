"""Runs a pod in a network of its own and prints what it answers: started by test_pods.py in unshare.

Standard library only; its one argument is a file with manifests, its output one JSON object.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from typing import Any

ADDRESS = "http://127.0.0.1:18080"
LIST = {"history": [{"anime_id": 5114, "rating": 10, "status": 2}], "n": 3}
# What the process may, as itself: a line for each thing that it could do.
TRY = """
id -u
touch /anywhere 2>/dev/null && echo wrote to the root
touch /bundles/new 2>/dev/null && echo wrote to the bundles
touch /tmp/file /cache/file && echo wrote to tmp and cache
grep CapEff /proc/1/status
cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes
"""


def podman(*arguments: str) -> str:
    return subprocess.run(
        ["podman", *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def ask(path: str, body: object = None) -> Any:
    request = urllib.request.Request(
        ADDRESS + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait_until_it_listens(container: str) -> None:
    with subprocess.Popen(
        ["podman", "logs", "--follow", container], stdout=subprocess.PIPE, text=True
    ) as logs:
        assert logs.stdout is not None
        for line in logs.stdout:
            if line.startswith("http://"):
                break
        logs.terminate()


def main(manifests: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    podman("play", "kube", manifests)
    try:
        names = podman("ps", "--format", "{{.Names}}").split()
        (container,) = [name for name in names if not name.endswith("-infra")]
        wait_until_it_listens(container)
        seen = {
            "alive": ask("/healthz"),
            "ready": ask("/readyz"),
            "recommended": ask("/api/v1/recommendations", LIST),
            "tried": podman("exec", container, "sh", "-c", TRY).splitlines(),
        }
    finally:
        podman("play", "kube", "--down", manifests)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])
