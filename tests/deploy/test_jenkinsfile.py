"""The Jenkinsfile as a text: its stages, and that each step is something a laptop can run too."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from conftest import REPOSITORY

TEXT = (REPOSITORY / "Jenkinsfile").read_text()
GUIDE = (REPOSITORY / "docs" / "jenkins.md").read_text()
AGENT = REPOSITORY / "deploy" / "jenkins" / "agent" / "Dockerfile"

STAGES = [
    "Checkout",
    "Environment and lint",
    "Check",
    "Tests",
    "Unit and contract tests",
    "Browser tests",
    "Real-part tests",
    "Data",
    "Model",
    "Train",
    "Evaluate and gate",
    "Images",
    "Serving image",
    "Training image",
    "Scan",
    "Push images",
    "Release",
    "Deploy",
    "Smoke test",
]

HOUSEKEEPING = {"rm", "mkdir"}


def steps() -> list[str]:
    """Every ``sh`` step."""
    long = re.findall(r"sh '''(.*?)'''", TEXT, re.DOTALL)
    short = re.findall(r"sh '([^'\n]+)'", TEXT)
    assert len(long) + len(short) == len(re.findall(r"^ *sh\b", TEXT, re.MULTILINE))
    return [*long, *short]


def test_the_stages_are_there_in_order() -> None:
    assert re.findall(r"stage\('([^']+)'\)", TEXT) == STAGES


def test_every_step_is_a_make_target_or_a_script() -> None:
    targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    for step in steps():
        for command in step.replace("\\\\\n", " ").split("&&"):
            program, *arguments = shlex.split(command)
            if program == "make":
                assert arguments[0] in targets
            elif program not in HOUSEKEEPING:
                assert os.access(REPOSITORY / program, os.X_OK), f"no such script: {program}"


def test_the_smoke_test_and_what_undoes_a_release_belong_together() -> None:
    release = TEXT[TEXT.index("stage('Release')") :]

    assert release.index("deploy.sh") < release.index("smoke.sh") < release.index("unsuccessful {")
    assert release.index("unsuccessful {") < release.index("rollback.sh")


def test_images_go_by_digest_and_revision() -> None:
    assert "latest" not in TEXT
    assert "build/serve.pushed" in TEXT


def test_secrets_come_from_the_credential_store() -> None:
    assert not re.search(r"password|token|private_key|secret|AIza", TEXT, re.IGNORECASE)
    # Groovy must not fill variables into a command: they would be in the log.
    assert not re.search(r'^ *sh[ (]*"', TEXT, re.MULTILINE)


def test_the_guide_tells_of_every_stage_credential_and_variable() -> None:
    credentials = set(re.findall(r"credentialsId: '([^']+)'", TEXT))
    scripts = "".join(path.read_text() for path in (REPOSITORY / "deploy" / "scripts").glob("*.sh"))
    variables = set(re.findall(r"ANIREC_[A-Z_]+", TEXT + scripts))

    assert credentials == {"anirec-storage", "anirec-deployer"}
    for word in [*STAGES, *credentials, *variables]:
        assert word in GUIDE, f"docs/jenkins.md does not tell of {word}"


def test_the_agent_is_pinned_and_not_root() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, AGENT], capture_output=True, text=True, check=False)
    lines = AGENT.read_text().splitlines()

    assert done.returncode == 0, done.stdout
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER 1000:1000"
    assert all(":" in line for line in lines if line.startswith("FROM "))
