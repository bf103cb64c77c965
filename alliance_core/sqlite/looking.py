"""Looking into a store's file without opening it for work: nothing is made, migrated or changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alliance_core.sqlite.faults import explained
from alliance_core.sqlite.migrations import version_of


@contextmanager
def looking(path: str) -> Iterator[sqlite3.Connection]:
    """A connection that can only read, to a file that is a store of ours.

    Raises:
        StoreError: If it is not, or cannot be read.
    """
    address = Path(path).resolve().as_uri() + "?mode=ro"
    with explained(path), closing(sqlite3.connect(address, uri=True)) as raw:
        version_of(raw, path)
        yield raw


def own_instruments(path: str) -> list[tuple[str, str, str]]:
    """Id, version and title of the instruments that the clinic added itself. Raises as `looking`."""
    with looking(path) as raw:
        rows = raw.execute("SELECT name, version, title FROM instruments WHERE own = 1 ORDER BY name, version")
        return [(str(name), str(version), str(title)) for name, version, title in rows]
