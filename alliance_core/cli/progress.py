"""Progress on long work: a bar on the error stream, and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from alliance_core.tables.reading import Table


@contextmanager
def reading(table: Table, label: str) -> Iterator[Callable[[int], None]]:
    """A bar that follows how much of a file has been read; call what it gives now and then."""
    if table.size is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=table.size, label=label, file=sys.stderr) as bar:

        def move(_: int) -> None:
            bar.update(max(table.position() - bar.pos, 0))

        yield move
        bar.update(max(table.size - bar.pos, 0))
