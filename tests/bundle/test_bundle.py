from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.bundle.bundle import Provenance, open_bundle, write_bundle
from anirec.bundle.manifest import MANIFEST_FILE, SCHEMA_VERSION, Manifest
from anirec.errors import BundleError
from anirec.models.popularity import Popularity
from anirec.models.registry import MODELS
from small_world import (
    FIRST_USER,
    N_VIEWERS,
    TEST_MODELS,
    Linear,
    small_bundle,
    small_dataset,
    small_hybrid,
)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    small_bundle(tmp_path / "bundle")
    return tmp_path / "bundle"


def files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def assert_refused(directory: Path, says: str = "") -> None:
    with pytest.raises(BundleError, match=says) as refusal:
        open_bundle(directory)
    assert "\n" not in str(refusal.value)
    assert str(directory) in str(refusal.value)


def test_what_is_opened_is_what_was_written(bundle: Path) -> None:
    dataset = small_dataset()
    opened = open_bundle(bundle)
    watched = dataset.histories.watched()
    np.testing.assert_array_equal(
        opened.hybrid.score(watched), small_hybrid(dataset).score(watched)
    )
    np.testing.assert_array_equal(opened.popularity.share, Popularity().fit(dataset).share)
    assert opened.hybrid.weights == pytest.approx({"collaborative": 0.7, "content": 0.3})
    assert opened.catalogue.show(7) == dataset.shows[7]
    assert opened.titles.rows("show 7", 1) == [7]


def test_viewers_are_sorted_and_their_lists_complete(bundle: Path) -> None:
    viewers = open_bundle(bundle).viewers
    assert viewers is not None
    np.testing.assert_array_equal(viewers.user_ids, np.arange(FIRST_USER, FIRST_USER + N_VIEWERS))
    given_lists = small_dataset().histories
    np.testing.assert_array_equal(
        viewers.select(slice(0, 1)).items,
        given_lists.select(slice(N_VIEWERS - 1, N_VIEWERS)).items,
    )


def test_the_manifest_tells_what_it_is(bundle: Path) -> None:
    manifest = open_bundle(bundle).manifest
    assert manifest.schema_version == SCHEMA_VERSION
    assert (manifest.collaborative, manifest.content) == ("linear", "other_linear")
    assert (manifest.n_items, manifest.n_viewers, manifest.has_viewers) == (60, N_VIEWERS, True)
    assert manifest.evaluation == {"new_viewers": {"ndcg": [0.5, 0.25]}}
    assert manifest.version.endswith(f"-{manifest.bundle_hash[:8]}")
    assert set(manifest.files) == {
        path.relative_to(bundle).as_posix() for path in files(bundle) if path.name != MANIFEST_FILE
    }


def test_holds_no_pickle(bundle: Path) -> None:
    assert {path.suffix for path in files(bundle)} <= {".json", ".jsonl", ".txt", ".npy"}
    for path in bundle.rglob("*.npy"):
        np.load(path, allow_pickle=False)


def test_the_hash_depends_on_the_contents_alone(tmp_path: Path) -> None:
    first, second = small_bundle(tmp_path / "a"), small_bundle(tmp_path / "b")
    without = small_bundle(tmp_path / "c", with_viewers=False)
    dataset = small_dataset()
    elsewhere = write_bundle(
        tmp_path / "d",
        dataset,
        small_hybrid(dataset),
        Popularity().fit(dataset),
        Provenance("other", "other", 1, "other", {}),
    )
    assert first.bundle_hash == second.bundle_hash == elsewhere.bundle_hash
    assert first.bundle_hash != without.bundle_hash


def test_viewers_can_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def note(self: Linear) -> Linear:
        asked.append(self.name)
        return self

    monkeypatch.setattr(Linear, "without_viewers", note)
    small_bundle(tmp_path / "bundle", with_viewers=False)
    assert not (tmp_path / "bundle" / "viewers").exists()
    assert open_bundle(tmp_path / "bundle").viewers is None
    assert asked == ["linear", "other_linear"]


