"""The JSON reports that stand in a directory and belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anirec.evaluation.report import read_report, suffix_of
from anirec.evaluation.wording import PROTOCOL_TITLES
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from pathlib import Path


def written_reports(
    directory: Path, on: str, recipe: str, progress: Progress = SILENT
) -> dict[str, dict[str, Any]]:
    """Return the reports by protocol, in the order in which they are told.

    Reports of other models, tables or settings than those of ``recipe`` are left out, with a line to
    ``progress``.

    Parameters
    ----------
    on
        ``test`` or ``validation``.

    Raises
    ------
    DataError
        If one of the reports cannot be read.
    """
    reports = {}
    for protocol in PROTOCOL_TITLES:
        path = directory / f"{protocol}{suffix_of(on)}.json"
        if not path.exists():
            continue
        report = read_report(path)
        if report["recipe"] == recipe and "headline" in report:
            reports[protocol] = report
        else:
            progress.step(f"{path} is not on the page: it is of other models or settings")
    return reports
