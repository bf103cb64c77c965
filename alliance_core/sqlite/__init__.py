"""The embedded store: one SQLite file. A plugin like any other; importing it opens nothing and loads no driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_core.hookspecs import hookimpl
from alliance_core.location import path_of

if TYPE_CHECKING:
    from alliance_core.store import Store


@hookimpl
def alliance_open_store(url: str) -> Store | None:
    """Open ``sqlite:PATH``, ``sqlite:///PATH``, a plain path, or ``:memory:``; None if the URL is of another kind."""
    path = path_of(url)
    if path is None:
        return None
    from alliance_core.sqlite.store import SqliteStore

    return SqliteStore(path)
