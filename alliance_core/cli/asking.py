"""Asking the items of an instrument one by one at the terminal."""

from __future__ import annotations

import click

from alliance_core.answers import REASONS, SKIPPED, Answer, admitted, read_answer, shown
from alliance_core.errors import AnswerError
from alliance_core.instrument import Instrument, Item
from alliance_core.response import Rating, Text


def ask(instrument: Instrument) -> dict[str, Answer]:
    """The answers of one form, asked in form order; Enter skips, and a word says why else there is no answer."""
    click.echo(f"{instrument.title}: {len(instrument.items)} items.")
    click.echo(
        f"Enter skips an item; {', '.join(REASONS[1:])} say why there is no answer; back returns to the item before."
    )
    given: dict[str, Answer] = {}
    place = 0
    while place < len(instrument.items):
        item = instrument.items[place]
        answer = _ask_one(instrument, item, place + 1)
        if answer is None:
            place = max(place - 1, 0)
        else:
            given[item.id] = answer
            place += 1
    return given


def _ask_one(instrument: Instrument, item: Item, number: int) -> Answer | None:
    """The answer to one item; None to go back."""
    response = instrument.response(item)
    click.echo(f"\n{number} of {len(instrument.items)}  {item.topic}")
    if isinstance(response, Rating):
        options = list(response.labels.items())
        for value, words in reversed(options) if item.display == "descending" else options:
            click.echo(f"   {shown(value)}  {words}")
    else:
        click.echo(f"   {admitted(response)}")
    while True:
        text = click.prompt("  ", default="", show_default=False, prompt_suffix="> ")
        text = text if isinstance(response, Text) else text.strip()
        if text == "back":
            return None
        if not text:
            return SKIPPED
        try:
            return read_answer(instrument, item, text)
        except AnswerError as error:
            click.echo(f"   {error}")
