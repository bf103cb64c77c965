"""What is recorded in the embedded store is there, exactly, once, and survives the plugin that scored it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from alliance_core.administration import Administration, Case, administer
from alliance_core.answers import Answer
from alliance_core.definition.load import parse_instrument
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument
from alliance_core.scoring import Scores, score
from alliance_core.sqlite import alliance_open_store
from alliance_core.sqlite.store import SqliteStore
from alliance_core.store import Store

FULL = {"1": 4, "2": 1, "3": 5, "4": 8.9, "5": "9.1", "pull": -2, "6": "yes", "7": "no", "8": 3, "note": "it's 5; --"}


def form(
    instrument: Instrument, answers: Mapping[str, Any] | None = None, **facts: Any
) -> tuple[Administration, Scores]:
    """A checked administration of session 1 of case C1, by the client, unless said otherwise, and its scores."""
    given = FULL if answers is None else answers
    about = {"case": "C1", "rater": "client"} | ({} if "occasion" in facts else {"session": 1}) | facts
    return administer(instrument, given, **about), score(instrument, given)


def record(store: SqliteStore, *made: Any) -> int:
    return store.record(*made, actor="ada", origin="typed")


def test_it_is_a_store(store: SqliteStore) -> None:
    assert isinstance(store, Store)


def test_a_form_comes_back_as_it_was_recorded(store: SqliteStore, mixed: Instrument) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    number = record(
        store,
        *form(mixed, {**FULL, "3": "declined", "8": "lost"}, client="K1", therapist="T1", held_on=date(2026, 1, 31),
              setting="video", given_on=date(2026, 2, 1), segment=3),
    )  # fmt: skip
    (kept,) = store.administrations()
    assert (kept.id, kept.instrument, kept.version) == (number, "mixed", "1.0")
    assert (kept.case, kept.rater) == (Case("C1", "K1", "T1"), "client")
    assert (kept.session, kept.held_on, kept.occasion) == (1, date(2026, 1, 31), "session")
    assert (kept.given_on, kept.segment, kept.revision, kept.reason) == (date(2026, 2, 1), 3, 1, None)
    assert kept.origin == "typed"
    assert before <= kept.recorded_at <= datetime.now(UTC)
    assert list(kept.answers) == [item.id for item in mixed.items]
    assert kept.answers["4"] == Answer(Fraction(89, 10))
    assert kept.answers["pull"] == Answer(Fraction(-2))
    assert kept.answers["note"] == Answer("it's 5; --")
    assert kept.answers["3"] == Answer(reason="declined")
    assert kept.answers["8"] == Answer(reason="lost")
    assert list(kept.scores) == [scale.id for scale in mixed.scales]
    assert kept.scores["bond"].value == Fraction(27, 2)  # 4 and 6-1: two of three, 9 * 3 / 2
    assert kept.scores["bond"].note == "prorated: 2 of 3 answered"
    assert kept.scores["bond-weighted"].value == Fraction(135, 4)
    assert kept.scores["work"].value == 9
    assert kept.scores["silences"].value is None
    assert kept.scores["silences"].note == "not scorable: 1 of 1 missing, the rule allows 0"


def test_a_decimal_answer_comes_back_exact(store: SqliteStore, mixed: Instrument) -> None:
    for step in range(101):
        record(store, *form(mixed, {"4": Fraction(step, 10)}, session=step))
    kept = [each.answers["4"].value for each in store.administrations()]
    assert kept == [Fraction(step, 10) for step in range(101)]


def test_a_third_comes_back_as_a_third(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed, {"1": 1, "2": 4}))
    (kept,) = store.administrations()
    assert kept.scores["bond-weighted"].value == Fraction(45, 4)
    (work,) = [series for series in store.series("C1") if series.scale.id == "bond"]
    assert work.points[0].value == Fraction(9, 2)


def test_free_text_that_looks_like_a_number_stays_text(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed, {"note": "007"}))
    assert store.administrations()[0].answers["note"].value == "007"


def test_everything_is_still_there_after_opening_again(tmp_path: Path, mixed: Instrument) -> None:
    path = str(tmp_path / "clinic.db")
    with closing(SqliteStore(path)) as first:
        record(first, *form(mixed))
        before = first.administrations()
    with closing(SqliteStore(path)) as again:
        assert again.administrations() == before
        assert again.url == path


def test_the_file_is_for_its_owner_only(tmp_path: Path, mixed: Instrument) -> None:
    path = tmp_path / "clinic.db"
    with closing(SqliteStore(str(path))) as store:
        record(store, *form(mixed))
        assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}


def test_the_same_form_twice_is_refused_and_the_mend_is_named(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed))
    with pytest.raises(StoreError) as refused:
        record(store, *form(mixed, {"1": 1}))
    assert str(refused.value) == (
        "mixed 1.0 by the client for case C1, session 1 is there already (administration 1); "
        "to change it, record it again with --correct REASON"
    )
    assert len(store.administrations()) == 1
    assert [row["action"] for row in store.audit()] == ["keep", "record"]


@pytest.mark.parametrize(
    "other",
    [{"rater": "therapist"}, {"session": 2}, {"case": "C2"}, {"segment": 1}, {"occasion": "intake"}],
    ids=lambda other: next(iter(other)),
)
def test_another_rater_session_case_segment_or_occasion_is_another_form(
    store: SqliteStore, mixed: Instrument, other: dict[str, Any]
) -> None:
    record(store, *form(mixed))
    record(store, *form(mixed, **other))
    with pytest.raises(StoreError, match="is there already"):
        record(store, *form(mixed, **other))


def test_forms_of_no_session_are_told_apart_by_their_day(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed, occasion="follow-up", given_on=date(2026, 1, 1)))
    record(store, *form(mixed, occasion="follow-up", given_on=date(2026, 7, 1)))
    with pytest.raises(StoreError, match="case C1, follow-up of 2026-07-01 is there already"):
        record(store, *form(mixed, occasion="follow-up", given_on=date(2026, 7, 1)))


def test_a_case_is_completed_later_but_never_changed(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed))
    record(store, *form(mixed, session=2, client="K1"))
    record(store, *form(mixed, session=3, client="K1", therapist="T1"))
    assert store.cases() == [Case("C1", "K1", "T1")]
    with pytest.raises(StoreError, match="case C1 is with the client K1, not K2"):
        record(store, *form(mixed, session=4, client="K2"))
    with pytest.raises(StoreError, match="case C1 is with the therapist T1, not T2"):
        record(store, *form(mixed, session=4, therapist="T2"))
    assert len(store.administrations()) == 3


def test_a_session_is_completed_later_but_never_changed(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed))
    record(store, *form(mixed, rater="therapist", held_on=date(2026, 1, 1), setting="video"))
    assert {each.held_on for each in store.administrations()} == {date(2026, 1, 1)}
    with pytest.raises(StoreError, match="session 1 of case C1 was held on 2026-01-01, not 2026-01-02"):
        record(store, *form(mixed, rater="observer", held_on=date(2026, 1, 2)))
    with pytest.raises(StoreError, match="session 1 of case C1 was held in the setting video, not phone"):
        record(store, *form(mixed, rater="observer", setting="phone"))


def test_what_is_refused_leaves_nothing_behind(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed, client="K1"))
    for wrong in ({"client": "K9", "therapist": "T9"}, {"client": "K9", "session": 7}):
        with pytest.raises(StoreError):
            record(store, *form(mixed, rater="therapist", **wrong))
    with closing(sqlite3.connect(store.url)) as raw:
        counts = [raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # constants
                  for table in ("clients", "therapists", "sessions")]  # fmt: skip
    assert counts == [1, 0, 1]


def test_scores_of_another_instrument_are_refused(store: SqliteStore, mixed: Instrument) -> None:
    administration, scores = form(mixed)
    with pytest.raises(StoreError, match=r"not those of mixed 1\.0"):
        record(store, administration, Scores({"bond": scores["bond"]}))
    assert store.kept() == []


def test_administrations_come_by_case_session_instrument_and_rater(store: SqliteStore, mixed: Instrument) -> None:
    for case, session, rater in (
        ("C2", 1, "client"),
        ("C1", 10, "client"),
        ("C1", 2, "therapist"),
        ("C1", 2, "client"),
    ):
        record(store, *form(mixed, case=case, session=session, rater=rater))
    record(store, *form(mixed, occasion="ending"))
    record(store, *form(mixed, occasion="intake"))
    found = [(each.case.code, each.occasion, each.session, each.rater) for each in store.administrations()]
    assert found == [
        ("C1", "intake", None, "client"), ("C1", "session", 2, "client"), ("C1", "session", 2, "therapist"),
        ("C1", "session", 10, "client"), ("C1", "ending", None, "client"), ("C2", "session", 1, "client"),
    ]  # fmt: skip
    assert len(store.administrations(case="C2")) == 1
    assert store.administrations(case="no such") == []


def test_series_are_one_line_a_scale_and_rater_in_session_order(store: SqliteStore, mixed: Instrument) -> None:
    for session in (3, 1, 2):
        record(store, *form(mixed, {"8": session}, session=session, held_on=date(2026, 1, session)))
    record(store, *form(mixed, rater="therapist"))
    record(store, *form(mixed, occasion="intake"))
    record(store, *form(mixed, rater="observer", segment=1))
    series = store.series("C1")
    assert [(each.rater, each.scale.id) for each in series] == [
        (rater, scale.id) for rater in ("client", "therapist") for scale in mixed.scales
    ]
    (silences,) = [each for each in series if each.scale.id == "silences" and each.rater == "client"]
    assert [point.session for point in silences.points] == [1, 2, 3]
    assert [point.value for point in silences.points] == [1, 2, 3]
    assert silences.points[1].held_on == date(2026, 1, 2)
    assert store.series("no such") == []


def test_versions_are_never_one_series(store: SqliteStore, mixed: Instrument, mixed_text: bytes) -> None:
    newer = parse_instrument(mixed_text.replace(b'version = "1.0"', b'version = "2"'), name="mixed.toml")
    record(store, *form(mixed))
    record(store, *form(newer, session=2))
    assert [(each.instrument.version, len(each.points)) for each in store.series("C1") if each.scale.id == "pull"] == [
        ("1.0", 1), ("2", 1),
    ]  # fmt: skip
    assert store.instrument("mixed") == newer
    assert store.instrument("mixed", "1.0") == mixed


def test_a_definition_once_used_is_frozen(store: SqliteStore, mixed: Instrument, mixed_text: bytes) -> None:
    changed = parse_instrument(mixed_text.replace(b"allowed = 1", b"allowed = 0"), name="mixed.toml")
    record(store, *form(mixed))
    (kept,) = store.kept()
    with pytest.raises(StoreError) as refused:
        record(store, *form(changed, session=2))
    assert kept.digest[:12] in str(refused.value)
    assert "a version of its own" in str(refused.value)
    with pytest.raises(StoreError, match="is kept here with the digest"):
        store.keep(changed, actor="ada")
    assert store.instrument("mixed") == mixed
    assert len(store.administrations()) == 1


def test_new_prose_replaces_the_old_and_is_audited(store: SqliteStore, mixed: Instrument, mixed_text: bytes) -> None:
    record(store, *form(mixed))
    retold = mixed_text.replace(b'topic = "trust"', b'topic = "confidence"').replace(b"One item", b"An item")
    store.keep(parse_instrument(retold, name="mixed.toml"), actor="bea")
    remembered = store.instrument("mixed")
    assert remembered is not None
    assert remembered.title == "An item of each kind"
    assert remembered.items[0].topic == "confidence"
    assert store.series("C1")[0].instrument.title == "An item of each kind"
    assert [(row["actor"], row["action"], row["subject"]) for row in store.audit()][-1] == (
        "bea", "refresh", "instrument mixed 1.0",
    )  # fmt: skip
    with closing(sqlite3.connect(store.url)) as raw:
        assert raw.execute("SELECT title FROM items WHERE item = '1'").fetchone() == ("confidence",)


def test_keeping_what_is_kept_writes_nothing(store: SqliteStore, mixed: Instrument) -> None:
    store.keep(mixed, actor="ada", own=True)
    store.keep(mixed, actor="ada")
    record(store, *form(mixed))
    (kept,) = store.kept()
    assert (kept.id, kept.version, kept.own, kept.administrations) == ("mixed", "1.0", True, 1)
    assert [row["action"] for row in store.audit()] == ["keep", "record"]


def test_an_instrument_that_nobody_kept_is_none(store: SqliteStore) -> None:
    assert store.instrument("mixed") is None
    assert store.kept() == []


def test_scores_of_a_plugins_function_outlive_the_plugin(store: SqliteStore, mixed_text: bytes) -> None:
    scale = b"""[scales]
