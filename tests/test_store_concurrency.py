"""Many programs write to one store at once and every form of every one of them is kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from alliance_core.administration import administer
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument
from alliance_core.scoring import score
from alliance_core.sqlite import faults
from alliance_core.sqlite.store import SqliteStore

PROCESSES, FORMS = 8, 200
WRITER = """
import sys
from pathlib import Path
from alliance_core.administration import administer
from alliance_core.definition.load import load_instrument
from alliance_core.scoring import score
from alliance_core.sqlite.store import SqliteStore

path, definition, name, forms = sys.argv[1:]
instrument = load_instrument(definition)
store = SqliteStore(path)
answers = {"1": 4, "4": 8.9}
for session in range(int(forms)):
    form = administer(instrument, answers, case=name, client="K1", rater="client", session=session)
    store.record(form, score(instrument, answers), actor=name, origin="typed")
store.close()
"""


def test_eight_processes_write_at_once_and_nothing_is_lost(tmp_path: Path, mixed_text: bytes) -> None:
    definition, path = tmp_path / "mixed.toml", tmp_path / "clinic.db"
    definition.write_bytes(mixed_text)
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(definition), f"C{n}", str(FORMS)],
                         stderr=subprocess.PIPE, text=True)
        for n in range(PROCESSES)
    ]  # fmt: skip
    said = [process.communicate(timeout=300)[1] for process in running]
    assert said == [""] * PROCESSES
    with closing(SqliteStore(str(path))) as store:
        assert {case.code: len(store.administrations(case=case.code)) for case in store.cases()} == {
            f"C{n}": FORMS for n in range(PROCESSES)
        }
        actions = [row["action"] for row in store.audit()]
    assert (actions.count("record"), actions.count("keep")) == (PROCESSES * FORMS, 1)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_store_that_stays_locked_is_named(tmp_path: Path, mixed: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "PATIENCE", 0.1)
    path = str(tmp_path / "clinic.db")
    form, scores = administer(mixed, {}, case="C1", rater="client", session=1), score(mixed, {})
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another program was writing to it for over 0\.1 seconds"):
            store.record(form, scores, actor="ada", origin="typed")
        other.execute("ROLLBACK")
        store.record(form, scores, actor="ada", origin="typed")
        assert len(store.administrations()) == 1


def test_one_reads_while_another_writes(tmp_path: Path, mixed: Instrument) -> None:
    path = str(tmp_path / "clinic.db")
    form, scores = administer(mixed, {}, case="C1", rater="client", session=1), score(mixed, {})
    with closing(SqliteStore(path)) as writer, closing(SqliteStore(path)) as reader:
        writer.record(form, scores, actor="ada", origin="typed")
        with writer._connection.transaction():
            assert len(reader.administrations()) == 1
