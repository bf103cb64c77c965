"""``alliance score``: score a CSV file whose columns are item ids, without any store."""

from __future__ import annotations

import csv
import gc
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import IO, Any, TypeVar

import click

from alliance_core.bulk import BulkScorer, by_scale
from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import delimiter_option, force_option, instrument_option, json_option, store_option
from alliance_core.cli.progress import reading
from alliance_core.errors import AnswerError, TableError
from alliance_core.instrument import Instrument
from alliance_core.scoring import Score
from alliance_core.tables.forms import FormReader
from alliance_core.tables.mapping import make_map, plain_map
from alliance_core.tables.reading import Table, open_table

MOST_REFUSALS, CHUNK = 1000, 500
Part = TypeVar("Part")
Finished = TypeVar("Finished")
EPILOG = """\b
Examples:
  alliance score answers.csv --instrument wai-sr
  alliance score answers.csv --instrument wai-sr --keep person --out scores.csv
  cat answers.csv | alliance score - --instrument srs --json

Each scale gives three columns: its score (empty where it is not scorable; whole where it is whole, else the nearest
double), SCALE.answered, and SCALE.note, which says what was prorated and why a score is missing.
"""


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Do not look for cycles: no row is ever in one, and looking among millions of rows costs a tenth."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@instrument_option
@click.option("--keep", multiple=True, metavar="COLUMN", help="Carry a column over to the output; may be repeated.")
@click.option("--out", default="-", metavar="FILE", help="Where to write; standard output if not given.")
@delimiter_option
@force_option
@json_option
@store_option
@click.pass_obj
def command(
    app: App, file: str, instrument_id: str, keep: tuple[str, ...], out: str, delimiter: str, force: bool, as_json: bool
) -> None:
    """Score a CSV file, FILE or - for standard input, whose columns are the item ids of an instrument.

    Nothing is written unless every cell is an answer.
    """
    instrument = app.instrument(instrument_id).instrument
    with (
        _no_cycles(),
        open_table(file, delimiter=delimiter) as table,
        output.new_file(out, force=force) as target,
        reading(table, "Scoring") as moved,
    ):
        rows = _Rows(table, instrument, keep, moved)
        write = _write_json if as_json else _write_csv
        write(target, instrument, rows, keep)
        rows.refuse()


class _Rows:
    """The rows of the file, scored; what is refused is gathered."""

    def __init__(self, table: Table, instrument: Instrument, keep: Sequence[str], moved: Callable[[int], None]) -> None:
        absent = [column for column in keep if column not in table.header]
        if absent:
            raise TableError(
                *(f"--keep: {table.name} has no column {column!r:.60}; mend the name" for column in absent)
            )
        document = {
            **plain_map(instrument),
            "ignore": [column for column in keep if column not in instrument.item_by_id],
        }
        file_map = make_map(document, name=table.name, instrument=instrument, header=table.header, identified=False)
        self._table, self._moved = table, moved
        self._reader = FormReader(instrument, file_map, table.header)
        self._places = [table.header.index(column) for column in keep]
        self._refused: list[str] = []

    def scored(
        self, instrument: Instrument, each: Callable[[Score], Part], finish: Callable[[Sequence[Part]], Finished]
    ) -> Iterator[tuple[Iterator[list[str]], list[Finished]]]:
        """For some hundred rows at a time, the columns carried over and the finished scores."""
        score = BulkScorer(instrument, self._reader.cells_by_text, self._reader.places, each, finish)
        for rows in self._table.chunks(CHUNK):
            self._moved(len(rows))
            try:
                finished = score.many(rows)
            except AnswerError:
                self._gather(rows)
                continue
            yield ([row[place] for place in self._places] for row in rows), finished

    def _gather(self, rows: Sequence[Sequence[str]]) -> None:
        for line, row in zip(self._table.lines(rows), rows, strict=True):
            if len(self._refused) <= MOST_REFUSALS:
                for refused in self._reader.refusals(line, row):
                    where = f"{self._table.name}, line {refused.line}, column {refused.column}"
                    self._refused.append(f"{where}: {refused.reason}")

    def refuse(self) -> None:
        """Raise if any row was refused, so that nothing is written."""
        if len(self._refused) > MOST_REFUSALS:
            raise TableError(
                f"{self._table.name}: over {MOST_REFUSALS} cells are refused; here are some", *self._refused
            )
        if self._refused:
            raise TableError(*self._refused)


def _write_csv(target: IO[str], instrument: Instrument, rows: _Rows, kept: Sequence[str]) -> None:
    headers = ((scale.id, f"{scale.id}.answered", f"{scale.id}.note") for scale in instrument.scales)
    scored = list(chain.from_iterable(headers))
    twice = [column for column in kept if column in scored]
    if twice:
        raise TableError(*(f"--keep: {column!r:.60} is what a score is called; rename the column" for column in twice))
    target.write(_csv_text([*kept, *scored]) + "\n")
    for carried, lines in rows.scored(instrument, _csv_score, _csv_line):
        if kept:
            lines = [f"{_csv_text(cells)},{line}" for cells, line in zip(carried, lines, strict=True)]  # noqa: PLW2901  # the same lines, longer
        target.writelines(lines)


def _csv_score(score: Score) -> str:
    return _csv_text(["" if score.value is None else str(output.number(score.value)), str(score.answered), score.note])


def _csv_line(scores: Sequence[str]) -> str:
    return ",".join(scores) + "\n"


def _csv_text(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _write_json(target: IO[str], instrument: Instrument, rows: _Rows, kept: Sequence[str]) -> None:
    target.write("[")
    chunks = rows.scored(instrument, _json_score, by_scale)
    scored = chain.from_iterable(zip(carried, scores, strict=True) for carried, scores in chunks)
    for number, (carried, scores) in enumerate(scored, start=1):
        entry = {"row": number, "kept": dict(zip(kept, carried, strict=True)), "scores": scores}
        target.write(("" if number == 1 else ",") + "\n" + json.dumps(entry, ensure_ascii=False))
    target.write("\n]\n")


def _json_score(score: Score) -> tuple[str, dict[str, Any]]:
    return score.scale, {
        "value": output.number(score.value),
        "exact": None if score.value is None else str(score.value),
        "answered": score.answered,
        "items": score.items,
        "note": score.note or None,
    }
