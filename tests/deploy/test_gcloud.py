"""The scripts that set a Google Cloud project up and clear it, against a gcloud that only notes."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

SCRIPTS = REPOSITORY / "deploy" / "gcloud"
PROJECT = "my-project"
# Notes what it was asked; what `describe` finds is in a file.
STUB = """\
#!/bin/sh
echo "$(basename "$0") $*" >>"{place}/calls"
case " $* " in *" describe "*) exit "$(cat "{place}/describe")" ;; esac
"""


class Cloud:
    """A project, as far as its gcloud tells."""

    def __init__(self, place: Path) -> None:
        self.place = place
        for program in ("gcloud", "kubectl"):
            stub = place / program
            stub.write_text(STUB.format(place=place))
            stub.chmod(0o755)
        self.set_up(False)

    def set_up(self, there: bool) -> None:
        (self.place / "describe").write_text("0" if there else "1")
        (self.place / "calls").write_text("")

    def run(
        self, script: str, *arguments: str, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPTS / script, *arguments],
            env={"PATH": f"{self.place}:{os.environ['PATH']}"},
            input=typed,
            check=False,
            capture_output=True,
            text=True,
        )

    def calls(self, verb: str) -> list[str]:
        """What changed something, or what asked, by the verb."""
        return [
            call for call in (self.place / "calls").read_text().splitlines() if f" {verb} " in call
        ]


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(tmp_path)


def test_create_makes_all_that_is_needed(cloud: Cloud) -> None:
    done = cloud.run("create.sh", PROJECT)
    assert done.returncode == 0, done.stderr
    made = [" ".join(call.split()[1:5]) for call in cloud.calls("create")]
    assert made == [
        "artifacts repositories create anirec",
        "storage buckets create gs://my-project-anirec-registry",
        "storage buckets create gs://my-project-anirec-data",
        "iam service-accounts create anirec-web",
        "iam service-accounts create anirec-retrain",
        "iam service-accounts create anirec-nodes",
        "iam service-accounts create anirec-metrics",
        "iam service-accounts create anirec-storage",
        "iam service-accounts create anirec-deployer",
        "secrets create anirec-comet-config --project=my-project",
        "compute addresses create anirec",
    ]
    (cluster,) = cloud.calls("create-auto")
    assert "--enable-secret-manager" in cluster
    assert "--location=europe-west1" in cluster


def test_servers_may_only_read(cloud: Cloud) -> None:
    cloud.run("create.sh", PROJECT)
    member = "serviceAccount:anirec-web@my-project.iam.gserviceaccount.com"
    (granted,) = [call for call in cloud.calls("add-iam-policy-binding") if member in call]
    assert "gs://my-project-anirec-registry" in granted
    assert "--role=roles/storage.objectViewer" in granted
    acts_as = [call for call in cloud.calls("add-iam-policy-binding") if "[anirec/web]" in call]
    assert len(acts_as) == 1
    assert "workloadIdentityUser" in acts_as[0]


def roles_of(cloud: Cloud, account: str) -> list[tuple[str, str]]:
    """On what an account was given which role."""
    member = f"--member=serviceAccount:{account}@my-project.iam.gserviceaccount.com"
    granted = [call.split() for call in cloud.calls("add-iam-policy-binding") if member in call]
    return [
        (
            call[call.index("add-iam-policy-binding") + 1],
            next(part.partition("=")[2] for part in call if part.startswith("--role=")),
        )
        for call in granted
    ]


def test_what_jenkins_handles_data_with_cannot_deploy_and_the_other_way_round(cloud: Cloud) -> None:
    cloud.run("create.sh", PROJECT)
    assert roles_of(cloud, "anirec-storage") == [
        ("gs://my-project-anirec-registry", "roles/storage.objectUser"),
        ("gs://my-project-anirec-data", "roles/storage.objectUser"),
    ]
    assert roles_of(cloud, "anirec-deployer") == [
        ("my-project", "roles/container.developer"),
        ("anirec", "roles/artifactregistry.writer"),
    ]


def test_jenkins_uses_the_accounts_that_are_made(cloud: Cloud) -> None:
    used = set(re.findall(r"credentialsId: '([^']+)'", (REPOSITORY / "Jenkinsfile").read_text()))
    cloud.run("create.sh", PROJECT)
    assert used
    assert used <= {call.split()[4] for call in cloud.calls("create") if "iam" in call.split()}


def test_no_key_is_made(cloud: Cloud) -> None:
    cloud.run("create.sh", PROJECT)
    assert not any(" keys " in call for call in cloud.calls("create"))


def test_a_second_run_makes_nothing_again(cloud: Cloud) -> None:
    cloud.set_up(True)
    assert cloud.run("create.sh", PROJECT).returncode == 0
    assert cloud.calls("describe")
    assert not cloud.calls("create")
    assert not cloud.calls("create-auto")


@pytest.mark.parametrize("script", ["create.sh", "teardown.sh"])
def test_a_dry_run_asks_and_changes_nothing(cloud: Cloud, script: str) -> None:
    done = cloud.run(script, PROJECT, "--region=us-east1", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert (cloud.place / "calls").read_text() == ""
    assert "gcloud container clusters" in done.stdout
    assert "--location=us-east1" in done.stdout


def test_create_does_what_its_dry_run_says(cloud: Cloud) -> None:
    said = cloud.run("create.sh", PROJECT, "--dry-run").stdout.replace("\\", "")
    cloud.run("create.sh", PROJECT)
    done = [c for c in (cloud.place / "calls").read_text().splitlines() if " describe " not in c]
    assert [line.strip() for line in said.splitlines()] == done


@pytest.mark.parametrize("typed", ["", "yes\n", "my-projec\n"])
def test_teardown_wants_the_project_typed(cloud: Cloud, typed: str) -> None:
    cloud.set_up(True)
    done = cloud.run("teardown.sh", PROJECT, typed=typed)
    assert done.returncode == 1
    assert "nothing was removed" in done.stderr
    assert (cloud.place / "calls").read_text() == ""


def test_teardown_keeps_data_unless_told(cloud: Cloud) -> None:
    cloud.set_up(True)
    assert cloud.run("teardown.sh", PROJECT, typed=f"{PROJECT}\n").returncode == 0
    deleted = cloud.calls("delete")
    assert len(deleted) == 11
    for account in ("anirec-storage", "anirec-deployer"):
        assert any(f"service-accounts delete {account}@" in call for call in deleted)
    assert not cloud.calls("rm")
    done = cloud.run("teardown.sh", PROJECT, "--with-data", typed=f"{PROJECT}\n")
    assert "ALL BUNDLES AND DATA" in done.stderr
    assert [call.split()[-2] for call in cloud.calls("rm")] == [
        "gs://my-project-anirec-registry",
        "gs://my-project-anirec-data",
    ]


def test_teardown_of_nothing_is_no_failure(cloud: Cloud) -> None:
    done = cloud.run("teardown.sh", PROJECT, "--with-data", typed=f"{PROJECT}\n")
    assert done.returncode == 0
    assert not cloud.calls("delete")
    assert not cloud.calls("rm")


@pytest.mark.parametrize("arguments", [(), ("My_Project",), (PROJECT, "--force")])
def test_a_wrong_call_is_told_in_one_line(cloud: Cloud, arguments: tuple[str, ...]) -> None:
    done = cloud.run("create.sh", *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert (cloud.place / "calls").read_text() == ""
