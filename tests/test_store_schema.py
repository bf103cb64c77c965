"""The schema is a public contract: it is as docs/schema.md says, it guards itself, and it reads well."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from alliance_core.administration import administer
from alliance_core.definition.load import parse_instrument
from alliance_core.instrument import Instrument
from alliance_core.scoring import score
from alliance_core.sqlite import migrations, views
from alliance_core.sqlite.store import SqliteStore

DOCUMENT = (Path(__file__).parents[1] / "docs" / "schema.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)
ACTIVE = ("administrations", "answers", "scores", "corrections", "audit")
LEADING = 14
"""The columns that the wide views begin with."""


@pytest.fixture
def raw(store: SqliteStore, mixed: Instrument) -> Iterator[sqlite3.Connection]:
    """A plain connection, as any SQLite tool has, to a store with two forms and a correction."""
    first, second = {"1": 4, "2": 1, "3": 5, "4": 8.9}, {"1": 5, "note": "quiet", "8": "lost"}
    for session, answers in ((1, first), (2, second)):
        form = administer(mixed, answers, case="C01", client="K1", therapist="T1", rater="client", session=session)
        store.record(form, score(mixed, answers), actor="ada", origin="typed")
    form = administer(mixed, second, case="C01", rater="client", session=2)
    store.correct(form, score(mixed, second), reason="misread", actor="ada", origin="typed")
    with closing(sqlite3.connect(store.url)) as connection:
        yield connection


def names(raw: sqlite3.Connection, kind: str) -> set[str]:
    rows = raw.execute("SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'", (kind,))
    return {name for (name,) in rows}


def columns(raw: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in raw.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def documented() -> dict[str, list[str]]:
    """Table or view to its columns, as the document lists them."""
    sections = re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]
    tables = {re.findall(r"`(.+?)`", section)[0]: section for section in sections}
    return {name: re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) for name, section in tables.items()}


def test_the_document_names_every_table_and_view(raw: sqlite3.Connection) -> None:
    found = names(raw, "table") | names(raw, "view")
    assert set(documented()) | {"_sqlite_migrations", "answers_mixed_1_0"} == found | {"answers_…"}
    assert "_sqlite_migrations" in DOCUMENT


def test_the_document_names_every_column_in_order(raw: sqlite3.Connection) -> None:
    for name, listed in documented().items():
        if name != "answers_…":
            found = columns(raw, name)
            assert found[: len(listed)] == listed, name
            assert name == "score_wide" or found == listed, name
    assert columns(raw, "answers_mixed_1_0")[:LEADING] == documented()["score_wide"]


def test_the_document_gives_every_columns_type(raw: sqlite3.Connection) -> None:
    sections = re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]
    for section in sections:
        name = re.findall(r"`(.+?)`", section)[0]
        if name in names(raw, "table"):
            told = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", section, re.MULTILINE))
            held = raw.execute("SELECT name, lower(type) FROM pragma_table_info(?)", (name,)).fetchall()
            assert told == dict(held), name


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.splitlines()[0].removeprefix("-- "))
def test_an_example_query_of_the_document_runs_and_finds_something(raw: sqlite3.Connection, query: str) -> None:
    assert raw.execute(query).fetchall()


def test_every_table_is_strict(raw: sqlite3.Connection) -> None:
    kinds = raw.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE '%sqlite%'")
    assert {strict for _, strict in kinds} == {1}
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value"):
        raw.execute("UPDATE sessions SET number = 'first'")


@pytest.mark.parametrize("table", ACTIVE)
def test_what_is_written_is_never_changed_or_deleted(raw: sqlite3.Connection, table: str) -> None:
    before = raw.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # a constant
    column = columns(raw, table)[-1]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608  # constants
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            raw.execute(statement)
    assert raw.execute(f"SELECT * FROM {table}").fetchall() == before  # noqa: S608  # a constant


def test_nothing_is_replaced_either(store: SqliteStore, raw: sqlite3.Connection) -> None:
    with store._connection.transaction() as inside, pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        inside.execute("INSERT OR REPLACE INTO answers VALUES (1, 1, 5, NULL)")


def test_the_guards_are_those_that_a_migration_looks_for(raw: sqlite3.Connection) -> None:
    assert names(raw, "trigger") == migrations.TRIGGERS
    assert set(migrations.GUARDED) == set(ACTIVE)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO answers VALUES (1, 11, NULL, NULL)",
        "INSERT INTO answers VALUES (1, 11, 5, 'skipped')",
        "INSERT INTO answers VALUES (1, 11, NULL, 'forgotten')",
        "INSERT INTO answers VALUES (1, 11, x'00', NULL)",
        "INSERT INTO scores VALUES (1, 1, 'new', NULL, NULL, NULL, 0, 1, '', '2026-01-01T00:00:00Z')",
        "INSERT INTO scores VALUES (1, 1, 'new', 1.5, NULL, NULL, 1, 1, '', '2026-01-01T00:00:00Z')",
        "INSERT INTO scores VALUES (1, 1, 'new', 1.5, 3, 0, 1, 1, '', '2026-01-01T00:00:00Z')",
        "INSERT INTO scores VALUES (1, 1, 'new', 1.5, 3, 2, 2, 1, '', '2026-01-01T00:00:00Z')",
        "INSERT INTO sessions VALUES (9, 1, 9, 'C01 session 9', '31.1.2026', NULL)",
        "INSERT INTO sessions VALUES (9, 1, 9, 'C01 session 9', NULL, 'by letter')",
        "INSERT INTO clients VALUES (9, 'K1')",
    ],
)
def test_the_tables_refuse_what_cannot_be(raw: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)


def test_the_same_form_cannot_be_there_twice(raw: sqlite3.Connection) -> None:
    copied = ", ".join(columns(raw, "administrations")[1:])
    with pytest.raises(sqlite3.IntegrityError, match="administrations_form"):
        raw.execute(f"INSERT INTO administrations ({copied}) SELECT {copied} FROM administrations WHERE id = 1")  # noqa: S608  # constants


def test_links_lead_to_rows_with_a_label(raw: sqlite3.Connection) -> None:
    """Datasette shows for a link the only unique text column, else the column called name or title."""
    for table in names(raw, "table"):
        for target in {row[2] for row in raw.execute("SELECT * FROM pragma_foreign_key_list(?)", (table,))}:
            if target != "administrations":  # a form is called by its number
                assert {"code", "name", "title"} & set(columns(raw, target)), target
                uniques = raw.execute('SELECT name FROM pragma_index_list(?) WHERE "unique"', (target,)).fetchall()
                single = [columns_of for (name,) in uniques if len(columns_of := indexed(raw, name)) == 1]
                assert single in ([], [["code"]]), target


def indexed(raw: sqlite3.Connection, index: str) -> list[str]:
    return [name for (name,) in raw.execute("SELECT name FROM pragma_index_info(?)", (index,))]


def test_score_wide_grows_with_the_scales_of_new_definitions(
    store: SqliteStore, raw: sqlite3.Connection, mixed_text: bytes
) -> None:
    before = columns(raw, "score_wide")
    assert before[LEADING:] == ["any_box", "bond", "bond_weighted", "boxes", "pull", "silences", "work"]
    other = mixed_text.replace(b'id = "mixed"', b'id = "other"').replace(b"silences =", b"session =")
    store.keep(parse_instrument(other, name="other.toml"), actor="ada")
    after = columns(raw, "score_wide")
    assert after[LEADING:] == [
        "any_box", "bond", "bond_weighted", "boxes", "pull", "scale_session", "silences", "work",
    ]  # fmt: skip
    assert raw.execute("SELECT bond, scale_session FROM score_wide WHERE session = 1").fetchall() == [(14, None)]


def test_score_long_holds_what_score_wide_holds(raw: sqlite3.Connection) -> None:
    tall = raw.execute("SELECT administration, value FROM score_long WHERE scale = 'bond'").fetchall()
    assert tall == raw.execute("SELECT administration, bond FROM score_wide").fetchall() == [(1, 14), (3, None)]


def test_answers_are_wide_in_form_order(raw: sqlite3.Connection) -> None:
    found = columns(raw, "answers_mixed_1_0")[LEADING:]
    assert found == [f"item_{item}" for item in ("1", "2", "3", "4", "5", "pull", "6", "7", "8", "note")]
    rows = raw.execute("SELECT session, item_1, item_4, item_note FROM answers_mixed_1_0").fetchall()
    assert rows == [(1, 4, 8.9, None), (2, 5, None, "quiet")]


def test_versions_that_look_alike_have_views_of_their_own(
    store: SqliteStore, raw: sqlite3.Connection, mixed_text: bytes
) -> None:
    for version in (b"1-0", b"1.0.0"):
        text = mixed_text.replace(b'version = "1.0"', b'version = "' + version + b'"')
        store.keep(parse_instrument(text, name="mixed.toml"), actor="ada")
    assert {name for name in names(raw, "view") if name.startswith("answers")} == {
        "answers_mixed_1_0", "answers_mixed_1_0_2", "answers_mixed_1_0_0",
    }  # fmt: skip
    assert raw.execute("SELECT count(*) FROM answers_mixed_1_0_2").fetchone() == (0,)


def test_items_that_look_alike_have_columns_of_their_own() -> None:
    assert views.item_columns(["1", "goal-1"]) == ["item_1", "item_goal_1"]
    assert views.item_columns(["goal-1", "goal_1"]) == ["item_goal-1", "item_goal_1"]


def test_the_header_says_whose_file_it_is(raw: sqlite3.Connection) -> None:
    (application,) = raw.execute("PRAGMA application_id").fetchone()
    assert application.to_bytes(4) == b"Alli"
    assert str(application) in DOCUMENT
    assert raw.execute("PRAGMA user_version").fetchone() == (migrations.VERSION,)


def test_a_connection_is_a_careful_one(store: SqliteStore) -> None:
    pragmas = {"foreign_keys": 1, "trusted_schema": 0, "synchronous": 2, "recursive_triggers": 1, "cell_size_check": 1}
    for pragma, value in pragmas.items():
        assert store._connection._raw.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_store_is_whole(raw: sqlite3.Connection) -> None:
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
