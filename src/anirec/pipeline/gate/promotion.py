"""Promoting through the gate: it is asked, its word is recorded, a reason can overrule it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anirec.bundle.registry import GateNote
from anirec.errors import BundleError, UnreachableError
from anirec.pipeline.gate.latency import judge_latency
from anirec.pipeline.gate.quality import judge_quality
from anirec.pipeline.gate.verdict import Verdict
from anirec.recommender import Recommender

if TYPE_CHECKING:
    from anirec.bundle.registry import Registry
    from anirec.params import Params
    from anirec.pipeline.bench.timing import Clock


class GateRefusalError(BundleError):
    """A bundle that must not take the current one's place."""

    def __init__(self, version: str, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(
            f"{version} is not promoted: {verdict.reasons}. To promote it all the same: "
            f'`anirec promote {version} --force --reason "..."`'
        )


@dataclass(frozen=True)
class Promotion:
    """What became of a request to promote."""

    moved: bool
    """False where the version was current already."""
    verdict: Verdict | None
    """None where there was nothing to judge: no current bundle, or this very one."""


def promote(
    registry: Registry,
    version: str,
    params: Params,
    why: str = "",
    *,
    force: bool = False,
    clock: Clock = time.perf_counter,
) -> Promotion:
    """Make ``version`` the current bundle if the gate lets it through.

    Without a current bundle there is nothing to compare with, and the gate is not asked.

    Parameters
    ----------
    params
        The latency budget, and the salt of the split.
    why
        Kept in the history.
    force
        Promote also what the gate refuses; its word is kept in the history.
    clock
        Seconds; what latency is measured with.

    Raises
    ------
    GateRefusalError
        If the gate refuses, and nobody forces it.
    MovedMeanwhileError
        If somebody else moved ``current`` while the gate was judging.
    BundleError
        If there is no such version, or it is damaged.
    """
    if registry.current() == version:
        return Promotion(moved=False, verdict=None)
    asked: list[Verdict] = []

    def gate(current: str | None) -> GateNote:
        if current is None:
            return GateNote()
        verdict = judge(_local(registry, version), _local(registry, current), params, clock)
        asked.append(verdict)
        if verdict.refused and not force:
            raise GateRefusalError(version, verdict)
        return GateNote(str(verdict), forced=verdict.refused)

    registry.promote(version, why, gate)
    return Promotion(moved=True, verdict=asked[0] if asked else None)


def _local(registry: Registry, version: str) -> Path:
    """Return where a bundle lies; of a damaged one where it should lie, for the gate to refuse it."""
    try:
        return registry.fetch(version)
    except UnreachableError:
        raise
    except BundleError:
        return Path(registry.place(version))


def judge(
    candidate: Path, current: Path, params: Params, clock: Clock = time.perf_counter
) -> Verdict:
    """Compare a bundle with the current one and measure how fast it answers."""
    return Verdict(
        (
            judge_quality(candidate, current, params.split.salt),
            judge_latency(Recommender.load(candidate), params.gate, clock),
        )
    )
