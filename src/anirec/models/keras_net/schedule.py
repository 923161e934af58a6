"""The learning rate of each epoch: a ramp up, a plateau, an exponential decay."""

from __future__ import annotations

from typing import Protocol


class Schedule(Protocol):
    """The settings that a schedule has; ``RecommenderNetConfig`` is one."""

    start_lr: float
    max_lr: float
    min_lr: float
    rampup_epochs: int
    sustain_epochs: int
    exp_decay: float


def learning_rate(epoch: int, schedule: Schedule) -> float:
    """Return the learning rate of one epoch, counted from 0.

    It rises linearly from ``start_lr`` to ``max_lr`` over ``rampup_epochs``, stays there for
    ``sustain_epochs``, then its distance from ``min_lr`` shrinks by ``exp_decay`` each epoch.
    """
    rise = schedule.max_lr - schedule.start_lr
    if epoch < schedule.rampup_epochs:
        return schedule.start_lr + rise * epoch / schedule.rampup_epochs
    decaying = epoch - schedule.rampup_epochs - schedule.sustain_epochs
    if decaying < 0:
        return schedule.max_lr
    return schedule.min_lr + (schedule.max_lr - schedule.min_lr) * schedule.exp_decay**decaying
