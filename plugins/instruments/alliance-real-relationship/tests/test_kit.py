"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_real_relationship"


class TestRriCSf(InstrumentKit):
    definition = HERE / "rri-c-sf.toml"


class TestRriC(InstrumentKit):
    definition = HERE / "rri-c.toml"


class TestRriT(InstrumentKit):
    definition = HERE / "rri-t.toml"
