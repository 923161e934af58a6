"""Rules, dashboard and documentation speak of what is exported, and of all of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from anirec.monitoring import metric_names
from anirec.web.metrics import Metrics
from conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

MONITORING = REPOSITORY / "deploy" / "monitoring"
DOCS = REPOSITORY / "docs" / "monitoring.md"

SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
GIVEN = {"up"}
"""Metrics of Prometheus itself."""
LABELS = {
    *("job", "instance", "le", "route", "method", "status", "genre", "group", "register", "kind"),
    *("version", "collaborative", "content", "revision", "simulated", "measure", "statistic"),
}
WORDS = {"by", "on", "and", "or", "unless", "without"}


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in sorted((MONITORING / "rules").glob("*.yml"))
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]


def dashboard() -> dict[str, Any]:
    path = MONITORING / "grafana" / "dashboards" / "anirec.json"
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def exported() -> set[str]:
    """Every name that serving and the monitor export."""
    served = {
        family.name + suffix
        for family in Metrics().registry.collect()
        for suffix in SUFFIXES.get(family.type, ())
    }
    drift = {
        value for name, value in vars(metric_names).items() if name.startswith(("DRIFT", "MODEL"))
    }
    return served | drift


def names_in(expression: str) -> set[str]:
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|on) \([^)]*\)', " ", expression)
    return {
        word
        for word in re.findall(r"[A-Za-z_][A-Za-z0-9_:]*\b(?!\s*\()", bare)
        if word not in WORDS
    }


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_expressions_use_what_is_exported(expression: str) -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    assert names_in(expression) <= exported() | recorded | GIVEN
    matched = re.findall(r"([a-z_]+)(?:=~|!~|!=|=)\"", expression)
    grouped = [
        label.strip()
        for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression)
        for label in labels.split(",")
    ]
    assert {*matched, *grouped} <= LABELS


def test_the_names_of_an_expression_are_found() -> None:
    """The test above would pass on anything if it found none."""
    expression = (
        'sum by (job) (rate(a_total{route!~"/x|b_total"}[5m])) or 0 * c:d:rate5m unless on (x) up'
    )
    assert names_in(expression) == {"a_total", "c:d:rate5m", "up"}


def test_every_exported_metric_is_documented() -> None:
    text = DOCS.read_text()
    declared = {value for name, value in vars(metric_names).items() if name.isupper()}
    assert declared
    for name in declared:
        assert f"`{name}`" in text, name


def test_every_alert_says_what_to_do_and_is_documented_and_tested() -> None:
    text = DOCS.read_text()
    tested = (MONITORING / "rule-tests" / "alerts.yml").read_text()
    for rule in rules():
        if "alert" not in rule:
            continue
        assert f"`{rule['alert']}`" in text
        assert f"alertname: {rule['alert']}\n" in tested
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_the_dashboard_is_provisioned() -> None:
    provisioning = MONITORING / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    (provider,) = yaml.safe_load((provisioning / "dashboards/anirec.yml").read_text())["providers"]

    assert {panel["datasource"]["uid"] for panel in panels()} == {source["uid"]}
    assert provider["options"]["path"] == "/var/lib/grafana/dashboards"
    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(ids) == len(set(ids))


def test_panels_do_not_overlap() -> None:
    places: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        at = panel["gridPos"]
        taken = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not places & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        places |= taken
