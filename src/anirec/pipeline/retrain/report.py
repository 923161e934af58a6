"""What a retraining leaves for people and programs: JSON, and a short Markdown page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from anirec.data.starter.write import write_beside

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.pipeline.gate.verdict import Verdict
    from anirec.pipeline.retrain.steps import Step

Outcome = Literal["promoted", "nothing new", "refused", "failed", "stopped"]


@dataclass
class RetrainReport:
    """What one run read, measured and changed."""

    started: str
    """UTC, ISO 8601."""
    registry: str
    sources: list[str]
    outcome: Outcome = "failed"
    why: str = ""
    """One sentence."""
    read: dict[str, Any] = field(default_factory=dict)
    """Counts of ``ingest.json``."""
    figures: dict[str, float] = field(default_factory=dict)
    """The headline metric of every model, mean over the test viewers."""
    metric: str = ""
    test_viewers: int = 0
    version: str | None = None
    """The bundle that was published, now or by an earlier run that was stopped."""
    current_before: str | None = None
    current: str | None = None
    verdict: Verdict | None = None
    """None where the gate was not asked."""
    steps: list[Step] = field(default_factory=list)

    def to_json(self) -> str:
        """Return the whole as JSON."""
        about = {name: value for name, value in vars(self).items() if name != "verdict"}
        about["steps"] = [asdict(step) for step in self.steps]
        about["gate"] = self.verdict.to_dict() if self.verdict else None
        return json.dumps(about, indent=1)

    def to_markdown(self) -> str:
        """Return what a person wants to know in the morning."""
        lines = [f"# Retraining of {self.started}: {self.outcome}", "", self.why or "No word.", ""]
        lines += [f"- Sources: {', '.join(self.sources)}"]
        if self.read:
            counts = ", ".join(f"{n:,} {what.replace('_', ' ')}" for what, n in self.read.items())
            lines += [f"- Read: {counts}"]
        lines += [
            f"- Published: {self.version or 'nothing'}",
            f"- Current in {self.registry}: {self.current or 'none'}"
            + (" (as before)" if self.current == self.current_before else ""),
        ]
        if self.verdict:
            lines += [f"- Gate: {finding}" for finding in self.verdict.findings]
        if self.figures:
            heading = f"{self.metric.replace('ndcg', 'NDCG')}, {self.test_viewers:,} test viewers"
            lines += ["", f"| model | {heading} |", "|---|---:|"]
            lines += [f"| {model} | {mean:.4f} |" for model, mean in self.figures.items()]
        lines += ["", "| step | outcome | seconds | |", "|---|---|---:|---|"]
        lines += [f"| {s.name} | {s.outcome} | {s.seconds:.1f} | {s.note} |" for s in self.steps]
        return "\n".join(lines) + "\n"

    def write(self, directory: Path) -> Path:
        """Write ``<started>.json`` and ``.md``; returns the path of the latter."""
        directory.mkdir(parents=True, exist_ok=True)
        for killed in directory.glob(".*.part.*"):  # a report is written under the lock
            killed.unlink()
        name = self.started.replace("-", "").replace(":", "").replace("+0000", "Z")
        for suffix, text in ((".json", self.to_json() + "\n"), (".md", self.to_markdown())):
            write_beside(
                directory / f"{name}{suffix}",
                lambda path, text=text: path.write_text(text, encoding="utf-8"),  # type: ignore[misc]
            )
        return directory / f"{name}.md"