own = { items = [1], method = "function", function = "third", range = [0, 2], missing = { allowed = 0, source = "x" } }
"""
    definition = mixed_text.replace(b"[scales]", scale).replace(b"scores = {", b"scores = { own = 1.33,")
    functions = {"third": lambda values: (values["1"] or Fraction(0)) / 3}
    record(store, *form(parse_instrument(definition, name="mixed.toml", functions=functions)))
    (own,) = [series for series in store.series("C1") if series.scale.id == "own"]
    assert own.points[0].value == Fraction(4, 3)
    assert own.instrument.functions == {}


def test_the_audit_trail_says_who_did_what_but_no_answer(store: SqliteStore, mixed: Instrument) -> None:
    number = record(store, *form(mixed, {**FULL, "note": "a secret"}))
    kept, recorded = store.audit()
    assert list(recorded) == ["id", "happened_at", "actor", "action", "subject", "detail", "program"]
    assert (recorded["actor"], recorded["action"], recorded["subject"]) == ("ada", "record", f"administration {number}")
    assert recorded["detail"] == {
        "instrument": "mixed 1.0", "case": "C1", "session": 1, "occasion": "session", "rater": "client",
        "origin": "typed",
    }  # fmt: skip
    assert kept["subject"] == "instrument mixed 1.0"
    assert "secret" not in str(store.audit())


def test_text_that_cannot_be_kept_is_refused_in_a_sentence(store: SqliteStore, mixed: Instrument) -> None:
    with pytest.raises(StoreError, match="is no text that can be kept"):
        record(store, *form(mixed, {"note": "\ud800"}))
    assert store.administrations() == []


def test_a_number_with_more_digits_than_a_store_keeps_is_refused(store: SqliteStore, mixed_text: bytes) -> None:
    fine = mixed_text.replace(b'2 = "seldom"', b'"2.00000000000000000001" = "seldom"')
    with pytest.raises(StoreError, match=r"formats\.often: 2\.0 has more digits"):
        store.keep(parse_instrument(fine, name="mixed.toml"), actor="ada")


@pytest.mark.parametrize("url", ["sqlite:{}", "sqlite:///{}", "{}", "SQLite:{}"])
def test_a_url_or_a_plain_path_opens_the_file(tmp_path: Path, url: str) -> None:
    path = tmp_path / "clinic.db"
    opened = alliance_open_store(url.format(path))
    assert opened is not None
    opened.close()
    opened.close()
    assert path.exists()


def test_a_store_in_memory_is_forgotten(mixed: Instrument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in (":memory:", "sqlite::memory:", "sqlite:///:memory:"):
        opened = alliance_open_store(url)
        assert opened is not None
        opened.record(*form(mixed), actor="ada", origin="typed")
        opened.close()
    assert list(tmp_path.iterdir()) == []


def test_the_url_of_another_store_is_not_ours() -> None:
    assert alliance_open_store("postgresql://clinic") is None


def test_opening_a_current_store_loads_nothing_heavy(tmp_path: Path, mixed: Instrument) -> None:
    path = str(tmp_path / "clinic.db")
    with closing(SqliteStore(path)) as store:
        record(store, *form(mixed))
    program = (
        "import sys; from alliance_core.sqlite import alliance_open_store as o; s = o(sys.argv[1]); "
        "assert s.administrations() and s.kept() and s.cases(); s.close(); "
        "print(*({'sqlite_utils', 'jinja2', 'click', 'cattrs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == ""


def test_a_closed_store_says_so(store: SqliteStore) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.cases()


def test_a_damaged_definition_is_named(store: SqliteStore, mixed: Instrument) -> None:
    record(store, *form(mixed))
    with closing(sqlite3.connect(store.url)) as raw, raw:
        raw.execute("UPDATE instruments SET definition = replace(definition, '\"allowed\":1', '\"allowed\":0')")
    with pytest.raises(StoreError, match="was changed in the store; restore a backup"):
        store.series("C1")


def test_an_administration_of_an_evolved_record_is_told_apart(mixed: Instrument, store: SqliteStore) -> None:
    administration, scores = form(mixed)
    record(store, administration, scores)
    record(store, evolve(administration, rater="observer"), scores)
    assert [each.rater for each in store.administrations()] == ["client", "observer"]
