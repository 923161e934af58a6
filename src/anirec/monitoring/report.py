"""What the monitor found: as a page for people, as JSON, as metrics that can alert."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from anirec.errors import AnirecError
from anirec.monitoring import metric_names as names
from anirec.monitoring.acceptance import in_words
from anirec.monitoring.measures import LEVEL

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from anirec.monitoring.comparison import Comparison, Finding


def write_report(comparison: Comparison, path: Path, now: datetime) -> None:
    """Write the report, as a page or as JSON by the ending of its name.

    Raises
    ------
    AnirecError
        If it ends otherwise.
    """
    if path.suffix == ".json":
        text = to_json(comparison, now)
    elif path.suffix == ".html":
        text = to_page(comparison, now)
    else:
        raise AnirecError(f"{path} ends neither with .html nor with .json: name it accordingly")
    write_whole(path, text)


def to_json(comparison: Comparison, now: datetime) -> str:
    """Return the comparison as JSON."""
    about = {"checked_at": now.isoformat(timespec="seconds"), **comparison.to_dict()}
    return json.dumps(about, indent=1, ensure_ascii=False) + "\n"


def to_page(comparison: Comparison, now: datetime) -> str:
    """Return the comparison as one HTML page without scripts."""
    environment = Environment(
        loader=PackageLoader("anirec.monitoring"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("drift.html").render(
        comparison=comparison,
        checked_at=f"{now:%Y-%m-%d %H:%M} UTC",
        bars=_bars,
        level=LEVEL,
        acceptance=in_words(comparison.acceptance) if comparison.acceptance else None,
    )


def to_metrics(comparison: Comparison, now: datetime) -> str:
    """Return the comparison in Prometheus' text format, for a textfile collector."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Any:
        return Gauge(name, text, labels, registry=registry)

    alert = gauge(names.DRIFT_ALERT, "1 where a measure has drifted, else 0.", "measure")
    statistic = gauge(
        names.DRIFT_STATISTIC, "How far live and training are apart.", "measure", "statistic"
    )
    for finding in comparison.findings:
        alert.labels(finding.measure).set(int(finding.drifted))
        for name, value in finding.statistics.items():
            statistic.labels(finding.measure, name).set(value)
    gauge(names.DRIFT_ANSWERS, "Live answers compared.").set(comparison.answers)
    gauge(names.DRIFT_CHECKED, "When the comparison was made.").set(now.timestamp())
    return generate_latest(registry).decode()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A textfile collector reads every *.prom; this name is none.
    beside = path.with_name(f".{path.name}.writing")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _bars(finding: Finding) -> list[tuple[str, float, float]]:
    """Return the groups with their live and training share, the largest 25 if there are more."""
    rows = [(group, finding.live[group], finding.training[group]) for group in finding.training]
    if len(rows) <= 25:
        return rows
    return sorted(rows, key=lambda row: -max(row[1:]))[:25]
