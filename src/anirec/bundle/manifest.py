"""``manifest.json``: what a bundle is, where it comes from, and a checksum of every file."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from anirec.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST_FILE: Final = "manifest.json"
SCHEMA_VERSION: Final = 3

MEASURED_ON: Final = "measured_on"
"""In each report of a refreshed bundle: the version that its figures were measured for."""

REPAIR: Final = "publish it again or roll back"


@dataclass(frozen=True)
class Manifest:
    """The contents of ``manifest.json``."""

    version: str
    """The name of the bundle's directory in a registry: UTC time and the hash's first digits."""
    bundle_hash: str
    """SHA-256 over arrays, catalogue and ranker; free of times, revision and figures."""
    created_at: str
    """UTC, ISO 8601."""
    revision: str | None
    """The git revision of the code, ``-dirty`` if it was changed; None outside a checkout."""
    data_hash: str
    """SHA-256 over the catalogue and the lists that the models were fitted on."""
    params_hash: str
    """SHA-256 over the parameters of the run."""
    threads: int
    """How many threads fitted the models: the same number gives the same bundle again."""
    collaborative: str
    """Name of the model behind the component of that name."""
    content: str
    weights: dict[str, float]
    """The best blend known."""
    n_items: int
    n_viewers: int
    """Viewers the models were fitted on."""
    has_viewers: bool
    """Whether their lists are inside."""
    simulated: bool
    """Whether the viewers were drawn from the starter community; pages then say so."""
    evaluation: dict[str, Any] = field(default_factory=dict)
    """Held-out figures of the same parameters, per viewer, by the name of the report's file."""
    anirec: str | None = None
    """The version of anirec that fitted the models; None where the bundle is older than this field."""
    refreshed_from: str | None = None
    """The version whose catalogue was brought up to date; None for a bundle that was fitted."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Per file (path with ``/``): ``bytes`` and ``sha256``."""
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The same for what is there for people to read: no part of ``bundle_hash``."""
    schema_version: int = SCHEMA_VERSION

    def summary(self) -> dict[str, Any]:
        """Return all but the long parts: figures and checksums."""
        about = asdict(self)
        del about["evaluation"], about["files"], about["documents"]
        return about

    def write(self, directory: Path) -> None:
        """Write ``manifest.json`` into ``directory``, sealed with a checksum of its own."""
        about = asdict(self)
        about["manifest_sha256"] = _seal(about)
        (directory / MANIFEST_FILE).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")

    @classmethod
    def read(cls, directory: Path) -> Manifest:
        """Read and check ``manifest.json``.

        Raises
        ------
        BundleError
            If it is missing, damaged or of another schema.
        """
        path = directory / MANIFEST_FILE
        try:
            about = json.loads(path.read_text())
        except (FileNotFoundError, NotADirectoryError):
            raise BundleError(
                f"{directory} is no bundle ({MANIFEST_FILE} is missing): "
                "make one with `anirec publish`"
            ) from None
        except OSError as error:
            raise BundleError(f"{path} cannot be read: {error.strerror}") from None
        except ValueError:
            raise BundleError(f"{path} is damaged (not valid JSON): {REPAIR}") from None
        schema = about.get("schema_version") if isinstance(about, dict) else None
        if type(schema) is not int:
            raise BundleError(f"{path} is damaged (no schema version): {REPAIR}")
        if schema > SCHEMA_VERSION:
            raise BundleError(
                f"{directory} was published by a newer anirec (bundle schema {schema}, this one "
                f"reads {SCHEMA_VERSION}): upgrade anirec"
            )
        if schema < SCHEMA_VERSION:
            raise BundleError(
                f"{directory} was published by an older anirec (bundle schema {schema}, this one "
                f"reads {SCHEMA_VERSION}): publish it again"
            )
        if about.pop("manifest_sha256", None) != _seal(about):
            raise BundleError(f"{path} is damaged (its checksum does not fit): {REPAIR}")
        try:
            return cls(**about)
        except TypeError as error:
            raise BundleError(f"{path} does not fit schema {schema}: {error}") from None


def _seal(about: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def describe_files(directory: Path) -> dict[str, dict[str, Any]]:
    """Return size and SHA-256 of every file below ``directory`` but the manifest."""
    return {
        path.relative_to(directory).as_posix(): describe_file(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path != directory / MANIFEST_FILE
    }


def describe_file(path: Path) -> dict[str, Any]:
    """Return size and SHA-256 of a file."""
    return {"bytes": path.stat().st_size, "sha256": _sha256(path)}


def hash_of_files(files: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the bundle hash: SHA-256 over the names and checksums of the files."""
    lines = "".join(f"{files[name]['sha256']}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def verify_files(directory: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Hold every file against its recorded size and checksum.

    Raises
    ------
    BundleError
        Naming the first file that is missing, truncated or altered.
    """
    for name, expected in files.items():
        try:
            size = (directory / name).stat().st_size
        except OSError:
            raise BundleError(f"{directory} is incomplete ({name} is missing): {REPAIR}") from None
        if size != expected["bytes"]:
            raise BundleError(
                f"{directory} is damaged ({name} has {size:,} bytes instead of "
                f"{expected['bytes']:,}): {REPAIR}"
            )
    # hashlib lets go of the interpreter lock, so two threads hash twice as fast.
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda name: _sha256(directory / name), files)
        for (name, expected), checksum in zip(files.items(), found, strict=True):
            if checksum != expected["sha256"]:
                raise BundleError(
                    f"{directory} is damaged (the checksum of {name} does not fit): {REPAIR}"
                )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
