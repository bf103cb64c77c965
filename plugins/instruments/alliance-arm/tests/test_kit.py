"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_arm"


class TestArm5(InstrumentKit):
    definition = HERE / "arm-5.toml"
