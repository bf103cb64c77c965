"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_goals import psychlops_older_total, psychlops_total, t_score

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_goals"


class TestGas(InstrumentKit):
    definition = HERE / "gas.toml"
    functions = {"t_score": t_score}  # noqa: RUF012  # InstrumentKit says that it is a class variable


class TestGoalSheet(InstrumentKit):
    definition = HERE / "goal-sheet.toml"


class TestPsychlopsOlder(InstrumentKit):
    definition = HERE / "psychlops-older.toml"
    functions = {"psychlops_older_total": psychlops_older_total}  # noqa: RUF012  # InstrumentKit says that it is a class variable


class TestPsychlops(InstrumentKit):
    definition = HERE / "psychlops.toml"
    functions = {"psychlops_total": psychlops_total}  # noqa: RUF012  # InstrumentKit says that it is a class variable