def test_a_model_that_needs_its_viewers_stops_a_bundle_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Linear) -> Linear:
        raise BundleError("linear cannot score without the training lists")

    monkeypatch.setattr(Linear, "without_viewers", refuse)
    with pytest.raises(BundleError, match="cannot score without"):
        small_bundle(tmp_path / "bundle", with_viewers=False)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Manifest, directory: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Manifest, "write", fail)
    with pytest.raises(OSError, match="disk full"):
        small_bundle(tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_model_of_another_catalogue_is_refused(tmp_path: Path) -> None:
    dataset = small_dataset()
    popularity = Popularity().fit(dataset)
    popularity.n_items = 5
    with pytest.raises(BundleError, match="popularity knows 5 shows"):
        write_bundle(
            tmp_path / "bundle",
            dataset,
            small_hybrid(dataset),
            popularity,
            Provenance("", "", 2, None, {}),
        )


def test_a_link_and_a_registry_lead_to_the_bundle(bundle: Path) -> None:
    (bundle.parent / "current").symlink_to("bundle")
    version = open_bundle(bundle).manifest.version
    assert open_bundle(bundle.parent / "current").manifest.version == version
    assert open_bundle(bundle.parent).manifest.version == version


def test_no_bundle_at_all(tmp_path: Path) -> None:
    assert_refused(tmp_path / "nothing", "is no bundle")
    assert_refused(tmp_path, "is no bundle")
    (tmp_path / "file").write_text("")
    assert_refused(tmp_path / "file", "is no bundle")


def test_every_missing_file_is_noticed(bundle: Path) -> None:
    for path in files(bundle):
        content = path.read_bytes()
        path.unlink()
        assert_refused(bundle, "is no bundle" if path.name == MANIFEST_FILE else path.name)
        path.write_bytes(content)
    open_bundle(bundle)


def test_every_truncated_file_is_noticed(bundle: Path) -> None:
    for path in files(bundle):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        assert_refused(bundle, "is damaged")
        path.write_bytes(b"")
        assert_refused(bundle, "is damaged")
        path.write_bytes(content)


@pytest.fixture(scope="module")
def pristine() -> Any:
    with TemporaryDirectory() as directory:
        small_bundle(Path(directory) / "bundle")
        yield Path(directory) / "bundle"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_noticed_or_means_nothing(
    pristine: Path, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(files(pristine)), label="file")
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1), label="byte")
    bit = data.draw(st.integers(0, 7), label="bit")
    before = Manifest.read(pristine)
    path.write_bytes(content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :])
    try:
        opened = open_bundle(pristine)
    except BundleError:
        pass
    else:
        # White space between the fields of the manifest says nothing.
        assert path.name == MANIFEST_FILE
        assert opened.manifest == before
    finally:
        path.write_bytes(content)


def rewrite_manifest(bundle: Path, **changes: Any) -> None:
    path = bundle / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_newer_schema_is_refused_before_anything_else(bundle: Path) -> None:
    rewrite_manifest(bundle, schema_version=SCHEMA_VERSION + 1, something_new=[1])
    assert_refused(bundle, "published by a newer anirec .* upgrade anirec")


def test_an_older_schema_is_refused_and_to_be_published_again(bundle: Path) -> None:
    rewrite_manifest(bundle, schema_version=SCHEMA_VERSION - 1)
    assert_refused(bundle, "published by an older anirec .* publish it again")


@pytest.mark.parametrize("schema", [None, "1", True, 1.0, []])
def test_a_manifest_without_a_schema_is_damaged(bundle: Path, schema: object) -> None:
    rewrite_manifest(bundle, schema_version=schema)
    assert_refused(bundle, "no schema version")


@pytest.mark.parametrize("text", ["[]", "null", '"x"', "{", "\x00", "[[[["])
def test_a_manifest_that_is_no_object_is_damaged(bundle: Path, text: str) -> None:
    (bundle / MANIFEST_FILE).write_text(text)
    assert_refused(bundle, "is damaged")


def test_a_manifest_with_wrong_encoding_is_damaged(bundle: Path) -> None:
    (bundle / MANIFEST_FILE).write_bytes(b"\xff\xfe{}")
    assert_refused(bundle, "is damaged")


def test_changed_figures_are_noticed(bundle: Path) -> None:
    rewrite_manifest(bundle, evaluation={"new_viewers": {"ndcg": [1.0]}})
    assert_refused(bundle, "its checksum does not fit")


def test_a_model_of_a_newer_anirec_is_refused(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(MODELS, "linear")
    with pytest.raises(BundleError, match="'linear'"):
        open_bundle(bundle)


def test_other_files_in_the_directory_do_no_harm(bundle: Path) -> None:
    (bundle / ".DS_Store").write_bytes(b"x")
    open_bundle(bundle)


def test_an_opened_bundle_outlives_its_directory(bundle: Path) -> None:
    opened = open_bundle(bundle)
    shutil.rmtree(bundle)
    assert opened.catalogue.show(3).title == "Show 3"
    assert len(opened.hybrid.score(small_dataset().histories.watched())) == N_VIEWERS
