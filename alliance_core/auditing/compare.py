"""Recomputing the scores that a file carries, and saying which rows and scales differ and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from alliance_core.answers import number
from alliance_core.bulk import BulkScorer, Cell, by_scale
from alliance_core.errors import AnswerError, TableError
from alliance_core.instrument import Instrument
from alliance_core.scoring import Score
from alliance_core.tables.forms import FormReader
from alliance_core.tables.mapping import FileMap
from alliance_core.tables.reading import Table

MOST_FAULTS = 1000
DIGITS = 15
"""How many digits of a number survive in a double."""


@frozen
class Stated:
    """A score as a file states it.

    Attributes:
        value: The number, or None where the cell is empty.
        places: To how many decimals it is stated.
    """

    value: Fraction | None
    places: int

    def agrees(self, computed: Fraction | None) -> bool:
        """Whether a computed score is this one, to as many decimals as are stated.

        Nothing stated is nothing wrong; a number stated where the rule gives none is.
        """
        if self.value is None or computed is None:
            return self.value is None
        tolerance = Fraction(1, 2 * 10**self.places) if self.places else Fraction(0)
        return abs(self.value - computed) <= tolerance


@frozen
class Claim:
    """One row of a file that carries scores.

    Attributes:
        line: Its line in the file.
        cells: Its answers, in form order, in units.
        stated: Scale id to the score that the file states.
        computed: Scale id to the score that the answers give.
    """

    line: int
    cells: tuple[Cell, ...]
    stated: Mapping[str, Stated]
    computed: Mapping[str, Score]

    @property
    def wrong(self) -> tuple[str, ...]:
        """The scales whose stated score is not the computed one."""
        return tuple(name for name, stated in self.stated.items() if not stated.agrees(self.computed[name].value))

    def difference(self, scale: str) -> Fraction | None:
        """Stated minus computed, where both are numbers."""
        stated, computed = self.stated[scale].value, self.computed[scale].value
        return None if stated is None or computed is None else stated - computed


def read_claims(table: Table, file_map: FileMap, instrument: Instrument) -> Iterator[Claim]:
    """The rows of a file with the scores that they state and the scores that their answers give.

    Raises:
        TableError: After the last row, with one sentence for each cell that is no answer or no score.
    """
    reader = FormReader(instrument, file_map, table.header)
    places = {scale: table.header.index(column) for scale, column in file_map.scores.items()}
    score = BulkScorer(instrument, reader.cells_by_text, reader.places, _named, by_scale)
    faults: list[str] = []
    for row in table.rows():
        try:
            computed = score(row)
            stated = {scale: _stated(row[place], table.header[place]) for scale, place in places.items()}
            yield Claim(table.line, reader.cells(row), stated, computed)
        except AnswerError:
            if len(faults) <= MOST_FAULTS:
                where = f"{table.name}, line {table.line}"
                faults += [f"{where}, column {one.column}: {one.reason}" for one in reader.refusals(table.line, row)]
                faults += [f"{where}, {fault}" for fault in _faults(row, table.header, places.values())]
    if len(faults) > MOST_FAULTS:
        faults.insert(0, f"{table.name}: over {MOST_FAULTS} cells are refused; here are some")
    if faults:
        raise TableError(*faults)


def _faults(row: Sequence[str], header: Sequence[str], places: Iterable[int]) -> Iterator[str]:
    """What is wrong with the scores that a row states."""
    for place in places:
        try:
            _stated(row[place], header[place])
        except AnswerError as error:
            yield from error.faults


def _named(score: Score) -> tuple[str, Score]:
    return score.scale, score


def _stated(text: str, column: str) -> Stated:
    if text == "":
        return Stated(None, 0)
    value = number(text)
    if value is None:
        raise AnswerError(f"column {column}: {text!r:.60} is no score; write a plain number, or leave it empty")
    return Stated(value, _places(Decimal(text)))


def _places(stated: Decimal) -> int:
    """To how many decimals a number is stated: the sixteenth digit of a double, and what follows, is noise."""
    written = max(-int(stated.as_tuple().exponent), 0)
    return max(min(written, DIGITS - 1 - stated.adjusted()), 0) if stated else written
