from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

from anirec.tracking.folder import (
    KEEP_MODELS,
    MODELS,
    RunFolder,
    drop_old_models,
    is_running,
    run_directories,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_taken_stays_when_the_original_goes(tmp_path: Path) -> None:
    source = tmp_path / "model"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "a.npy").write_text("a")
    folder = RunFolder(tmp_path / "runs", "train")
    taken = folder.take(source, MODELS, "ease")
    beside = source / "beside"
    beside.write_text("b")
    beside.replace(source / "deep" / "a.npy")

    assert (taken / "deep" / "a.npy").read_text() == "a"
    folder.close()


def test_links_where_it_can_and_copies_where_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "a").write_text("a")
    folder = RunFolder(tmp_path / "runs", "train")
    linked = folder.take(tmp_path / "model", MODELS, "first")
    assert (linked / "a").stat().st_nlink == 2

    def other_file_system(*arguments: Any) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", other_file_system)
    copied = folder.take(tmp_path / "model", MODELS, "second")
    assert (copied / "a").read_text() == "a"
    assert (linked / "a").stat().st_nlink == 2
    assert [path.name for path in copied.iterdir()] == ["a"]
    folder.close()


def test_a_file_that_a_person_edits_is_copied(tmp_path: Path) -> None:
    original = tmp_path / "params.yaml"
    original.write_text("seed: 7")
    folder = RunFolder(tmp_path / "runs", "train")
    taken = folder.take(original, "files", "params.yaml")
    original.write_text("seed: 8")  # where it lies

    assert taken.read_text() == "seed: 7"
    folder.close()


def test_a_run_is_running_until_its_folder_is_closed(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "train")
    assert is_running(folder.directory)
    folder.close()
    assert not is_running(folder.directory)


def test_models_of_the_newest_runs_are_kept(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "a.npy").write_text("a")
    runs = tmp_path / "runs"
    folders = [RunFolder(runs, "train") for _ in range(KEEP_MODELS + 2)]
    RunFolder(runs, "evaluate").close()  # has no models, and costs no other run its own
    for folder in folders:
        folder.take(model, MODELS, "ease")
        folder.take(model / "a.npy", "files", "a.npy")
    ordered = [path for path in run_directories(runs) if (path / MODELS).exists()]
    still_running = next(folder for folder in folders if folder.directory == ordered[-1])
    for folder in folders:
        if folder is not still_running:
            folder.close()
    drop_old_models(runs)

    kept = [path for path in ordered if (path / MODELS).exists()]
    assert kept == [*ordered[:KEEP_MODELS], still_running.directory]
    assert all((path / "files" / "a.npy").exists() for path in ordered)
    assert (model / "a.npy").read_text() == "a"
    still_running.close()
