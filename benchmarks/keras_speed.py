"""What compiling with XLA is worth: samples per second of RecommenderNet's training step.

Builds the network twice on made-up lists of the given size, compiled with ``jit_compile=True``
and without, and trains both in turns on the same batches, so that whatever else the machine does
hits both. The first turn of each, which compiles, does not count::

    python benchmarks/keras_speed.py

``KERAS_BACKEND`` chooses another backend.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anirec.models.keras_net.runtime import prepare_keras
from anirec.models.keras_net.samples import Batch, Samples, Unwatched
from anirec.models.recommender_net import RecommenderNetConfig

if TYPE_CHECKING:
    import keras

SEED = 7
NEEDED = 1.5


def made_up_samples(users: int, items: int, steps: int, config: RecommenderNetConfig) -> Samples:
    """Return one epoch of ``steps`` batches."""
    rng = np.random.default_rng(SEED)
    per_step = config.batch_size // (1 + config.negatives_per_positive)
    pairs = np.unique(rng.integers(users * items, size=steps * per_step * 2))
    pairs = rng.permutation(pairs)[: steps * per_step]
    rows, columns = (part.astype(np.int32) for part in np.divmod(pairs, items))
    entries = Batch(rows, columns, np.ones(len(pairs), dtype=np.float32))
    unwatched = Unwatched(rows, columns, users, items)
    return Samples(entries, unwatched, config.negatives_per_positive, config.batch_size, SEED)


def compiled(users: int, items: int, config: RecommenderNetConfig, *, jit: bool) -> keras.Model:
    """Return a network ready to train."""
    from anirec.models.keras_net.network import build_network
    from anirec.models.keras_net.training import compile_network

    network = build_network(users, items, config.embedding_size, SEED)
    compile_network(network, jit=jit)
    return network


def main() -> None:
    """Print samples/s of each turn, the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=6_300)
    parser.add_argument("--items", type=int, default=20_500)
    parser.add_argument("--steps", type=int, default=60, help="batches per turn")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    prepare_keras(arguments.threads)
    import keras

    from anirec.models.keras_net.training import KerasBatches

    config = RecommenderNetConfig()
    samples = made_up_samples(arguments.users, arguments.items, arguments.steps, config)
    networks = {
        name: compiled(arguments.users, arguments.items, config, jit=jit)
        for name, jit in (("jit", True), ("no jit", False))
    }
    rates: dict[str, list[float]] = {name: [] for name in networks}
    for turn in range(arguments.turns + 1):
        for name, network in networks.items():
            start = time.perf_counter()
            network.fit(KerasBatches(samples), shuffle=False, verbose=0)
            seconds = time.perf_counter() - start
            if turn:
                rates[name].append(samples.n_batches * config.batch_size / seconds)
    medians = {name: statistics.median(rate) for name, rate in rates.items()}
    ratio = medians["jit"] / medians["no jit"]
    print(f"Keras {keras.__version__} on {keras.backend.backend()}, samples/s of each turn:")
    for name, rate in rates.items():
        each = "  ".join(f"{value:>9,.0f}" for value in rate)
        print(f"{name:<8}{each}   median {medians[name]:,.0f}")
    print(f"ratio {ratio:.2f} (wanted: at least {NEEDED})")
    if arguments.json:
        figures = {"samples_per_second": rates, "medians": medians, "ratio": ratio}
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
