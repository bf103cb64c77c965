"""A plugin as it was written when the contract was v1: every hook, with its v1 arguments.

It stands for the plugins of other people, which nobody will rewrite: do not adapt it to a newer core. If a test with it
fails, the core has broken the promise that within v1 a hook never loses an argument and only gains ones with a default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from alliance_core import Instrument, Report, Section, Store, hookimpl, load_instrument


def doubled(values: Mapping[str, Fraction | None]) -> Fraction | None:
    """Twice the only answer."""
    value = values["1"]
    return None if value is None else 2 * value


@hookimpl
def alliance_instruments() -> Sequence[Instrument]:
    """One instrument with a function."""
    return [load_instrument(Path(__file__).with_name("frozen.toml"), functions={"doubled": doubled})]


class FrozenStore:
    """A store with the methods of v1."""

    url = "frozen:"

    def record(self, administration: Any, scores: Any, **options: Any) -> int:
        """Keep nothing."""
        return 1

    def correct(self, administration: Any, scores: Any, **options: Any) -> int:
        """Keep nothing."""
        return 1

    def record_table(self, instrument: Any, rows: Any, **options: Any) -> Any:
        """Keep nothing."""

    def keep(self, instrument: Any, **options: Any) -> None:
        """Keep nothing."""

    def cases(self) -> Sequence[Any]:
        """None."""
        return ()

    def administrations(self, **options: Any) -> Sequence[Any]:
        """None."""
        return ()

    def series(self, case: str) -> Sequence[Any]:
        """None."""
        return ()

    def kept(self) -> Sequence[Any]:
        """None."""
        return ()

    def audit(self) -> Sequence[Any]:
        """None."""
        return ()

    def instrument(self, instrument_id: str, version: str | None = None) -> None:
        """None."""

    def close(self) -> None:
        """Nothing."""


@hookimpl
def alliance_open_store(url: str) -> Store | None:
    """A store of its own scheme."""
    return FrozenStore() if url.startswith("frozen:") else None


def empty(view: Any) -> dict[str, Any]:
    """What its section shows."""
    return {}


@hookimpl
def alliance_reports() -> Sequence[Report]:
    """One report of one section."""
    section = Section(title="Frozen", template="frozen.html", context=empty)
    return [Report(id="frozen", title="Frozen", package="frozen_plugin_v1", sections=(section,))]


@click.command()
def frozen() -> None:
    """Say so."""
    click.echo("frozen")


@hookimpl
def alliance_commands() -> Sequence[click.Command]:
    """One command."""
    return [frozen]
