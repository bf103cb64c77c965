"""The steps that bring a store's schema up to date, run by sqlite-utils inside one transaction of ours.

The header of the file says whose it is (`APPLICATION_ID`) and how many steps it has (``user_version``), so that opening
a store that is up to date loads no sqlite-utils.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from alliance_core.errors import StoreError
from alliance_core.sqlite import views

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = int.from_bytes(b"Alli")
VERSION = 1
GUARDED = ("administrations", "answers", "audit", "corrections", "scores")
TRIGGERS = frozenset(f"{table}_no_{verb}" for table in GUARDED for verb in ("update", "delete"))


def version_of(raw: sqlite3.Connection, url: str) -> int:
    """How many steps the store has; 0 for an empty file.

    Raises:
        StoreError: If it is another program's database, or was made by a newer version of this one.
    """
    (application,) = raw.execute("PRAGMA application_id").fetchone()
    (version,) = raw.execute("PRAGMA user_version").fetchone()
    (tables,) = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise StoreError(f"{url}: is a database of another program; it was left unchanged, name another file")
    if version > VERSION:
        raise StoreError(
            f"{url}: was made by a newer alliance (schema {version}; this one knows {VERSION}); "
            "update with: pip install --upgrade alliance-core"
        )
    return int(version)


def migrate(raw: sqlite3.Connection, url: str) -> None:
    """Bring the store up to date, inside the transaction that is open."""
    if version_of(raw, url) == VERSION:  # another process was faster
        return
    from sqlite_utils import Database, Migrations

    migrations = Migrations("alliance")
    migrations(name="first")(_first)
    migrations.apply(Database(raw, execute_plugins=False))
    found = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    if found != TRIGGERS:
        raise StoreError(f"{url}: its guards are not as they should be; nothing was changed, please report this")
    raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    raw.execute(f"PRAGMA user_version = {VERSION}")


def _first(database: Database) -> None:
    from importlib import resources

    run(database.conn, resources.files(__package__).joinpath("schema.sql").read_text(encoding="utf-8"))
    views.make_score_wide(database.conn)


def run(raw: sqlite3.Connection, script: str) -> None:
    """Run a script statement by statement: `sqlite3.Connection.executescript` would commit our transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            raw.execute(statement)
            statement = ""
