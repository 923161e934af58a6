"""Which models there are: the only list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anirec.errors import AnirecError
from anirec.models.base import Model, read_state_file
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.ials import IALS
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.models.recommender_net import RecommenderNet
from anirec.models.user_neighbours import UserNeighbours

if TYPE_CHECKING:
    from pathlib import Path

AnyModel = Model[Any]

MODELS: dict[str, type[AnyModel]] = {
    model.name: model
    for model in (Popularity, Content, Ease, ItemNeighbours, IALS, RecommenderNet, UserNeighbours)
}


def model_class(name: str) -> type[AnyModel]:
    """Return the model class of that name.

    Raises
    ------
    AnirecError
        If there is none; the text lists the names there are.
    """
    try:
        return MODELS[name]
    except KeyError:
        raise AnirecError(f"no model named {name!r}; there are: {', '.join(MODELS)}") from None


def load_model(directory: Path) -> AnyModel:
    """Open a saved model of whichever kind."""
    return model_class(read_state_file(directory)["model"]).load(directory)
