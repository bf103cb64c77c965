"""What every part of the benchmarks is given, and what it gives back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measure import Command, Costs, beside_python

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Setting:
    """Where a part may write, and whether it has to be quick."""

    folder: Path
    quick: bool

    def choose(self, full: int, quick: int) -> int:
        """One of two numbers."""
        return quick if self.quick else full


@dataclass(frozen=True)
class Part:
    """One part of the results: a table and what has to be said about it."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = field(default=())

    def markdown(self) -> str:
        """The part as Markdown, numbers to the right."""
        rule = ["---", *["---:"] * (len(self.header) - 1)]
        lines = [f"| {' | '.join(cells)} |" for cells in (self.header, rule, *self.rows)]
        return "\n".join([f"## {self.title}", "", *lines, *(f"\n{remark}" for remark in self.remarks)])


def alliance(name: str, *arguments: str | Path, folder: Path, env: Mapping[str, str] | None = None) -> Command:
    """A call of ``alliance`` whose store, if it is not told one, is none."""
    nowhere = {"ALLIANCE_STORE": str(folder / "no-store.db"), "ALLIANCE_USER": "bench"}
    return Command(name, [beside_python("alliance"), *map(str, arguments)], nowhere | hidden() | dict(env or {}))


def hidden(*more: Path) -> dict[str, str]:
    """What keeps pandas from a command, and puts folders on its path. See ``without_pandas/pandas.py``."""
    return {"PYTHONPATH": os.pathsep.join(map(str, (HERE / "without_pandas", *more)))}


def compared(named: Mapping[str, Costs], count: int) -> list[list[str]]:
    """A row for each command: its costs, how many things it did a second, and how the first compares with it."""
    first = next(iter(named.values()))
    return [
        [
            name,
            f"{costs.cpu:.2f}",
            f"{costs.wall:.2f}",
            f"{costs.peak:.0f}",
            f"{count / costs.wall:,.0f}",
            "" if costs is first else f"{first.times(costs):.2f}",
        ]
        for name, costs in named.items()
    ]
