"""Measures ``anirec ingest`` on a generated file of the 2020 shape: rows a second, peak memory.

python benchmarks/ingest.py [--rows N] [--gzip] [--shuffled] [--bad-every N] [--json FILE]

The whole command is timed, from the start of Python to the tables in place, and the peak resident
size is that of its process. This process imports nothing large: on Linux a child's peak counts
what its parent held when it was started.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

GENERATOR = Path(__file__).with_name("generate_lists.py")


def measure(rows: int, options: list[str], suffix: str) -> dict[str, Any]:
    """Generate a file, ingest it in a child process and return the figures."""
    with tempfile.TemporaryDirectory(prefix="anirec-bench-") as directory:
        file = Path(directory) / f"animelist.csv{suffix}"
        out = Path(directory) / "tables"
        generate = [sys.executable, str(GENERATOR), str(file), "--rows", str(rows), *options]
        subprocess.run(generate, check=True)
        command = [sys.executable, "-c", "from anirec.cli.main import main; main()"]
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command, "ingest", str(file), "--out", str(out), "--json"], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        summary = json.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        assert process.returncode == 0
        assert summary["entries_read"] == rows
        table = out / "interactions.parquet"
        return {
            "rows": rows,
            "options": " ".join([*options, suffix]).strip(),
            "file_mb": round(file.stat().st_size / 1e6),
            "table_mb": round(table.stat().st_size / 1e6),
            "entries_written": summary["entries"],
            "entries_rejected": summary["entries_rejected"],
            "seconds": round(seconds, 2),
            "rows_per_second": round(rows / seconds),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
            "peak_rss_mb": round(usage.ru_maxrss / 1e3),
            "cpus": os.cpu_count(),
        }


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--gzip", action="store_true", help="a .csv.gz file")
    parser.add_argument("--shuffled", action="store_true", help="viewers in no order")
    parser.add_argument("--bad-every", type=int, help="spoil every n-th row")
    parser.add_argument("--json", type=Path, help="write the figures to a file as well")
    arguments = parser.parse_args()
    options = ["--shuffled"] if arguments.shuffled else []
    if arguments.bad_every:
        options += ["--bad-every", str(arguments.bad_every)]
    figures = measure(arguments.rows, options, ".gz" if arguments.gzip else "")
    for name, value in figures.items():
        print(f"{name:<17} {value:,}" if isinstance(value, int | float) else f"{name:<17} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
