"""The objects under a prefix of a Google Cloud Storage bucket, with errors for people."""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from anirec.errors import MissingExtraError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

EMULATOR: Final = "STORAGE_EMULATOR_HOST"
"""Names a server that stands for Google's; it is spoken to without credentials."""

ABSENT: Final = 0
"""The generation of an object that does not exist."""

_TIMEOUT: Final = (5, 60)
"""Seconds to connect, and between two pieces of an answer."""
_RETRY_SECONDS: Final = 30.0
"""After so long what fails for a passing reason is given up."""


class ChangedMeanwhileError(Exception):
    """An object that is not of the expected generation any more."""


@dataclass(frozen=True)
class ObjectInfo:
    """One object of a listing."""

    name: str
    """Below the prefix."""
    created: datetime


class GcsObjects:
    """Reads and writes objects by their name below ``gs://bucket/prefix``.

    Parameters
    ----------
    bucket, prefix
        The prefix without slashes at its ends; may be empty.

    Raises
    ------
    MissingExtraError
        If google-cloud-storage is not installed.
    """

    def __init__(self, bucket: str, prefix: str) -> None:
        self.address = "gs://" + "/".join(part for part in (bucket, prefix) if part)
        self._bucket_name = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client: Any = None
        self._process = 0
        try:
            from google.cloud import storage  # type: ignore[import-untyped] # noqa: F401
        except ImportError:
            raise MissingExtraError(f"the registry {self.address}", "gcs") from None

    def read(self, name: str) -> bytes | None:
        """Return the contents of an object, None if there is none."""
        with self._told():
            return self._read(name, None)

    def _read(self, name: str, generation: int | None) -> bytes | None:
        from google.api_core.exceptions import NotFound

        blob = self._bucket().blob(self._prefix + name, generation=generation)
        try:
            return bytes(blob.download_as_bytes(**self._patience()))
        except NotFound:
            return None

    def generation(self, name: str) -> int:
        """Return the generation of an object, ``ABSENT`` if there is none."""
        with self._told():
            blob = self._bucket().get_blob(self._prefix + name, **self._patience())
            return ABSENT if blob is None else int(blob.generation)

    def read_generation(self, name: str, generation: int) -> bytes | None:
        """Return the contents of one generation of an object, None if it was replaced."""
        with self._told():
            return self._read(name, generation)

    def replace(self, name: str, data: bytes, generation: int) -> int:
        """Write an object if it is still of the given generation; returns its new one.

        Raises
        ------
        ChangedMeanwhileError
            If it is not: then nothing was written.
        """
        blob = self._bucket().blob(self._prefix + name)
        # Read again where it is needed: caches on the way must not keep it.
        blob.cache_control = "no-store"
        with self._told():
            self._guarded(
                blob.upload_from_string,
                data,
                content_type="application/json",
                if_generation_match=generation,
            )
        return int(blob.generation)

    def create(self, name: str, path: Path) -> None:
        """Upload a file as an object that does not exist yet; the same contents may.

        Raises
        ------
        ChangedMeanwhileError
            If it exists with other contents.
        """
        blob = self._bucket().blob(self._prefix + name)
        with self._told():
            try:
                self._guarded(blob.upload_from_filename, str(path), if_generation_match=ABSENT)
            except ChangedMeanwhileError:
                # Also where our own upload is repeated, for its answer got lost.
                there = self._bucket().get_blob(self._prefix + name, **self._patience())
                if there is None or there.md5_hash != _md5(path):
                    raise

    def announce(self, name: str) -> None:
        """Write an empty object; its time is that of the last call."""
        with self._told():
            self._bucket().blob(self._prefix + name).upload_from_string(b"", **self._patience())

    def download(self, name: str, path: Path) -> bool:
        """Write the contents of an object into a file; False if there is no such object."""
        from google.api_core.exceptions import NotFound

        path.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            try:
                self._bucket().blob(self._prefix + name).download_to_filename(
                    str(path), **self._patience()
                )
            except NotFound:
                return False
        return True

    def list(self) -> list[ObjectInfo]:
        """Return every object below the prefix, by name."""
        with self._told():
            found = self._storage().list_blobs(
                self._bucket_name,
                prefix=self._prefix,
                fields="items(name,timeCreated),nextPageToken",
                **self._patience(),
            )
            return [
                ObjectInfo(blob.name.removeprefix(self._prefix), blob.time_created)
                for blob in found
            ]

    def delete(self, name: str) -> None:
        """Delete an object; it is no error if it is gone already."""
        from google.api_core.exceptions import NotFound

        with self._told():
            try:
                self._bucket().blob(self._prefix + name).delete(**self._patience())
            except NotFound:
                return

    def _storage(self) -> Any:
        """Return the client, a new one in a process that was forked: connections are not shared."""
        if self._client is None or self._process != os.getpid():
            from google.auth.credentials import AnonymousCredentials
            from google.cloud import storage

            if os.environ.get(EMULATOR):
                credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
                self._client = storage.Client(project="emulated", credentials=credentials)
            else:
                self._client = storage.Client()
            self._process = os.getpid()
        return self._client

    def _bucket(self) -> Any:
        with self._told():
            return self._storage().bucket(self._bucket_name)

    @staticmethod
    def _patience() -> dict[str, Any]:
        from google.cloud.storage.retry import DEFAULT_RETRY  # type: ignore[import-untyped]

        return {"timeout": _TIMEOUT, "retry": DEFAULT_RETRY.with_timeout(_RETRY_SECONDS)}

    def _guarded(self, call: Any, *arguments: Any, **options: Any) -> None:
        from google.api_core.exceptions import PreconditionFailed

        try:
            call(*arguments, **options, **self._patience())
        except PreconditionFailed:
            raise ChangedMeanwhileError from None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what Google's library raises into one sentence."""
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError
        from google.cloud.storage.exceptions import (  # type: ignore[import-untyped]
            DataCorruption,
            InvalidResponse,
        )
        from requests.exceptions import RequestException

        try:
            yield
        except (
            DataCorruption,
            GoogleAPIError,
            GoogleAuthError,
            InvalidResponse,
            RequestException,
        ) as error:
            code = getattr(error, "code", None)
            if code == HTTPStatus.NOT_FOUND:
                why = f"there is no bucket {self._bucket_name}: create it first"
            elif code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                why = "these credentials may not do that: grant them roles/storage.objectUser"
            elif isinstance(error, GoogleAuthError):
                why = "no usable Google credentials: `gcloud auth application-default login`"
            else:
                why = str(error).partition("\n")[0][:300]
            raise UnreachableError(f"{self.address} cannot be used: {why}") from None


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return base64.b64encode(digest.digest()).decode()
