"""What answers about tastes need, gathered once for a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from anirec.taste.community import Community
from anirec.taste.starter_wall import StarterWall

if TYPE_CHECKING:
    from anirec.bundle.bundle import Bundle


@dataclass(frozen=True)
class TasteTables:
    """The community and the starter wall of one bundle."""

    community: Community
    wall: StarterWall

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Gather them; ``docs/taste.md`` says how long it takes."""
        community = Community.of(bundle)
        return cls(community, StarterWall.of(bundle, community.most_watched))
