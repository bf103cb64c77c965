"""Scoring many forms at once: one SQL statement generated from the definition, run by SQLite.

A form is a row of cells ``a1`` ... ``an`` in form order. A cell is the answer in whole units (`units`), so that all
arithmetic is on integers and exact; it is NULL where the answer is missing. The results are the same as those of
`alliance_core.scoring.score`, form by form: the tests hold the two against each other on random definitions.

No text from outside is in the statement: it holds numbers and the positions of items, nothing else.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice

from attrs import frozen

from alliance_core.errors import AllianceError
from alliance_core.instrument import Instrument, Item, Scale
from alliance_core.response import ResponseFormat, highest, lowest
from alliance_core.scoring import NO_SCORE, call_function

CHUNK = 2000
FUNCTION = "alliance_function"

Cell = int | str | None
"""An answer in units, the text of a free-text item, or None where it is missing."""


def units(instrument: Instrument) -> int:
    """How many units make 1: the least number that turns every admissible answer into a whole number."""
    return math.lcm(1, *(_denominator(response) for response in instrument.formats.values()))


def _denominator(response: ResponseFormat) -> int:
    values = response.values or ()
    return math.lcm(1, *(value.denominator for value in values))


COLUMNS = ("value", "numerator", "denominator", "answered", "note")
"""What can be selected of a scale: the score as a number (whole where it is whole, else the nearest double), the exact
score as numerator and denominator (they may have a common divisor), how many items were answered, and the text of
`alliance_core.scoring.Score.note`. All but `answered` are NULL where there is nothing to say."""


def select_scores(
    instrument: Instrument,
    table: str,
    *,
    carried: Sequence[str] = (),
    scales: Sequence[Scale] | None = None,
    columns: Sequence[str] = COLUMNS,
) -> str:
    """The SELECT that scores every form of a table, one row a form, in the order of its rowid.

    Args:
        instrument: What was filled in.
        table: A table with the cells ``a1`` ... ``an``, such as `create_forms_table` makes.
        carried: Columns of the table, or constants, to give first.
        scales: Which scales to score; all if None.
        columns: Which of `COLUMNS` to give, for each scale in turn.
    """
    chosen = instrument.scales if scales is None else scales
    plans = [_plan(instrument, scale) for scale in chosen]
    wanted = [*carried, *(_column(plan, column) for plan in plans for column in columns)]
    # Two subqueries, each kept from being merged by its LIMIT, so that a sum is added up once and not once a column.
    sums = "".join(f", {plan.whole} AS w{plan.number}" for plan in plans)
    counts = "".join(
        f", CASE WHEN w{plan.number} IS NULL THEN {plan.counted} ELSE {plan.items} END AS n{plan.number}"
        for plan in plans
    )
    summed = f"(SELECT rowid AS form, *{sums} FROM {table} ORDER BY rowid LIMIT -1)"  # noqa: S608  # made of numbers
    counted = f"(SELECT *{counts} FROM {summed} LIMIT -1)"  # noqa: S608  # made of numbers
    return f"SELECT {', '.join(wanted) or 'NULL'} FROM {counted}"  # noqa: S608  # made of numbers


@frozen
class _Plan:
    """How one scale is scored in SQL. `whole` is NULL as soon as one answer is missing."""

    number: int
    items: int
    needed: int
    whole: str
    counted: str
    full: tuple[str, str]
    partial: tuple[str, str]


def _plan(instrument: Instrument, scale: Scale) -> _Plan:
    number = instrument.scales.index(scale)
    positions = {item.id: position for position, item in enumerate(instrument.items, start=1)}
    keyed = [_keyed(instrument, instrument.item_by_id[name], positions[name]) for name in scale.items]
    unit, whole, answered = units(instrument), "+".join(keyed), f"n{number}"
    there = "(" + "+".join(f"coalesce({value},0)" for value in keyed) + ")"
    full, partial = (f"w{number}", "1"), (f"w{number}", "1")
    match scale.method:
        case "function":
            cells = ",".join(f"a{position}" for position in range(1, len(positions) + 1))
            full = partial = (f"{FUNCTION}({number},0,{cells})", f"{FUNCTION}({number},1,{cells})")
        case "any" | "count":
            whole = "+".join(f"({value}>={math.ceil(scale.at_least * unit)})" for value in keyed)
            whole = f"({whole})>0" if scale.method == "any" else whole
        case "mean":
            full, partial = (f"w{number}", str(unit * len(keyed))), (there, f"({unit}*{answered})")
        case _:
            ratio = scale.factor / unit
            top, bottom = ratio.as_integer_ratio()
            full = (_times(f"w{number}", top), str(bottom))
            partial = (_times(there, top * len(keyed)), f"({bottom}*{answered})")
    counted = "+".join(f"(a{positions[name]} IS NOT NULL)" for name in scale.items)
    return _Plan(number, len(keyed), scale.missing.needed(len(keyed)), whole, counted, full, partial)


def _keyed(instrument: Instrument, item: Item, position: int) -> str:
    if not item.reverse:
        return f"a{position}"
    response = instrument.response(item)
    ends = (lowest(response) + (highest(response) or 0)) * units(instrument)
    return f"({int(ends)}-a{position})"


def _times(expression: str, factor: int) -> str:
    return expression if factor == 1 else f"({expression}*{factor})"


def _column(plan: _Plan, column: str) -> str:
    match column:
        case "value":
            return _choose(plan, _quotient(plan.full), _quotient(plan.partial))
        case "numerator":
            return _choose(plan, plan.full[0], plan.partial[0])
        case "denominator":
            exact, part = plan.full[1], plan.partial[1]
            return _choose(plan, f"CASE WHEN {plan.full[0]} IS NOT NULL THEN {exact} END", part)
        case "answered":
            return f"n{plan.number}"
        case _:
            return _note(plan)


def _quotient(ratio: tuple[str, str]) -> str:
    top, bottom = ratio
    if bottom == "1":
        return top
    return f"CASE WHEN {top}%{bottom}=0 THEN {top}/{bottom} ELSE {top}*1.0/{bottom} END"


def _choose(plan: _Plan, full: str, partial: str) -> str:
    """The full expression where no cell is NULL, else the prorated one where enough are there, else NULL."""
    rest = "" if plan.needed == plan.items else f" WHEN n{plan.number}>={plan.needed} THEN {partial}"
    return f"CASE WHEN w{plan.number} IS NOT NULL THEN {full}{rest} END"


def _note(plan: _Plan) -> str:
    answered, items, needed = f"n{plan.number}", plan.items, plan.needed
    empty = f"CASE WHEN {plan.full[0]} IS NULL THEN '{NO_SCORE}' END" if FUNCTION in plan.full[0] else "NULL"
    part = f"'prorated: '||{answered}||' of {items} answered'" if empty == "NULL" else empty
    return (
        f"CASE WHEN w{plan.number} IS NOT NULL THEN {empty} WHEN {answered}>={needed} THEN {part} "
        f"ELSE 'not scorable: '||({items}-{answered})||' of {items} missing, the rule allows {items - needed}' END"
    )


class Functions:
    """The plugin's pure functions, made callable from SQL on one connection.

    SQLite turns an exception in a function into a bare error; `reraise` gives back the sentence behind it.
    """

    def __init__(self, connection: sqlite3.Connection, instrument: Instrument) -> None:
        """Register the functions that the instrument's scales name, if there are any."""
        self._instrument, self._unit = instrument, units(instrument)
        self._error: AllianceError | None = None
        self._last: tuple[tuple[Cell, ...], Fraction | None] | None = None
        if any(scale.method == "function" for scale in instrument.scales):
            connection.create_function(FUNCTION, len(instrument.items) + 2, self._part, deterministic=True)

    def reraise(self) -> None:
        """Raise the error of a function that failed since the last call, if one did."""
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _part(self, number: int, part: int, *cells: Cell) -> int | None:
        scale = self._instrument.scales[number]
        if self._last is None or self._last[0] != (number, *cells):
            self._last = ((number, *cells), self._value(scale, cells))
        value = self._last[1]
        return None if value is None else value.as_integer_ratio()[part]

    def _value(self, scale: Scale, cells: Sequence[Cell]) -> Fraction | None:
        by_item = dict(zip(self._instrument.item_by_id, cells, strict=True))
        given = {name: by_item[name] for name in scale.items}
        values = {name: Fraction(cell, self._unit) if isinstance(cell, int) else None for name, cell in given.items()}
        try:
            return call_function(self._instrument, scale, values)
        except AllianceError as error:
            self._error = error
            raise


