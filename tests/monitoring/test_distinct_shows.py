"""Counting distinct shows in 256 registers."""

from __future__ import annotations

import numpy as np
import pytest

from anirec.monitoring.distinct_shows import N_REGISTERS, count_distinct, registers_of


def filled(anime_ids: np.ndarray) -> np.ndarray:
    registers = np.zeros(N_REGISTERS, dtype=np.int64)
    np.maximum.at(registers, *registers_of(anime_ids))
    return registers


@pytest.mark.parametrize("n", [0, 1, 10, 60, 200, 500, 700, 1500, 5000, 27_000])
def test_the_estimate_is_within_three_standard_errors(n: int) -> None:
    estimates = [
        count_distinct(filled(rng.choice(60_000, size=n, replace=False).astype(np.int32)))
        for rng in map(np.random.default_rng, range(10))
    ]
    assert estimates == pytest.approx([n] * 10, rel=3 * 0.065, abs=2)
    assert np.mean(estimates) == pytest.approx(n, rel=0.08, abs=1)


def test_shows_count_once_and_servers_can_be_joined() -> None:
    one, two = np.arange(0, 600, dtype=np.int32), np.arange(300, 900, dtype=np.int32)
    joined = np.maximum(filled(one), filled(two))

    assert (joined == filled(np.concatenate([one, two, one]))).all()
    assert count_distinct(joined) == pytest.approx(900, rel=0.15)


def test_registers_stay_in_range() -> None:
    register, value = registers_of(np.arange(200_000, dtype=np.int32))
    assert (register.min(), register.max()) == (0, N_REGISTERS - 1)
    assert 1 <= value.min() <= value.max() <= 57
