"""Lists of 300 made-up viewers that count as real ones, and a way to retrain on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anirec.bundle.registry import LocalRegistry
from anirec.data.schema import SIMULATED_FILE
from anirec.data.starter.write import LISTS_FILE, write_starter
from anirec.params import GateParams, Params, SplitParams
from anirec.pipeline.retrain.loop import Retraining, retrain

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.pipeline.retrain.report import RetrainReport

VIEWERS = 300
PARAMS = Params(
    threads=1,
    split=SplitParams(test_share=0.3),
    gate=GateParams(median_ms=1e6, p99_ms=1e6),
    models={"ease": {"neighbours": 50}},
)


@dataclass
class World:
    """A place with raw lists, artifacts and a registry."""

    place: Path

    @property
    def lists(self) -> Path:
        return self.place / "lists" / LISTS_FILE

    @property
    def artifacts(self) -> Path:
        return self.place / "artifacts"

    @property
    def registry(self) -> LocalRegistry:
        return LocalRegistry(self.place / "bundles")

    def job(self, params: Params = PARAMS) -> Retraining:
        return Retraining(
            sources=(str(self.place / "lists"),),
            artifacts=self.artifacts,
            registry=self.place / "bundles",
            params=params,
            cache=self.place.parent / "cache",
        )

    def retrain(self, params: Params = PARAMS) -> RetrainReport:
        return retrain(self.job(params))

    def draw(self, viewers: int = VIEWERS) -> None:
        """Write lists; the gate compares figures of real viewers only, so these say they are."""
        write_starter(self.place / "lists", viewers=viewers)
        (self.place / "lists" / SIMULATED_FILE).unlink()

    def watch(self, seen: dict[int, list[int]]) -> None:
        """Let viewers finish shows and rate them 8."""
        with self.lists.open("a") as file:
            for viewer, shows in seen.items():
                file.writelines(f"{viewer},{show},8,2,12\n" for show in shows)
