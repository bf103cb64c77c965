"""``alliance scores``: the scores in the store, one line a scale of a form."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import json_option, store_option
from alliance_core.errors import StoreError

if TYPE_CHECKING:
    from alliance_core.store import Recorded

EPILOG = """\b
Examples:
  alliance scores
  alliance scores --case K1 --instrument wai-sr
  alliance scores --json
"""
HEADERS = ("case", "session", "instrument", "version", "rater", "scale", "score", "answered", "note")


@click.command(epilog=EPILOG)
@click.option("--case", metavar="CODE", help="Of this case only.")
@click.option("--instrument", "instrument_id", metavar="ID", help="Of this instrument only, installed or not.")
@json_option
@store_option
@click.pass_obj
def command(app: App, case: str | None, instrument_id: str | None, as_json: bool) -> None:
    """List the scores in the store, corrections applied. Works for instruments that are no longer installed."""
    store = app.open_store()
    if case is not None and case not in {known.code for known in store.cases()}:
        raise StoreError(f"there is no case {case!r:.70} in {app.store_url}; `alliance cases` lists those there are")
    forms = store.administrations(case=case)
    rows = [row for form in forms if instrument_id in (None, form.instrument) for row in _rows(form)]
    if as_json:
        click.echo(output.as_json(rows))
    else:
        click.echo(output.table(HEADERS, [_line(row) for row in rows]))


def _rows(form: Recorded) -> Iterator[dict[str, Any]]:
    for name, score in form.scores.items():
        yield {
            "case": form.case.code,
            "session": form.session,
            "occasion": form.occasion,
            "instrument": form.instrument,
            "version": form.version,
            "rater": form.rater,
            "scale": name,
            "score": output.number(score.value),
            "exact": None if score.value is None else str(score.value),
            "answered": score.answered,
            "items": score.items,
            "note": score.note or None,
            "administration": form.id,
            "revision": form.revision,
        }


def _line(row: dict[str, Any]) -> list[object]:
    exact = None if row["exact"] is None else Fraction(row["exact"])
    about = row["occasion"] if row["session"] is None else row["session"]
    answered = f"{row['answered']} of {row['items']}"
    whose = [row["case"], about, row["instrument"], row["version"], row["rater"]]
    return [*whose, row["scale"], exact, answered, row["note"]]
