"""The embedded store: one SQLite file. A plugin like any other; importing it opens nothing and loads no driver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alliance_core.hookspecs import hookimpl

if TYPE_CHECKING:
    from alliance_core.store import Store

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


@hookimpl
def alliance_open_store(url: str) -> Store | None:
    """Open ``sqlite:PATH``, ``sqlite:///PATH``, a plain path, or ``:memory:``; None if the URL is of another kind."""
    path = path_of(url)
    if path is None:
        return None
    from alliance_core.sqlite.store import SqliteStore

    return SqliteStore(path)


def path_of(url: str) -> str | None:
    r"""The path that a URL names, or None if it is another store's.

    A scheme has two characters or more, so that ``C:\clinic.db`` is a path; ``./a:b`` is one too.
    """
    scheme = _SCHEME.match(url)
    if scheme is None:
        return url
    if scheme[1].lower() != "sqlite":
        return None
    rest = url[scheme.end() :]
    return rest.removeprefix("//").removeprefix("/") if rest.startswith("//") else rest
