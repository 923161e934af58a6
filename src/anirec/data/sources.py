"""Where raw files come from: local paths and gs:// addresses; plain, gzip and zip."""

from __future__ import annotations

import io
import logging
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from fsspec.core import url_to_fs

from anirec.errors import DataError, MissingExtraError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# gcsfs logs a traceback for what it raises as well; the exception is enough.
logging.getLogger("gcsfs").addHandler(logging.NullHandler())

HEAD_BYTES = 64 << 10
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
SUFFIXES = (".csv", ".json", ".jsonl", ".gz", ".zip")
"""What is looked at in a directory; a file that is named itself may end in anything."""

_CHUNK = 1 << 20
_ZIP_CHUNK = 64 << 10  # zipfile drops the chunk in which it finds damage
_CREEP = 256


class SourceStream(io.RawIOBase):
    """The decompressed bytes of a file.

    A compressed file that is cut off or damaged ends where its readable part ends, without an
    exception; ``damage`` then says so in a phrase (else it is ``None``).
    """

    def __init__(self, name: str, raw: BinaryIO, parents: tuple[BinaryIO, ...] = ()) -> None:
        self.name = name
        self.damage: str | None = None
        self._raw = raw
        self._parents = parents
        self._chunk = _ZIP_CHUNK if isinstance(raw, zipfile.ZipExtFile) else _CHUNK
        self._start = self._read_raw(2)
        if len(self._start) == 1:
            self._start += self._read_raw(1)
        self._gunzip = zlib.decompressobj(31) if self._start == GZIP_MAGIC else None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer as far as one step goes; 0 at the end."""
        view = memoryview(buffer).cast("B")
        data = self._step(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file and the archive that it lies in."""
        if not self.closed:
            for file in (self._raw, *self._parents):
                file.close()
        super().close()

    def _read_raw(self, size: int) -> bytes:
        try:
            return self._raw.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            self.damage = "the zip archive is damaged"
        except Exception as error:  # of the file system, or an archive that wants a password
            raise DataError(f"{self.name} cannot be read: {error}") from error
        return b""

    def _next_chunk(self, size: int) -> bytes:
        if self._start:
            chunk, self._start = self._start[:size], self._start[size:]
            return chunk
        return self._read_raw(size)

    def _step(self, size: int) -> bytes:
        if self._gunzip is None:
            return self._next_chunk(min(size, self._chunk))
        while self.damage is None:
            if self._gunzip.eof:  # further members may follow, or padding
                chunk = (self._gunzip.unused_data or self._next_chunk(self._chunk)).lstrip(b"\0")
                if not chunk:
                    return b""
                self._gunzip = zlib.decompressobj(31)
            else:
                chunk = self._gunzip.unconsumed_tail or self._next_chunk(self._chunk)
                if not chunk:
                    self.damage = self.damage or "the gzip file is cut off"
                    return b""
            before = self._gunzip.copy()
            try:
                data = self._gunzip.decompress(chunk, size)
            except zlib.error:
                self.damage = "the gzip file is damaged"
                return _readable_part(before, chunk, size)
            if data:
                return data
        return b""


def _readable_part(gunzip: Any, chunk: bytes, size: int) -> bytes:
    """Feed a damaged chunk bit by bit: zlib hands out nothing of a call that fails."""
    parts: list[bytes] = []
    left = size
    for start in range(0, len(chunk), _CREEP):
        try:
            parts.append(gunzip.decompress(chunk[start : start + _CREEP], left))
        except zlib.error:
            break
        left -= len(parts[-1])
        if left <= 0:
            break
    return b"".join(parts)


@dataclass(frozen=True)
class SourceFile:
    """A file, or a member of a zip archive, that can be opened as often as needed."""

    name: str
    """As a person would write it to ask for this file alone."""
    size: int
    """Bytes as stored."""
    filesystem: Any
    path: str
    member: str | None = None

    @property
    def address(self) -> tuple[str, str | None]:
        """The same for the same file, however it was named."""
        return self.path, self.member

    @property
    def base_name(self) -> str:
        """The last part of the name."""
        return posixpath.basename(self.name)

    def state(self) -> str:
        """Return a key that changes when the stored file does, without reading it.

        Made of what the file system knows: size and times, in a bucket the generation.

        Raises
        ------
        DataError
            If the file is gone.
        """
        try:
            return str(self.filesystem.ukey(self.path))
        except Exception as error:  # as in open
            raise DataError(f"{self.name} cannot be looked at: {error}") from error

    def open(self) -> SourceStream:
        """Open the decompressed bytes.

        Raises
        ------
        DataError
            If the file cannot be opened.
        """
        try:
            raw = self.filesystem.open(self.path, "rb")
            if self.member is None:
                return SourceStream(self.name, raw)
            archive = zipfile.ZipFile(raw)
            return SourceStream(self.name, archive.open(self.member), (archive, raw))  # type: ignore[arg-type]
        except Exception as error:  # as in _kind, or an archive that wants a password
            raise DataError(f"{self.name} cannot be opened: {error}") from error

    def head(self) -> bytes:
        """Return at most the first 64 KiB, decompressed."""
        with self.open() as stream:
            return read_exactly(stream, HEAD_BYTES)


