"""All that is measured side by side: models, their hybrid, what else there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from anirec.evaluation.full_ranking import Scorer
from anirec.evaluation.report import Margin, best_of, margin, to_best_other

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anirec.evaluation.figures import Figures
    from anirec.models.registry import AnyModel
    from anirec.ranking.hybrid import Hybrid


class NamedScorer(Scorer, Protocol):
    """A contestant besides the models and their hybrid."""

    name: str


@dataclass(frozen=True)
class Contestants:
    """All that is measured side by side."""

    models: Mapping[str, AnyModel]
    hybrid: Hybrid | None = None
    """Of two of the models; compared with the better of them."""
    extras: Sequence[NamedScorer] = ()
    """Others over the same items, such as a learned ranker; each compared with the best of all."""

    def scorers(self) -> dict[str, Scorer]:
        """Return them all by name: models, hybrid, extras."""
        scorers: dict[str, Scorer] = dict(self.models)
        if self.hybrid is not None:
            scorers[self.hybrid.name] = self.hybrid
        scorers.update({extra.name: extra for extra in self.extras})
        return scorers

    def about(self) -> dict[str, Any]:
        """Return what the report tells of the blend."""
        if self.hybrid is None:
            return {}
        parts = {component: model.name for component, model in self.hybrid.models.items()}
        return {"hybrid": {"parts": parts, "weights": self.hybrid.weights}}

    def margins(self, figures: dict[str, Figures], metric: str) -> list[Margin]:
        """Return how far ahead the blends are."""
        margins = []
        if self.hybrid is not None:
            parts = [model.name for model in self.hybrid.models.values()]
            best = best_of(parts, figures, metric)
            margins.append(margin(self.hybrid.name, best, figures, metric))
        margins += [to_best_other(extra.name, figures, metric) for extra in self.extras]
        return margins
