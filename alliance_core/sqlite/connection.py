"""The one place that opens a store's file, and the only ways to read and write it: whole transactions."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alliance_core.errors import StoreError
from alliance_core.sqlite import faults, migrations
from alliance_core.sqlite.faults import explained, undamaged

MEMORY = ":memory:"
OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
LONGEST_PAUSE = 0.05
PRAGMAS = (
    "PRAGMA trusted_schema = OFF",  # a file that somebody prepared can call no function through its views
    "PRAGMA cell_size_check = ON",  # damage is noticed where it is read
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # INSERT OR REPLACE, too, is stopped by the triggers against DELETE
    "PRAGMA synchronous = FULL",  # NORMAL loses acknowledged answers when the power fails
)


class Undo(Exception):  # noqa: N818  # it is no error
    """Raised inside a transaction to roll it back and go on after it."""


class Connection:
    """An open store file.

    Args:
        path: The file; made if it is not there. ``:memory:`` keeps everything in memory and forgets it.

    Raises:
        StoreError: If it cannot be opened, or is no store that this program can use. It is unchanged then.
    """

    def __init__(self, path: str) -> None:
        self.url = path
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(f"{path}: this Python has SQLite {sqlite3.sqlite_version}; a store needs 3.37 or newer")
        if path != MEMORY:
            _make_file(path)
        with explained(path):
            self._raw = sqlite3.connect(path, timeout=faults.PATIENCE, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._raw.close()
                raise

    def _prepare(self) -> None:
        for pragma in PRAGMAS:
            self._raw.execute(pragma)
        version = migrations.version_of(self._raw, self.url)
        _set_journal(self._raw)
        if version < migrations.VERSION:
            with self.transaction() as raw:
                migrations.migrate(raw, self.url)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write: all or nothing. The lock is taken at once, so that what is read cannot change before it is used."""
        with explained(self.url):
            self._begin()
            try:
                yield self._raw
                self._raw.execute("COMMIT")
            except Undo:
                self._roll_back()
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read: all statements see the same moment."""
        with explained(self.url), undamaged(self.url):
            self._raw.execute("BEGIN")
            try:
                yield self._raw
            finally:
                self._roll_back()

    def _begin(self) -> None:
        """Take the lock, trying often and at random: SQLite's own waiting is unfair, and can starve one of many."""
        deadline = time.monotonic() + faults.PATIENCE
        self._raw.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun(last=time.monotonic() > deadline):
                time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311  # it spreads the waiting, it hides nothing
        finally:
            self._raw.execute(f"PRAGMA busy_timeout = {int(faults.PATIENCE * 1000)}")

    def _begun(self, *, last: bool) -> bool:
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself, and a second error would hide the first.
        with suppress(sqlite3.Error):
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file. Closing twice is no error."""
        with explained(self.url):
            self._raw.close()


def _make_file(path: str) -> None:
    """Make the file, for its owner only, or see that the one there can be a store."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        _check_file(path)
    except (FileNotFoundError, NotADirectoryError):
        folder = Path(path).parent
        raise StoreError(f"{path or 'no name'}: there is no folder {folder}; make it first") from None
    except PermissionError:
        raise StoreError(f"{path}: its folder cannot be written to; name another, or mend the rights") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path!r:.200}: cannot be made ({error}); name another file") from error


def _check_file(path: str) -> None:
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:  # a link that leads nowhere
        raise StoreError(f"{path}: cannot be opened ({error.strerror}); name another file") from error
    if stat.S_ISDIR(mode):
        raise StoreError(f"{path}: is a directory; name a file in it, such as {Path(path) / 'alliance.db'}")
    if not stat.S_ISREG(mode):
        raise StoreError(f"{path}: is no ordinary file; name another")
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StoreError(f"{path}: may not be read and written by you; mend its rights, or name another file")


def keeps_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite's write-ahead log keeps every commit: up to 3.51.2 a reset of the log could lose some."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def _set_journal(raw: sqlite3.Connection) -> None:
    wanted = "wal" if keeps_wal(sqlite3.sqlite_version_info) else "delete"
    (mode,) = raw.execute("PRAGMA journal_mode").fetchone()
    if mode not in (wanted, "memory"):  # asking for the mode that it has would cost a lock
        raw.execute("PRAGMA journal_mode = WAL" if wanted == "wal" else "PRAGMA journal_mode = DELETE")
