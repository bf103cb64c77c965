"""``alliance licences``: for each installed measure who owns it, what the clinic may do, which wording is installed."""

from __future__ import annotations

from typing import Any

import click

from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import json_option, store_option
from alliance_core.errors import AllianceError

EPILOG = """\b
Examples:
  alliance licences
  alliance licences --json

What is said here is what the definitions say, to the best of their authors' knowledge; the owner's own terms decide.
"""
WIDTHS = {"instrument": 60, "owner": 24, "you may": 40, "from": 32, "wording installed": 24}
"""The columns of the table, and where their words are broken."""


@click.command(epilog=EPILOG)
@json_option
@store_option
@click.pass_obj
def command(app: App, as_json: bool) -> int:
    """List the owner of each installed measure, what you may do with it, where to get it, and the wording installed."""
    from alliance_core.cli.words import kept_wordings

    installed: dict[str, list[dict[str, Any]]] = {}
    for one in kept_wordings(app):
        if one.removed_at is None:
            said = {"language": one.language, "rater": one.rater, "since": one.installed_at.date().isoformat()}
            installed.setdefault(one.instrument, []).append({**said, "digest": one.digest})
    rows, faults = _rows(app, installed)
    if as_json:
        click.echo(output.as_json(rows))
    else:
        click.echo(output.table(tuple(WIDTHS), [line for row in rows for line in _lines(row)]))
    for fault in faults:
        output.say(f"Warning: {fault}")
    return 1 if faults else 0


def _rows(app: App, installed: dict[str, list[dict[str, Any]]]) -> tuple[list[dict[str, Any]], list[str]]:
    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    own = [kept.id for kept in app.open_store().kept() if kept.own] if app.store_exists() else []
    for name in sorted({*app.plugins().ids("instruments"), *own}):
        try:
            instrument = app.instrument(name).instrument
        except AllianceError as error:
            faults += error.faults
            continue
        licence = instrument.licence
        rows.append(
            {
                "instrument": instrument.id,
                "version": instrument.version,
                "title": instrument.title,
                "owner": licence.owner,
                "wording": licence.wording,
                "terms": licence.terms,
                "fee": licence.fee,
                "notice": licence.notice,
                "obtain": licence.obtain,
                "installed": installed.get(instrument.id, []),
            }
        )
    return rows, faults


def _lines(row: dict[str, Any]) -> list[tuple[str, ...]]:
    """One measure as lines of a table, its longer words broken."""
    from itertools import zip_longest
    from textwrap import wrap

    words = (row["instrument"], row["owner"], _may(row), row["obtain"] or "", _installed(row))
    broken = [wrap(text, width, break_long_words=False) for text, width in zip(words, WIDTHS.values(), strict=True)]
    return list(zip_longest(*broken, fillvalue=""))


def _may(row: dict[str, Any]) -> str:
    if row["wording"] == "ships":
        return f"use, print, copy and change it ({row['terms']})" if row["terms"] else "use and print it"
    terms = row["terms"] or "score it; for its text you need the owner's leave"
    return f"{terms}; {row['fee']}" if row["fee"] else str(terms)


def _installed(row: dict[str, Any]) -> str:
    found = [
        f"{one['language']}{' for the ' + one['rater'] if one['rater'] else ''} since {one['since']}"
        for one in row["installed"]
    ]
    return ", ".join((["its own, en"] if row["wording"] == "ships" else []) + found) or "none"
