"""The learning rate of each epoch: a ramp up, a plateau, an exponential decay."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anirec.models.recommender_net import RecommenderNetConfig


def learning_rate(epoch: int, config: RecommenderNetConfig) -> float:
    """Return the learning rate of one epoch, counted from 0.

    It rises linearly from ``start_lr`` to ``max_lr`` over ``rampup_epochs``, stays there for
    ``sustain_epochs``, then its distance from ``min_lr`` shrinks by ``exp_decay`` each epoch.
    """
    rise = config.max_lr - config.start_lr
    if epoch < config.rampup_epochs:
        return config.start_lr + rise * epoch / config.rampup_epochs
    decaying = epoch - config.rampup_epochs - config.sustain_epochs
    if decaying < 0:
        return config.max_lr
    return config.min_lr + (config.max_lr - config.min_lr) * config.exp_decay**decaying
