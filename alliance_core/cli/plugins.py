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
  alliance plugins new evening --title "Evening form" --owner "our clinic" --items 4
  alliance plugins readme alliance-evening

A plugin that is code runs with all rights of this program and can read every answer. An instrument that is data runs
nothing. A broken plugin is a row here and stops no command that does not need it.
"""
CHECK_EPILOG = """\b
Exit codes: 0 well (or only worth a look), 1 something is wrong, 2 there is nothing of that name.
"""
NEW_EPILOG = """\b
Examples:
  alliance plugins new evening
  alliance plugins new evening --title "Evening form" --rater client --rater therapist --items 4 --owner "our clinic"

Asks on a terminal for what is missing. What it writes passes `alliance plugins check FOLDER`; then edit its TOML file.
"""
README_EPILOG = """\b
Only what stands between the two comments is written; your own words stay. Without comments, the facts go to the end.
Exit codes: 0 well, 1 out of date (--check), 2 refused.
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
            if not finding.kit or not finding.ok or finding.warning:  # what is well with the kit is only counted
                said = f"{finding.about}: {finding.check}: {finding.detail}"
                click.echo(f"{_mark(finding):5}  " + "\n       ".join(map(output.printable, said.splitlines())))
        click.echo(f"\n{_counted(findings)}{len(findings)} findings, {faults} of them wrong.")
    return 1 if faults else 0


def _counted(findings: Sequence[Finding]) -> str:
    """How many checks of the kit ran; a check with two faults is one check."""
    checks = {(finding.about, finding.check): finding.skipped for finding in findings if finding.kit}
    skipped = sum(checks.values())
    return f"{len(checks) - skipped} checks run, {skipped} skipped. " if checks else ""


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "WRONG"
    return "look" if finding.warning else "ok"


@command.command("new", epilog=NEW_EPILOG)
@click.argument("name", metavar="NAME", required=False)
@click.option("--id", "id", metavar="ID", help="The id of the measure.  [default: the name]")
@click.option("--title", metavar="TEXT", help="The full name of the measure.")
@click.option("--rater", "raters", metavar="RATER", multiple=True, help="Who fills it in; may be repeated.")
@click.option("--items", type=int, metavar="N", help="How many items it has.")
@click.option("--owner", metavar="TEXT", help="Whose measure it is.")
@click.option("--out", metavar="FOLDER", help="The folder to make.  [default: alliance-NAME, here]")
@force_option
@click.pass_obj
def new_command(
    app: App, name: str | None, id: str | None, title: str | None, raters: tuple[str, ...], items: int | None,
    owner: str | None, out: str | None, force: bool,
) -> None:  # fmt: skip
    """Write a new plugin for a measure: complete, checked, ready to be filled in."""
    from alliance_core.cli.new import new_plugin

    new_plugin(app, name, id=id, title=title, raters=raters, items=items, owner=owner, out=out, force=force)


@command.command("readme", epilog=README_EPILOG)
@click.argument("folder", metavar="FOLDER")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say whether it is up to date.")
def readme_command(folder: str, only_check: bool) -> int:
    """Write the facts in a plugin's README from its definitions."""
    from alliance_core.scaffold.readme import written_anew

    now, wanted = written_anew(Path(folder))
    file = Path(folder, "README.md")
    if only_check:
        state = "is up to date" if now == wanted else f"is out of date; run alliance plugins readme {folder}"
        click.echo(output.printable(f"{file} {state}"))
        return int(now != wanted)
    file.write_text(wanted, encoding="utf-8", newline="\n")
    click.echo(output.printable(f"Wrote the facts in {file}."))
    return 0


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
