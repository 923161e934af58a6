"""What a result was made from, so that a later stage takes only what belongs to its own input."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from anirec.data.split import table_hashes
from anirec.models.registry import MODELS, model_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from anirec.params import Params


def with_needs(names: Iterable[str]) -> list[str]:
    """Return these models and what they build on, in the order of the registry.

    The registry lists a model after those it needs.

    Raises
    ------
    AnirecError
        If there is no model of one of these names.
    """
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            waiting.extend(model_class(name).needs)
            found.add(name)
    return [name for name in MODELS if name in found]


def recipe_of(
    names: Iterable[str], split_about: Mapping[str, Any], params: Params
) -> dict[str, Any]:
    """Return all that a result of these models depends on besides the code.

    Parameters
    ----------
    names
        In an order that means something to the caller.
    split_about
        What ``split.json`` holds, or would hold (``split_of``).
    """
    names = list(names)
    return {
        "names": names,
        "tables": split_about["tables"],
        "split": split_about["params"],
        "seed": params.seed,
        "threads": params.threads,
        "models": {
            name: params.new_model(name).config.model_dump(mode="json")
            for name in with_needs(names)
        },
    }


def recipe_hash(names: Iterable[str], split_about: Mapping[str, Any], params: Params) -> str:
    """Return the SHA-256 of ``recipe_of``."""
    return hashlib.sha256(canonical(recipe_of(names, split_about, params))).hexdigest()


def split_of(tables: Path, params: Params) -> dict[str, Any]:
    """Return the part of ``split.json`` that counts, for a split made of these tables now."""
    return {"tables": table_hashes(tables), "params": params.split.model_dump(mode="json")}


def canonical(value: object) -> bytes:
    """Return JSON in which equal values are equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
