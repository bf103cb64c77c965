"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_wai"


class TestDwai(InstrumentKit):
    definition = HERE / "dwai.toml"


class TestSai(InstrumentKit):
    definition = HERE / "sai.toml"


class TestWai36(InstrumentKit):
    definition = HERE / "wai-36.toml"


class TestWaiI(InstrumentKit):
    definition = HERE / "wai-i.toml"


class TestWaiS(InstrumentKit):
    definition = HERE / "wai-s.toml"


class TestWaiSrT(InstrumentKit):
    definition = HERE / "wai-sr-t.toml"


class TestWaiSr(InstrumentKit):
    definition = HERE / "wai-sr.toml"
