"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_wellbeing"


class TestFlourishingScale(InstrumentKit):
    definition = HERE / "flourishing-scale.toml"


class TestPermaProfiler(InstrumentKit):
    definition = HERE / "perma-profiler.toml"


class TestSwls(InstrumentKit):
    definition = HERE / "swls.toml"


class TestWho5(InstrumentKit):
    definition = HERE / "who-5.toml"
