"""Who is ranked for, and what the models may know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from anirec.errors import DataError
from anirec.evaluation.figures import measure
from anirec.evaluation.report import TEST, Report, best_of, margin
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anirec.data.split import Split
    from anirec.evaluation.full_ranking import Scorer
    from anirec.models.registry import AnyModel
    from anirec.ranking.hybrid import Hybrid

NEW_VIEWERS: Final = "new-viewers"
"""The models never saw these viewers: all they get is 80 % of the list."""
KNOWN_VIEWERS: Final = "known-viewers"
"""The models were fitted with these viewers' 80 % among the training lists."""
PROTOCOLS: Final = (NEW_VIEWERS, KNOWN_VIEWERS)


def evaluate(
    protocol: str,
    on: str,
    split: Split,
    models: Mapping[str, AnyModel],
    hybrid: Hybrid | None,
    progress: Progress = SILENT,
) -> Report:
    """Measure models, and the hybrid of two of them, on held-out viewers.

    Parameters
    ----------
    protocol
        One of ``PROTOCOLS``. It names the report; the models must have been fitted accordingly:
        on ``split.train``, or on ``known_viewers_dataset(split)``.
    on
        ``test`` or ``validation``: whose held-out items are looked for.
    hybrid
        Compared with the better of its two parts.

    Raises
    ------
    DataError
        If there is no model, or no viewer to measure on.
    """
    fold = split.test if on == TEST else split.validation
    if not models:
        raise DataError("no model of this split is trained: run `anirec train` first")
    if not len(fold.history):
        raise DataError(
            f"the split has no {on} viewer with enough interactions: ingest more lists, "
            "or lower split.minimum_interactions"
        )
    scorers: dict[str, Scorer] = dict(models)
    if hybrid is not None:
        scorers[hybrid.name] = hybrid
    figures = {
        name: measure(scorer, fold, progress, f"{protocol}: {name}")
        for name, scorer in scorers.items()
    }
    margins, about = [], dict[str, Any]()
    if hybrid is not None:
        parts = {component: model.name for component, model in hybrid.models.items()}
        about["hybrid"] = {"parts": parts, "weights": hybrid.weights}
        margins.append(margin(hybrid.name, best_of(list(parts.values()), figures), figures))
    return Report(
        protocol=protocol,
        on=on,
        user_ids=fold.history.user_ids.tolist(),
        n_items=len(split.index),
        figures=figures,
        margins=margins,
        about=about,
    )
