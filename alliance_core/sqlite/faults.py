"""What SQLite and the file system refuse, as one sentence each that a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alliance_core.errors import StoreError

PATIENCE = 30.0
"""For how many seconds a connection waits for another one that is writing."""

_SENTENCES = {
    sqlite3.SQLITE_PERM: "cannot be written; give yourself the right to write to the file and to its folder",
    sqlite3.SQLITE_BUSY: "another program was writing to it for over {patience:g} seconds; try again when that is done",
    sqlite3.SQLITE_LOCKED: "it is being read and written at once; finish reading first",
    sqlite3.SQLITE_READONLY: "cannot be written; give yourself the right to write to the file and to its folder",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written ({error}); check the disk, then try again",
    sqlite3.SQLITE_CORRUPT: "is damaged ({error}); keep a copy of it and restore the store from a backup",
    sqlite3.SQLITE_FULL: "the disk is full, so nothing was written; make room and try again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that the file and its folder are there and may be written to",
    sqlite3.SQLITE_NOTADB: "is not a database; name another file, or restore the store from a backup",
}


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn every error of SQLite into a `StoreError` with one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{url}: {_sentence(error)}") from error
    except OverflowError as error:
        raise StoreError(f"{url}: a number is too large to be kept exactly; nothing was written") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"{url}: {error.object!r:.60} is no text that can be kept; nothing was written") from error


@contextmanager
def undamaged(url: str) -> Iterator[None]:
    """Say of stored text that cannot be read back that it was damaged."""
    try:
        yield
    except ValueError as error:
        raise StoreError(f"{url}: is damaged ({error}); restore the store from a backup") from error


def _sentence(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    pattern = _SENTENCES.get(code & 0xFF) if isinstance(code, int) else None
    if pattern is None:
        return f"SQLite refuses this ({error}); nothing was changed"
    return pattern.format(error=error, patience=PATIENCE)
