"""A blank form as one self-contained HTML file, to be printed on A4: no script, lines true to scale."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alliance_core.answers import shown
from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument
from alliance_core.paper.code import code_of
from alliance_core.paper.words import direction, words_of
from alliance_core.reporting.render import css_string
from alliance_core.response import Line
from alliance_core.wording.record import Wording, digest
from alliance_core.wording.shown import ShownItem, shown_items

WIDTH = 170
"""Millimetres between the margins."""
BESIDE = 104
"""Up to how many millimetres of line the words at its ends stand beside it; else under it."""


def render_form(
    instrument: Instrument, wording: Wording, rater: str, *, case: str | None = None, session: int | None = None
) -> str:
    """The form.

    Args:
        instrument: What is printed.
        wording: The words that it is printed in.
        rater: Who will fill it in.
        case: The code of the case, to be printed in its place; a blank to write on if None.
        session: The number of the session, likewise.

    Raises:
        WordingError: If a line is longer than the paper is wide.
    """
    mark = digest(wording)
    used, words = words_of(wording.language)
    return _environment().get_template("form.html").render(
        instrument=instrument,
        wording=wording,
        title=wording.title or instrument.title,
        language=wording.language,
        direction=direction(wording.language),
        words=words,
        words_language=used,
        rater=words[rater],
        case=case,
        session=session,
        items=[_item(each) for each in shown_items(instrument, wording)],
        notice=wording.notice or instrument.licence.notice,
        digest=mark[:12],
        code=code_of(instrument, mark, wording.language, rater),
    )  # fmt: skip


def _item(each: ShownItem) -> dict[str, Any]:
    response = each.response
    said: dict[str, Any] = {
        "number": each.number,
        "text": each.text,
        "kind": response.kind,
        "options": [option.label for option in each.options],
        "left": each.left,
        "right": each.right,
    }
    if isinstance(response, Line):
        if response.length_mm > WIDTH:
            raise WordingError(
                f"item {each.item.id}: its line is {shown(response.length_mm)} mm long, but A4 has room for {WIDTH}; "
                "print it on larger paper by other means"
            )
        said |= {"length": shown(response.length_mm), "beside": response.length_mm <= BESIDE}
    return said


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(Path(__file__).parent),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["css_string"] = css_string
    return environment
