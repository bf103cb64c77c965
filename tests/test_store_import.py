"""A bulk import gives the same rows as recording one form at a time, all of them or none, and says what it refused."""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from alliance_core.administration import Case, administer
from alliance_core.answers import REASONS
from alliance_core.bulk import units
from alliance_core.definition.load import parse_instrument
from alliance_core.errors import AnswerError, PluginError, StoreError
from alliance_core.instrument import Instrument
from alliance_core.response import Text
from alliance_core.scoring import score
from alliance_core.sqlite.importing import CHUNK
from alliance_core.sqlite.store import SqliteStore
from alliance_core.store import Imported, Refused, TableRow

EVERYTHING = {
    "answers": "SELECT administration_id, item_id, value, typeof(value), reason FROM answers",
    "scores": "SELECT administration_id, scale, instrument_id, value, numerator, denominator, answered, items, note "
    "FROM scores",
    "administrations": "SELECT id, instrument_id, case_id, session_id, occasion, rater, given_on, revision "
    "FROM administrations",
    "sessions": "SELECT * FROM sessions",
    "cases": "SELECT * FROM cases",
    "clients": "SELECT * FROM clients",
    "therapists": "SELECT * FROM therapists",
}


def row(line: int, cells: tuple[Any, ...] | None = None, **facts: Any) -> TableRow:
    about: dict[str, Any] = {
        "case": Case("C1", "K1", "T1"), "rater": "client", "session": line, "held_on": None, "occasion": "session",
    }  # fmt: skip
    return TableRow(line=line, cells=cells or (40, 10, 50, 89, 91, -20, 10, 0, 30, "well"), **about | facts)


def load(store: SqliteStore, instrument: Instrument, rows: Any, **how: Any) -> Imported:
    return store.record_table(instrument, rows, actor="ada", origin="forms.csv", **how)


def contents(path: str) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as raw:
        return {name: raw.execute(select).fetchall() for name, select in EVERYTHING.items()}


def random_answers(chance: random.Random, instrument: Instrument) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for item in instrument.items:
        response = instrument.response(item)
        if chance.random() < 0.15:
            answers[item.id] = chance.choice(REASONS)
        elif isinstance(response, Text):
            answers[item.id] = chance.choice(["5", "quiet", "'; DROP TABLE answers; --", "ünïcode ✓"])
        else:
            answers[item.id] = chance.choice(response.values or tuple(map(Fraction, (0, 1, 7, 10**9))))
    return answers


def as_row(line: int, instrument: Instrument, answers: dict[str, Any], session: int | None, case: Case) -> TableRow:
    missing = {place: answers[item.id] for place, item in enumerate(instrument.items) if answers[item.id] in REASONS}
    cells = tuple(
        None if place in missing else _cell(answers[item.id], units(instrument))
        for place, item in enumerate(instrument.items)
    )
    return TableRow(
        line=line, case=case, rater="client", session=session, held_on=date(2026, 1, 1) if session else None,
        occasion="session" if session is not None else "intake", cells=cells,
        reasons={place: reason for place, reason in missing.items() if reason != "skipped"},
    )  # fmt: skip


def _cell(value: Fraction | str, unit: int) -> int | str:
    return value if isinstance(value, str) else int(value * unit)


def test_an_import_writes_the_rows_that_recording_one_at_a_time_writes(tmp_path: Path, mixed: Instrument) -> None:
    chance = random.Random(7)  # noqa: S311  # test data
    forms = [random_answers(chance, mixed) for _ in range(300)]
    places = [(n % 12 or None, Case(f"C{n // 12}", f"K{n // 24}", f"T{n % 2}" if n % 12 == 5 else None))
              for n in range(300)]  # fmt: skip
    with closing(SqliteStore(str(tmp_path / "one.db"))) as one, closing(SqliteStore(str(tmp_path / "bulk.db"))) as bulk:
        for answers, (session, case) in zip(forms, places, strict=True):
            form = administer(
                mixed, answers, case=case.code, client=case.client, therapist=case.therapist, rater="client",
                session=session, held_on=date(2026, 1, 1) if session else None,
                occasion="session" if session is not None else "intake",
            )  # fmt: skip
            one.record(form, score(mixed, answers), actor="ada", origin="forms.csv")
        rows = [as_row(n, mixed, answers, *place)
                for n, (answers, place) in enumerate(zip(forms, places, strict=True), start=2)]  # fmt: skip
        assert load(bulk, mixed, rows) == Imported(300, 25, ())
        assert contents(bulk.url) == contents(one.url)
        for case in one.cases():
            assert bulk.series(case.code) == one.series(case.code)
        assert bulk.cases() == one.cases()


