"""``alliance cases``: the cases in the store."""

from __future__ import annotations

import click

from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import json_option, store_option

EPILOG = """\b
Examples:
  alliance cases
  alliance cases --json
"""


@click.command(epilog=EPILOG)
@json_option
@store_option
@click.pass_obj
def command(app: App, as_json: bool) -> None:
    """List the cases in the store, with the codes of their client and therapist."""
    cases = app.open_store().cases()
    if as_json:
        rows = [{"case": case.code, "client": case.client, "therapist": case.therapist} for case in cases]
        click.echo(output.as_json(rows))
    else:
        click.echo(output.table(("case", "client", "therapist"), [[c.code, c.client, c.therapist] for c in cases]))
