"""Asking the items of an instrument one by one at the terminal, and correcting them before they are kept."""

from __future__ import annotations

import sys

import click

from alliance_core.answers import REASONS, SKIPPED, Answer, admitted, read_answer, shown
from alliance_core.cli.output import printable, printable_lines, table
from alliance_core.errors import AnswerError
from alliance_core.instrument import Instrument
from alliance_core.response import Rating, Text
from alliance_core.wording.record import Wording
from alliance_core.wording.shown import ShownItem, shown_items

LONGEST_LINE = 60


def ask(instrument: Instrument, wording: Wording | None = None, *, err: bool = False) -> dict[str, Answer]:
    """The answers of one form: asked in form order, then shown together until the person is content.

    Enter skips an item, and a word says why else there is no answer. No score is shown before all is kept.

    Args:
        instrument: What is filled in.
        wording: The words to show; topics if None.
        err: Ask on the error stream, because standard output is for a program.
    """
    items = shown_items(instrument, wording)
    _say(f"{(wording and wording.title) or instrument.title}: {len(items)} items.", err=err)
    if wording is not None and wording.instructions:
        _say(wording.instructions, err=err)
    reasons = ", ".join(REASONS[1:])
    _say(f"Enter skips an item; {reasons} say why there is no answer; back returns to the item before.", err=err)
    given: dict[str, Answer] = {}
    place = 0
    while place < len(items):
        answer = _ask_one(instrument, items[place], f"{place + 1} of {len(items)}", err=err)
        if answer is None:
            place = max(place - 1, 0)
        else:
            given[items[place].item.id] = answer
            place += 1
    _correct(instrument, items, given, err=err)
    return given


def _say(text: str, *, err: bool) -> None:
    click.echo(printable_lines(text), err=err)


def _ask_one(instrument: Instrument, item: ShownItem, head: str, *, err: bool) -> Answer | None:
    """The answer to one item; None to go back."""
    _say("", err=err)
    _say(f"{head}  {item.text}", err=err)
    if isinstance(item.response, Rating):
        for option in item.options:
            _say(f"   {shown(option.value)}  {option.label}", err=err)
    else:
        ends = f"   ({item.left} … {item.right})" if item.left and item.right else ""
        _say(f"   {admitted(item.response)}{ends}", err=err)
    while True:
        text = click.prompt("  ", default="", show_default=False, prompt_suffix="> ", err=err)
        text = text if isinstance(item.response, Text) else text.strip()
        if text == "back":
            return None
        if not text:
            return SKIPPED
        try:
            return read_answer(instrument, item.item, text)
        except AnswerError as error:
            _say(f"   {error}", err=err)


def _correct(instrument: Instrument, items: tuple[ShownItem, ...], given: dict[str, Answer], *, err: bool) -> None:
    """Show what was answered, and ask items again, until Enter says that it is right."""
    by_number = {item.number: item for item in items}
    _say("", err=err)
    _say(_summary(items, given), err=err)
    while True:
        try:
            text = click.prompt(
                "Enter saves; the number of an item changes it", default="", show_default=False, prompt_suffix=" > ",
                err=err,
            ).strip()  # fmt: skip
        except click.Abort:
            if sys.stdin is not None and sys.stdin.isatty():
                raise
            return  # a file that is piped in ends with its last answer
        if not text:
            return
        if text not in by_number:
            _say(
                f"   {text!r:.40} is no item; write {items[0].number} to {items[-1].number}, or Enter to save", err=err
            )
            continue
        item = by_number[text]
        answer = _ask_one(instrument, item, f"Item {item.number}", err=err)
        given[item.item.id] = given[item.item.id] if answer is None else answer
        _say("", err=err)
        _say(_summary((item,), given), err=err)


def _summary(items: tuple[ShownItem, ...], given: dict[str, Answer]) -> str:
    rows = [[item.number, _short(item.text), *_said(item, given[item.item.id])] for item in items]
    return table(("item", "text", "answer", ""), rows)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def _said(item: ShownItem, answer: Answer) -> tuple[str, str]:
    if answer.number is None:
        return _short(str(answer.value)) if answer.value is not None else f"({answer.reason})", ""
    label = next((option.label for option in item.options if option.value == answer.number), "")
    number = shown(answer.number)
    return number, "" if label == number else printable(label)
