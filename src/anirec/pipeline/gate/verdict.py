"""What the gate found, in words and in figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """The answer to one question of the gate."""

    subject: Literal["quality", "latency"]
    outcome: Literal["passed", "refused", "not judged"]
    text: str
    """Why, with the figures; one line."""
    figures: dict[str, Any] = field(default_factory=dict)
    """The same for a program."""

    def __str__(self) -> str:
        return f"{self.subject} {self.outcome}: {self.text}"


@dataclass(frozen=True)
class Verdict:
    """All findings about one bundle."""

    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """True where a single finding is a refusal."""
        return any(finding.outcome == "refused" for finding in self.findings)

    @property
    def reasons(self) -> str:
        """Why the bundle is refused, in one line."""
        return "; ".join(finding.text for finding in self.findings if finding.outcome == "refused")

    def __str__(self) -> str:
        return "; ".join(map(str, self.findings))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "refused": self.refused,
            "findings": [asdict(finding) for finding in self.findings],
        }
