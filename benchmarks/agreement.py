"""Whether two files hold the same scores. Times are compared only where they do."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path

NEAR = 1e-9


def agree(ours: Path, other: Path, *, notes: bool = False, rule: bool = True) -> None:
    """End the program where two files of scores differ.

    Args:
        ours: What ``alliance score`` wrote.
        other: What its peer wrote.
        notes: Compare all columns of ours, not the scores alone.
        rule: Whether the peer knows that too few answers give no score; if not, those are left out.
    """
    with ours.open(newline="") as left, other.open(newline="") as right:
        pairs = zip(csv.DictReader(left), csv.DictReader(right), strict=True)
        for number, (own, theirs) in enumerate(pairs, start=1):
            for column in own:
                if (notes or "." not in column) and not _same(own, theirs, column, rule=rule):
                    said = f"{own[column]!r} and {theirs.get(column)!r}"
                    sys.exit(f"{other.name}, row {number}, {column}: the scores differ, {said}; no time is told")


def _same(own: Mapping[str, str], theirs: Mapping[str, str], column: str, *, rule: bool) -> bool:
    mine, other = own[column], theirs[column]
    if mine == other:
        return True
    if not mine or not other:
        return not mine and not rule
    return not column.endswith(".note") and abs(float(mine) - float(other)) <= NEAR
