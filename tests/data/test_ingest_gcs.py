"""Ingestion from a Google Cloud Storage server, the real Go program on loopback."""

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from list_files import ANIMELIST, CATALOGUE_2016, RATING_2016

from anirec.data.ingest import ingest
from anirec.errors import DataError
from conftest import skip_or_fail
from gcs_server import call, gcs_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

BUCKET = "lists"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of a bucket with ``data/`` and ``archive.zip``; gcsfs is pointed at the server."""
    with pytest.MonkeyPatch.context() as patch:
        # Read when gcsfs is imported; with it every call first asks what the server cannot answer.
        patch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
        try:
            import gcsfs
        except ImportError:
            skip_or_fail("gcsfs", "pip install 'anirec[ops]'")
        with gcs_server(BUCKET) as server:
            gcsfs.GCSFileSystem.clear_instance_cache()
            fill(server)
            yield f"gs://{BUCKET}"
            gcsfs.GCSFileSystem.clear_instance_cache()


def fill(server: str) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("animelist.csv", ANIMELIST)
    for name, data in {
        "data/animelist.csv.gz": gzip.compress(ANIMELIST.encode()),
        "data/rating.csv": RATING_2016.encode(),
        "data/anime.csv": CATALOGUE_2016.encode(),
        "archive.zip": packed.getvalue(),
    }.items():
        call(f"{server}/upload/storage/v1/b/{BUCKET}/o?uploadType=media&name={name}", data)


def test_a_prefix_is_a_directory(bucket: str, tmp_path: Path) -> None:
    summary = ingest([f"{bucket}/data"], tmp_path / "out")
    assert (summary.entries, summary.shows) == (4, 2)
    assert summary.lists[0].name == f"{bucket}/data/animelist.csv.gz"
    assert [entry.name for entry in summary.skipped] == [f"{bucket}/data/rating.csv"]


@pytest.mark.parametrize(
    ("address", "entries"),
    [
        ("data/animelist.csv.gz", 4),
        ("data/rating.csv", 2),
        ("archive.zip", 4),
        ("archive.zip/animelist.csv", 4),
    ],
)
def test_an_object_is_a_file(bucket: str, tmp_path: Path, address: str, entries: int) -> None:
    assert ingest([f"{bucket}/{address}"], tmp_path / "out").entries == entries


def test_local_and_remote_give_the_same_table(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "animelist.csv").write_text(ANIMELIST)
    ingest([str(tmp_path / "animelist.csv")], tmp_path / "local")
    ingest([f"{bucket}/data/animelist.csv.gz"], tmp_path / "remote")
    local, remote = (tmp_path / name / "interactions.parquet" for name in ("local", "remote"))
    assert local.read_bytes() == remote.read_bytes()


def test_nothing_there(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file or directory gs://lists/nothing"):
        ingest([f"{bucket}/nothing"], tmp_path / "out")
    with pytest.raises(DataError, match="there is no file or directory gs://no-such-bucket/data"):
        ingest(["gs://no-such-bucket/data"], tmp_path / "out")
