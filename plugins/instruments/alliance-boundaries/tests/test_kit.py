"""Every check of the kit, on each definition of this distribution."""

from __future__ import annotations

from pathlib import Path

from alliance_core.testing import InstrumentKit

HERE = Path(__file__).resolve().parent.parent / "alliance_boundaries"


class TestBoundaryClient(InstrumentKit):
    definition = HERE / "boundary-client.toml"


class TestBoundaryReflection(InstrumentKit):
    definition = HERE / "boundary-reflection.toml"


class TestBoundarySupervisor(InstrumentKit):
    definition = HERE / "boundary-supervisor.toml"
