"""``alliance record``: one form, asked item by item at the terminal or taken as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alliance_core.administration import OCCASIONS, SETTINGS, administer, read_date
from alliance_core.cli import output
from alliance_core.cli.context import App, actor
from alliance_core.cli.options import instrument_argument, json_option, store_option
from alliance_core.errors import AnswerError

if TYPE_CHECKING:
    from alliance_core.administration import Administration
    from alliance_core.cli.words import Words
    from alliance_core.instrument import Instrument
    from alliance_core.scoring import Scores

LARGEST_ANSWERS = 1_000_000
EPILOG = """\b
Examples:
  alliance record session-check-in --case K1 --session 3 --rater client
  alliance record srs --case K1 --session 3 --rater client --answers '{"1": 8.5, "2": 9.2, "3": 7.9, "4": 9.0}'
  cat answers.json | alliance record srs --case K1 --session 3 --rater client --answers -
  alliance record srs --case K1 --session 3 --rater client --answers - --correct "keyed in from the wrong line"
  alliance record srs --case K1 --session 3 --rater client --form srs/3.0/en/7f3a9c1e/K7

Answers are a JSON object from item id to answer, or a list in form order. null is a skipped item; "declined",
"not-asked" and "lost" say why else there is none. Codes, never names.
"""


@click.command(epilog=EPILOG)
@instrument_argument
@click.option("--case", "case", required=True, metavar="CODE", help="The case.")
@click.option("--session", type=int, metavar="NUMBER", help="The session that the form is about.")
@click.option("--rater", required=True, metavar="RATER", help="Whose view it is: client, therapist, observer ...")
@click.option(
    "--answers", metavar="JSON", help="The answers as JSON, the path of a JSON file, or - for standard input."
)
@click.option("--client", metavar="CODE", help="The client of the case.")
@click.option("--therapist", metavar="CODE", help="The therapist of the case.")
@click.option("--date", "held_on", metavar="DAY", help="The day of the session, as YYYY-MM-DD.")
@click.option("--given-on", metavar="DAY", help="The day the form was filled in, if another.")
@click.option("--setting", metavar="SETTING", help=f"How it was held: {', '.join(SETTINGS)}.")
@click.option(
    "--occasion", default="session", show_default=True, metavar="WORD", help=f"One of {', '.join(OCCASIONS)}."
)
@click.option("--segment", type=int, metavar="NUMBER", help="The observed segment, where segments are rated.")
@click.option("--language", metavar="TAG", help="The language that the form was in, if several are installed.")
@click.option("--form", "code", metavar="CODE", help="The code at the foot of the printed form that is keyed in.")
@click.option("--correct", metavar="REASON", help="Supersede the form that is there, and keep both.")
@json_option
@store_option
@click.pass_obj
def command(
    app: App, /, instrument_id: str, answers: str | None, held_on: str | None, given_on: str | None,
    correct: str | None, as_json: bool, language: str | None, code: str | None, **facts: Any,
) -> None:  # fmt: skip
    """Record one form of INSTRUMENT, score it, and keep both in one transaction."""
    from alliance_core.scoring import score

    found = app.instrument(instrument_id)
    days = {"held_on": _day(held_on, "--date"), "given_on": _day(given_on, "--given-on")}
    given: Mapping[str, Any]
    if answers is None:
        from alliance_core.cli.asking import ask

        administer(found.instrument, {}, **facts, **days)  # whose form it is must be right before anybody answers
        words = _words(app, found.instrument, facts["rater"], language, code)
        given = ask(found.instrument, words.wording, err=as_json)
    else:
        given = _read(found.instrument.item_by_id, answers)
        administer(found.instrument, given, **facts, **days)
        words = _words(app, found.instrument, facts["rater"], language, code)
    administration = administer(found.instrument, given, **facts, **days, wording=words.digest)
    scores = score(found.instrument, administration.answers)
    by: Any = {
        "actor": actor(),
        "origin": "typed" if answers is None else "answers",
        "distribution": found.distribution,
    }
    store = app.open_store(create=True)
    if correct is None:
        number = store.record(administration, scores, **by)
    else:
        number = store.correct(administration, scores, reason=correct, **by)
    click.echo(_as_json(number, administration, scores) if as_json else _said(number, administration, scores))


def _words(app: App, instrument: Instrument, rater: str, language: str | None, code: str | None) -> Words:
    """The words that the form was in: by the code on it, by its language, or the only ones there are."""
    from alliance_core.cli.words import words_for, words_of_form

    if code is not None:
        return words_of_form(app, instrument, rater, code, language)
    return words_for(app, instrument, rater, language)


def _day(text: str | None, option: str) -> Any:
    try:
        return None if text is None else read_date(text)
    except AnswerError as error:
        raise AnswerError(*(f"{option}: {fault}" for fault in error.faults)) from error


def _read(items: Mapping[str, Any], given: str) -> Mapping[str, Any]:
    if given == "-":
        text = _standard_input()
    elif given.lstrip().startswith(("{", "[")):
        text = given
    else:
        text = _file(given)
    if len(text) > LARGEST_ANSWERS:
        raise AnswerError(f"--answers: there is more than {LARGEST_ANSWERS} characters of it; one form needs far less")
    try:
        answers = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        if isinstance(error, AnswerError):
            raise
        raise AnswerError(f'--answers: is not JSON ({error}); write it as {{"1": 4, "2": 5}}') from error
    if isinstance(answers, list):
        if len(answers) != len(items):
            raise AnswerError(f"--answers: {len(answers)} are given, but there are {len(items)} items")
        return dict(zip(items, answers, strict=True))
    if not isinstance(answers, dict):
        raise AnswerError('--answers: is neither an object nor a list; write it as {"1": 4, "2": 5} or [4, 5]')
    return answers


def _standard_input() -> str:
    if sys.stdin is None:
        raise AnswerError("--answers: standard input is closed; pass the answers in, or name a file")
    try:
        return sys.stdin.buffer.read(4 * LARGEST_ANSWERS + 1).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerError("--answers: standard input is not UTF-8 text; pass it in as UTF-8") from error


def _file(name: str) -> str:
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            return file.read(LARGEST_ANSWERS + 1)
    except UnicodeDecodeError as error:
        raise AnswerError(f"--answers: {name} is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise AnswerError(
            f"--answers: {name!r:.80} is neither JSON nor a file that can be read ({error.strerror})"
        ) from error


def _no_number(name: str) -> Any:
    raise AnswerError(f"--answers: {name} is no number; write null for a skipped item")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AnswerError(f"--answers: item {twice[0]!r:.40} is answered twice; answer it once")
    return dict(pairs)


def _as_json(number: int, administration: Administration, scores: Scores) -> str:
    entries = {
        name: {
            "value": output.number(one.value),
            "answered": one.answered,
            "items": one.items,
            "note": one.note or None,
        }
        for name, one in scores.items()
    }
    case, session = administration.case.code, administration.session
    return output.as_json(
        {"administration": number, "case": case, "session": session.number if session else None, "scores": entries}
    )


def _said(number: int, administration: Administration, scores: Scores) -> str:
    instrument, session = administration.instrument, administration.session
    about = f"session {session.number}" if session else administration.occasion
    whose = f"{instrument.id} of the {administration.rater}, case {administration.case.code}, {about}"
    head = f"Recorded {whose} (number {number})."
    rows = [[instrument.scale_by_id[name].name, one.value, one.note] for name, one in scores.items()]
    return head if not rows else head + "\n" + output.table(("scale", "score", "note"), rows)