@dataclass(frozen=True)
class Source:
    """What one argument of the command stands for."""

    address: str
    files: tuple[SourceFile, ...]
    is_collection: bool
    """A directory or an archive: only what it needs to be is taken from it."""


def read_exactly(stream: io.RawIOBase, size: int) -> bytes:
    """Read until ``size`` bytes are there or the stream ends."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def find(address: str) -> Source:
    """List the files behind an address.

    Parameters
    ----------
    address
        A local file or directory, a ``.zip`` archive, one member of an archive
        (``archive.zip/rating.csv``), or the same under ``gs://``.

    Raises
    ------
    DataError
        If nothing is there, or the address cannot be read.
    MissingExtraError
        If the address needs a file system that is not installed.
    """
    try:
        filesystem, path = url_to_fs(address)
    except ImportError:
        raise MissingExtraError(f"reading {address}", "ops") from None
    except ValueError as error:
        raise DataError(f"{address}: {error}") from None
    kind = _kind(filesystem, path, address)
    if kind == "file":
        return _named_file(filesystem, path, address)
    if kind == "directory":
        return Source(address, tuple(_directory(filesystem, path, address)), True)
    archive, zip_suffix, member = path.partition(".zip/")
    if zip_suffix and _kind(filesystem, archive + ".zip", address) == "file":
        outer = SourceFile(
            address.removesuffix("/" + member),
            filesystem.size(archive + ".zip"),
            filesystem,
            archive + ".zip",
        )
        for file in _members(outer):
            if file.member == member:
                return Source(address, (file,), False)
    raise DataError(f"there is no file or directory {address}")


def _kind(filesystem: Any, path: str, address: str) -> str | None:
    """Return "file", "directory", or None where nothing is."""
    try:
        return str(filesystem.info(path)["type"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except Exception as error:  # every kind of file system has exceptions of its own
        raise DataError(f"{address} cannot be read: {error}") from error


def _named_file(filesystem: Any, path: str, address: str) -> Source:
    file = SourceFile(address, filesystem.size(path), filesystem, path)
    if _is_zip(file):
        return Source(address, tuple(_members(file)), True)
    return Source(address, (file,), False)


def _directory(filesystem: Any, path: str, address: str) -> list[SourceFile]:
    files: list[SourceFile] = []
    for info in sorted(filesystem.ls(path, detail=True), key=lambda info: str(info["name"])):
        base = posixpath.basename(info["name"].rstrip("/"))
        is_data = base.lower().endswith(SUFFIXES) and not base.startswith(".")
        if info["type"] != "file" or not is_data:
            continue
        file = SourceFile(
            f"{address.rstrip('/')}/{base}", int(info["size"]), filesystem, info["name"]
        )
        try:
            files.extend(_members(file) if _is_zip(file) else [file])
        except DataError:  # said when it turns out to be needed
            files.append(file)
    return files


def _is_zip(file: SourceFile) -> bool:
    # By its first bytes where it is named otherwise; an empty or foreign ".zip" is said below.
    if file.name.lower().endswith(".zip"):
        return True
    with file.open() as stream:
        return read_exactly(stream, 4) == ZIP_MAGIC


def _members(archive: SourceFile) -> list[SourceFile]:
    try:
        with (
            archive.filesystem.open(archive.path, "rb") as raw,
            zipfile.ZipFile(raw) as opened,
        ):
            infos = sorted(opened.infolist(), key=lambda info: info.filename)
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{archive.name} is not a readable zip archive ({error}); fetch it again"
        ) from error
    return [
        SourceFile(
            f"{archive.name}/{info.filename}",
            info.compress_size,
            archive.filesystem,
            archive.path,
            info.filename,
        )
        for info in infos
        if not info.is_dir()
        and info.filename.lower().endswith(SUFFIXES)
        and not posixpath.basename(info.filename).startswith(".")
        and not info.filename.startswith("__MACOSX/")
    ]
