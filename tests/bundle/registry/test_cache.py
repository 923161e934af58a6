"""Where downloaded bundles are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from anirec.bundle.registry.cache import BundleCache, cache_directory
from anirec.errors import BundleError


def test_the_place_is_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path))
    assert cache_directory() == tmp_path
    monkeypatch.delenv("ANIREC_BUNDLE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_directory() == tmp_path / "anirec" / "bundles"


def test_without_a_home_the_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv("ANIREC_BUNDLE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(BundleError, match="set ANIREC_BUNDLE_CACHE"):
        cache_directory()


def test_registries_do_not_share_a_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path))
    places = {
        BundleCache(address, server).directory
        for address in ("gs://a/b-c", "gs://a/b/c", "gs://a-b/c")
        for server in ("", "http://127.0.0.1:1")
    }
    assert len(places) == 6
    assert {place.parent for place in places} == {tmp_path}
