"""The scripts of the pipeline: what they call in which order, and what they make of a failure."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stand_ins import StandIns

from conftest import REPOSITORY

SCRIPTS = sorted(
    path
    for room in ("scripts", "jenkins")
    for path in (REPOSITORY / "deploy" / room).glob("*.sh")
    if path.stat().st_mode & 0o100
)

URL = "https://staging.example.org"
OLD, NEW = "20260101T000000Z-aaaaaaaa", "20260102T000000Z-bbbbbbbb"
IMAGES = tuple(f"registry.example.org/{name}@sha256:{'0' * 64}" for name in ("a", "a-train"))

# The cluster: which revision of the Deployment there is.
KUBECTL = """
case $* in
  *' get '*) cat "$HERE/revision" ;;
  apply*) exit 1 ;;
  *' apply '*) echo 8 >"$HERE/revision" ;;
  *' undo '*) echo 9 >"$HERE/revision"; [ ! -e "$HERE/image_at_fault" ] || cp "$HERE/current" "$HERE/serving" ;;
esac
"""

# The service: it serves a bundle, or does not answer.
CURL = """
[ -e "$HERE/serving" ] || exit 7
case ${*: -1} in
  */recommendations) echo '{"recommendations": [1]}' ;;
  */api/v1) printf '{"bundle": "%s"}' "$(cat "$HERE/serving")" ;;
esac
"""

# The registry of bundles, with one before the current one.
ANIREC = f"""
case $* in
  'promote --registry '*' --json') printf '{{"current": "%s"}}' "$(cat "$HERE/current")" ;;
  promote*) [ ! -e "$HERE/refused" ] || exit 1; echo "$2" >"$HERE/current" ;;
  publish*) echo '{{"version": "{NEW}"}}' ;;
  rollback*) echo {OLD} >"$HERE/current"; echo {OLD} >"$HERE/serving" ;;
