"""A correction supersedes a form and keeps it, with the reason; nothing is ever overwritten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from alliance_core.administration import administer
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument
from alliance_core.scoring import score
from alliance_core.sqlite.store import SqliteStore
from alliance_core.store import TableRow


def record(store: SqliteStore, instrument: Instrument, first: int, reason: str | None = None, **facts: Any) -> int:
    """A form whose first item is answered so; as a correction if there is a reason."""
    answers = {"1": first, "2": 1, "3": 5}
    about = {"case": "C1", "rater": "client"} | ({} if "occasion" in facts else {"session": 1}) | facts
    form, scores = administer(instrument, answers, **about), score(instrument, answers)
    if reason is None:
        return store.record(form, scores, actor="ada", origin="typed")
    return store.correct(form, scores, reason=reason, actor="bea", origin="typed")


def test_both_forms_are_kept_with_the_reason(store: SqliteStore, mixed: Instrument) -> None:
    first = record(store, mixed, 4)
    second = record(store, mixed, 2, "misread the form")
    (current,) = store.administrations()
    assert (current.id, current.revision, current.reason) == (second, 2, "misread the form")
    assert current.answers["1"].value == 2
    old, new = store.administrations(superseded=True)
    assert (old.id, old.revision, old.reason, old.answers["1"].value) == (first, 1, None, Fraction(4))
    assert new == current
    assert (old.scores["bond"].value, new.scores["bond"].value) == (Fraction(14), Fraction(12))


def test_series_and_views_show_the_correction_only(store: SqliteStore, mixed: Instrument) -> None:
    record(store, mixed, 4)
    second = record(store, mixed, 2, "misread the form")
    (bond,) = [series for series in store.series("C1") if series.scale.id == "bond"]
    assert [(point.value, point.administration) for point in bond.points] == [(Fraction(12), second)]
    with closing(sqlite3.connect(store.url)) as raw:
        assert raw.execute("SELECT value, revision FROM score_long WHERE scale = 'bond'").fetchall() == [(12, 2)]
        assert raw.execute("SELECT bond, revision FROM score_wide").fetchall() == [(12, 2)]
        assert raw.execute("SELECT item_1, revision FROM answers_mixed_1_0").fetchall() == [(2, 2)]


def test_a_correction_is_corrected_in_turn(store: SqliteStore, mixed: Instrument) -> None:
    for first, reason in ((4, None), (2, "misread the form"), (3, "misread it again")):
        record(store, mixed, first, reason)
    (current,) = store.administrations()
    assert (current.revision, current.reason) == (3, "misread it again")
    assert [each.revision for each in store.administrations(superseded=True)] == [1, 2, 3]
    with closing(sqlite3.connect(store.url)) as raw:
        assert raw.execute("SELECT administration_id, supersedes, made_by FROM corrections").fetchall() == [
            (2, 1, "bea"), (3, 2, "bea"),
        ]  # fmt: skip


def test_a_correction_is_audited(store: SqliteStore, mixed: Instrument) -> None:
    first = record(store, mixed, 4)
    second = record(store, mixed, 2, "misread the form")
    row = store.audit()[-1]
    assert (row["actor"], row["action"], row["subject"]) == ("bea", "correct", f"administration {second}")
    assert (row["detail"]["supersedes"], row["detail"]["reason"]) == (first, "misread the form")


def test_there_must_be_a_form_to_correct(store: SqliteStore, mixed: Instrument) -> None:
    with pytest.raises(StoreError, match=r"there is no mixed 1\.0 by the client for case C1, session 1 to correct"):
        record(store, mixed, 4, "no such form")
    record(store, mixed, 4)
    for other in ({"session": 2}, {"rater": "therapist"}, {"segment": 1}, {"occasion": "intake"}):
        with pytest.raises(StoreError, match="to correct; to record a first one, leave --correct out"):
            record(store, mixed, 4, "another form", **other)
    assert len(store.administrations(superseded=True)) == 1


def test_a_correction_needs_a_reason(store: SqliteStore, mixed: Instrument) -> None:
    record(store, mixed, 4)
    with pytest.raises(StoreError, match="needs a reason"):
        record(store, mixed, 2, "  ")
    assert len(store.administrations(superseded=True)) == 1


def test_a_correction_may_not_move_a_form_to_another_client(store: SqliteStore, mixed: Instrument) -> None:
    record(store, mixed, 4, client="K1")
    with pytest.raises(StoreError, match="is with the client K1, not K2"):
        record(store, mixed, 2, "wrong client", client="K2")


def test_a_form_of_no_session_is_corrected_by_its_day(store: SqliteStore, mixed: Instrument) -> None:
    record(store, mixed, 4, occasion="follow-up", given_on=date(2026, 1, 1))
    record(store, mixed, 5, occasion="follow-up", given_on=date(2026, 7, 1))
    record(store, mixed, 1, "misread", occasion="follow-up", given_on=date(2026, 1, 1))
    found = [(each.given_on, each.revision, each.answers["1"].value) for each in store.administrations()]
    assert found == [(date(2026, 1, 1), 2, Fraction(1)), (date(2026, 7, 1), 1, Fraction(5))]


def test_what_was_corrected_is_not_imported_again(store: SqliteStore, mixed: Instrument) -> None:
    record(store, mixed, 4)
    second = record(store, mixed, 2, "misread the form")
    form = store.administrations()[0]
    cells = (20, 10, 50, *(None,) * 7)
    row = TableRow(2, form.case, "client", 1, None, "session", cells)
    (refused,) = store.record_table(mixed, [row], actor="ada", origin="forms.csv").refused
    assert f"is there already (administration {second})" in refused.reason
