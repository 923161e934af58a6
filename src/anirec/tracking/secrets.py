"""Keeps keys and passwords out of what is tracked and said."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anirec.tracking.tracker import Value

HIDDEN: Final = "***"
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_.-])(?:api_?key|key|token|password|passwd|secret|credentials?)s?$", re.IGNORECASE
)
_SHORTEST: Final = 6
"""Shorter values of the environment are no secrets, and hiding them would garble the text."""


def hide_named(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values with those hidden whose name says that they are secret."""
    return {name: HIDDEN if _SECRET_NAME.search(name) else value for name, value in values.items()}


def hide_in(text: str) -> str:
    """Return the text without the secrets that the environment holds."""
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST and _SECRET_NAME.search(name):
            text = text.replace(value, HIDDEN)
    return text
