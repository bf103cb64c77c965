"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_ruptures_observed"


class Test3rsSession(InstrumentKit):
    definition = HERE / "3rs-session.toml"


class Test3rs(InstrumentKit):
    definition = HERE / "3rs.toml"


class TestRuptureCheckIn(InstrumentKit):
    definition = HERE / "rupture-check-in.toml"
