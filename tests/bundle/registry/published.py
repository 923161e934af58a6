"""Publishes small bundles under chosen names."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from anirec.bundle.manifest import Manifest
from small_world import small_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.registry import Registry


def bundle_named(version: str, directory: Path) -> Manifest:
    small_bundle(directory)
    manifest = dataclasses.replace(Manifest.read(directory), version=version)
    manifest.write(directory)
    return manifest


def publish(registry: Registry, *versions: str) -> None:
    for version in versions:
        registry.publish(partial(bundle_named, version))
