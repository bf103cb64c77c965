"""The part of the kit for stores that is about whole tables of forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from alliance_core.administration import Case
from alliance_core.instrument import Instrument
from alliance_core.scoring import score
from alliance_core.store import Imported, Refused, Store, TableRow
from alliance_core.testing.forms import Answers, chance, random_form
from alliance_core.testing.places import as_row
from alliance_core.testing.sample import filled, mixed

FORMS = 60


def _told(store: Store) -> list[Any]:
    return [
        (each.session, dict(each.answers), dict(each.scores), each.case, each.rater, each.revision)
        for each in store.administrations()
    ]


class BulkChecks:
    """Promises of `alliance_core.store.Store.record_table`."""

    @staticmethod
    def row(line: int, answers: Answers | None = None) -> TableRow:
        """A row of a table for the session of that number."""
        return as_row(mixed(), line, answers or random_form(mixed(), chance(line)))

    @staticmethod
    def load(store: Store, instrument: Instrument, rows: Iterable[TableRow | Refused], **how: Any) -> Imported:
        """Import rows."""
        return store.record_table(instrument, rows, actor="ada", origin="forms.csv", **how)

    def test_a_table_is_the_same_as_its_forms_one_by_one(self, store: Store) -> None:
        """Forms of a table come back with the same answers, reasons and scores as forms that are recorded singly.

        If this fails, an imported file is read or scored otherwise than a form that is typed in.
        """
        instrument, by = mixed(), chance(11)
        forms = [random_form(instrument, by, missing=(turn % 4) * 0.15) for turn in range(FORMS)]
        rows = [as_row(instrument, number, answers) for number, answers in enumerate(forms, start=1)]
        assert self.load(store, instrument, rows) == Imported(FORMS, 1, ())
        wanted = [(number, answers, dict(score(instrument, answers))) for number, answers in enumerate(forms, start=1)]
        assert [each[:3] for each in _told(store)] == wanted

    def test_one_bad_row_keeps_all_out(self, store: Store) -> None:
        """With one refused row nothing of a table is written, and the row is named.

        If this fails, half a file stands in the store and nobody knows which half.
        """
        bad = Refused(3, "q1", "9", "9 is not an answer")
        found = self.load(store, mixed(), [self.row(1), self.row(2), bad])
        assert (found.administrations, found.cases) == (0, 0)
        assert [row.line for row in found.refused] == [3]
        assert (list(store.administrations()), list(store.cases()), list(store.audit())) == ([], [], [])

    def test_good_rows_are_kept_if_asked_for(self, store: Store) -> None:
        """With `keep_good`, the good rows are written and the bad ones named.

        If this fails, a file with one slip in it cannot be imported at all.
        """
        found = self.load(
            store, mixed(), [self.row(1), Refused(2, "q1", "9", "no answer"), self.row(3)], keep_good=True
        )
        assert (found.administrations, [row.line for row in found.refused]) == (2, [2])
        assert [each.session for each in store.administrations()] == [1, 3]

    def test_a_dry_run_writes_nothing(self, store: Store) -> None:
        """A dry run tells what would be written, and leaves no form, case, definition or audit row.

        If this fails, looking before one leaps is a leap.
        """
        found = self.load(store, mixed(), [self.row(1), self.row(2)], dry_run=True)
        assert (found.administrations, found.cases) == (2, 1)
        told = store.administrations(), store.cases(), store.kept(), store.audit()
        assert [list(each) for each in told] == [[], [], [], []]

    def test_a_row_that_is_there_already_is_refused(self, store: Store) -> None:
        """A row whose form is in the store, or in the table before it, or whose case is another's, is refused by line.

        If this fails, importing the same file twice doubles every session.
        """
        store.record(*filled(mixed(), case="kit", client="P1", session=1), actor="ada", origin="typed")
        other = TableRow(9, Case("kit", "P2"), "client", 9, None, "session", self.row(9).cells)
        found = self.load(store, mixed(), [self.row(1), self.row(2), self.row(2), other], keep_good=True)
        assert found.administrations == 1
        assert [row.line for row in found.refused] == [1, 2, 9]
        assert all(row.reason for row in found.refused)
