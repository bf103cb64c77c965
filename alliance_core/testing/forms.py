"""Filled-in forms to try an instrument with: extremes, random ones, and ones that reach a given score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from random import Random

from alliance_core.answers import REASONS, Answer
from alliance_core.instrument import Instrument, Item, Scale
from alliance_core.response import ResponseFormat, Text

Answers = dict[str, Answer]

MOST_COUNTED = 10
"""How far a count without a limit is tried."""


def chance(seed: int = 0) -> Random:
    """The same numbers on every machine and every day: a check must not hold by luck."""
    return Random(seed)  # noqa: S311  # it hides nothing


def values_of(response: ResponseFormat) -> tuple[Fraction, ...]:
    """The values of a numeric format, ascending; of a count without a limit, the first few."""
    if response.values is not None:
        return response.values
    return tuple(map(Fraction, range(MOST_COUNTED + 1))) if response.numeric else ()


def numeric_items(instrument: Instrument) -> list[Item]:
    """The items whose answers are numbers."""
    return [item for item in instrument.items if instrument.response(item).numeric]


def items_of(instrument: Instrument, scale: Scale) -> list[Item]:
    """The items of a scale."""
    return [instrument.item_by_id[name] for name in scale.items]


def form(instrument: Instrument, values: Mapping[str, Fraction]) -> Answers:
    """A form with these values; what is not in them is skipped, and free text says a few words."""
    return {item.id: _answer(instrument, item, values) for item in instrument.items}


def _answer(instrument: Instrument, item: Item, values: Mapping[str, Fraction]) -> Answer:
    if isinstance(instrument.response(item), Text):
        return Answer("a few words")
    return Answer(values[item.id]) if item.id in values else Answer(reason="skipped")


def extreme(instrument: Instrument, *, high: bool) -> dict[str, Fraction]:
    """For each item the answer that counts least, or most, in its scales."""
    ends = {item.id: values_of(instrument.response(item)) for item in numeric_items(instrument)}
    return {name: values[-1 if high != instrument.item_by_id[name].reverse else 0] for name, values in ends.items()}


def random_values(instrument: Instrument, by: Random) -> dict[str, Fraction]:
    """A random answer to every item that has values."""
    return {item.id: by.choice(values_of(instrument.response(item))) for item in numeric_items(instrument)}


def random_form(instrument: Instrument, by: Random, *, missing: float = 0.0) -> Answers:
    """A random form, in which about this share of the answers is missing for one reason or another."""
    answers = form(instrument, random_values(instrument, by))
    for name in answers:
        if by.random() < missing:
            answers[name] = Answer(reason=by.choice(REASONS))
    return answers


def step_of(instrument: Instrument, scale: Scale) -> Fraction:
    """The smallest difference between two complete scores of a scale; 1 for a function's."""
    if scale.method in ("any", "count", "function"):
        return Fraction(1)
    gaps = {b - a for item in items_of(instrument, scale) for a, b in pairwise(values_of(instrument.response(item)))}
    step = common_step(gaps)
    return step / len(scale.items) if scale.method == "mean" else step * scale.factor


def common_step(gaps: Iterable[Fraction]) -> Fraction:
    """The largest step of which all gaps are whole multiples."""
    gaps = list(gaps)
    whole = math.lcm(1, *(gap.denominator for gap in gaps))
    return Fraction(math.gcd(*(int(gap * whole) for gap in gaps)) or 1, whole)


def reach(instrument: Instrument, scale: Scale, target: Fraction, by: Random) -> dict[str, Fraction] | None:
    """Answers to every item that give this score; None where none were found."""
    values = random_values(instrument, by)
    if scale.method == "function":
        return _found(instrument, scale, target, by)
    wanted = {"mean": target * len(scale.items), "sum": target / scale.factor}.get(scale.method, target)
    counted = scale.method in ("any", "count")
    items = items_of(instrument, scale)
    by.shuffle(items)
    worth = {item.id: _worth(instrument, item, scale if counted else None) for item in items}
    low = {name: min(options) for name, options in worth.items()}
    high = {name: max(options) for name, options in worth.items()}
    for position, item in enumerate(items):
        rest = [each.id for each in items[position + 1 :]]
        least, most = wanted - sum(high[name] for name in rest), wanted - sum(low[name] for name in rest)
        share = wanted / (len(rest) + 1)
        fitting = [count for count in worth[item.id] if least <= count <= most]
        if not fitting:
            return None
        count = min(fitting, key=lambda each: (abs(each - share), each))
        values[item.id] = by.choice(worth[item.id][count])
        wanted -= count
    return values if wanted == 0 else None


def _worth(instrument: Instrument, item: Item, counted: Scale | None) -> dict[Fraction, list[Fraction]]:
    """What each answer adds to a score, with the answers that add it."""
    worth: dict[Fraction, list[Fraction]] = {}
    for value in values_of(instrument.response(item)):
        keyed = instrument.keyed(item, value)
        worth.setdefault(keyed if counted is None else Fraction(keyed >= counted.at_least), []).append(value)
    return worth


def _found(instrument: Instrument, scale: Scale, target: Fraction, by: Random) -> dict[str, Fraction] | None:
    from alliance_core.scoring import call_function

    for _ in range(300):
        values = random_values(instrument, by)
        if call_function(instrument, scale, {name: values[name] for name in scale.items}) == target:
            return values
    return None
