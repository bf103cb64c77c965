"""``alliance wording``: the text of a measure, brought in from a file, listed, shown and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from alliance_core.cli import output
from alliance_core.cli.context import App, actor
from alliance_core.cli.options import force_option, instrument_argument, json_option, store_option
from alliance_core.errors import WordingError

if TYPE_CHECKING:
    from alliance_core.instrument import Instrument, Rater
    from alliance_core.store import KeptWording
    from alliance_core.wording.reading import Read
    from alliance_core.wording.record import Wording

EPILOG = """\b
Examples:
  alliance wording template srs en > srs-en.toml
  alliance wording add srs en srs-en.toml
  alliance wording list
  alliance wording remove srs en

The owners of most measures keep their text: bring in what your licence gives you. Nothing is sent anywhere.
"""
ADD_EPILOG = """\b
Examples:
  alliance wording add srs en srs-en.toml
  alliance wording add wai-36 de wai-client.csv --rater client
  alliance wording add phq-9 en phq9-questionnaire.json --dry-run
  alliance wording add gad-7 en project_dictionary.csv --section gad7_form

FILE is a TOML file (`alliance wording template` writes one to fill in), a CSV file with the columns item and text, a
FHIR Questionnaire (JSON), a REDCap data dictionary (CSV) or a REDCap instrument (ZIP). It must fit the definition:
every item has a text, every answer a label. A wording for the same language and rater is replaced; what was recorded
stays.
"""
SHOW_EPILOG = """\b
Examples:
  alliance wording show srs en
  alliance wording show srs en > srs-en.toml
  alliance wording show wai-36 de --rater therapist --json
"""
REMOVE_EPILOG = """\b
Examples:
  alliance wording remove srs en
  alliance wording remove wai-36 de --rater therapist

The text is taken out of the store. Forms that were answered in it, their scores and their reports stay as they are.
"""
TEMPLATE_EPILOG = """\b
Examples:
  alliance wording template srs en --out srs-en.toml
  alliance wording template wai-36 de --rater therapist > wai-therapist-de.toml
"""

language_argument = click.argument("language", metavar="LANGUAGE")
rater_option = click.option("--rater", metavar="RATER", help="Whose form it is, if raters read different words.")


@click.group(epilog=EPILOG)
def command() -> None:
    """Bring in, list, show and remove the text of measures, by language and rater."""


@command.command(epilog=ADD_EPILOG)
@instrument_argument
@language_argument
@click.argument("file", metavar="FILE")
@rater_option
@click.option("--section", metavar="NAME", help="The REDCap form or FHIR group that holds the measure.")
@click.option("--dry-run", is_flag=True, help="Read and check the file, and keep nothing.")
@json_option
@store_option
@click.pass_obj
def add(
    app: App, instrument_id: str, language: str, file: str, rater: str | None, section: str | None, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Keep the text of INSTRUMENT in LANGUAGE (en, de, pt-BR ...) that is in FILE."""
    from alliance_core.cli.words import wording_store
    from alliance_core.wording.document import checked_language
    from alliance_core.wording.reading import Wanted, read_wording

    instrument = app.instrument(instrument_id).instrument
    wanted = Wanted(instrument, checked_language(language), _rater(instrument, rater), section)
    read = read_wording(file, wanted)
    if not dry_run:
        wording_store(app, create=True).keep_wording(read.wording, actor=actor())
    if as_json:
        click.echo(output.as_json({**_said(read.wording), "kind": read.kind, "notes": read.notes, "kept": not dry_run}))
        return
    for note in read.notes:
        output.say(f"Note: {note}")
    click.echo(output.printable(_added(read, instrument, dry_run=dry_run)))


def _added(read: Read, instrument: Instrument, *, dry_run: bool) -> str:
    from alliance_core.wording.record import digest

    what = f"{read.wording} ({digest(read.wording)[:12]}): {len(instrument.items)} items, from a {read.kind}"
    return f"{what} that fits; nothing was kept." if dry_run else f"Kept the wording of {what}."


def _rater(instrument: Instrument, rater: str | None) -> Rater | None:
    if rater is not None and rater not in instrument.raters:
        raise WordingError(
            f"--rater: {instrument.id} is filled in by {' or '.join(instrument.raters)}, not by {rater!r:.40}"
        )
    return rater


def _said(wording: Wording) -> dict[str, Any]:
    from alliance_core.wording.document import to_document
    from alliance_core.wording.record import digest

    return {"digest": digest(wording), **to_document(wording)}


