"""From the text that ``/metrics`` gives to counts, and back for what the monitor found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np

from anirec.errors import AnirecError
from anirec.monitoring import metric_names as names
from anirec.monitoring.counts import N_LENGTHS, Counts
from anirec.monitoring.distinct_shows import N_REGISTERS
from anirec.ranking.show_traits import POPULARITY_GROUPS

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT: Final = 30
"""Seconds that a server may take to answer."""


def read_url(address: str) -> Counts:
    """Read the counts of a running server.

    Raises
    ------
    AnirecError
        If the address is none of http, does not answer, or answers something else.
    """
    if not address.startswith(("http://", "https://")):
        raise AnirecError(
            f"{address} is no address: give one such as http://127.0.0.1:8000/metrics"
        )
    try:
        with urlopen(address, timeout=TIMEOUT) as response:  # noqa: S310
            text = response.read().decode()
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise AnirecError(f"{address} does not answer ({reason}): does the server run?") from None
    return parse(text, address)


def read_file(path: Path) -> Counts:
    """Read the counts of an answer of ``/metrics`` that was kept in a file.

    Raises
    ------
    AnirecError
        If it is missing or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AnirecError(f"{path} cannot be read: {error}") from None
    return parse(text, str(path))


def parse(text: str, source: str) -> Counts:
    """Read the counts from Prometheus' text format.

    Raises
    ------
    AnirecError
        If it is not that, or not of an anirec server.
    """
    from prometheus_client.parser import text_string_to_metric_families

    found: dict[str, dict[str, float]] = defaultdict(dict)
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                # Of what is counted here no metric has more than one label.
                found[sample.name]["".join(sample.labels.values())] = sample.value
    except ValueError as error:
        raise AnirecError(f"{source} is not in Prometheus' text format: {error}") from None
    if names.ANSWERS not in found:
        raise AnirecError(f"{source} has no {names.ANSWERS}: is it the /metrics of anirec serve?")
    buckets = found[f"{names.LIST_LENGTH}_bucket"]
    below = sorted((float(border), count) for border, count in buckets.items())
    if len(below) != N_LENGTHS:
        raise AnirecError(
            f"{source} groups lengths of lists in another way: is it of another version of anirec?"
        )
    popularity = np.zeros(POPULARITY_GROUPS)
    for group, share in found[names.RECOMMENDED_POPULARITY].items():
        popularity[int(group) - 1] = share
    registers = np.zeros(N_REGISTERS, dtype=np.int64)
    for register, value in found[names.DISTINCT_REGISTERS].items():
        registers[int(register)] = int(value)
    return Counts(
        answers=int(found[names.ANSWERS][""]),
        list_length=np.diff([count for _, count in below], prepend=0),
        list_genres=dict(found[names.LIST_GENRES]),
        recommended_genres=dict(found[names.RECOMMENDED_GENRES]),
        recommended_popularity=popularity,
        recommended_shows=int(found[names.RECOMMENDED_SHOWS].get("", 0)),
        registers=registers,
        feedback=dict(found[names.FEEDBACK_OF_RECOMMENDED]),
    )
