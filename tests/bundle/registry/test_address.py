"""What people write after ``--bundle`` and ``--registry``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from anirec.bundle.bundle import open_bundle
from anirec.bundle.registry import LocalRegistry, open_registry, registry_behind
from anirec.bundle.registry.address import parse_address
from anirec.errors import BundleError, MissingExtraError


@pytest.mark.parametrize(
    ("place", "bucket", "prefix"),
    [
        ("gs://shelf/bundles", "shelf", "bundles"),
        ("gs://shelf/a/b/", "shelf", "a/b"),
        ("gs://shelf", "shelf", ""),
        (Path("gs://shelf/bundles"), "shelf", "bundles"),
    ],
)
def test_an_address_is_a_bucket_and_a_prefix(place: str | Path, bucket: str, prefix: str) -> None:
    assert parse_address(place) == (bucket, prefix)


@pytest.mark.parametrize("place", ["bundles", Path("bundles/current"), "./gs/bundles", "C:bundles"])
def test_anything_else_is_a_path(place: str | Path) -> None:
    assert parse_address(place) is None
    assert isinstance(open_registry(place), LocalRegistry)


def test_other_places_are_refused_in_one_sentence() -> None:
    with pytest.raises(BundleError, match=r"^s3:// is no place for bundles: give a directory or"):
        open_bundle("s3://shelf/bundles")
    with pytest.raises(BundleError, match=r"^gs:// names no bucket: give gs://bucket/prefix"):
        open_registry("gs://")


def test_a_bundle_alone_has_no_registry(tmp_path: Path) -> None:
    assert registry_behind(tmp_path) is None


@pytest.mark.parametrize("act", [open_registry, open_bundle])
def test_without_the_extra_it_is_named(
    act: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "google.cloud", None)
    assert callable(act)
    with pytest.raises(MissingExtraError, match=r"gs://shelf/bundles needs the 'gcs' extra"):
        act("gs://shelf/bundles")


def test_serving_from_a_directory_imports_nothing_of_the_cloud() -> None:
    program = "import sys, anirec.web.serving; print('google.cloud.storage' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert answer.stdout == "False\n"
