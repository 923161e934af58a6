"""The parameters of the pipeline: typed defaults here and beside each model, ``params.yaml`` on top."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import Field, ValidationError

from anirec.config import Config
from anirec.errors import AnirecError
from anirec.models.registry import model_class

if TYPE_CHECKING:
    from anirec.models.registry import AnyModel

DEFAULT_PATH = Path("params.yaml")


class SplitParams(Config):
    """Who is held out, and how much of their lists (see DESIGN of the evaluation)."""

    salt: str = "anirec-2020"
    test_share: float = Field(0.1, gt=0, lt=0.5)
    validation_share: float = Field(0.1, gt=0, lt=0.5)
    history_share: float = Field(0.8, gt=0, lt=1)
    minimum_interactions: int = Field(10, ge=2)


class HybridParams(Config):
    """Which two models the hybrid blends."""

    collaborative: str = "ease"
    content: str = "content"


class RankingParams(Config):
    """How bundles order their answers (``docs/learned_ranker.md``)."""

    discovery: float = Field(0.65, ge=0, le=1)
    """How far the learned list prefers franchises that the viewer does not know"""


class GateParams(Config):
    """How long answers may take for a bundle to be promoted (``docs/gate.md``)."""

    median_ms: float = Field(25.0, gt=0)
    p99_ms: float = Field(100.0, gt=0)


class Params(Config):
    """Everything that a run depends on besides the data."""

    seed: int = 7
    threads: int = Field(2, ge=1)
    split: SplitParams = SplitParams()
    hybrid: HybridParams = HybridParams()
    ranking: RankingParams = RankingParams()
    gate: GateParams = GateParams()
    models: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Settings per model name; what is not named keeps the model's default."""

    def new_model(self, name: str) -> AnyModel:
        """Return an unfitted model of that name with the settings given for it."""
        chosen = model_class(name)
        try:
            return chosen(chosen.config_class.model_validate(self.models.get(name, {})))
        except ValidationError as error:
            raise AnirecError(f"models.{name}: {_first_problem(error)}") from None


def load_params(path: Path | None = None) -> Params:
    """Read a YAML file; without a path ``params.yaml`` if it is there, else the defaults.

    Raises
    ------
    AnirecError
        If the file is missing, not YAML, not UTF-8, or holds an unknown or wrong setting (it is named).
    """
    if path is None:
        if not DEFAULT_PATH.exists():
            return Params()
        path = DEFAULT_PATH
    try:
        params = Params.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        for name in params.models:
            params.new_model(name)
        for part, name in params.hybrid:
            _check_part(part, name)
    except FileNotFoundError:
        raise AnirecError(f"no parameter file {path}") from None
    except UnicodeDecodeError as error:
        raise AnirecError(f"{path} is not UTF-8 text: {error.reason}") from None
    except yaml.YAMLError as error:
        raise AnirecError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise AnirecError(f"{path}: {_first_problem(error)}") from None
    except AnirecError as error:
        raise AnirecError(f"{path}: {error}") from None
    return params


def _check_part(part: str, name: str) -> None:
    try:
        model_class(name)
    except AnirecError as error:
        raise AnirecError(f"hybrid.{part}: {error}") from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {problem['msg']} (got {problem['input']!r})"
