"""Whether a bundle's recipe finds as much for new viewers as the current one's.

Compared are the held-out figures that ``evaluate`` measured and ``publish`` put into the manifest, of
whatever answers where a request names no weights. The bundles themselves are refitted on everyone and
are never scored.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from anirec.bundle.bundle import answers_with
from anirec.bundle.manifest import Manifest
from anirec.errors import BundleError
from anirec.pipeline.gate.comparison import Comparison, compare
from anirec.pipeline.gate.held_out_figures import (
    CannotCompareError,
    HeldOutFigures,
    read_figures,
)
from anirec.pipeline.gate.verdict import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.evaluation.bootstrap import Interval


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
        ours = read_figures(manifest, answers_with(candidate), "this bundle")
        theirs = read_figures(old, _answers_with_current(current), "the current bundle")
        found = compare(ours, theirs, salt)
    except CannotCompareError as error:
        return Finding("quality", "refused", f"it cannot be compared with the current one: {error}")
    return _verdict(ours, theirs, found, (*found.remarks, *_of_refreshed(manifest, ours)))


def _verdict(
    ours: HeldOutFigures, theirs: HeldOutFigures, found: Comparison, remarks: tuple[str, ...]
) -> Finding:
    metric = str(ours.about["headline"]).replace("ndcg", "NDCG")
    text = (
        f"{metric} of {ours.model} {found.mean:.4f} against {found.current_mean:.4f} of "
        f"{theirs.model} in the current bundle, {_in_words(found.difference)} over "
        f"{found.viewers:,} common held-out viewers"
    )
    text = "; ".join((text, *remarks))
    figures = {
        "metric": ours.about["headline"],
        "model": ours.model,
        "mean": found.mean,
        "current_model": theirs.model,
        "current_mean": found.current_mean,
        "difference": asdict(found.difference),
        "viewers": found.viewers,
        "paired": found.paired,
        "allowed_loss": found.allowed_loss,
        "items": ours.items,
        "current_items": theirs.items,
        "measured_on": ours.measured_on,
        "current_measured_on": theirs.measured_on,
    }
    if found.worse:
        return Finding("quality", "refused", f"it finds less for new viewers: {text}", figures)
    return Finding("quality", "passed", text, figures)


def _of_refreshed(manifest: Manifest, ours: HeldOutFigures) -> tuple[str, ...]:
    """Say what the figures of a refreshed bundle are."""
    if ours.measured_on == manifest.version:
        return ()
    return (
        f"its figures are those of the recipe of {ours.measured_on}, whose catalogue was refreshed "
        f"({ours.items:,} shows then, {manifest.n_items:,} now): shows that are new are not in them",
    )


def _in_words(difference: Interval) -> str:
    return f"{difference.mean:+.4f} ({difference.low:+.4f} to {difference.high:+.4f})"


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
