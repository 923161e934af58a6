"""One run as a Comet experiment. Imported in Comet's own process only (``process.py``)."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.errors import AnirecError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anirec.tracking.tracker import EmbeddingFiles, State, Value

KEY: Final = "COMET_API_KEY"
PROJECT: Final = "anirec"
"""Unless COMET_PROJECT_NAME names another"""

_QUIET: Final = {
    "COMET_LOGGING_CONSOLE": "CRITICAL",
    "COMET_DISABLE_AUTO_LOGGING": "1",
    "COMET_DISABLE_ANNOUNCEMENT": "1",
    "COMET_ERROR_TRACKING_ENABLE": "0",
    "COMET_INTERNAL_REPORTING": "0",
    # A server that is down is found out in seconds; by default it takes minutes.
    "COMET_GET_OR_ADD_EXPERIMENT_RETRY_TOTAL": "1",
}
# Only what the run says of itself is sent: no host or user name, no command line, no output, no
# uncommitted code, no address of a repository (which may hold a token).
_NOTHING_BY_ITSELF: Final[dict[str, Any]] = {
    "log_code": False,
    "log_graph": False,
    "log_env_details": False,
    "log_git_metadata": False,
    "log_git_patch": False,
    "auto_param_logging": False,
    "auto_metric_logging": False,
    "auto_output_logging": False,
    "parse_args": False,
    "display_summary_level": 0,
}


class Complaints(logging.Handler):
    """Collects what Comet logs as errors: it raises hardly ever."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first line."""
        self.found.append(record.getMessage().strip().partition("\n")[0])


class CometTracker:
    """See ``Tracker``.

    Online if COMET_API_KEY is set; without it, or where Comet cannot be reached at the start, an
    archive is left in the run's directory, ``comet/<key>.zip``, for ``comet upload``.

    Raises
    ------
    MissingExtraError
        If ``comet_ml`` is not installed.
    """

    def __init__(self, directory: Path, verb: str) -> None:
        for name, value in _QUIET.items():
            os.environ.setdefault(name, value)
        try:
            import comet_ml
        except ModuleNotFoundError:
            raise MissingExtraError("the tracker comet", "ops") from None
        self._complaints = Complaints()
        logging.getLogger("comet_ml").addHandler(self._complaints)
        settings = _NOTHING_BY_ITSELF | {
            "project_name": os.environ.get("COMET_PROJECT_NAME", PROJECT)
        }
        self._directory = directory
        self._archives = directory / "comet"
        self._experiment: Any = None
        self._refusal = ""
        if os.environ.get(KEY):
            experiment = comet_ml.Experiment(**settings)
            if experiment.alive:
                self._experiment = experiment
            else:
                # The archive holds all, so nothing is missed; the end says why it is there.
                self._refusal = next(iter(self._complaints.found), "no answer")
                self._complaints.found.clear()
        if self._experiment is None:
            self._archives.mkdir(exist_ok=True)
            self._experiment = comet_ml.OfflineExperiment(
                offline_directory=str(self._archives), **settings
            )
        self._experiment.set_name(directory.name)
        self._experiment.add_tag(verb)

    def params(self, values: Mapping[str, Value]) -> None:
        """Log hyperparameters; None is told as such."""
        self._experiment.log_parameters({name: _said(value) for name, value in values.items()})

    def facts(self, values: Mapping[str, Value]) -> None:
        """Log them under "Other"."""
        self._experiment.log_others({name: _said(value) for name, value in values.items()})

    def metrics(self, values: Mapping[str, float], step: int | None) -> None:
        """Log metrics; the step is the epoch as well."""
        self._experiment.log_metrics(dict(values), step=step, epoch=step)

    def table(self, path: Path) -> None:
        """Log a table."""
        self._experiment.log_table(str(path))

    def figure(self, path: Path) -> None:
        """Log an image."""
        self._experiment.log_image(str(path), name=path.stem)

    def file(self, path: Path) -> None:
        """Log an asset; a page is shown in the HTML tab too."""
        self._experiment.log_asset(str(path), file_name=path.name)
        if path.suffix == ".html":
            self._experiment.log_html(path.read_text(encoding="utf-8"))

    def model(self, name: str, directory: Path) -> None:
        """Log all files of the directory as a model (artifacts need a connection, models do not)."""
        self._experiment.log_model(name, str(directory))

    def embedding(self, files: EmbeddingFiles) -> None:
        """Log vectors and labels for the projector."""
        lines = files.labels.read_text(encoding="utf-8").splitlines()
        self._experiment.log_embedding(
            np.load(files.vectors, allow_pickle=False),
            [line.split("\t") for line in lines],
            title=files.name,
            template_filename=f"{files.name}-projector.json",
        )

    def end(self, state: State) -> str:
        """Send what is left.

        Raises
        ------
        AnirecError
            If Comet said that something did not get through.
        """
        self._experiment.log_other("state", state)
        url = "" if self._archives.exists() else str(self._experiment.url)
        self._experiment.end()
        if self._complaints.found:
            count = len(self._complaints.found)
            raise AnirecError(f"Comet complained {count} times, first: {self._complaints.found[0]}")
        archives = sorted(self._archives.glob("*.zip"))
        if archives:
            why = f"did not take the run ({self._refusal})" if self._refusal else f"no {KEY} is set"
            return f"{why}; the run is in an archive, to be sent with `comet upload {archives[0]}`"
        return url


def _said(value: Value) -> str | int | float | bool:
    return "none" if value is None else value
