"""The Jenkinsfile, run: real data versioning, training, gate, server; stand-ins for a cloud.

Stand-ins are make (its targets are what runs this test), the container engine and the scanner (the
tests of the image run a real engine), gcloud, and of kubectl what needs a cluster: applying the
manifests starts a real server on the promoted bundle, undoing a rollout starts it again.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stand_ins import StandIns

from conftest import REPOSITORY, skip_or_fail
from gcs_server import gcs_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.real

QUICK = {
    "pipeline.yaml": {"viewers: 3000": "viewers: 150"},
    "params.yaml": {
        "neighbours: 300": "neighbours: 50",
        "minimum_viewers: 10": "minimum_viewers: 2",
        "median_ms: 25.0": "median_ms: 10000.0",
        "p99_ms: 100.0": "p99_ms: 10000.0",
    },
}
REMOTE = """\
[core]
    no_scm = false
['remote "anirec"']
    endpointurl = {server}
    allow_anonymous_login = true
"""

MAKE = f"""
[ "$1" != test ] || {sys.executable} -m pytest -q -p no:cacheprovider tests/data/test_genres.py
"""
ENGINE = f"""
case $1 in
  save) touch "$3" ;;
  push) echo sha256:{"0" * 64} >"$3" ;;
esac
"""
KUBECTL = """
serve() {{
  [ ! -e "$HERE/server" ] || kill "$(cat "$HERE/server")" 2>/dev/null || true
  setsid anirec serve --bundle "$ANIREC_REGISTRY" --port {port} --workers 1 >"$HERE/log" 2>&1 &
  echo $! >"$HERE/server"
  curl --silent --retry 60 --retry-delay 1 --retry-connrefused {url}/healthz >/dev/null
}}
case $* in
  kustomize*) exec {kubectl} "$@" ;;
  *' get '*) cat "$HERE/revision" 2>/dev/null ;;
  *' apply '*)
    echo "$((1 + $(cat "$HERE/revision" 2>/dev/null || echo 0)))" >"$HERE/revision.next"
    mv "$HERE/revision.next" "$HERE/revision"
    if [ -e "$HERE/broken" ]; then kill "$(cat "$HERE/server")"; else serve; fi ;;
  *' undo '*) serve ;;
esac
exit 0
"""


class Agent:
    """A checkout, as a Jenkins agent has it, and what stands in for the cloud."""

    def __init__(self, place: Path, bucket_server: str, port: int) -> None:
        self.root = place / "checkout"
        self.place = place
        self.registry = place / "bundles"
        self.url = f"http://127.0.0.1:{port}"
        self.stand_ins = StandIns(place)
        self._copy()
        (self.root / ".dvc" / "config.local").write_text(REMOTE.format(server=bucket_server))
        (place / "key.json").write_text("{}")
        kubectl = KUBECTL.format(port=port, url=self.url, kubectl=shutil.which("kubectl"))
        for program, does in {
            "make": MAKE,
            "podman": ENGINE,
            "kubectl": kubectl,
            "gcloud": "",
            "trivy": "",
        }.items():
            self.stand_ins.add(program, does)

    def _copy(self) -> None:
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=REPOSITORY, capture_output=True, check=True).stdout
        for name in names.decode().split("\0"):
            if name and (REPOSITORY / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, self.root / name)
        for name, changes in QUICK.items():
            text = (self.root / name).read_text()
            for old, new in changes.items():
                assert old in text, f"{old!r} in {name}"
                text = text.replace(old, new)
            (self.root / name).write_text(text)
        for command in (
            ("init", "--quiet"),
            ("add", "--all"),
            ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "a"),
        ):
            subprocess.run(["git", *command], cwd=self.root, check=True)

    def build(
        self, jenkinsfile: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a Jenkinsfile on the agent."""
        venv = Path(sys.executable).parent
        return self.stand_ins.run(
            REPOSITORY / "deploy" / "jenkins" / "run.sh",
            jenkinsfile or "Jenkinsfile",
            cwd=self.root,
            **{
                "PATH": f"{self.stand_ins.programs}:{venv}:{os.environ['PATH']}",
                "PYTHONPATH": str(self.root / "src"),
                "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",
                "CREDENTIAL_anirec_storage": str(self.place / "key.json"),
                "CREDENTIAL_anirec_deployer": str(self.place / "key.json"),
                "PROJECT_ID": "my-project",
                "REGION": "europe-west1",
                "ANIREC_IMAGE_REGISTRY": "registry.example.org/anirec",
                "ANIREC_REGISTRY": str(self.registry),
                "ANIREC_DVC_REMOTE": "gs://versions/dvc",
                "ANIREC_STAGING_URL": self.url,
                "ANIREC_SMOKE_SECONDS": "0",
                **environment,
            },
        )

    def stop(self) -> None:
        """End the server, if one was left."""
        if (self.place / "server").exists():
            os.killpg(int((self.place / "server").read_text()), signal.SIGKILL)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    for program in ("java", "npm"):
        if shutil.which(program) is None:
            skip_or_fail(program, "apt-get install default-jre-headless npm")
    if shutil.which("kubectl") is None:
        skip_or_fail("kubectl", "https://kubernetes.io/docs/tasks/tools")
    with gcs_server("versions") as server:
        agent = Agent(tmp_path_factory.mktemp("agent"), server, free_port())
        try:
            yield agent
        finally:
            agent.stop()


