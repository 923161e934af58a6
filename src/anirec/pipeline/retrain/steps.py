"""The steps of one run: how long each took, what came of it, which one failed."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from anirec.errors import AnirecError
from anirec.pipeline.gate.promotion import GateRefusalError
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

Outcome = Literal["done", "kept", "refused", "failed", "stopped"]


@dataclass
class Step:
    """One step of a run; what happens inside may set outcome and note."""

    name: str
    outcome: Outcome = "done"
    """``kept``: an earlier run had finished it."""
    note: str = ""
    seconds: float = 0.0

    def keep(self, note: str) -> None:
        """Say that nothing was left to do."""
        self.outcome, self.note = "kept", note


class StepFailedError(AnirecError):
    """A step that failed for a reason that people can do something about."""

    def __init__(self, name: str, error: BaseException) -> None:
        self.step = name
        reason = " ".join(str(error).split()) or type(error).__name__
        super().__init__(f"{name} failed: {reason}; the current bundle was left as it is")


class Steps:
    """Runs steps one after the other and keeps what came of each."""

    def __init__(self, progress: Progress = SILENT) -> None:
        self.progress = progress
        self.taken: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a step.

        Raises
        ------
        StepFailedError
            In place of an error that is meant for people. Others, and the gate's refusal, pass through.
        """
        step = Step(name)
        self.taken.append(step)
        self.progress.step(f"== {name}")
        began = time.perf_counter()
        try:
            yield step
        except GateRefusalError:
            step.outcome = "refused"
            raise
        except (AnirecError, OSError, MemoryError) as error:
            step.outcome, step.note = "failed", " ".join(str(error).split())
            raise StepFailedError(name, error) from error
        except Exception:
            step.outcome = "failed"
            raise
        except BaseException:
            step.outcome = "stopped"
            raise
        finally:
            step.seconds = time.perf_counter() - began
            if step.outcome == "kept":
                self.progress.step(f"{name}: nothing to do, {step.note}")
