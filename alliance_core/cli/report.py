"""``alliance report``: self-contained HTML, for one case or for all."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import force_option, store_option
from alliance_core.errors import ReportError
from alliance_core.instrument import Audience

if TYPE_CHECKING:
    from alliance_core.reporting.report import Report

EPILOG = """\b
Examples:
  alliance report progress --case K1 --out K1.html
  alliance report progress --case K1 --for client > K1.html
  alliance report progress --all --out reports/

A part of a report that fails shows a box in its place, and the exit code is 1.
"""
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


def _complete_report(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    from alliance_core.plugins.entries import find_entries

    return [entry.id for entry in find_entries() if entry.kind == "reports" and entry.id.startswith(incomplete)]


@click.command(epilog=EPILOG)
@click.argument("report_id", metavar="REPORT", shell_complete=_complete_report)
@click.option("--case", "case", metavar="CODE", help="The case to report on.")
@click.option("--all", "every", is_flag=True, help="One file for each case, into the folder --out.")
@click.option("--out", default="-", metavar="PATH", help="The file to write, or the folder with --all.")
@click.option(
    "--for", "audience", type=click.Choice(AUDIENCES), default="therapist", show_default=True, help="For whom."
)
@force_option
@store_option
@click.pass_obj
def command(app: App, report_id: str, case: str | None, every: bool, out: str, audience: Audience, force: bool) -> int:
    """Make the report REPORT of one case, or of all."""
    if (case is None) == (not every):
        raise click.UsageError("Say which case with --case CODE, or --all with --out FOLDER.")
    report = app.plugins().report(report_id)
    store = app.open_store()
    known = [one.code for one in store.cases()]
    if case is not None and case not in known:
        raise ReportError(f"there is no case {case!r:.70} in {app.store_url}; `alliance cases` lists those there are")
    supplier = app.plugins().distribution_of("reports", report_id)
    if case is not None:
        with output.new_file(out, force=force, private=True) as file:
            html, failed = _render(app, report, case, audience, supplier)
            file.write(html)
        return _complain(case, failed)
    return _render_all(app, report, known, audience, supplier, _folder(out, known, force=force))


def _render(app: App, report: Report, case: str, audience: Audience, supplier: str) -> tuple[str, Sequence[str]]:
    from alliance_core.reporting.render import render
    from alliance_core.reporting.report import View

    rendered = render(report, View(app.open_store(), case, audience), provided_by=supplier)
    return rendered.html, rendered.failed


def _folder(out: str, cases: Sequence[str], *, force: bool) -> Path:
    if out == "-":
        raise click.UsageError("With --all, name a folder: --out FOLDER.")
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise ReportError(f"{folder}: is a file; name a folder")
    for case in cases:
        if folder.is_dir():
            output.refuse_existing(folder / f"{case}.html", force=force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{folder}: cannot be made ({error.strerror}); check the name and the rights") from error
    return folder


def _render_all(app: App, report: Report, cases: Sequence[str], audience: Audience, supplier: str, folder: Path) -> int:
    code = 0
    with _bar(cases) as moving:
        for case in moving:
            html, failed = _render(app, report, case, audience, supplier)
            with output.new_file(str(folder / f"{case}.html"), force=True, private=True) as file:
                file.write(html)
            code = max(code, _complain(case, failed))
    click.echo(f"Wrote {len(cases)} reports into {folder}")
    return code


@contextmanager
def _bar(cases: Sequence[str]) -> Iterator[Iterator[str]]:
    if not sys.stderr.isatty():
        yield iter(cases)
        return
    with click.progressbar(cases, label="Reporting", file=sys.stderr) as bar:
        yield iter(bar)


def _complain(case: str, failed: Sequence[str]) -> int:
    for section in failed:
        output.say(f"Warning: the report of {case} lacks the part {section!r}, which failed; the report says why.")
    return 1 if failed else 0
