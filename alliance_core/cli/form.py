"""``alliance form``: a blank form to print on paper."""

from __future__ import annotations

import click

from alliance_core.administration import check_code
from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import force_option, instrument_argument, store_option
from alliance_core.errors import WordingError

EPILOG = """\b
Examples:
  alliance form session-check-in --out check-in.html
  alliance form srs --language en --case K1 --session 3 --out K1-3.html
  alliance form wai-36 --language de --rater therapist --out wai-therapist.html

Open the file in a browser and print it on A4 at 100 % ("actual size"): a line of 100 mm then measures 100 mm. The code
on it says which form it is: `alliance record` takes it, and refuses a form that does not fit.
"""


@click.command(epilog=EPILOG)
@instrument_argument
@click.option("--language", metavar="TAG", help="The language, if several are installed.")
@click.option("--rater", metavar="RATER", help="Who fills it in.  [default: client, where a client does]")
@click.option("--case", "case", metavar="CODE", help="Print the code of the case on it.")
@click.option("--session", type=click.IntRange(min=0), metavar="NUMBER", help="Print the number of the session on it.")
@click.option("--out", default="-", metavar="FILE", help="The file to write.")
@force_option
@store_option
@click.pass_obj
def command(
    app: App, instrument_id: str, language: str | None, rater: str | None, case: str | None, session: int | None,
    out: str, force: bool,
) -> None:  # fmt: skip
    """Write a blank form of INSTRUMENT as one HTML file, to be printed on A4."""
    from alliance_core.cli.words import words_to_print
    from alliance_core.paper.form import render_form

    instrument = app.instrument(instrument_id).instrument
    whose = rater or ("client" if "client" in instrument.raters else instrument.raters[0])
    if whose not in instrument.raters:
        raise WordingError(
            f"--rater: {instrument.id} is filled in by {' or '.join(instrument.raters)}, not by {whose!r:.40}"
        )
    if case is not None:
        check_code("case", case)
    wording = words_to_print(app, instrument, whose, language)
    html = render_form(instrument, wording, whose, case=case, session=session)
    with output.new_file(out, force=force, private=case is not None) as file:
        file.write(html)
    if out != "-":
        click.echo(f"Wrote {out}: {wording}, for the {whose}. Print it on A4 at 100 %.")