@pytest.fixture(scope="module")
def released(agent: Agent) -> Agent:
    """The agent after a build that trained and released."""
    done = agent.build(CHANGED_FILES="params.yaml")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    return agent


def test_a_change_of_parameters_is_trained_gated_and_released(released: Agent) -> None:
    calls = released.stand_ins.calls()
    order = [
        calls.index(next(call for call in calls if call.startswith(start)))
        for start in (
            "make lint",
            "make test",
            "podman build",
            "trivy image --download-db-only",
            "gcloud auth activate-service-account",
            "podman push",
            "kubectl --namespace anirec apply",
            "kubectl --namespace anirec rollout status",
        )
    ]
    reports = released.root / "build" / "reports"

    assert order == sorted(order)
    assert "unit-tests.xml" in {path.name for path in reports.iterdir()}
    assert (reports / "evaluation" / "report.html").exists()
    assert "# " in (reports / "model_card.md").read_text()
    assert not [call for call in calls if "undo" in call]


def test_a_failing_smoke_test_rolls_back_and_fails_the_build(released: Agent) -> None:
    before = len(released.stand_ins.calls())
    current = (released.registry / "current").resolve()
    (released.place / "broken").touch()
    done = released.build()
    (released.place / "broken").unlink()
    calls = released.stand_ins.calls()[before:]

    assert done.returncode == 1, done.stdout[-6000:]
    assert "stage 'Model': skipped" in done.stdout
    assert f"smoke.sh: {released.url}/healthz does not answer" in done.stdout
    assert "rolled back: the image was at fault" in done.stdout
    assert "kubectl --namespace anirec rollout undo deployment/web --to-revision 1" in calls
    assert (released.registry / "current").resolve() == current


def test_a_pull_request_meets_no_secret_and_releases_nothing(agent: Agent) -> None:
    before = len(agent.stand_ins.calls())
    done = agent.build(
        BRANCH_NAME="PR-7", CREDENTIAL_anirec_storage="", CREDENTIAL_anirec_deployer=""
    )
    programs = {call.split()[0] for call in agent.stand_ins.calls()[before:]}

    assert done.returncode == 0, done.stdout[-6000:]
    assert programs == {"make", "podman", "trivy"}
    for stage in ("Data", "Model", "Training image", "Push images", "Release"):
        assert f"stage '{stage}': skipped" in done.stdout


@pytest.mark.parametrize(
    ("written", "misspelt", "complaint"),
    [
        ("when {", "whem {", "stage 'Data': there is no 'whem' here"),
        ("timestamps()", "timestamp()", "options: there is no 'timestamp' here"),
    ],
)
def test_a_misspelt_directive_is_refused_before_anything_runs(
    agent: Agent, tmp_path: Path, written: str, misspelt: str, complaint: str
) -> None:
    before = agent.stand_ins.calls()
    wrong = tmp_path / "Jenkinsfile"
    wrong.write_text((REPOSITORY / "Jenkinsfile").read_text().replace(written, misspelt, 1))
    done = agent.build(wrong)

    assert done.returncode == 2, done.stdout
    assert complaint in done.stderr
    assert agent.stand_ins.calls() == before


def test_the_linter_finds_nothing(agent: Agent) -> None:
    done = subprocess.run(
        [REPOSITORY / "deploy" / "jenkins" / "lint.sh"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
