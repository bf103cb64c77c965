"""A definition as its author wants to see it while writing: the form, the key, the rules, an example worked out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from alliance_core.answers import admitted, shown
from alliance_core.definition import checks
from alliance_core.definition.load import load_instrument
from alliance_core.definition.shape import write_out
from alliance_core.definition.structure import plain, structure
from alliance_core.errors import AnswerError, DefinitionError
from alliance_core.instrument import Instrument
from alliance_core.response import Bipolar, Rating, YesNo
from alliance_core.scaffold import sentences
from alliance_core.scaffold.arithmetic import worked
from alliance_core.wording.shown import ShownItem, shown_items


@frozen
class Asked:
    """One item as the form shows it.

    Attributes:
        number: What it is called on the form.
        topic: What it is about.
        options: The answers in the order in which they are printed.
        notes: What is special about it.
    """

    number: str
    topic: str
    options: tuple[str, ...]
    notes: tuple[str, ...]


@frozen
class Preview:
    """All that is shown.

    Attributes:
        title: The name of the measure.
        head: Who fills it in, whose it is, where it comes from.
        form: The items.
        rules: Headings with their sentences: the key, missing answers, thresholds, safety, the first example.
    """

    title: str
    head: tuple[str, ...]
    form: tuple[Asked, ...]
    rules: tuple[tuple[str, tuple[str, ...]], ...]


def read_draft(path: Path | str) -> tuple[Instrument, tuple[str, ...]]:
    """A definition that may still have wrong examples, and the sentences that say what is wrong with it.

    Raises:
        DefinitionError: If more than the examples is wrong, so that there is nothing to show.
    """
    path = Path(path)
    try:
        return load_instrument(path), ()
    except DefinitionError as error:
        draft = _draft(path)
        if draft is None:
            raise
        names = [scale.function for scale in draft.scales if scale.function is not None]
        return draft, () if names else error.faults


def _draft(path: Path) -> Instrument | None:
    """The definition with its examples unproved; None if something else in it is wrong too."""
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        draft = evolve(structure(write_out(document)), document=plain(document))
    except (OSError, ValueError, RecursionError, DefinitionError):
        return None
    return None if any(checks.faults(draft)) else draft


def preview(instrument: Instrument) -> Preview:
    """What an author is shown of a definition."""
    rules = (
        ("The key", tuple(_key(instrument))),
        ("Missing answers", tuple(f"{each.id}: {sentences.missing_in_words(each)}" for each in instrument.scales)),
        ("Thresholds", tuple(_thresholds(instrument))),
        ("Safety items", tuple(map(sentences.safety_in_words, instrument.safety))),
        ("The first example", tuple(_example(instrument))),
    )
    return Preview(
        title=f"{instrument.title} ({instrument.id}, version {instrument.version})",
        head=tuple(_head(instrument)),
        form=tuple(_asked(instrument, item) for item in shown_items(instrument, None)),
        rules=tuple((heading, lines) for heading, lines in rules if lines),
    )


def _head(instrument: Instrument) -> Iterator[str]:
    about = f", about {instrument.about}" if instrument.about else ""
    yield f"filled in by: {sentences.by_whom(instrument)}{about}"
    yield f"source: {instrument.source} ({sentences.key_source(instrument)})"
    yield f"owner: {instrument.licence.owner}; terms: {sentences.terms_in_words(instrument)}"
    yield f"wording: {sentences.wording_in_words(instrument)}"


def _asked(instrument: Instrument, shown_item: ShownItem) -> Asked:
    item = shown_item.item
    scales = [scale.id for scale in instrument.scales if item.id in scale.items]
    notes = [
        "reversed" if item.reverse else "",
        "options printed from high to low" if item.display == "descending" else "",
        f"in {', '.join(scales)}" if scales else "in no scale",
    ]
    return Asked(shown_item.number, shown_item.text, tuple(_options(shown_item)), tuple(filter(None, notes)))


def _options(item: ShownItem) -> Iterator[str]:
    if not isinstance(item.response, Rating | YesNo | Bipolar):
        ends = f"{item.left} … {item.right}: " if item.left or item.right else ""
        yield ends + admitted(item.response)
        return
    for option in item.options:
        value = shown(option.value)
        yield value if option.label == value else f"{value} {option.label}"
    if item.left or item.right:
        yield f"from {item.left} to {item.right}"


def _key(instrument: Instrument) -> Iterator[str]:
    if instrument.partial is not None:
        yield f"there is none here: {instrument.partial}"
    yield from (f"{each.id}: {sentences.scale_in_words(instrument, each)}" for each in instrument.scales)
    if instrument.no_total is not None:
        yield f"no total: {instrument.no_total}"


def _thresholds(instrument: Instrument) -> Iterator[str]:
    for each in instrument.thresholds:
        yield f"{each.id}: {sentences.threshold_in_words(instrument, each)}"


def _example(instrument: Instrument) -> Iterator[str]:
    if not instrument.examples:
        return
    example = instrument.examples[0]
    yield f"answers: {', '.join(map(str, example.answers))}"
    try:
        yield from worked(instrument, example)
    except AnswerError as error:
        yield from error.faults