def test_an_import_scores_with_a_plugins_function(store: SqliteStore, mixed_text: bytes) -> None:
    instrument = with_function(mixed_text, lambda values: values["1"] / 3)
    load(store, instrument, [row(1), row(2, (None, 10, 50, 89, 91, -20, 10, 0, 30, None))])
    (own,) = [series for series in store.series("C1") if series.scale.id == "own"]
    assert [point.value for point in own.points] == [Fraction(4, 3), None]


def test_a_function_that_fails_stops_the_import(store: SqliteStore, mixed_text: bytes) -> None:
    instrument = with_function(mixed_text, lambda values: Fraction(4, 3) if values["1"] == 4 else 1 / 0)
    with pytest.raises(PluginError, match="third failed"):
        load(store, instrument, [row(1), row(2, (30, 10, 50, 89, 91, -20, 10, 0, 30, None))], keep_good=True)
    assert store.administrations() == []
    assert store.audit() == []


def test_one_audit_row_counts_the_whole_import(store: SqliteStore, mixed: Instrument) -> None:
    load(store, mixed, [row(2), Refused(3, "q1", "9", "too big"), Refused(3, "q2", "8", "too big")], keep_good=True)
    kept, imported = store.audit()
    assert (kept["action"], imported["action"], imported["subject"]) == ("keep", "import", "forms.csv")
    assert imported["detail"] == {"instrument": "mixed 1.0", "administrations": 1, "cases": 1, "refused": 1}
    assert store.administrations()[0].origin == "forms.csv"


def test_one_refused_row_keeps_all_out(store: SqliteStore, mixed: Instrument) -> None:
    before = contents(store.url)
    refused = Refused(3, "q1", "9", "too big")
    assert load(store, mixed, [row(2), refused, row(4)]) == Imported(0, 0, (refused,))
    assert contents(store.url) == before
    assert store.audit() == []
    assert store.kept() == []


def test_keep_good_keeps_the_good_ones(store: SqliteStore, mixed: Instrument) -> None:
    refused = Refused(3, "q1", "9", "too big")
    assert load(store, mixed, [row(2), refused, row(4)], keep_good=True) == Imported(2, 1, (refused,))
    assert [each.session for each in store.administrations()] == [2, 4]


def test_a_dry_run_tells_all_and_writes_nothing(store: SqliteStore, mixed: Instrument) -> None:
    refused = Refused(4, "q1", "9", "too big")
    assert load(store, mixed, [row(2), row(3)], dry_run=True) == Imported(2, 1, ())
    assert load(store, mixed, [row(2), refused], dry_run=True) == Imported(0, 0, (refused,))
    assert load(store, mixed, [row(2), refused], dry_run=True, keep_good=True) == Imported(1, 1, (refused,))
    assert contents(store.url)["cases"] == []
    assert store.audit() == []


def test_a_form_twice_in_the_file_is_refused(store: SqliteStore, mixed: Instrument) -> None:
    imported = load(store, mixed, [row(2, session=1), row(3, session=2), row(4, session=1)], keep_good=True)
    assert (imported.administrations, imported.cases) == (2, 1)
    (refused,) = imported.refused
    assert (refused.line, refused.column, refused.value) == (4, None, None)
    assert refused.reason.startswith("mixed 1.0 by the client for case C1, session 1 is there already")


def test_importing_a_file_twice_refuses_every_row(store: SqliteStore, mixed: Instrument) -> None:
    rows = [row(line) for line in range(2, 5)]
    load(store, mixed, rows)
    again = load(store, mixed, rows, keep_good=True)
    assert (again.administrations, [refused.line for refused in again.refused]) == (0, [2, 3, 4])
    assert len(store.administrations()) == 3
    assert len(store.audit()) == 2


