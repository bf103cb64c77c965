"""The answers: of the latest forms where there are scores, of all forms where there are none, and what was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alliance_core import Item, View
from alliance_core.response import Text
from alliance_report_progress import words
from alliance_report_progress.reading import Form, by_measure, forms, latest, raters

ACROSS = 5
"""How many forms stand side by side in one table, so that it fits on paper."""


def answers(view: View) -> dict[str, Any]:
    """What the template of this section shows."""
    admitted = forms(view)
    last = by_measure(latest(admitted))
    return {"measures": [measure(group, last.get(key, [])) for key, group in by_measure(admitted).items()]}


def measure(group: list[Form], last: list[Form]) -> dict[str, Any]:
    """One instrument: tables of forms side by side, and what was written."""
    instrument = group[0].instrument
    items = [item for item in instrument.items if not isinstance(instrument.response(item), Text)]
    texts = [item for item in instrument.items if isinstance(instrument.response(item), Text)]
    side_by_side = [last] if instrument.scales else list(by_rater(group))
    return {
        "title": instrument.title,
        "version": instrument.version,
        "tables": [table(items, forms) for forms in side_by_side if items and forms],
        "texts": [row for form in group for row in text_rows(form, texts)],
    }


def by_rater(group: list[Form]) -> Iterator[list[Form]]:
    """The forms of one rater at a time, a few to a table."""
    for rater in raters(group):
        own = [form for form in group if form.record.rater == rater]
        yield from (own[start : start + ACROSS] for start in range(0, len(own), ACROSS))


def table(items: list[Item], group: list[Form]) -> dict[str, Any]:
    """Items down, forms across."""
    return {
        "columns": [{"rater": form.record.rater, "when": words.when(form.record)} for form in group],
        "rows": [
            {
                "id": item.id,
                "topic": item.topic,
                "reversed": item.reverse,
                "cells": [words.answer(form.instrument, item, form.record.answers[item.id]) for form in group],
            }
            for item in items
        ],
    }


def text_rows(form: Form, texts: list[Item]) -> Iterator[dict[str, str]]:
    """What was written on one form."""
    for item in texts:
        given = form.record.answers[item.id]
        if isinstance(given.value, str):
            yield {
                "when": words.when(form.record),
                "rater": form.record.rater,
                "topic": item.topic,
                "text": given.value,
            }
