"""What is no store, or cannot be used as one, is refused in one sentence and left as it was, byte for byte."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from alliance_core.administration import administer
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument
from alliance_core.scoring import score
from alliance_core.sqlite import connection, migrations
from alliance_core.sqlite.store import SqliteStore

NOBODY = 65534


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def words(path: Path) -> None:
    path.write_text("case,session,q1\nC1,1,5\n", encoding="utf-8")


def damaged_header(path: Path) -> None:
    SqliteStore(str(path)).close()
    path.write_bytes(b"x" * 64 + path.read_bytes()[64:])


def damaged_schema(path: Path) -> None:
    SqliteStore(str(path)).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE clients (name TEXT)")


def foreign_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE clients (name TEXT)")


def foreign_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA application_id = 4711")
        raw.execute("VACUUM")


def newer(path: Path) -> None:
    SqliteStore(str(path)).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (noise, "is not a database"),
        (words, "is not a database"),
        (damaged_header, "is not a database"),
        (damaged_schema, "is damaged .* restore the store from a backup"),
        (foreign, "is a database of another program; it was left unchanged"),
        (foreign_wal, "is a database of another program; it was left unchanged"),
        (foreign_application, "is a database of another program; it was left unchanged"),
        (newer, r"was made by a newer alliance \(schema 99; this one knows 1\); update with: pip"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_file_that_is_no_store_of_ours_is_refused_unchanged(
    tmp_path: Path, prepare: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "clinic.db"
    prepare(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=sentence) as refused:
        SqliteStore(str(path))
    assert refused.value.faults == (str(refused.value),)
    assert str(refused.value).startswith(str(path))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["clinic.db"]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is a directory; name a file in it, such as .*alliance\.db"):
        SqliteStore(str(tmp_path))


def test_a_missing_folder_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=f"there is no folder {tmp_path / 'no'}; make it first"):
        SqliteStore(str(tmp_path / "no" / "clinic.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_as_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="there is no folder"):
        SqliteStore(str(tmp_path / "file" / "clinic.db"))


@pytest.mark.parametrize("path", ["", "a\x00b", "a" * 300])
def test_a_name_that_no_file_can_have_is_refused(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError):
        SqliteStore(path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_ordinary_file_is_refused() -> None:
    with pytest.raises(StoreError, match="is no ordinary file"):
        SqliteStore(os.devnull)


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "gone.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteStore(str(tmp_path / "link.db"))
    assert not (tmp_path / "gone.db").exists()


def test_a_file_or_folder_that_may_not_be_written_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clinic.db")
        SqliteStore(str(path)).close()
        before = path.read_bytes()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        with ordinary_rights():
            with pytest.raises(StoreError, match="may not be read and written by you"):
                SqliteStore(str(path))
            with pytest.raises(StoreError, match="its folder cannot be written to"):
                SqliteStore(str(Path(folder, "new.db")))
        assert path.read_bytes() == before
        Path(folder).chmod(0o700)


def test_a_folder_without_room_for_a_journal_refuses_to_write(mixed: Instrument) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clinic.db")
        SqliteStore(str(path)).close()
        path.chmod(0o666)
        Path(folder).chmod(0o555)
        form, scores = administer(mixed, {}, case="C1", rater="client", session=1), score(mixed, {})
        with ordinary_rights(), closing(SqliteStore(str(path))) as store:
            with pytest.raises(StoreError, match="folder"):
                store.record(form, scores, actor="ada", origin="typed")
            assert store.administrations() == []
        Path(folder).chmod(0o700)


@contextmanager
def ordinary_rights() -> Iterator[None]:
    """Without the rights of root, whom no mode of a file holds back."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(StoreError, match=r"a store needs 3\.37 or newer"):
        SqliteStore(str(tmp_path / "clinic.db"))
    assert list(tmp_path.iterdir()) == []


def test_damage_met_while_reading_is_named(tmp_path: Path, mixed: Instrument) -> None:
    path = tmp_path / "clinic.db"
    with closing(SqliteStore(str(path))) as store:
        for session in range(50):
            form, scores = administer(mixed, {}, case="C1", rater="client", session=session), score(mixed, {})
            store.record(form, scores, actor="ada", origin="typed")
    whole = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as raw:
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'answers'").fetchone()
    whole[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(whole)
    with closing(SqliteStore(str(path))) as store, pytest.raises(StoreError, match=r"is damaged .* from a backup"):
        store.administrations()


def test_a_migration_that_fails_leaves_an_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clinic.db"
    monkeypatch.setattr(migrations, "TRIGGERS", frozenset({"another"}))
    with pytest.raises(StoreError, match="its guards are not as they should be"):
        SqliteStore(str(path))
    assert path.read_bytes() == b""
    monkeypatch.undo()
    SqliteStore(str(path)).close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 0), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 0), True),
    ],
)  # fmt: skip
def test_the_write_ahead_log_is_used_only_where_it_loses_nothing(version: tuple[int, int, int], *, safe: bool) -> None:
    assert connection.keeps_wal(version) is safe


def test_a_store_changes_its_journal_with_the_sqlite_at_hand(
    tmp_path: Path, mixed: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "clinic.db"
    for session, safe in enumerate((True, False, True)):
        monkeypatch.setattr(connection, "keeps_wal", lambda _, safe=safe: safe)
        with closing(SqliteStore(str(path))) as store:
            form, scores = administer(mixed, {}, case="C1", rater="client", session=session), score(mixed, {})
            store.record(form, scores, actor="ada", origin="typed")
            (mode,) = store._connection._raw.execute("PRAGMA journal_mode").fetchone()
            assert mode == ("wal" if safe else "delete")
            assert len(store.administrations()) == session + 1
