"""Bundles with held-out figures, for the gate to compare."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from anirec.bundle.manifest import Manifest
from anirec.evaluation.list_keys import key_of_all
from small_world import small_bundle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

USERS = list(range(1_000_000, 1_000_080))
GOOD = [0.3 + 0.005 * (user % 80) for user in USERS]
WORSE = [value - 0.1 for value in GOOD]


def evaluation(
    figures: Mapping[str, Sequence[float]],
    users: Sequence[int] = USERS,
    *,
    grown: int = 0,
    **changed: Any,
) -> dict[str, Any]:
    """Return what publish attaches, figures by model name; the first lists have grown."""
    keys = [f"{user + (i < grown):08x}" for i, user in enumerate(users)]
    report = {
        "headline": "ndcg@10",
        "n": 10,
        "items": 60,
        "lists": key_of_all(users, keys),
        "per_viewer": {
            "user_ids": list(users),
            "list_keys": keys,
            "ndcg@10": {name: list(values) for name, values in figures.items()},
        },
    }
    return {"new-viewers": report | changed}


def bundle_with(
    directory: Path, about: dict[str, Any], version: str = "v1", *, simulated: bool = False
) -> Manifest:
    """Write a small bundle, answering with the hybrid, that carries these figures."""
    small_bundle(directory)
    manifest = replace(
        Manifest.read(directory), version=version, evaluation=about, simulated=simulated
    )
    manifest.write(directory)
    return manifest


def sketch(
    directory: Path, about: dict[str, Any], *, learned: bool = False, simulated: bool = False
) -> Path:
    """Write as much of a bundle as judging its quality reads."""
    directory.mkdir()
    Manifest(
        version=directory.name,
        bundle_hash="b" * 64,
        created_at="2026-01-01T00:00:00+00:00",
        revision=None,
        data_hash="d" * 64,
        params_hash="p" * 64,
        threads=1,
        collaborative="ease",
        content="content",
        weights={"collaborative": 0.5, "content": 0.5},
        n_items=60,
        n_viewers=80,
        has_viewers=True,
        simulated=simulated,
        evaluation=about,
    ).write(directory)
    (directory / "ranker.json").write_text(json.dumps({"learned": learned}))
    return directory