def test_a_case_of_two_clients_or_a_session_on_two_days_is_refused(store: SqliteStore, mixed: Instrument) -> None:
    rows = [
        row(2, case=Case("C1"), session=1),
        row(3, case=Case("C1", "K1"), session=2, held_on=date(2026, 1, 1)),
        row(4, case=Case("C1", "K2"), session=3),
        row(5, rater="therapist", session=2, held_on=date(2026, 1, 2)),
    ]
    imported = load(store, mixed, rows, keep_good=True)
    assert [(each.line, each.reason.split(";")[0]) for each in imported.refused] == [
        (4, "case C1 is with the client K1, not K2"),
        (5, "session 2 of case C1 was held on 2026-01-01, not 2026-01-02"),
    ]
    assert store.cases() == [Case("C1", "K1")]
    assert contents(store.url)["clients"] == [(1, "K1")]


def test_refused_rows_come_in_the_order_of_the_file(store: SqliteStore, mixed: Instrument) -> None:
    rows = [row(2, session=1), row(3, session=1), Refused(4, "q1", "9", "too big"), row(5, session=1)]
    assert [each.line for each in load(store, mixed, rows).refused] == [3, 4, 5]


def test_progress_counts_every_row_once(store: SqliteStore, mixed: Instrument) -> None:
    done: list[int] = []
    rows = [*(row(line) for line in range(2, CHUNK + 10)), Refused(9000, "a", "", "x"), Refused(9000, "b", "", "x")]
    load(store, mixed, rows, on_rows=done.append)
    assert sum(done) == CHUNK + 9
    assert len(done) == 2


def test_a_file_that_breaks_off_leaves_nothing(store: SqliteStore, mixed: Instrument) -> None:
    def broken() -> Iterator[TableRow]:
        yield from (row(line) for line in range(2, CHUNK + 10))
        raise AnswerError("the file broke off")

    with pytest.raises(AnswerError):
        load(store, mixed, broken(), keep_good=True)
    assert contents(store.url)["administrations"] == []


def test_memory_does_not_grow_with_the_file(tmp_path: Path, mixed: Instrument) -> None:
    def peak(store: SqliteStore, rows: int) -> int:
        tracemalloc.start()
        load(store, mixed, (row(line, case=Case(f"C{line // 9}")) for line in range(2, rows + 2)))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    with closing(SqliteStore(str(tmp_path / "a.db"))) as few, closing(SqliteStore(str(tmp_path / "b.db"))) as many:
        peak(few, 10)  # what is loaded and remembered once
        with closing(SqliteStore(str(tmp_path / "c.db"))) as some:
            base = peak(some, 2 * CHUNK)
        assert peak(many, 8 * CHUNK) < 1.5 * base


def test_an_empty_import_writes_nothing(store: SqliteStore, mixed: Instrument) -> None:
    assert load(store, mixed, []) == Imported(0, 0, ())
    assert store.kept() == []


def test_an_import_by_another_definition_of_the_same_version_is_refused(
    store: SqliteStore, mixed: Instrument, mixed_text: bytes
) -> None:
    load(store, mixed, [row(2)])
    changed = parse_instrument(mixed_text.replace(b"allowed = 1", b"allowed = 0"), name="mixed.toml")
    with pytest.raises(StoreError, match="is kept here with the digest"):
        load(store, changed, [row(3)])


def test_a_full_disk_stops_the_import_and_leaves_the_store_as_it_was(store: SqliteStore, mixed: Instrument) -> None:
    load(store, mixed, [row(2)])
    before = contents(store.url)
    store._connection._raw.execute("PRAGMA max_page_count = 60")
    with pytest.raises(StoreError, match="the disk is full, so nothing was written"):
        load(store, mixed, (row(line) for line in range(3, 5000)))
    assert contents(store.url) == before
    store._connection._raw.execute("PRAGMA max_page_count = 100000")
    assert load(store, mixed, [row(3)]).administrations == 1


def with_function(definition: bytes, function: Any) -> Instrument:
    scale = b"""[scales]
own = { items = [1], method = "function", function = "third", range = [0, 2], missing = { allowed = 0, source = "x" } }
"""
    text = definition.replace(b"[scales]", scale).replace(b"scores = {", b"scores = { own = 1.33,")
    return parse_instrument(text, name="mixed.toml", functions={"third": function})
