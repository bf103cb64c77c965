"""Checks of the ways that a form goes: into a store and back, through bulk scoring, onto a report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

from alliance_core.administration import administer
from alliance_core.answers import read_answers
from alliance_core.definition.digest import digest
from alliance_core.instrument import Instrument
from alliance_core.reporting.render import Rendered, render
from alliance_core.reporting.report import View
from alliance_core.scoring import in_form_order, score
from alliance_core.sqlite.store import SqliteStore
from alliance_core.testing import hostile, plain_report
from alliance_core.testing.finding import check
from alliance_core.testing.forms import Answers, chance, random_form
from alliance_core.testing.places import CASE, as_row
from alliance_core.testing.subject import Subject

FORMS = 40


def some_forms(instrument: Instrument) -> list[Answers]:
    """The answers of the examples, and random forms with more and more missing."""
    by = chance(8)
    given = [_read(instrument, example.answers) for example in instrument.examples]
    return [*given, *(random_form(instrument, by, missing=share) for share in (0, 0.1, 0.3, 1))]


def _read(instrument: Instrument, answers: tuple[object, ...]) -> Answers:
    return dict(read_answers(instrument, in_form_order(instrument, answers)))


def recorded(instrument: Instrument, store: SqliteStore, forms: list[Answers]) -> None:
    """Record the forms as sessions 1, 2, ... of a case, from each chair in turn."""
    for number, answers in enumerate(forms, start=1):
        rater = instrument.raters[number % len(instrument.raters)]
        held = date(2026, 1, 1)
        made = administer(instrument, answers, case=CASE, rater=rater, session=number, held_on=held)
        store.record(made, score(instrument, made.answers), actor="kit", origin="typed", distribution="kit 1")


@check(scores=True)
def forms_come_back_from_a_store(subject: Subject) -> Iterator[str]:
    """A form that is recorded comes back with the same answers, the same reasons and exactly the same scores.

    If this fails, what a clinic reads back is not what was filled in.
    """
    instrument, forms = subject.instrument, some_forms(subject.instrument)
    with closing(SqliteStore(":memory:")) as store:
        recorded(instrument, store, forms)
        kept = {each.session: each for each in store.administrations(case=CASE)}
        for number, answers in enumerate(forms, start=1):
            if dict(kept[number].answers) != answers:
                yield f"the answers of form {number} come back changed"
            if dict(kept[number].scores) != dict(score(instrument, answers)):
                yield f"the scores of form {number} come back changed"
        remembered = store.instrument(instrument.id, instrument.version)
        if remembered is None or digest(remembered) != digest(instrument):
            yield "the store does not remember the definition as it is"
        shown = sum(len(series.points) for series in store.series(CASE))
        if shown != len(forms) * len(instrument.scales):
            yield f"{len(forms)} forms with {len(instrument.scales)} scales give {shown} points of series"


@check(scores=True)
def bulk_scoring_is_scoring_one_at_a_time(subject: Subject) -> Iterator[str]:
    """A table of forms gets the same scores as each of its forms alone.

    If this fails, an imported file is scored otherwise than a form that is typed in.
    """
    instrument, by = subject.instrument, chance(9)
    forms = [random_form(instrument, by, missing=(turn % 4) * 0.1) for turn in range(FORMS)]
    rows = [as_row(instrument, number, answers) for number, answers in enumerate(forms, start=1)]
    with closing(SqliteStore(":memory:")) as store:
        imported = store.record_table(instrument, rows, actor="kit", origin="kit.csv")
        yield from (f"row {refused.line} is refused: {refused.reason}" for refused in imported.refused)
        for kept in store.administrations(case=CASE):
            answers = forms[(kept.session or 0) - 1]
            if dict(kept.scores) != dict(score(instrument, answers)) or dict(kept.answers) != answers:
                yield "a form of a table gets other scores or answers than the same form alone"
                return


@check(scores=True)
def forms_render_in_a_report(subject: Subject) -> Iterator[str]:
    """A report on forms of this measure can be made: every item, answer, score and threshold stands in it.

    If this fails, a clinic that records the measure gets a box with an error where its numbers should be.
    """
    made = rendered(subject.instrument)
    yield from (f"the section {title!r} could not be made" for title in made.failed)
    for item in subject.instrument.items:
        if not made.failed and hostile.escaped(item.topic) not in made.html:
            yield f"the topic of item {item.id} is not in the report"


@check(scores=True)
def hostile_text_is_escaped_in_a_report(subject: Subject) -> Iterator[str]:
    """Topics, titles and labels that hold code are shown as text, and never run.

    If this fails, whoever can write a definition can run code in the browser of whoever opens a report.
    """
    made = rendered(hostile.hostile(subject.instrument))
    yield from (f"the section {title!r} could not be made of hostile text" for title in made.failed)
    if hostile.BARE in made.html:
        yield "hostile text stands in the report unescaped"
    if not made.failed and hostile.ESCAPED not in made.html:
        yield "hostile text is not in the report at all"


def rendered(instrument: Instrument) -> Rendered:
    """The kit's small report on forms of an instrument."""
    with closing(SqliteStore(":memory:")) as store:
        recorded(instrument, store, some_forms(instrument)[:3])
        return render(plain_report.REPORT, View(store, CASE), provided_by="kit 1")
