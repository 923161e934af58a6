"""The held-out figures that a bundle carries, viewer by viewer, of what answers in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.bundle.manifest import MEASURED_ON
from anirec.pipeline.viewer_keys import viewer_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anirec.bundle.manifest import Manifest

MAIN_PROTOCOL: Final = "new-viewers"
"""The value of ``NEW_VIEWERS``, spelt out so that promoting imports no training library."""
MEASURED_ALIKE: Final = {"headline": "metric", "n": "number of places"}
"""What two reports must have in common, by its name in the JSON."""


class CannotCompareError(Exception):
    """Two bundles whose figures do not say which is better; the text says why."""


@dataclass(frozen=True)
class HeldOutFigures:
    """The headline metric of each held-out viewer, for one bundle's recipe."""

    model: str
    """What answers in that bundle: ``learned`` or ``hybrid``."""
    about: dict[str, Any]
    """The fields of ``MEASURED_ALIKE``."""
    items: int
    """How many shows competed; a refreshed bundle has others besides."""
    measured_on: str
    """The version that the figures were measured for: the bundle's own unless it was refreshed."""
    per_viewer: list[float]
    user_ids: list[int] | None
    """In the order of ``per_viewer``; None where the bundle tells no ids."""
    keys: list[str] | None
    """``viewer_keys`` of the same, where it tells no ids."""
    lists: str | None
    """One key of all viewers and their lists; None where an earlier anirec measured."""
    list_keys: list[str] | None
    """A key of each viewer's list; None where the bundle tells no ids."""

    def names(self, salt: str | None) -> Sequence[int | str]:
        """Return user ids, or keys if a salt is given, in the order of ``per_viewer``."""
        if salt is None:
            return self.user_ids or []
        return viewer_keys(self.user_ids, salt) if self.user_ids else self.keys or []

    def by_name(self, salt: str | None) -> dict[int | str, int]:
        """Return places in ``per_viewer`` by ``names``; shared keys are left out."""
        names = self.names(salt)
        times = Counter(names)
        return {name: place for place, name in enumerate(names) if times[name] == 1}


def read_figures(manifest: Manifest, model: str, whose: str) -> HeldOutFigures:
    """Return the figures of one model that a bundle carries.

    Parameters
    ----------
    whose
        What the bundle is called in errors.

    Raises
    ------
    CannotCompareError
        If it has none, or they do not name their viewers.
    """
    report = manifest.evaluation.get(MAIN_PROTOCOL)
    if not isinstance(report, dict):
        raise CannotCompareError(
            f"{whose} has no figures of the protocol {MAIN_PROTOCOL} (`anirec evaluate` measures them, "
            "`anirec publish` takes them along)"
        )
    try:
        about = {name: report[name] for name in MEASURED_ALIKE}
        items = int(report["items"])
        told: Mapping[str, Any] = report["per_viewer"]
        figures = told[about["headline"]]
        if model not in figures:
            raise CannotCompareError(f"{whose} has no figures of {model}, which answers in it")
        values = [float(value) for value in figures[model]]
        ids, keys, list_keys = (told.get(n) for n in ("user_ids", "viewer_keys", "list_keys"))
        whole = (
            len(ids or keys or []) == len(values)
            and (list_keys is None or len(list_keys) == len(values))
            and bool(np.isfinite(values).all())
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        whole = False
    if not whole:
        raise CannotCompareError(f"the figures of {whose} do not name their viewers one by one")
    measured_on = report.get(MEASURED_ON, manifest.version)
    lists = report.get("lists")
    return HeldOutFigures(model, about, items, measured_on, values, ids, keys, lists, list_keys)
