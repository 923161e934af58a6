"""``anirec doctor`` names what is there and what is missing."""

from __future__ import annotations

import json

from click.testing import CliRunner

from anirec.cli.doctor import FEATURES, Feature, command, examine


def test_names_every_feature() -> None:
    result = CliRunner().invoke(command)

    assert result.exit_code == 0
    for feature in FEATURES:
        assert feature.name.split(":")[0] in result.output


def test_json_is_complete() -> None:
    result = CliRunner().invoke(command, ["--json"])

    report = json.loads(result.output)
    assert [row["feature"] for row in report["features"]] == [f.name for f in FEATURES]
    serving = report["features"][0]
    assert serving["ok"]
    assert serving["missing"] == []


def test_says_how_to_get_what_is_missing() -> None:
    finding = examine(
        Feature(
            "flying", packages=("no-such-package",), programs=("no-such-program",), how="grow wings"
        )
    )

    assert not finding.ok
    assert finding.missing == ("no-such-package", "no-such-program")
    assert finding.how == "grow wings"
