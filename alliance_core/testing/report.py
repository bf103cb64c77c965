"""The kit for reports: inherit, name the report, and it is made of synthetic cases for everyone who may ask for it.

.. code-block:: python

    class TestForms(ReportKit):
        report = FORMS
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, get_args

import pytest

from alliance_core.instrument import Audience
from alliance_core.reporting.render import Rendered, render
from alliance_core.reporting.report import Report, View
from alliance_core.sqlite.store import SqliteStore
from alliance_core.testing import hostile, sample
from alliance_core.testing.guard import Kit
from alliance_core.testing.pages import Page
from alliance_core.testing.sample import filled

AUDIENCES: tuple[Audience, ...] = get_args(Audience)
FULL, LONELY, HOSTILE, HIDDEN = "full-case", "one-form", "hostile-case", "hidden-case"
FIRST = date(2026, 1, 5)
MADE_AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
every_audience = pytest.mark.parametrize("audience", AUDIENCES)


def fill(store: SqliteStore) -> None:
    """A case with everything in it, one with a single form, one full of hostile text, one that a client may not see."""
    measure, private = sample.mixed(), sample.private()
    for session in range(1, 7):
        answers = {**sample.ANSWERS, "1": session % 5 + 1, "3": "declined" if session == 4 else 3, "4": session}
        for rater in ("client", "therapist"):
            facts = {"case": FULL, "session": session, "held_on": FIRST + timedelta(weeks=session), "rater": rater}
            store.record(*filled(measure, answers, **facts), actor="kit", origin="typed")
        made = filled(private, {"gift": "yes"}, case=FULL, session=session, rater="therapist")
        store.record(*made, actor="kit", origin="typed")
    store.record(*filled(measure, {"note": "blank"}, case=FULL, session=8), actor="kit", origin="typed")
    made = filled(measure, case=FULL, session=8)
    store.correct(*made, reason=hostile.TEXT, actor="kit", origin="typed")
    store.record(*filled(measure, case=FULL, occasion="intake"), actor="kit", origin="typed")
    store.record(*filled(measure, case=LONELY), actor="kit", origin="typed")
    made = filled(private, {"gift": "no"}, case=HIDDEN, rater="therapist")
    store.record(*made, actor="kit", origin="typed")


def fill_hostile(store: SqliteStore) -> None:
    """The case full of hostile text."""
    measure = sample.nasty()
    for session in (1, 2):
        made = filled(measure, {**sample.ANSWERS, "note": hostile.TEXT}, case=HOSTILE, session=session)
        store.record(*made, actor=hostile.TEXT, origin=hostile.TEXT)
    made = filled(measure, {**sample.ANSWERS, "1": 1, "note": hostile.TEXT}, case=HOSTILE, session=2)
    store.correct(*made, reason=hostile.TEXT, actor=hostile.TEXT, origin=hostile.TEXT)


class ReportKit(Kit, checks=9):
    """What every report on a case keeps to.

    Attributes:
        report: The report.
        provided_by: The distribution that offers it, as the report prints it.
    """

    report: ClassVar[Report]
    provided_by: ClassVar[str] = "the report under test 1"

    @pytest.fixture
    def store(self) -> Iterator[SqliteStore]:
        """A store with the synthetic cases."""
        with closing(SqliteStore(":memory:")) as opened:
            fill(opened)
            yield opened

    def make(self, store: SqliteStore, case: str, audience: Audience) -> Rendered:
        """The report on a case for somebody."""
        return render(self.report, View(store, case, audience), provided_by=self.provided_by, made_at=MADE_AT)

    @every_audience
    def test_every_section_can_be_made_for_everyone(self, store: SqliteStore, audience: Audience) -> None:
        """Each section can be made of a case with everything in it, for client, therapist, supervisor and researcher.

        If this fails, that person gets a box with an error where a section should be.
        """
        made = self.make(store, FULL, audience)
        assert not made.failed, f"could not be made for the {audience}: {', '.join(made.failed)}"

    @every_audience
    def test_a_case_with_little_in_it_can_be_reported(self, store: SqliteStore, audience: Audience) -> None:
        """A case with one form, and one of which this person may see nothing, give a report without a failed section.

        If this fails, the first session of every case breaks the report.
        """
        for case in (LONELY, HIDDEN):
            assert not self.make(store, case, audience).failed

    @every_audience
    def test_hostile_text_is_escaped(self, audience: Audience) -> None:
        """Titles, topics, labels, notes and reasons that hold code are shown as text, and never run.

        If this fails, whoever types an answer can run code in the browser of whoever opens the report.
        """
        with closing(SqliteStore(":memory:")) as store:
            fill_hostile(store)
            made = self.make(store, HOSTILE, audience)
        assert not made.failed, f"could not be made of hostile text: {', '.join(made.failed)}"
        assert hostile.BARE not in made.html
        assert "<img src=x" not in made.html
        assert Page(made.html).faults == []

    @every_audience
    def test_text_from_data_is_never_a_template(self, audience: Audience) -> None:
        """Braces in a topic or a note stand on the page as braces; nothing is computed from them.

        If this fails, a note can read what the report knows of other people.
        """
        with closing(SqliteStore(":memory:")) as store:
            fill_hostile(store)
            text = Page(self.make(store, HOSTILE, audience).html).text
        assert "{{ 7 * 7 }}" in text or hostile.BARE not in text
        assert "alert(1)>49" not in text

    @every_audience
    def test_nothing_runs_and_nothing_is_fetched(self, store: SqliteStore, audience: Audience) -> None:
        """The report is one file: no script, no frame, no form, no picture, font or style from anywhere else.

        If this fails, opening a report tells somebody else that it was opened, and it is broken without a network.
        """
        assert Page(self.make(store, FULL, audience).html).faults == []

    @every_audience
    def test_headings_and_ids_are_in_order(self, store: SqliteStore, audience: Audience) -> None:
        """There is one main heading, no level is left out below it, and no id is there twice.

        If this fails, somebody who hears the report instead of seeing it cannot find the way through it.
        """
        page = Page(self.make(store, FULL, audience).html)
        assert page.headings.count(1) == 1
        steps = [after - before for before, after in zip(page.headings, page.headings[1:], strict=False)]
        assert all(step <= 1 for step in steps), f"the headings go {page.headings}"
        assert len(page.ids) == len(set(page.ids))
        assert page.tags.count("main") == 1

    @pytest.mark.parametrize("audience", ["client", "researcher"])
    def test_nobody_sees_what_is_not_for_them(self, store: SqliteStore, audience: Audience) -> None:
        """A measure that is for therapist and supervisor leaves no trace in a report for client or researcher.

        If this fails, a client reads what a therapist wrote for supervision.
        """
        for case in (FULL, HIDDEN):
            html = self.make(store, case, audience).html
            assert sample.SECRET not in html
            assert "kit-private" not in html

    @every_audience
    def test_other_cases_stay_out(self, store: SqliteStore, audience: Audience) -> None:
        """A report on one case does not name another.

        If this fails, one client reads about another.
        """
        html = self.make(store, LONELY, audience).html
        assert not [case for case in (FULL, HIDDEN) if case in html]

    def test_the_same_data_make_the_same_file(self, store: SqliteStore) -> None:
        """Made twice at the same moment, a report is the same to the letter.

        If this fails, two printouts of one case cannot be compared, and something in it depends on chance.
        """
        assert self.make(store, FULL, "therapist") == self.make(store, FULL, "therapist")