esac
"""


class Checkout:
    """The scripts in a directory of their own, with a cluster, a service and a registry."""

    def __init__(self, place: Path) -> None:
        self.root = place / "checkout"
        self.stand_ins = StandIns(place)
        self.place = place
        shutil.copytree(REPOSITORY / "deploy" / "scripts", self.root / "deploy" / "scripts")
        render = self.root / "deploy" / "kubernetes" / "render.sh"
        render.parent.mkdir()
        render.write_text('#!/bin/sh\n[ "$1" = staging ] || exit 2\necho "image: $IMAGE"\n')
        render.chmod(0o755)
        engine = self.root / "deploy" / "image" / "engine.sh"
        engine.parent.mkdir()
        engine.write_text("engine=podman\n")
        for program, does in (("kubectl", KUBECTL), ("curl", CURL), ("anirec", ANIREC)):
            self.stand_ins.add(program, does)
        self.say("revision", "7")
        self.say("current", NEW)

    def say(self, fact: str, text: str = "") -> None:
        """State a fact that the stand-ins go by."""
        (self.place / fact).write_text(text)

    def told(self, fact: str) -> str:
        return (self.place / fact).read_text().strip()

    def note(self, name: str, text: str) -> None:
        """Leave what an earlier script of the release leaves."""
        path = self.root / "build" / "release" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.stand_ins.run(
            f"deploy/scripts/{script}.sh",
            *arguments,
            cwd=self.root,
            ANIREC_REGISTRY="gs://bucket/bundles",
            ANIREC_SMOKE_SECONDS="0",
        )

    def calls(self, *programs: str) -> list[str]:
        return [call for call in self.stand_ins.calls() if call.split()[0] in programs]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_says_what_it_does(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [script, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert f"  deploy/{script.parent.name}/{script.name}" in done.stdout
    assert "set -" not in done.stdout
    assert not done.stderr
    assert "\nset -euo pipefail\n" in script.read_text()


def test_the_scripts_pass_shellcheck() -> None:
    shellcheck = Path(sys.executable).parent / "shellcheck"
    scripts = [
        path
        for room in ("scripts", "jenkins")
        for path in (REPOSITORY / "deploy" / room).glob("*.sh")
    ]
    done = subprocess.run(
        [shellcheck, "-x", *scripts], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )

    assert not done.stdout + done.stderr


def test_deploy_notes_the_revision_applies_and_waits(checkout: Checkout) -> None:
    done = checkout.run("deploy", "staging", *IMAGES)

    assert done.returncode == 0, done.stderr
    assert [call.split()[3] for call in checkout.calls("kubectl")] == ["get", "apply", "rollout"]
    assert (checkout.root / "build/release/before").read_text() == "7\n"
    assert IMAGES[0] in (checkout.root / "build/release/manifests.yaml").read_text()


def test_deploy_touches_nothing_if_there_is_nothing_to_apply(checkout: Checkout) -> None:
    checkout.note("before", "6")
    done = checkout.run("deploy", "stagging", *IMAGES)

    assert done.returncode != 0
    assert not checkout.calls("kubectl")
    assert not (checkout.root / "build/release/before").exists()


def test_smoke_passes_where_the_current_bundle_answers(checkout: Checkout) -> None:
    checkout.say("serving", NEW)
    done = checkout.run("smoke", URL)

    assert done.returncode == 0, done.stderr
    assert NEW in done.stdout


@pytest.mark.parametrize(
    ("serving", "complaint"),
    [(None, "does not answer"), (OLD, f"serves {OLD}, but current is {NEW}")],
)
def test_smoke_says_what_is_wrong(checkout: Checkout, serving: str | None, complaint: str) -> None:
    if serving:
        checkout.say("serving", serving)
    done = checkout.run("smoke", URL)

    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_rollback_keeps_the_bundle_where_the_image_was_at_fault(checkout: Checkout) -> None:
    checkout.note("before", "7")
    checkout.note("promoted", NEW)
    checkout.say("revision", "8")
    checkout.say("image_at_fault")
    done = checkout.run("rollback", URL)

    assert done.returncode == 0, done.stderr
    assert [call.split()[3:5] for call in checkout.calls("kubectl")[1:]] == [
        ["rollout", "undo"],
        ["rollout", "status"],
    ]
    assert "--to-revision 7" in checkout.calls("kubectl")[1]
    assert checkout.told("current") == NEW


def test_rollback_takes_the_bundle_back_where_the_image_was_not_at_fault(
    checkout: Checkout,
) -> None:
    checkout.note("before", "7")
    checkout.note("promoted", NEW)
    checkout.say("revision", "8")
    checkout.say("serving", OLD)
    done = checkout.run("rollback", URL)

    assert done.returncode == 0, done.stderr
    order = [
        call
        for call in checkout.calls("kubectl", "anirec")
        if "undo" in call or call.startswith("anirec rollback")
    ]
    assert ["undo" in call for call in order] == [True, False]
    assert checkout.told("current") == OLD


def test_rollback_leaves_a_bundle_that_somebody_else_promoted(checkout: Checkout) -> None:
    checkout.note("promoted", OLD)
    done = checkout.run("rollback", URL)

    assert done.returncode == 1
    assert f"somebody made {NEW} current since" in done.stderr
    assert checkout.told("current") == NEW


@pytest.mark.parametrize(
    ("before", "complaint"), [("none", "for the first time"), ("7", "was not changed")]
)
def test_rollback_fails_where_there_is_nothing_to_go_back_to(
    checkout: Checkout, before: str, complaint: str
) -> None:
    checkout.note("before", before)
    done = checkout.run("rollback", URL)

    assert done.returncode == 1
    assert complaint in done.stderr
    assert not [call for call in checkout.calls("kubectl") if "undo" in call]


def a_pipeline(checkout: Checkout) -> None:
    (checkout.root / "artifacts" / "evaluation").mkdir(parents=True)
    checkout.stand_ins.add("dvc")
    checkout.stand_ins.add("git", "echo 0123abc")


def test_the_gate_evaluates_publishes_and_promotes(checkout: Checkout) -> None:
    a_pipeline(checkout)
    checkout.say("current", OLD)
    done = checkout.run("gate")

    assert done.returncode == 0, done.stderr
    assert [" ".join(call.split()[:2]) for call in checkout.calls("dvc", "anirec")] == [
        "dvc repro",
        "dvc push",
        "anirec promote",
        "anirec publish",
        "dvc get-url",
        "anirec promote",
    ]
    assert checkout.told("current") == NEW
    assert (checkout.root / "build/release/promoted").read_text() == f"{NEW}\n"


def test_a_refused_bundle_is_not_noted_as_promoted(checkout: Checkout) -> None:
    a_pipeline(checkout)
    checkout.say("current", OLD)
    checkout.say("refused")
    done = checkout.run("gate")

    assert done.returncode == 1
    assert not (checkout.root / "build/release/promoted").exists()


@pytest.mark.parametrize(
    ("trivy", "passes"),
    [
        ("", True),
        ("exit 1", False),
        ("case $* in *--download-db-only*) exit 1 ;; esac", False),
        ("case $* in *--exit-code*) exit 1 ;; esac", False),
    ],
)
def test_a_scan_counts_only_if_it_had_its_database(
    checkout: Checkout, trivy: str, passes: bool
) -> None:
    checkout.stand_ins.add("podman")
    checkout.stand_ins.add("trivy", trivy)
    done = checkout.run("scan", "anirec:0123")

    assert (done.returncode == 0) is passes
    assert passes or "scan.sh: " in done.stderr
    assert "--download-db-only" in checkout.calls("trivy")[0]


def test_signing_in_names_registry_and_cluster(checkout: Checkout) -> None:
    checkout.stand_ins.add("gcloud", "umask")
    done = checkout.stand_ins.run(
        "deploy/scripts/google-login.sh",
        cwd=checkout.root,
        GOOGLE_APPLICATION_CREDENTIALS="/key.json",
        ANIREC_IMAGE_REGISTRY="europe-west1-docker.pkg.dev/my-project/anirec",
        PROJECT_ID="my-project",
        REGION="europe-west1",
    )

    assert done.stdout.split() == ["0077"] * 3
    assert [call.split()[1:3] for call in checkout.calls("gcloud")] == [
        ["auth", "activate-service-account"],
        ["auth", "configure-docker"],
        ["container", "clusters"],
    ]
    assert checkout.calls("gcloud")[1].endswith(" europe-west1-docker.pkg.dev")


def test_pulling_data_says_where_from(checkout: Checkout) -> None:
    checkout.stand_ins.add("dvc")
    done = checkout.stand_ins.run(
        "deploy/scripts/pull-data.sh", cwd=checkout.root, ANIREC_DVC_REMOTE="gs://bucket/dvc"
    )

    assert done.returncode == 0, done.stderr
    assert checkout.calls("dvc") == [
        "dvc config --local remote.anirec.url gs://bucket/dvc",
        "dvc config --local core.remote anirec",
        "dvc pull --run-cache --allow-missing",
    ]
