"""All that a bundle answers with, trained in its order; what an earlier run finished is kept."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from anirec.data.staging import clear_abandoned
from anirec.errors import DataError
from anirec.models.ease import Ease
from anirec.pipeline.learned_stage import (
    PART_NAMES,
    learned_ranker,
    parts_of_answers,
    train_and_save_ranker,
)
from anirec.pipeline.run_log import log_blend
from anirec.pipeline.training import (
    BLEND_FILE,
    load_trained,
    read_blend,
    train,
    tune_and_write_blend,
)
from anirec.ranking.learned.learned_ranker import LearnedRanker

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.data.split import Split
    from anirec.params import Params
    from anirec.pipeline.training import TunedBlend, Workplace


def train_answers(split: Split, params: Params, out: Path, workplace: Workplace) -> bool:
    """Train the models of a bundle, then the learned ranker, then tune the hybrid.

    Parameters
    ----------
    out
        Gets a directory for each model and for the ranker, and ``hybrid.json``. What it holds of this
        very split and these settings is not trained again.

    Returns
    -------
    Whether anything was left to do.
    """
    names = parts_of_answers(params)
    for name in (*names, LearnedRanker.name):
        clear_abandoned(out / name)
    models = load_trained(names, out, split, params, workplace.progress)
    if workplace.checkpoints is not None:
        for name in models:  # what was killed after it was saved
            shutil.rmtree(workplace.checkpoints / name, ignore_errors=True)
    missing = names - models.keys()
    if (
        names >= set(PART_NAMES)
        and learned_ranker(out, models, split.about, params, workplace.progress) is None
    ):
        missing.add(Ease.name)  # the ranker learns from its inverse, which is not saved
    if missing:
        models = train(missing, split, params, out, workplace)
        train_and_save_ranker(models, split, params, out, workplace)
    elif _tuned(out, split, params, workplace) is not None:
        return False
    blend = tune_and_write_blend(models, split, params, out, workplace.progress)
    log_blend(workplace.run, blend, out / BLEND_FILE)
    return True


def _tuned(out: Path, split: Split, params: Params, workplace: Workplace) -> TunedBlend | None:
    try:
        return read_blend(out, split.about, params, workplace.progress)
    except DataError as error:
        workplace.progress.step(str(error))
        return None
