"""``alliance import``: a CSV file of forms into the store, in one transaction."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_core.answers import number
from alliance_core.cli import output
from alliance_core.cli.context import App, actor
from alliance_core.cli.options import delimiter_option, force_option, instrument_option, json_option, store_option
from alliance_core.cli.progress import reading
from alliance_core.tables.forms import read_forms
from alliance_core.tables.mapping import make_map, read_map
from alliance_core.tables.reading import open_table

if TYPE_CHECKING:
    from alliance_core.store import Imported, Refused, Store

EPILOG = """\b
Examples:
  alliance import forms.csv --instrument wai-36 --map wai-36.toml
  alliance import forms.csv --instrument wai-36 --map wai-36.toml --dry-run
  alliance import forms.csv --instrument srs --map srs.toml --keep-good --refused refused.csv

The map is a small TOML file: which columns are case, session, rater and items, and what the file's words mean.
Without --keep-good, one refused row keeps all rows out.
"""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@instrument_option
@click.option("--map", "map_file", required=True, metavar="MAP", help="The TOML file that says what the columns are.")
@click.option("--keep-good", is_flag=True, help="Keep the good rows even if others are refused.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--refused", "refused_file", metavar="CSV", help="Write the refused rows to a CSV file as well.")
@delimiter_option
@force_option
@json_option
@store_option
@click.pass_obj
def command(
    app: App, file: str, instrument_id: str, map_file: str, keep_good: bool, dry_run: bool, refused_file: str | None,
    delimiter: str, force: bool, as_json: bool,
) -> int:  # fmt: skip
    """Import FILE, a CSV file with one form a row (- for standard input), score every form and keep it."""
    found = app.instrument(instrument_id)
    document = read_map(map_file)
    if refused_file:
        output.refuse_existing(Path(refused_file), force=force)
    with open_table(file, delimiter=delimiter) as table:
        file_map = make_map(document, name=map_file, instrument=found.instrument, header=table.header)
        rows = read_forms(table, file_map, found.instrument)
        store = _store(app, dry_run=dry_run)
        with reading(table, "Importing") as moved:
            outcome = store.record_table(
                found.instrument, rows, actor=actor(), origin=Path(table.name).name, keep_good=keep_good,
                dry_run=dry_run, distribution=found.distribution, on_rows=moved,
            )  # fmt: skip
    if refused_file:
        _write_refused(refused_file, outcome.refused, force=force)
    click.echo(_as_json(outcome, dry_run=dry_run) if as_json else _said(outcome, app.store_url, dry_run=dry_run))
    if outcome.refused:
        output.complain([_sentence(table.name, refused) for refused in outcome.refused])
    return _exit_code(outcome, keep_good=keep_good)


def _store(app: App, *, dry_run: bool) -> Store:
    """The store; for a dry run where there is none yet, one in memory, so that everything is checked all the same."""
    if dry_run and not app.store_exists():
        app.store_url = ":memory:"
    return app.open_store(create=True)


def _exit_code(outcome: Imported, *, keep_good: bool) -> int:
    if not outcome.refused:
        return 0
    return 1 if keep_good else 2


def _sentence(name: str, refused: Refused) -> str:
    column = f", column {refused.column}" if refused.column else ""
    return f"{name}, line {refused.line}{column}: {refused.reason}"


def _said(outcome: Imported, url: str, *, dry_run: bool) -> str:
    rows = len({refused.line for refused in outcome.refused})
    refusal = f"; {rows} {'row' if rows == 1 else 'rows'} refused" if rows else ""
    if dry_run:
        return f"Nothing was written. {outcome.administrations} forms, {outcome.cases} new cases would be{refusal}."
    if not outcome.administrations:
        return f"Nothing was written{refusal}."
    return f"Imported {outcome.administrations} forms, {outcome.cases} new cases, into {url}{refusal}."


def _as_json(outcome: Imported, *, dry_run: bool) -> str:
    return output.as_json(
        {
            "administrations": outcome.administrations,
            "cases": outcome.cases,
            "written": bool(outcome.administrations) and not dry_run,
            "refused": [
                {"line": row.line, "column": row.column, "value": row.value, "reason": row.reason}
                for row in outcome.refused
            ],
        }
    )


def _write_refused(name: str, refused: tuple[Refused, ...], *, force: bool) -> None:
    with output.new_file(name, force=force, private=os.name == "posix") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("line", "column", "value", "reason"))
        writer.writerows((row.line, _inert(row.column), _inert(row.value), row.reason) for row in refused)


def _inert(cell: str | None) -> str | None:
    """A cell of somebody's file, so that a spreadsheet program shows it and does not take it for a formula."""
    return f"'{cell}" if cell and cell[0] in "=+-@\t\r" and number(cell) is None else cell
