"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_outcomes import syndrome

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_outcomes"


class TestCore10(InstrumentKit):
    definition = HERE / "core-10.toml"


class TestCsq8(InstrumentKit):
    definition = HERE / "csq-8.toml"


class TestGad7(InstrumentKit):
    definition = HERE / "gad-7.toml"


class TestPhq9(InstrumentKit):
    definition = HERE / "phq-9.toml"
    functions = {"syndrome": syndrome}  # noqa: RUF012  # InstrumentKit says that it is a class variable
