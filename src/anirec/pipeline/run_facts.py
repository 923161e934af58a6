"""What surrounds a run: the code, the data, the machine and what is installed on it."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Any, Final

from anirec.models.registry import MODELS
from anirec.pipeline.revision import code_revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anirec.params import Params

_EXTRAS: Final = ("train", "minilm")
"""Their packages, beside those of the base install, shape results."""
_THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def effective_params(params: Params) -> dict[str, Any]:
    """Return all parameters with the defaults of what was not named, those of every model too."""
    values = params.model_dump(mode="json")
    values["models"] = {
        name: params.new_model(name).config.model_dump(mode="json") for name in MODELS
    }
    return values


def facts_of_run(params: Params, table_hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return code revision, hashes of the tables, Python, platform, threads, package versions.

    Nothing of the environment is told but the number of threads; no host and no user.
    """
    return {
        "revision": code_revision() or "none: not a git checkout",
        "tables_sha256": dict(table_hashes),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "threads": {
            "params": params.threads,
            **{name: os.environ[name] for name in _THREAD_VARIABLES if name in os.environ},
        },
        "packages": package_versions(),
    }


def package_versions() -> dict[str, str]:
    """Return the versions of anirec and of what it needs to run and to train."""
    names = {"anirec"}
    for requirement in requires("anirec") or ():
        wanted, _, condition = requirement.partition(";")
        extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)['\"]", condition)
        if extra is None or extra[1] in _EXTRAS:
            names.add(re.split(r"[^A-Za-z0-9._-]", wanted.strip())[0])
    versions = {}
    for name in sorted(names):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
