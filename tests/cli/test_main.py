"""The command line as a whole: every verb is there, errors are one line."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from anirec.cli.main import VERBS, cli, main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    command = cli.get_command(click.Context(cli), verb)

    assert command is not None
    assert command.get_short_help_str()


def test_an_unknown_verb_is_refused() -> None:
    assert cli.get_command(click.Context(cli), "fly") is None


def test_errors_for_people_are_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["recommend", "--user-id", "1", "--bundle", str(tmp_path / "nothing")])

    assert stop.value.code == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("anirec: ")
    assert captured.err.count("\n") == 1


def test_help_imports_no_training_library() -> None:
    program = (
        "import sys, anirec.cli.main as m\n"
        "try: m.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([n for n in ('polars', 'keras', 'tensorflow', 'sklearn', 'flask') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[-1] == "[]"
    for verb in VERBS:
        assert verb in result.stdout


def test_a_missing_package_names_the_extra_that_brings_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anirec.cli.main.import_module", _lacks_polars)

    with pytest.raises(SystemExit):
        main(["ingest", "x", "--out", "y"])
    assert "anirec[train]" in capsys.readouterr().err


def _lacks_polars(name: str) -> None:
    raise ModuleNotFoundError("No module named 'polars'", name="polars")


def run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> object:
    """Return the exit status of a verb that ends with ``error``."""

    @click.command()
    def verb() -> None:
        raise error

    monkeypatch.setattr(cli, "get_command", lambda *_: verb)
    with pytest.raises(SystemExit) as stop:
        main(["doctor"])
    return stop.value.code


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Permission denied", "out/x"), "anirec: out/x: Permission denied\n"),
        (OSError(28, "No space left on device"), "anirec: [Errno 28] No space left on device\n"),
        (OSError("no such host"), "anirec: no such host\n"),
        (BrokenPipeError(32, "Broken pipe"), ""),
    ],
)
def test_an_error_of_the_system_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: OSError, says: str
) -> None:
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    assert run(monkeypatch, error) == 1
    assert capsys.readouterr() == ("", says)


def test_ctrl_c_is_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err.strip() == "stopped"
