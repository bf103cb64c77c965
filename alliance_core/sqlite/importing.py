"""A whole table of forms in one transaction, in constant memory, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from operator import getitem

from alliance_core.administration import Session
from alliance_core.bulk import AS_IS, BulkScorer, Cell, units
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument
from alliance_core.sqlite.context import Writing
from alliance_core.sqlite.definitions import KeptId
from alliance_core.sqlite.forms import (
    FormAnswers,
    FormWriter,
    ScoreFacts,
    ScoreRow,
    Stored,
    score_facts,
    score_row,
    stored,
)
from alliance_core.sqlite.register import Head, Register
from alliance_core.store import Imported, Refused, TableRow

CHUNK = 2000
MOST_REMEMBERED = 100_000

Form = tuple[int, TableRow]


class TableImport:
    """One import.

    Args:
        writing: The transaction.
        instrument: What was filled in.
        kept: Where it is kept.
        origin: The name of the file.
        on_rows: Called after each chunk with the number of rows done since the last call.
    """

    def __init__(
        self,
        writing: Writing,
        instrument: Instrument,
        kept: KeptId,
        *,
        origin: str,
        on_rows: Callable[[int], None] | None,
    ) -> None:
        self._register = Register(writing, origin)
        self._writer = FormWriter(writing, kept, len(instrument.scales))
        self._on_rows, self._key = on_rows, kept.instrument
        self._name = f"{instrument.id} {instrument.version}"
        self._cells = _Cells(instrument)
        count = len(instrument.items)
        self._score: BulkScorer[ScoreRow, ScoreFacts] = BulkScorer(
            instrument, [AS_IS] * count, range(count), score_row, score_facts
        )
        self._written = 0
        self._refused: list[Refused] = []

    def run(self, rows: Iterable[TableRow | Refused]) -> Imported:
        """Enter, write and score every row that is not refused."""
        left = iter(rows)
        last = 0
        while chunk := list(islice(left, CHUNK)):
            self._write([form for row in chunk for form in self._entered(row)])
            if self._on_rows is not None:  # a row with two faults stands in the chunk twice, but is one row
                lines = [last, *(row.line for row in chunk)]
                self._on_rows(sum(line != before for before, line in pairwise(lines)))
                last = lines[-1]
        refused = sorted(self._refused, key=lambda row: row.line)
        return Imported(self._written, self._register.new_cases, tuple(refused))

    def _entered(self, row: TableRow | Refused) -> Iterator[Form]:
        if isinstance(row, Refused):
            self._refused.append(row)
            return
        session = None if row.session is None else Session(row.session, row.held_on)
        try:
            yield self._register.enter(Head(self._name, self._key, row.case, session, row.occasion, row.rater)), row
        except StoreError as error:
            self._refused.append(Refused(row.line, None, None, str(error)))

    def _write(self, forms: Sequence[Form]) -> None:
        self._writer.answers(self._cells.answers(number, row) for number, row in forms)
        self._writer.scores((number, self._score(row.cells)) for number, row in forms)
        self._written += len(forms)


class _Cells:
    """Turns the cells of rows into stored values and reasons."""

    def __init__(self, instrument: Instrument) -> None:
        unit = units(instrument)
        numeric = [instrument.response(item).numeric for item in instrument.items]
        shared = _Values(unit)
        # Where the unit is 1, a cell is the stored value already.
        self._values = None if unit == 1 else [shared if each else AS_IS for each in numeric]
        self._none_missing = (None,) * len(numeric)

    def answers(self, number: int, row: TableRow) -> FormAnswers:
        cells = row.cells
        values: Sequence[Stored] = cells if self._values is None else tuple(map(getitem, self._values, cells))
        return number, values, self._reasons(row) if None in cells else self._none_missing

    def _reasons(self, row: TableRow) -> Sequence[str | None]:
        given = row.reasons
        return [None if cell is not None else given.get(place, "skipped") for place, cell in enumerate(row.cells)]


class _Values(dict[Cell, Stored]):
    """The stored value of a cell in units; worked out when it first occurs."""

    def __init__(self, unit: int) -> None:
        super().__init__()
        self._unit = unit

    def __missing__(self, cell: Cell) -> Stored:
        value = None if cell is None else stored(Fraction(int(cell), self._unit))
        if len(self) < MOST_REMEMBERED:
            self[cell] = value
        return value
