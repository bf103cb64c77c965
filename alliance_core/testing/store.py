"""The kit for stores: inherit, say how a store is made, and every promise of the contract is a test.

.. code-block:: python

    class TestMyStore(StoreKit):
        def make_store(self, tmp_path: Path) -> Store:
            return MyStore(tmp_path / "clinic.my")
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from alliance_core.administration import Case
from alliance_core.answers import REASONS, Answer
from alliance_core.definition.digest import digest
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument
from alliance_core.store import Store
from alliance_core.testing import sample
from alliance_core.testing.bulk_kit import BulkChecks
from alliance_core.testing.guard import Kit
from alliance_core.testing.sample import DAY, filled, mixed


def record(store: Store, instrument: Instrument, answers: Mapping[str, Any] | None = None, **facts: Any) -> int:
    """Record a form; see `alliance_core.testing.sample.filled`."""
    return store.record(*filled(instrument, answers, **facts), actor="ada", origin="typed", distribution="kit 1")


def correct(store: Store, instrument: Instrument, answers: Mapping[str, Any], reason: str, **facts: Any) -> int:
    """Correct a form."""
    return store.correct(*filled(instrument, answers, **facts), reason=reason, actor="bea", origin="typed")


def contents(store: Store) -> tuple[Any, ...]:
    """All that a store tells; equal before and after a refusal."""
    told = store.cases(), store.administrations(superseded=True), store.kept(), store.audit()
    return tuple(list(each) for each in told)


class StoreKit(BulkChecks, Kit, checks=25):
    """The promises of `alliance_core.store.Store`."""

    @abstractmethod
    def make_store(self, tmp_path: Path) -> Store:
        """Open the store of this folder, made if it is not there. Called twice with one folder, it is the same one."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        """An empty store."""
        with closing(self.make_store(tmp_path)) as opened:
            yield opened

    def test_it_is_a_store(self, store: Store) -> None:
        """It has every method of the contract, and a URL that a person can read.

        If this fails, a method is missing or misnamed; compare with `alliance_core.store.Store`.
        """
        assert isinstance(store, Store)
        assert isinstance(store.url, str)
        assert store.url

    def test_a_form_comes_back_as_it_was_recorded(self, store: Store) -> None:
        """Answers, scores, case, rater, session, days, origin and definition come back as they were given.

        If this fails, what a clinic reads is not what it wrote.
        """
        instrument = mixed()
        made, scores = filled(instrument, client="P1", therapist="T1", held_on=DAY, setting="video", given_on=DAY)
        number = store.record(made, scores, actor="ada", origin="typed", distribution="kit 1")
        (kept,) = store.administrations()
        assert (kept.id, kept.instrument, kept.version) == (number, instrument.id, instrument.version)
        assert kept.digest == digest(instrument)
        assert (kept.case, kept.rater, kept.session) == (Case("K1", "P1", "T1"), "client", 1)
        assert (kept.held_on, kept.given_on, kept.occasion, kept.segment) == (DAY, DAY, "session", None)
        assert (kept.revision, kept.reason, kept.origin) == (1, None, "typed")
        assert dict(kept.answers) == dict(made.answers)
        assert list(kept.answers) == [item.id for item in instrument.items]
        assert dict(kept.scores) == dict(scores)
        assert list(store.cases()) == [Case("K1", "P1", "T1")]

    def test_numbers_are_kept_exactly(self, store: Store) -> None:
        """Tenths and thirds come back as tenths and thirds, not as the nearest binary number.

        If this fails, four lines of 9.1, 8.9, 9.0 and 9.0 will one day be 35.99999999999999 and fall below 36.
        """
        instrument = mixed()
        for step in range(101):
            record(store, instrument, {"1": 1, "2": 4, "4": Fraction(step, 10)}, session=step)
        kept = store.administrations()
        assert [each.answers["4"].value for each in kept] == [Fraction(step, 10) for step in range(101)]
        assert {each.scores["bond"].value for each in kept} == {Fraction(9, 2)}

    def test_missing_answers_keep_their_reason(self, store: Store) -> None:
        """Skipped, declined, not asked and lost come back as what they were; none becomes a zero.

        If this fails, a client who declined to answer looks like one who said "never", or like one who was not asked.
        """
        for session, reason in enumerate(REASONS, start=1):
            record(store, mixed(), {**sample.ANSWERS, "3": reason, "4": reason}, session=session)
        for kept, reason in zip(store.administrations(), REASONS, strict=True):
            assert kept.answers["3"] == Answer(reason=reason)
            assert kept.scores["work"].value is None
            assert kept.scores["work"].note

    def test_text_stays_text(self, store: Store) -> None:
        """Free text comes back letter by letter, even where it looks like a number or like a command.

        If this fails, a note is changed, or runs as part of a query.
        """
        for session, text in enumerate(("007", "it's; DROP TABLE answers; --", "ünïcode ✓\nline two", " "), start=1):
            record(store, mixed(), {"note": text}, session=session)
            assert store.administrations()[-1].answers["note"].value == text

    def test_a_form_is_recorded_once(self, store: Store) -> None:
        """The same form a second time is refused in a sentence, and the store is as before.

        If this fails, one form that is typed in twice counts twice.
        """
        record(store, mixed())
        before = contents(store)
        with pytest.raises(StoreError) as refused:
            record(store, mixed(), {"1": 1})
        assert str(refused.value).strip()
        assert contents(store) == before

    @pytest.mark.parametrize(
        "other", [{"rater": "therapist"}, {"session": 2}, {"case": "K2"}, {"occasion": "intake"}], ids=str
    )
    def test_another_chair_session_case_or_occasion_is_another_form(self, store: Store, other: dict[str, Any]) -> None:
        """The therapist's form, the next session's, another case's and an intake's are kept beside the first.

        If this fails, one person's answers take the place of another's.
        """
        first, second = record(store, mixed()), record(store, mixed(), **other)
        assert first != second
        assert len(store.administrations()) == 2

    def test_a_case_belongs_to_one_client(self, store: Store) -> None:
        """A form for a known case with another client or therapist is refused; a code not stated before is added.

        If this fails, two people's answers end up in one curve.
        """
        record(store, mixed())
        record(store, mixed(), session=2, client="P1", therapist="T1")
        assert list(store.cases()) == [Case("K1", "P1", "T1")]
        before = contents(store)
        with pytest.raises(StoreError):
            record(store, mixed(), session=3, client="P2")
        with pytest.raises(StoreError):
            record(store, mixed(), session=3, therapist="T2")
        assert contents(store) == before

    def test_scores_of_another_measure_are_refused(self, store: Store) -> None:
        """A form whose scores are not all there, or are another measure's, is refused, and nothing of it is written.

        If this fails, a form can stand in the store without its numbers: it was not one transaction.
        """
        made, _ = filled(mixed())
        _, others = filled(sample.private(), {"gift": "yes"}, rater="therapist")
        with pytest.raises(StoreError):
            store.record(made, others, actor="ada", origin="typed")
        assert (list(store.administrations()), list(store.cases()), list(store.audit())) == ([], [], [])

    def test_a_correction_supersedes_and_keeps(self, store: Store) -> None:
        """A correction is what is read from then on; the form before it is kept, with the reason, and can be asked for.

        If this fails, a number changes in a record of treatment and nobody can say when, by whom or why.
        """
        first = record(store, mixed())
        second = correct(store, mixed(), {**sample.ANSWERS, "1": 2}, "misread the form")
        (current,) = store.administrations()
        assert (current.id, current.revision, current.reason) == (second, 2, "misread the form")
        old, new = sorted(store.administrations(superseded=True), key=lambda each: each.revision)
        assert (old.id, old.answers["1"].value, old.scores["bond"].value) == (first, Fraction(4), Fraction(14))
        assert (new, new.scores["bond"].value) == (current, Fraction(12))
        (bond,) = [series for series in store.series("K1") if series.scale.id == "bond"]
        assert [(point.value, point.administration) for point in bond.points] == [(Fraction(12), second)]

    def test_a_correction_needs_a_form_and_a_reason(self, store: Store) -> None:
        """A correction of what is not there, or without a reason, is refused, and the store is as before.

        If this fails, a slip of a session number makes up a form.
        """
        record(store, mixed())
        before = contents(store)
        with pytest.raises(StoreError):
            correct(store, mixed(), {"1": 1}, "there is none", session=9)
        with pytest.raises(StoreError):
            correct(store, mixed(), {"1": 1}, "  ")
        assert contents(store) == before

    def test_a_definition_once_used_is_frozen(self, store: Store) -> None:
        """The same id and version with another key is refused, for a form and for a definition alike.

        If this fails, scores that were computed by two keys are drawn on one line.
        """
        record(store, mixed())
        changed = mixed(rule="allowed = 2")
        before = contents(store)
        with pytest.raises(StoreError):
            record(store, changed, session=2)
        with pytest.raises(StoreError):
            store.keep(changed, actor="ada")
        assert contents(store) == before

    def test_a_mended_title_is_no_other_definition(self, store: Store) -> None:
        """A definition whose prose was mended goes on under the same id and version.

        If this fails, a corrected spelling mistake stops a clinic from recording.
        """
        record(store, mixed())
        record(store, mixed(title="One item of every kind"), session=2)
        assert [(each.id, each.administrations) for each in store.kept()] == [("kit-mixed", 2)]

    def test_definitions_are_remembered(self, store: Store) -> None:
        """A definition that was used, or kept on purpose, can be read back without the plugin that supplied it.

        If this fails, uninstalling a plugin makes old answers unreadable.
        """
        assert store.instrument("kit-mixed") is None
        record(store, mixed())
        store.keep(sample.private(), actor="ada", own=True)
        store.keep(mixed(version='version = "2"'), actor="ada", distribution="kit 2")
        told = [(each.id, each.version, each.own, each.administrations) for each in store.kept()]
        assert told == [("kit-mixed", "1", False, 1), ("kit-mixed", "2", False, 0), ("kit-private", "1", True, 0)]
        first, latest = store.instrument("kit-mixed", "1"), store.instrument("kit-mixed")
        assert first is not None
        assert latest is not None
        assert (first, digest(first), latest.version) == (mixed(), digest(mixed()), "2")

    def test_series_mix_neither_chairs_nor_versions(self, store: Store) -> None:
        """A series holds one scale of one version from one chair, in session order; what has no score says why.

        If this fails, a curve joins what cannot be compared.
        """
        newer = mixed(version='version = "2"')
        for session, instrument, rater in ((3, mixed(), "client"), (1, mixed(), "client"), (2, mixed(), "therapist")):
            record(store, instrument, session=session, rater=rater)
        record(store, newer, {"1": 3}, session=4)
        found = {(each.instrument.version, each.rater): each for each in store.series("K1") if each.scale.id == "bond"}
        assert set(found) == {("1", "client"), ("1", "therapist"), ("2", "client")}
        assert [point.session for point in found["1", "client"].points] == [1, 3]
        (none,) = found["2", "client"].points
        assert (none.value, none.answered, none.items) == (None, 1, 3)
        assert none.note
        assert list(store.series("nobody")) == []

    def test_forms_of_no_session_are_kept(self, store: Store) -> None:
        """An intake and two follow-ups of different days are three forms; none has a session.

        If this fails, a follow-up overwrites or hides the one before it.
        """
        record(store, mixed(), occasion="intake")
        for day in (date(2026, 1, 1), date(2026, 7, 1)):
            record(store, mixed(), occasion="follow-up", given_on=day)
        kept = store.administrations()
        assert sorted(each.occasion for each in kept) == ["follow-up", "follow-up", "intake"]
        assert {each.session for each in kept} == {None}

    def test_only_the_case_that_was_asked_for_is_told(self, store: Store) -> None:
        """Asked for one case, a store tells of no other.

        If this fails, one client's report shows another's answers.
        """
        record(store, mixed())
        record(store, mixed(), case="K2")
        assert {each.case.code for each in store.administrations(case="K2")} == {"K2"}
        assert {series.case for series in store.series("K2")} == {"K2"}

    def test_every_write_leaves_an_audit_row(self, store: Store) -> None:
        """Recording, correcting and importing leave a row each: who, when, what, with which program; oldest first.

        If this fails, nobody can say afterwards who changed what.
        """
        record(store, mixed())
        correct(store, mixed(), {"1": 1}, "misread the form")
        self.load(store, mixed(), [self.row(7)])
        rows = [row for row in store.audit() if row["action"] in ("record", "correct", "import")]
        assert [(row["action"], row["actor"]) for row in rows] == [
            ("record", "ada"), ("correct", "bea"), ("import", "ada"),
        ]  # fmt: skip
        for row in rows:
            assert {"id", "happened_at", "actor", "action", "subject", "detail", "program"} <= set(row)
        assert [row["id"] for row in store.audit()] == sorted(row["id"] for row in store.audit())

    def test_everything_is_there_after_opening_again(self, tmp_path: Path) -> None:
        """What was written is there when the store is closed and opened anew.

        If this fails, a day's forms are lost with the program that took them.
        """
        with closing(self.make_store(tmp_path)) as store:
            record(store, mixed())
            before = contents(store)
        with closing(self.make_store(tmp_path)) as again:
            assert contents(again) == before

    def test_closing_twice_is_no_error(self, tmp_path: Path) -> None:
        """A store may be closed again.

        If this fails, a command that did its work ends with an error message.
        """
        store = self.make_store(tmp_path)
        store.close()
        store.close()