@command.command("list", epilog="\b\nExamples:\n  alliance wording list\n  alliance wording list --all --json\n")
@click.option("--all", "every", is_flag=True, help="Those that were replaced or removed, too.")
@json_option
@store_option
@click.pass_obj
def list_(app: App, every: bool, as_json: bool) -> None:
    """List the wordings that are installed: since when, and how many forms were answered in each."""
    from alliance_core.cli.words import kept_wordings

    found = [one for one in kept_wordings(app) if every or one.removed_at is None]
    rows = [_row(one) for one in found]
    if as_json:
        click.echo(output.as_json(rows))
        return
    headers = ("instrument", "version", "language", "rater", "since", *(("until",) if every else ()), "forms", "digest")
    cells = [[_cell(header, row[header]) for header in headers] for row in rows]
    click.echo(output.table(headers, cells))


def _row(one: KeptWording) -> dict[str, Any]:
    return {
        "instrument": one.instrument,
        "version": one.version,
        "language": one.language,
        "rater": one.rater,
        "since": one.installed_at.isoformat(),
        "until": one.removed_at.isoformat() if one.removed_at else None,
        "forms": one.administrations,
        "digest": one.digest,
    }


def _cell(header: str, value: Any) -> Any:
    if header == "rater":
        return value or "all"
    if header == "digest":
        return value[:12]
    return value[:10] if header in ("since", "until") and value else value


@command.command(epilog=SHOW_EPILOG)
@instrument_argument
@language_argument
@rater_option
@json_option
@store_option
@click.pass_obj
def show(app: App, instrument_id: str, language: str, rater: str | None, as_json: bool) -> None:
    """Show the text of INSTRUMENT in LANGUAGE, as a TOML file that `alliance wording add` takes."""
    from alliance_core.cli.words import kept_wordings, wording_store
    from alliance_core.wording.document import to_document, to_toml

    found = _one(kept_wordings(app), instrument_id, language, rater)
    wording = wording_store(app).wording(found.digest)
    if wording is None:
        raise WordingError(_none(instrument_id, language, rater))
    document = output.as_json(_said(wording)) if as_json else to_toml(to_document(wording)).rstrip("\n")
    click.echo(document if as_json else output.printable_lines(document))


def _one(kept: list[KeptWording], instrument: str, language: str, rater: str | None) -> KeptWording:
    """The wording that is meant: the rater's own, that for all raters, or the only one in that language."""
    from alliance_core.wording.document import checked_language

    place = (instrument, checked_language(language))
    used = [one for one in kept if one.removed_at is None and (one.instrument, one.language) == place]
    exact = [one for one in used if one.rater == rater] or (used if rater is None else [])
    raters = {one.rater for one in exact}
    if len(raters) > 1:
        listed = ", ".join(sorted(filter(None, raters)))
        raise WordingError(f"{instrument} in {language}: is there for {listed}; say whose with --rater")
    if not exact:
        raise WordingError(_none(instrument, language, rater))
    return exact[-1]  # of the newest version


def _none(instrument: str, language: str, rater: str | None) -> str:
    whose = f" for the {rater}" if rater else ""
    return f"{instrument}: no wording in {language}{whose} is installed; `alliance wording list` shows those that are"


@command.command(epilog=REMOVE_EPILOG)
@instrument_argument
@language_argument
@rater_option
@store_option
@click.pass_obj
def remove(app: App, instrument_id: str, language: str, rater: str | None) -> None:
    """Take the text of INSTRUMENT in LANGUAGE out of the store."""
    from alliance_core.cli.words import kept_wordings, wording_store

    found = _one(kept_wordings(app), instrument_id, language, rater)
    count = wording_store(app).remove_wording(found.instrument, found.language, found.rater, actor=actor())
    older = f", and {count - 1} older" if count > 1 else ""
    whose = f" for the {found.rater}" if found.rater else ""
    click.echo(
        f"Took the wording of {found.instrument} in {found.language}{whose} out{older}; what was recorded stays."
    )


@command.command(epilog=TEMPLATE_EPILOG)
@instrument_argument
@language_argument
@rater_option
@click.option("--out", default="-", metavar="FILE", help="The file to write.")
@force_option
@store_option
@click.pass_obj
def template(app: App, instrument_id: str, language: str, rater: str | None, out: str, force: bool) -> None:
    """Write a TOML file for INSTRUMENT in LANGUAGE, to be filled in from your own copy of the form."""
    from alliance_core.wording.document import checked_language
    from alliance_core.wording.template import template as written

    instrument = app.instrument(instrument_id).instrument
    text = written(instrument, checked_language(language), _rater(instrument, rater))
    with output.new_file(out, force=force) as file:
        file.write(text)
    if out != "-":
        click.echo(
            f"Wrote {out}: fill in its {len(instrument.items)} items, then: "
            f"alliance wording add {instrument_id} {language} {out}"
        )
