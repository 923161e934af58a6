"""From lists in a bucket to a registry in a bucket, by way of the real server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fsspec import get_filesystem_class

from anirec.bundle.registry import open_registry
from anirec.data.starter.write import CATALOGUE_FILE, LISTS_FILE
from anirec.pipeline.retrain.loop import retrain
from gcs_server import GCSFS_ENVIRONMENT, gcs_server, upload

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.retrain.nightly_world import World

BUCKET = "nightly"


@pytest.mark.real
def test_lists_and_registry_in_a_bucket(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path / "bundles"))
    for name, value in GCSFS_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    place = f"gs://{BUCKET}/bundles"
    with gcs_server(BUCKET) as server:

        def put(name: str) -> None:
            upload(server, BUCKET, f"lists/{name}", (world.lists.parent / name).read_bytes())

        put(LISTS_FILE)
        put(CATALOGUE_FILE)
        job = replace(world.job(), sources=(f"gs://{BUCKET}/lists",), registry=place)
        first = retrain(job)
        assert first.outcome == "promoted"
        assert open_registry(place).current() == first.version
        # The same bytes as in the world: what it had trained and measured is kept.
        assert [s.name for s in first.steps if s.outcome == "kept"] == [
            "split",
            "train",
            "evaluate",
        ]

        again = retrain(job)
        assert again.outcome == "nothing new"
        assert again.steps[0].outcome == "kept"

        put(LISTS_FILE)  # another generation of the same bytes
        get_filesystem_class("gs").clear_instance_cache()  # another night, another process
        touched = retrain(job)
        assert touched.outcome == "nothing new"
        assert touched.steps[0].outcome == "done"
        assert open_registry(place).versions() == [first.version]
