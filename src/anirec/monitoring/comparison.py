"""Live counts against the training snapshot: what differs, by how much, and whether it matters.

A measure has drifted if it is *both* too far off to be chance and far enough off to matter. One
alone would not do: over many answers every trifle is beyond chance, over few chance goes far.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from anirec.monitoring.acceptance import acceptance
from anirec.monitoring.measures import (
    COLD_SHARE,
    COVERAGE,
    LEAST_COVERAGE,
    LEVEL_OF_EACH,
    LIST_LENGTH,
    MIXES,
    MORE_COLD,
    STATISTICS,
    MixMeasure,
    shares,
)
from anirec.monitoring.statistics import kolmogorov_smirnov, two_shares

if TYPE_CHECKING:
    from anirec.monitoring.counts import Counts
    from anirec.monitoring.snapshot import Snapshot

LEAST_ANSWERS: Final = 50
"""Fewer say nothing, live or in training."""


@dataclass(frozen=True)
class Finding:
    """One measure, live and in training."""

    measure: str
    title: str
    drifted: bool
    judged_by: str
    """The statistic that decides"""
    statistics: dict[str, float]
    limits: dict[str, float]
    """What has to be passed for an alert: ``matters`` and, where chance plays a part, ``chance``"""
    live: dict[str, float]
    """Shares by group, or the one figure"""
    training: dict[str, float]


@dataclass(frozen=True)
class Comparison:
    """All measures."""

    bundle: str
    """Version"""
    answers: int
    """Live ones that were compared"""
    enough: bool
    """Whether these are enough to say anything"""
    findings: tuple[Finding, ...]
    acceptance: dict[str, float] = field(default_factory=dict)
    """What became of recommended shows; empty if no client told what it had shown"""

    @property
    def drifted(self) -> tuple[Finding, ...]:
        """The measures that call for somebody."""
        return tuple(finding for finding in self.findings if finding.drifted)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {**asdict(self), "drifted": [finding.measure for finding in self.drifted]}


def compare(live: Counts, snapshot: Snapshot, bundle: str) -> Comparison:
    """Hold live counts against the snapshot of the bundle with the version ``bundle``."""
    if min(live.answers, snapshot.counts.answers) < LEAST_ANSWERS:
        return Comparison(bundle, live.answers, False, (), acceptance(live))
    findings = (
        *(_of_mix(measure, live, snapshot) for measure in MIXES),
        _of_cold_viewers(live, snapshot),
        _of_coverage(live, snapshot),
    )
    return Comparison(bundle, live.answers, True, findings, acceptance(live))


def _of_mix(measure: MixMeasure, live: Counts, snapshot: Snapshot) -> Finding:
    now, then = measure.groups(live), measure.groups(snapshot.counts)
    groups = [*then, *(group for group in now if group not in then)]
    mix, expected = shares(now, groups), shares(then, groups)
    # Cold viewers have no genres: as many lists count as have some.
    n = round(sum(now.values()))
    statistics = {name: float(function(mix, expected)) for name, function in STATISTICS.items()}
    chance = snapshot.by_chance(measure.name, max(n, 1))
    drifted = n >= LEAST_ANSWERS and statistics[measure.judged_by] > max(
        chance, measure.shifted_from
    )
    if measure is LIST_LENGTH:
        gap, p_value = kolmogorov_smirnov(mix, expected, n, snapshot.counts.answers)
        statistics |= {"kolmogorov_smirnov": gap, "p_value": p_value}
        drifted = drifted and p_value < LEVEL_OF_EACH
    return Finding(
        measure.name,
        measure.title,
        drifted,
        measure.judged_by,
        statistics,
        {"matters": measure.shifted_from, "chance": chance},
        dict(zip(groups, mix.tolist(), strict=True)),
        dict(zip(groups, expected.tolist(), strict=True)),
    )


def _of_cold_viewers(live: Counts, snapshot: Snapshot) -> Finding:
    now = live.cold_viewers / live.answers
    then = snapshot.counts.cold_viewers / max(snapshot.counts.answers, 1)
    p_value = two_shares(now, then, live.answers, max(snapshot.counts.answers, 1))
    return Finding(
        COLD_SHARE,
        "Viewers without a watched show",
        now - then > MORE_COLD and p_value < LEVEL_OF_EACH,
        "increase",
        {"increase": now - then, "p_value": p_value},
        {"matters": MORE_COLD},
        {"share": now},
        {"share": then},
    )


def _of_coverage(live: Counts, snapshot: Snapshot) -> Finding:
    now = live.distinct_shows
    then = snapshot.expected_distinct(live.recommended_shows)
    ratio = now / then if then else 1.0
    return Finding(
        COVERAGE,
        "Distinct shows recommended",
        ratio < LEAST_COVERAGE,
        "ratio",
        {"ratio": ratio},
        {"matters": LEAST_COVERAGE},
        {"shows": now},
        {"shows": then},
    )
