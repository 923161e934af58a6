"""Whether a bundle's recipe finds as much for new viewers as the current one's.

Compared are the held-out figures that ``evaluate`` measured and ``publish`` put into the manifest, of
whatever answers where a request names no weights. The bundles themselves are refitted on everyone and
are never scored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.bundle.bundle import answers_with
from anirec.bundle.manifest import Manifest
from anirec.errors import BundleError
from anirec.evaluation.bootstrap import Interval, paired_difference
from anirec.pipeline.gate.verdict import Finding
from anirec.pipeline.viewer_keys import viewer_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAIN_PROTOCOL: Final = "new-viewers"
"""The value of ``NEW_VIEWERS``, spelt out so that promoting imports no training library."""
MINIMUM_VIEWERS: Final = 50
"""Of fewer common viewers an interval says too little."""
MEASURED_ALIKE: Final = {
    "headline": "metric",
    "n": "number of places",
    "items": "number of shows that compete",
}
"""What two reports must have in common, by its name in the JSON."""


@dataclass(frozen=True)
class HeldOutFigures:
    """The headline metric of each held-out viewer, for one bundle's recipe."""

    model: str
    """What answers in that bundle: ``learned`` or ``hybrid``."""
    about: dict[str, Any]
    """The fields of ``MEASURED_ALIKE``."""
    per_viewer: list[float]
    user_ids: list[int] | None
    """In the order of ``per_viewer``; None where the bundle tells no ids."""
    keys: list[str] | None
    """``viewer_keys`` of the same, where it tells no ids."""

    def by_name(self, salt: str | None) -> dict[int | str, float]:
        """Return the figures by user id, or by key if a salt is given; shared keys are left out."""
        names: Sequence[int | str]
        if salt is None:
            names = self.user_ids or []
        else:
            names = viewer_keys(self.user_ids, salt) if self.user_ids else self.keys or []
        times = Counter(names)
        return {
            name: value
            for name, value in zip(names, self.per_viewer, strict=True)
            if times[name] == 1
        }


class CannotCompareError(Exception):
    """Two bundles whose figures do not say which is better; the text says why."""


def judge_quality(candidate: Path, current: Path, salt: str) -> Finding:
    """Compare two bundles by what their recipes find for the viewers that both held out.

    Parameters
    ----------
    candidate, current
        Directories of bundles.
    salt
        That of the split; names viewers where one of the bundles tells no ids.

    Returns
    -------
    Refused where the 95 % interval of the difference lies below zero, and where the two cannot be
    compared; not judged where the current bundle learned from simulated viewers.

    Raises
    ------
    BundleError
        If the candidate cannot be read.
    """
    manifest = Manifest.read(candidate)
    try:
        old = _read_current(current)
        if old.simulated:
            return Finding(
                "quality",
                "not judged",
                "the current bundle learned from simulated viewers, whose figures are no ground for "
                "a judgement",
            )
        if manifest.simulated:
            raise CannotCompareError(
                "it learned from simulated viewers, the current bundle from real"
            )
        ours = _figures(manifest, answers_with(candidate), "this bundle")
        theirs = _figures(old, _answers_with_current(current), "the current bundle")
        one, other = _paired(ours, theirs, salt)
    except CannotCompareError as error:
        return Finding("quality", "refused", f"it cannot be compared with the current one: {error}")
    return _verdict(ours, theirs, one, other)


def _verdict(
    ours: HeldOutFigures, theirs: HeldOutFigures, one: list[float], other: list[float]
) -> Finding:
    difference = paired_difference(one, other)
    means = float(np.mean(one)), float(np.mean(other))
    metric = str(ours.about["headline"]).replace("ndcg", "NDCG")
    text = (
        f"{metric} of {ours.model} {means[0]:.4f} against {means[1]:.4f} of {theirs.model} in the "
        f"current bundle, {_in_words(difference)} over {len(one):,} common held-out viewers"
    )
    worse = difference.high < 0
    figures = {
        "metric": ours.about["headline"],
        "model": ours.model,
        "mean": means[0],
        "current_model": theirs.model,
        "current_mean": means[1],
        "difference": asdict(difference),
        "viewers": len(one),
    }
    if worse:
        return Finding("quality", "refused", f"it finds less for new viewers: {text}", figures)
    return Finding("quality", "passed", text, figures)


def _in_words(difference: Interval) -> str:
    return f"{difference.mean:+.4f} ({difference.low:+.4f} to {difference.high:+.4f})"


def _paired(
    ours: HeldOutFigures, theirs: HeldOutFigures, salt: str
) -> tuple[list[float], list[float]]:
    """Return the figures of the common viewers, both in the order of their names.

    The bootstrap draws viewers by place: in a fixed order the same figures give the same interval.
    """
    for name, title in MEASURED_ALIKE.items():
        here, there = ours.about[name], theirs.about[name]
        if here != there:
            raise CannotCompareError(f"the {title} is {here} here and {there} there")
    by_id = ours.user_ids is not None and theirs.user_ids is not None
    here_by, there_by = (side.by_name(None if by_id else salt) for side in (ours, theirs))
    common = sorted(here_by.keys() & there_by.keys(), key=str)
    if len(common) < MINIMUM_VIEWERS:
        raise CannotCompareError(
            f"{len(common):,} held-out viewers are common to both, {MINIMUM_VIEWERS} are needed"
        )
    return [here_by[name] for name in common], [there_by[name] for name in common]


def _figures(manifest: Manifest, model: str, whose: str) -> HeldOutFigures:
    report = manifest.evaluation.get(MAIN_PROTOCOL)
    if not isinstance(report, dict):
        raise CannotCompareError(
            f"{whose} has no figures of the protocol {MAIN_PROTOCOL} (`anirec evaluate` measures them, "
            "`anirec publish` takes them along)"
        )
    try:
        about = {name: report[name] for name in MEASURED_ALIKE}
        told: Mapping[str, Any] = report["per_viewer"]
        figures = told[about["headline"]]
        if model not in figures:
            raise CannotCompareError(f"{whose} has no figures of {model}, which answers in it")
        values = [float(value) for value in figures[model]]
        ids, keys = told.get("user_ids"), told.get("viewer_keys")
        whole = len(ids or keys or []) == len(values) and bool(np.isfinite(values).all())
    except (KeyError, TypeError, ValueError):
        whole = False
    if not whole:
        raise CannotCompareError(f"the figures of {whose} do not name their viewers one by one")
    return HeldOutFigures(model, about, values, ids, keys)


def _read_current(current: Path) -> Manifest:
    try:
        return Manifest.read(current)
    except BundleError as error:
        raise CannotCompareError(str(error)) from None


def _answers_with_current(current: Path) -> str:
    try:
        return answers_with(current)
    except BundleError as error:
        raise CannotCompareError(str(error)) from None
