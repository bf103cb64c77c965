"""The rows of a mapped file as forms, each cell checked: a `TableRow`, or the reasons why the row is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import getitem
from typing import Any

from alliance_core.administration import LAST_SESSION, OCCASIONS, Case, check_code, read_date
from alliance_core.answers import number
from alliance_core.bulk import Cell, picker
from alliance_core.errors import AnswerError
from alliance_core.instrument import Instrument
from alliance_core.store import Refused, TableRow
from alliance_core.tables.cells import Cells, Remembered
from alliance_core.tables.mapping import FileMap
from alliance_core.tables.reading import Table


class FormReader:
    """Reads the answers of each row of a file.

    Args:
        instrument: What was filled in.
        file_map: Which column holds which item, and what its words mean.
        header: The columns of the file.

    Attributes:
        columns: For each item in form order, the column of its answers.
        places: Where those columns stand in a row.
        cells_by_text: For each item, the cell that a text stands for.
    """

    def __init__(self, instrument: Instrument, file_map: FileMap, header: Sequence[str]) -> None:
        self.columns = [file_map.items[item.id] for item in instrument.items]
        self.places = [header.index(column) for column in self.columns]
        self._pick = picker(self.places)
        self.cells_by_text = [
            Cells(
                instrument,
                item,
                labels=file_map.labels,
                words=file_map.words_for(instrument.response(item)),
                missing=file_map.missing,
            )
            for item in instrument.items
        ]

    def cells(self, row: Sequence[str]) -> tuple[Cell, ...]:
        """The cells of a row, in form order.

        Raises:
            AnswerError: At the first cell that is no answer; `refusals` names them all.
        """
        return tuple(map(getitem, self.cells_by_text, self._pick(row)))

    def reasons(self, row: Sequence[str], cells: Sequence[Cell]) -> Mapping[int, str]:
        """Position of a missing cell to its reason, where it is another than ``skipped``."""
        missing = [position for position, cell in enumerate(cells) if cell is None]
        found = {n: self.cells_by_text[n].reasons.get(row[self.places[n]], "skipped") for n in missing}
        return {position: reason for position, reason in found.items() if reason != "skipped"}

    def refusals(self, line: int, row: Sequence[str]) -> Iterator[Refused]:
        """Every cell of a row that is no answer."""
        for look_up, place, column in zip(self.cells_by_text, self.places, self.columns, strict=True):
            try:
                look_up[row[place]]
            except AnswerError as error:
                yield Refused(line, column, row[place], str(error))


def read_forms(table: Table, file_map: FileMap, instrument: Instrument) -> Iterator[TableRow | Refused]:
    """The forms of a file, row by row; for a row that is refused, one `Refused` for each cell at fault."""
    reader = FormReader(instrument, file_map, table.header)
    facts = _Facts(file_map, instrument, table.header)
    for row in table.rows():
        try:
            cells = reader.cells(row)
            reasons = reader.reasons(row, cells) if None in cells else {}
            yield TableRow(line=table.line, cells=cells, reasons=reasons, **facts.read(row))
        except AnswerError:
            yield from facts.refusals(table.line, row)
            yield from reader.refusals(table.line, row)


class _Facts:
    """Reads whose form a row is."""

    def __init__(self, file_map: FileMap, instrument: Instrument, header: Sequence[str]) -> None:
        self._constant = {"rater": file_map.rater} if file_map.rater else {}
        readers: dict[str, Callable[[str], Any]] = {
            "case": lambda text: check_code("case", text),
            "client": lambda text: check_code("client", text) if text else None,
            "therapist": lambda text: check_code("therapist", text) if text else None,
            "rater": lambda text: _one_of("rater", text, instrument.raters),
            "session": lambda text: _session(text) if text else None,
            "date": lambda text: read_date(text) if text else None,
            "occasion": lambda text: _one_of("occasion", text, OCCASIONS) if text else "session",
        }
        named = file_map.columns.named
        self._columns = [
            (fact, column, header.index(column), Remembered(readers[fact])) for fact, column in named.items()
        ]
        if file_map.rater is not None:
            _one_of("rater", file_map.rater, instrument.raters)

    def read(self, row: Sequence[str]) -> dict[str, Any]:
        """The facts of a row, as `TableRow` takes them. Raises `AnswerError` at the first that does not hold."""
        facts = {fact: read[row[place]] for fact, _, place, read in self._columns} | self._constant
        occasion, session = facts.get("occasion", "session"), facts.get("session")
        if (session is None) == (occasion == "session"):
            raise AnswerError("session: give its number, or an occasion")
        case = Case(facts["case"], facts.get("client"), facts.get("therapist"))
        about = {"session": session, "held_on": facts.get("date"), "occasion": occasion}
        return {"case": case, "rater": facts["rater"], **about}

    def refusals(self, line: int, row: Sequence[str]) -> Iterator[Refused]:
        """Every fact of a row that does not hold."""
        sound = True
        for _, column, place, read in self._columns:
            try:
                read[row[place]]
            except AnswerError as error:
                sound = False
                yield Refused(line, column, row[place], str(error))
        if sound:
            try:
                self.read(row)
            except AnswerError as error:
                yield Refused(line, None, None, str(error))


def _session(text: str) -> int:
    value = number(text)
    if value is None or value.denominator != 1 or not 0 <= value <= LAST_SESSION:
        raise AnswerError(f"session: {text!r:.40} is no session number; write 0 to {LAST_SESSION}")
    return int(value)


def _one_of(fact: str, text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise AnswerError(f"{fact}: {text!r:.40} does not fit; write one of {', '.join(known)}")
    return text
