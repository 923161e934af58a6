"""``anirec demo``: the whole pipeline in one verb, taken up again when it was finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

QUICK = "models: {ease: {neighbours: 50}}"


def test_answers_and_is_taken_up_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params = tmp_path / "quick.yaml"
    params.write_text(QUICK)
    arguments = ["demo", "--check", "--viewers", "150", "--params", str(params)]
    said = []
    for _ in range(2):
        with pytest.raises(SystemExit) as stop:
            main([*arguments, "--dir", str(tmp_path / "demo")])
        assert stop.value.code == 0
        captured = capsys.readouterr()
        assert "viewer 1 gets 10 shows" in captured.out
        said.append(captured.err)

    assert "ease: fitting" in said[0]
    assert "fitting" not in said[1]
    assert "taking the bundle of an earlier run" in said[1]
