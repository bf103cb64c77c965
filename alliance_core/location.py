"""What the URL of a store says: its kind, and the file that it names."""

from __future__ import annotations

import re

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
SQLITE = "sqlite"


def scheme_of(url: str) -> str:
    r"""Which kind of store a URL means: its scheme, or ``sqlite`` for a plain path.

    A scheme has two characters or more, so that ``C:\clinic.db`` is a path; ``./a:b`` is one too.
    """
    match = SCHEME.match(url)
    return match[1].lower() if match else SQLITE


def path_of(url: str) -> str | None:
    """The path that ``sqlite:PATH``, ``sqlite:///PATH`` or a plain path names; None for another kind of store."""
    if scheme_of(url) != SQLITE:
        return None
    match = SCHEME.match(url)
    if match is None:
        return url
    rest = url[match.end() :]
    return rest.removeprefix("//").removeprefix("/") if rest.startswith("//") else rest
