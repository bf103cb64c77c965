"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_srs"


class TestCsrs(InstrumentKit):
    definition = HERE / "csrs.toml"


class TestGsrs(InstrumentKit):
    definition = HERE / "gsrs.toml"


class TestLass(InstrumentKit):
    definition = HERE / "lass.toml"


class TestSrs(InstrumentKit):
    definition = HERE / "srs.toml"