def create_forms_table(name: str, instrument: Instrument, before: Sequence[str] = ()) -> str:
    """The statement that creates a temporary table for the cells of forms, after the columns in `before`."""
    cells = (f"a{position}" for position in range(1, len(instrument.items) + 1))
    return f"CREATE TEMP TABLE {name} ({', '.join((*before, *cells))})"


def score_rows(
    instrument: Instrument, rows: Iterable[Sequence[Cell]], columns: Sequence[str] = ("value", "answered", "note")
) -> Iterator[tuple[int | float | str | None, ...]]:
    """The scores of many forms, in constant memory.

    Args:
        instrument: What was filled in.
        rows: The cells of each form, in form order.
        columns: Which of `COLUMNS` to give, for each scale in turn.

    Yields:
        One row a form.

    Raises:
        PluginError: If a plugin's scoring function is not there, fails, or gives what is no score.
    """
    connection = sqlite3.connect("", isolation_level=None)
    try:
        functions = Functions(connection, instrument)
        connection.execute(create_forms_table("forms", instrument))
        select = select_scores(instrument, "forms", columns=columns)
        insert = f"INSERT INTO forms VALUES ({','.join('?' * len(instrument.items))})"  # noqa: S608  # made of question marks
        connection.execute("BEGIN")
        left = iter(rows)
        while chunk := list(islice(left, CHUNK)):
            connection.executemany(insert, chunk)
            try:
                yield from connection.execute(select)
            except sqlite3.OperationalError:
                functions.reraise()
                raise
            connection.execute("DELETE FROM forms")
    finally:
        connection.close()
