"""A form as the row of a table."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from alliance_core.administration import Case
from alliance_core.bulk import units
from alliance_core.instrument import Instrument
from alliance_core.store import TableRow
from alliance_core.testing.forms import Answers

CASE = "kit"


def as_row(instrument: Instrument, number: int, answers: Answers) -> TableRow:
    """A form as the row of a table, for session `number`."""
    unit, reasons = units(instrument), {}
    for place, answer in enumerate(answers.values()):
        if answer.reason not in (None, "skipped"):
            reasons[place] = str(answer.reason)
    cells = tuple(
        int(answer.value * unit) if isinstance(answer.value, Fraction) else answer.value for answer in answers.values()
    )
    rater = instrument.raters[0]
    return TableRow(number, Case(CASE), rater, number, date(2026, 1, 1), "session", cells, reasons)
