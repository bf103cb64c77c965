"""Checks of what is asked: items, topics, labels, and the answers that are admitted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from alliance_core.answers import read_answer, shown
from alliance_core.errors import AnswerError
from alliance_core.instrument import Instrument, Item
from alliance_core.response import Line, Rating, Text, highest, lowest
from alliance_core.testing.finding import check
from alliance_core.testing.labels import disorder
from alliance_core.testing.subject import Subject

MOST_WORDS = 8
"""More words than these are a sentence, and the sentence is its owner's."""


@check()
def items_have_topics(subject: Subject) -> Iterator[str]:
    """Every item has a short topic of its own.

    If this fails, two items read alike in a report, or an owner's sentence stands where a few words of your own belong.
    """
    items = subject.instrument.items
    first: dict[str, Item] = {}
    for item in items:
        twin = first.setdefault(item.topic.casefold().strip(), item)
        if twin is not item:
            yield f"items {twin.id} and {item.id} have the same topic, {item.topic!r}; give each its own"
        if subject.instrument.licence.wording != "ships" and len(item.topic.split()) > MOST_WORDS:
            yield f"the topic of item {item.id} has more than {MOST_WORDS} words; write a few words of your own"


@check()
def item_numbers_have_no_hole(subject: Subject) -> Iterator[str]:
    """Where items are numbered, the numbers run from the first to the last without a hole, in the order of the form.

    If this fails, an item of the form was left out or two were exchanged, and every list of items after it may be off
    by one.
    """
    ids = [item.id for item in subject.instrument.items]
    if not all(name.isascii() and name.isdigit() for name in ids):
        return
    numbers = [int(name) for name in ids]
    for before, after in pairwise(numbers):
        if after < before:
            yield f"item {after} stands after item {before}; write the items in the order of the form"
    missing = sorted(set(range(min(numbers), max(numbers))) - set(numbers))
    if missing:
        listed = ", ".join(map(str, missing))
        yield f"the items run from {min(numbers)} to {max(numbers)}, but {listed} is not there; add it or number anew"


@check()
def labels_are_in_order(subject: Subject) -> Iterator[str]:
    """The labels of a rating rise, or fall, with their values: never, rarely, sometimes, often, always.

    If this fails, a label stands beside another's value, and whoever ticks it is scored as having said something else.
    Compare the labels with the printed form.
    """
    for name, response in subject.instrument.formats.items():
        if isinstance(response, Rating):
            yield from (f"format {name}: {fault}" for fault in disorder(response.labels))


@check()
def values_are_evenly_spaced(subject: Subject) -> Iterator[str]:
    """The values of a rating go up in equal steps; only 0 may be left out between two poles.

    If this fails, a value was mistyped, such as 1, 2, 4 for 1, 2, 3, or an option of the form is missing.
    """
    for name, response in subject.instrument.formats.items():
        if not isinstance(response, Rating):
            continue
        values = response.values
        steps = [after - before for before, after in pairwise(values) if not before < 0 < after]
        for (before, after), step in zip(pairwise(values), [b - a for a, b in pairwise(values)], strict=True):
            if steps and step != min(steps) and not (before < 0 < after and step == 2 * min(steps)):
                yield f"format {name}: nothing stands between {shown(before)} and {shown(after)}; mend the values"


@check()
def answers_are_admitted_up_to_the_ends(subject: Subject) -> Iterator[str]:
    """Every item takes its least and its greatest answer, and refuses what lies beyond and what lies between the steps.

    If this fails, a form that was filled in well is refused, or a slip of the pen is taken for an answer.
    """
    for item in subject.instrument.items:
        response = subject.instrument.response(item)
        if isinstance(response, Text):
            continue
        low, high = lowest(response), highest(response)
        step = response.step if isinstance(response, Line) else Fraction(1)
        for value, admitted in (
            (low, True),
            (low - step, False),
            (low + step / 3, False),
            (low if high is None else high, True),
            (high + step if high is not None else Fraction(-1), False),
        ):
            if _admits(subject.instrument, item, value) != admitted:
                yield f"item {item.id} {'refuses' if admitted else 'takes'} the answer {shown(value)}; mend its format"


def _admits(instrument: Instrument, item: Item, value: Fraction) -> bool:
    try:
        return read_answer(instrument, item, value).number == value
    except AnswerError:
        return False


@check()
def scales_have_names_of_their_own(subject: Subject) -> Iterator[str]:
    """No two scales are called the same, and no two are made of the same items in the same way.

    If this fails, a reader cannot tell two numbers of a report apart, or one scale is a copy that was not finished.
    """
    scales = subject.instrument.scales
    for position, scale in enumerate(scales):
        for other in scales[:position]:
            if scale.name.casefold() == other.name.casefold():
                yield f"scales {other.id} and {scale.id} are both called {scale.name!r}; give each its own title"
            how = (scale.method, scale.factor, scale.at_least, scale.function)
            same = how == (other.method, other.factor, other.at_least, other.function)
            if same and set(scale.items) == set(other.items):
                yield f"scales {other.id} and {scale.id} are made of the same items in the same way; mend one of them"
