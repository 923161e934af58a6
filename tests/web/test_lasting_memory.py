"""What lasts is passed over by the garbage collector; what nobody holds is freed first."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from anirec.web.lasting_memory import settle

if TYPE_CHECKING:
    from collections.abc import Iterator


class Knot:
    """Refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_lasts_is_passed_over() -> None:
    lasting = Knot()
    settle()
    assert gc.get_freeze_count() > 0
    assert not any(one is lasting for one in gc.get_objects())


def test_what_nobody_holds_is_freed_also_where_it_had_lasted() -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    settle()
    del knot
    settle()
    assert gone() is None
