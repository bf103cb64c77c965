"""``alliance plugins``: what is installed, whether it works, and what a clinic allows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import force_option, json_option

if TYPE_CHECKING:
    from alliance_core.plugins.check import Finding
    from alliance_core.plugins.listing import Row

HEADERS = ("kind", "id", "title", "distribution", "version", "contract", "is", "status", "from")
CODE = {True: "code", False: "data", None: "?"}
EPILOG = """\b
Examples:
  alliance plugins
  alliance plugins check wai-sr
  alliance plugins check plugins/instruments/alliance-wai
  alliance plugins pin --out allowed.toml

A plugin that is code runs with all rights of this program and can read every answer. An instrument that is data runs
nothing. A broken plugin is a row here and stops no command that does not need it.
"""
CHECK_EPILOG = """\b
Exit codes: 0 well (or only worth a look), 1 something is wrong, 2 there is nothing of that name.
"""
PIN_EPILOG = """\b
Look at what is installed first; then keep the lines of what you trust, and set ALLIANCE_ALLOW_LIST to the file.
"""


@click.group(invoke_without_command=True, epilog=EPILOG)
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List and check what is installed."""
    if context.invoked_subcommand is not None:
        return
    from alliance_core.plugins.listing import status

    rows = status(context.ensure_object(App).plugins())
    if as_json:
        click.echo(output.as_json([row.as_dict() for row in rows]))
    else:
        _print(rows)


def _print(rows: Sequence[Row]) -> None:
    if not rows:
        click.echo("Nothing is installed, not even the core's own store; install alliance-core with pip.")
        return
    cells = [
        (r.kind, r.id, r.title, r.distribution, r.version, f"v{r.contract}", CODE[r.code], r.status, r.location)
        for r in rows
    ]
    click.echo(output.table(HEADERS, cells))
    for sentence in dict.fromkeys(row.detail for row in rows if row.detail):  # both sides of a contest say the same
        click.echo("\n" + output.printable(sentence))


@command.command("check", epilog=CHECK_EPILOG)
@click.argument("name", metavar="[NAME|PATH]", required=False)
@json_option
@click.pass_obj
def check_command(app: App, name: str | None, as_json: bool) -> int:
    """Check a distribution, an id, a definition file or a plugin's folder; all that is installed if none is named."""
    from alliance_core.plugins.check import check

    findings = check(name, app.plugins())
    faults = sum(not finding.ok for finding in findings)
    if as_json:
        click.echo(output.as_json([finding._asdict() for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{_mark(finding):5}  {output.printable(f'{finding.about}: {finding.check}: {finding.detail}')}")
        click.echo(f"\n{len(findings)} findings, {faults} of them wrong.")
    return 1 if faults else 0


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "WRONG"
    return "look" if finding.warning else "ok"


@command.command("pin", epilog=PIN_EPILOG)
@click.option("--out", metavar="FILE", default="-", help="Where to write; standard output if not given.")
@force_option
@click.pass_obj
def pin_command(app: App, out: str, force: bool) -> None:
    """Print an allow-list of what is installed now, each distribution with the hash of its files."""
    from alliance_core.plugins.allow_list import write_allow_list

    text = write_allow_list(app.plugins().entries)
    with output.new_file(out, force=force) as file:
        file.write(text)
    if out != "-":
        output.say(f"Wrote {Path(out)}; set ALLIANCE_ALLOW_LIST to it.")
