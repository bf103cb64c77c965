"""The measurements behind the numbers in the docs: ``python benchmarks/run.py [--quick] [--only PART]``.

Prints the results; a full run writes them to ``benchmarks/RESULTS.md`` too. Nothing is asserted but that the scores
agree: what a number means depends on the machine, and only the ratios carry over to another.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from importing import importing
from measure import floor
from reporting import reporting
from scoring import psych, scoring
from setting import HERE, Part, Setting
from start_up import start_up

PARTS: Mapping[str, Callable[[Setting], list[Part]]] = {
    "start-up": start_up,
    "scoring": scoring,
    "importing": importing,
    "reporting": reporting,
}
RESULTS = HERE / "RESULTS.md"
EXPLAINED = """\
`make bench` writes this file. Each figure is of whole processes: the start of Python, reading, work, writing. Commands
that are compared took turns, and a ratio is the median of the ratios of the turns, of processor time (user and system).
Seconds, and rows a second of wall time, are medians on this machine at that moment; only the ratios carry over.
Only the pandas scripts see pandas: sqlite-utils would import it wherever it is installed."""


def main() -> None:
    """Measure, print, and write the results down."""
    parser = argparse.ArgumentParser(description="Measure alliance against its peers.")
    parser.add_argument("--quick", action="store_true", help="small sizes and few turns, about a minute; write no file")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part alone, and write no file")
    options = parser.parse_args()
    begin = time.perf_counter()
    parts = list(measured(options.only or list(PARTS), quick=options.quick))
    minutes = (time.perf_counter() - begin) / 60
    text = "\n\n".join([head(quick=options.quick, minutes=minutes), *(part.markdown() for part in parts)]) + "\n"
    print(text)
    if not (options.quick or options.only):
        RESULTS.write_text(text, encoding="utf-8")


def measured(names: list[str], *, quick: bool) -> Iterator[Part]:
    """The results of the parts of these names. Everything is written into a folder that goes away."""
    for name in names:
        print(f"measuring: {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
            yield from PARTS[name](Setting(Path(folder), quick))


def head(*, quick: bool, minutes: float) -> str:
    """What was measured where, when and how."""
    how = "with `--quick`, few turns and small files," if quick else "in full"
    when = f"Measured {how} on {datetime.now(UTC).date()} in {minutes:.0f} minutes."
    where = f"The machine: {machine()}; its load at the end was {os.getloadavg()[0]:.1f}."
    smallest = f"A peak below {floor():.0f} MB, that of the launcher, cannot be seen."
    return "\n\n".join(["# Benchmarks", f"{when} {where}", EXPLAINED, smallest])


def machine() -> str:
    """The kind of machine and the versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ", ".join(
        [
            f"{platform.system()} {platform.machine()}",
            f"{cores} cores",
            f"{memory:.0f} GB",
            f"Python {platform.python_version()}",
            f"SQLite {sqlite3.sqlite_version}",
            *(f"{name} {version(name)}" for name in ("pandas", "sqlite-utils", "jinja2")),
            psych() or "no R with psych",
        ]
    )


main()
