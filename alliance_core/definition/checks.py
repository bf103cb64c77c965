"""Holding the parts of a definition against each other: one sentence for each fault, with the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from alliance_core.answers import admits, admitted, shown
from alliance_core.instrument import Instrument, Operator, Scale, Threshold
from alliance_core.response import Bipolar, Count, Line, Rating, ResponseFormat, Text, highest, lowest
from alliance_core.signals import compared_items

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
INSTRUMENT_ID = re.compile(r"[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*")  # some measures are called so: the 3RS
ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST_ID, MOST_STEPS, MOST_ITEMS = 60, 10_000, 500
REVERSIBLE = (Rating, Line, Bipolar)


def faults(instrument: Instrument) -> Iterator[str]:
    """Every fault of a definition, one sentence each.

    What formats, items and scales admit can be asked only where these are sound; so the rest is checked after them.
    """
    found = [fault for check in (_names, _times, _formats, _items, _scales, _partial) for fault in check(instrument)]
    if not found:
        found = [fault for check in (_totals, _prorating, _thresholds, _safety) for fault in check(instrument)]
    yield from found
    yield from _unused(instrument)


def _names(instrument: Instrument) -> Iterator[str]:
    for key, names in (
        ("id", [instrument.id]),
        ("formats", list(instrument.formats)),
        ("scales", [scale.id for scale in instrument.scales]),
        ("thresholds", [threshold.id for threshold in instrument.thresholds]),
    ):
        for name in names:
            pattern = INSTRUMENT_ID if key == "id" else ID
            if not pattern.fullmatch(name) or len(name) > LONGEST_ID:
                yield f"{key}: {name!r:.70} is no id; write small letters, digits and single hyphens, a letter first"
    if not VERSION.fullmatch(instrument.version):
        yield f"version: {instrument.version!r:.60} is no version; write letters, digits, dots, hyphens, such as 2006"
    if not instrument.raters:
        yield "raters: there are none; name at least one, such as client"
    for key, values in (("raters", instrument.raters), ("audience", instrument.audience), ("when", instrument.when)):
        yield from (f"{key}: {value} is named twice; name it once" for value in _twice(values))
    if not instrument.audience:
        yield "audience: there is none; name who may be shown the scores, or take the key out"
    if instrument.twin == instrument.id:
        yield "twin: names this instrument itself; leave it out, raters of one definition are twins already"


def _times(instrument: Instrument) -> Iterator[str]:
    for key, value in (("every", instrument.every), ("segment_minutes", instrument.segment_minutes)):
        if value is not None and value < 1:
            yield f"{key}: {value} is too small; write 1 or more, or take the key out"
    bands = [("ages", instrument.ages), *((f"thresholds.{each.id}.ages", each.ages) for each in instrument.thresholds)]
    for where, ages in bands:
        if ages is None:
            continue
        least, most = ages.minimum, ages.maximum
        if (least is None and most is None) or not 0 <= (least or 0) <= (least or 0 if most is None else most):
            yield f"{where}: is no age band; write minimum, maximum or both, in years, the smaller as minimum"


def _formats(instrument: Instrument) -> Iterator[str]:
    for name, response in instrument.formats.items():
        yield from (f"formats.{name}{fault}" for fault in _format_faults(response))


def _format_faults(response: ResponseFormat) -> Iterator[str]:
    match response:
        case Rating(labels=labels):
            if len(labels) < 2:
                yield ".labels: a rating needs two options or more; write each as value = label"
            words = [word.casefold() for word in labels.values()]
            yield from (f".labels: {word!r} stands for two values; make the labels differ" for word in _twice(words))
        case Line():
            yield from _line_faults(response)
        case Bipolar(minimum=least, maximum=most, zero=zero):
            if not least < most or most - least > MOST_STEPS:
                yield f": from {least} to {most} is no range; write the smaller number as minimum"
            elif not zero and not least < 0 < most:
                yield f".zero: there is no 0 between {least} and {most} to leave out; take the key out"
        case Count(most=limit) if limit is not None and limit < 1:
            yield f".most: {limit} is no largest count; write 1 or more, or take the key out"
        case _:
            pass


def _line_faults(line: Line) -> Iterator[str]:
    steps = (line.maximum - line.minimum) / line.step if line.step > 0 else Fraction(0)
    if steps.denominator != 1 or not 0 < steps <= MOST_STEPS:
        ends = f"from {shown(line.minimum)} to {shown(line.maximum)}"
        yield f": {ends} is no whole number of steps of {shown(line.step)}; mend one of them"
    if line.length_mm <= 0:
        yield f".length_mm: {shown(line.length_mm)} is no length; write millimetres above 0"


def _items(instrument: Instrument) -> Iterator[str]:
    if len(instrument.items) > MOST_ITEMS:
        yield f"items: there are {len(instrument.items)}; at most {MOST_ITEMS} are admitted"
    scored = {name for scale in instrument.scales for name in scale.items}
    for item in instrument.items:
        where = f"items.{item.id}"
        if not ITEM_ID.fullmatch(item.id):
            yield f"items: {item.id!r:.60} is no item id; write letters, digits, hyphens and underscores"
        response = instrument.formats.get(item.format)
        if response is None:
            known = ", ".join(instrument.formats) or "none is defined"
            yield f"{where}.format: {item.format!r} is not defined; name one of [formats]: {known}"
            continue
        if item.reverse and not isinstance(response, REVERSIBLE):
            yield f"{where}: a {response.kind} has no poles to reverse; take {item.id} out of reverse"
        if item.reverse and item.id not in scored:
            yield f"{where}: is reversed but in no scale; take it out of reverse or put it into a scale"
        if item.unscored and item.id in scored:
            yield f"{where}: is declared unscored but stands in a scale; take one of the two out"
        if not item.unscored and item.id not in scored and response.numeric and instrument.partial is None:
            yield f"{where}: is in no scale; put it into one, or declare it with unscored = true"
    names = [item.id.casefold() for item in instrument.items]
    yield from (f"items: the id {name!r} is used twice; give each item its own" for name in _twice(names))


def _partial(instrument: Instrument) -> Iterator[str]:
    if instrument.partial is None:
        return
    if instrument.scales or any(item.reverse for item in instrument.items):
        yield "partial: a definition without its key has no scales and no reverse; take them out, or take partial out"
    if instrument.completes is not None:
        yield "partial: a definition that completes another has the key; take one of partial and completes out"


def _scales(instrument: Instrument) -> Iterator[str]:
    for scale in instrument.scales:
        where = f"scales.{scale.id}"
        if not scale.items:
            yield f"{where}.items: there are none; name the items that it is made of"
        for name in scale.items:
            item = instrument.item_by_id.get(name)
            if item is None:
                yield f"{where}.items: {name!r} is not an item; name items of [items]"
            elif isinstance(instrument.formats.get(item.format), Text):
                yield f"{where}.items: item {name} is free text, which cannot be scored; take it out"
        yield from (f"{where}.items: item {name} is named twice; name it once" for name in _twice(scale.items))
        yield from _method(scale)
        yield from _missing(scale)


def _method(scale: Scale) -> Iterator[str]:
    where = f"scales.{scale.id}"
    if (scale.method == "function") != (scale.function is not None):
        yield f'{where}: method = "function" and function = "name" go together; write both or neither'
    if (scale.method == "function") != (scale.range is not None):
        yield f"{where}.range: is for a function, as [least, greatest], and needed there; others follow from the items"
    if scale.range is not None and (len(scale.range) != 2 or scale.range[0] >= scale.range[1]):
        yield f"{where}.range: is no range; write [least, greatest]"
    if scale.factor != 1 and scale.method != "sum":
        yield f'{where}.factor: is for a sum only; take it out or make the method "sum"'
    if scale.factor <= 0:
        yield f"{where}.factor: {shown(scale.factor)} is not above 0; use direction or reverse to turn a scale round"
    if scale.at_least != 1 and scale.method not in ("any", "count"):
        yield f"{where}.at_least: is for any and count only; take it out"


def _missing(scale: Scale) -> Iterator[str]:
    where, rule = f"scales.{scale.id}.missing", scale.missing
    if (rule.answered is None) == (rule.allowed is None):
        yield f"{where}: write either answered, a share such as 0.75, or allowed, a number of items such as 0"
    if rule.answered is not None and not 0 < rule.answered <= 1:
        yield f"{where}.answered: {shown(rule.answered)} is no share; write a number above 0 and at most 1"
    if rule.allowed is not None and not 0 <= rule.allowed < max(len(scale.items), 1):
        yield f"{where}.allowed: {rule.allowed} is out of range; write 0 to {max(len(scale.items) - 1, 0)}"
    elif scale.method in ("any", "count") and scale.items and rule.needed(len(scale.items)) < len(scale.items):
        yield f"{where}: a missing answer would pass for a no; for {scale.method}, write allowed = 0"


def _prorating(instrument: Instrument) -> Iterator[str]:
    for scale in instrument.scales:
        if scale.method not in ("sum", "mean") or scale.missing.needed(len(scale.items)) == len(scale.items):
            continue
        responses = [instrument.response(instrument.item_by_id[name]) for name in scale.items]
        if len({(lowest(response), highest(response)) for response in responses}) > 1:
            yield (
                f"scales.{scale.id}.missing: items that go from and to different values cannot stand for one another; "
                "write allowed = 0, or name a function"
            )


def _totals(instrument: Instrument) -> Iterator[str]:
    scored = {name for scale in instrument.scales for name in scale.items}
    whole = [scale for scale in instrument.scales if set(scale.items) == scored]
    if instrument.no_total is not None and len(instrument.scales) > 1:
        yield from (
            f"scales.{scale.id}: is a total, which no_total rules out; take one of the two out" for scale in whole
        )


def _thresholds(instrument: Instrument) -> Iterator[str]:
    for threshold in instrument.thresholds:
        where = f"thresholds.{threshold.id}"
        targets = [threshold.scale is not None, threshold.item is not None, threshold.any_item]
        if sum(targets) != 1:
            yield f"{where}: write exactly one of scale, item and any_item = true, so that it is clear what is compared"
            continue
        if threshold.scale is not None and threshold.scale not in instrument.scale_by_id:
            yield f"{where}.scale: {threshold.scale!r} is not a scale; name one of [scales]"
        elif threshold.item is not None and threshold.item not in instrument.item_by_id:
            yield f"{where}.item: {threshold.item!r} is not an item; name one of [items]"
        elif threshold.scale is None and not any(
            instrument.response(item).numeric for item in compared_items(instrument, threshold)
        ):
            yield f"{where}: compares free text, which has no value; name another item"
        else:
            yield from _in_range(where, threshold.operator, threshold.value, _range(instrument, threshold))
        yield from (
            f"{where}.raters: {rater} does not fill in this instrument; name raters of it"
            for rater in threshold.raters
            if rater not in instrument.raters
        )
        if (threshold.disputed is None) != (threshold.dispute is None):
            yield f"{where}: disputed, the other operator, and dispute, who says so, go together; write both or neither"


def _range(instrument: Instrument, threshold: Threshold) -> tuple[Fraction, Fraction | None]:
    if threshold.scale is not None:
        return instrument.range_of(instrument.scale_by_id[threshold.scale])
    items = compared_items(instrument, threshold)
    responses = [instrument.response(item) for item in items]
    tops = [highest(response) for response in responses]
    known = [top for top in tops if top is not None]
    return min(map(lowest, responses), default=Fraction(0)), max(known, default=Fraction(0)) if len(known) == len(
        tops
    ) else None


def _in_range(where: str, operator: Operator, value: Fraction, ends: tuple[Fraction, Fraction | None]) -> Iterator[str]:
    low, high = ends
    if value < low or (high is not None and value > high):
        top = "" if high is None else f" to {shown(high)}"
        yield f"{where}.value: {shown(value)} is out of range; the scores go from {shown(low)}{top}"
    elif (operator == "<" and value == low) or (operator == ">" and value == high):
        yield f"{where}: no score can be {operator} {shown(value)}; mend the operator or the value"


def _safety(instrument: Instrument) -> Iterator[str]:
    for safety in instrument.safety:
        item = instrument.item_by_id.get(safety.item)
        if item is None:
            yield f"safety: {safety.item!r} is not an item; name one of [items]"
        elif not instrument.response(item).numeric:
            yield f"safety: item {safety.item} is free text, which has no value; take it out"
        elif not admits(instrument.response(item), safety.value):
            options = admitted(instrument.response(item))
            yield f"safety: {shown(safety.value)} is no answer to item {safety.item}; it admits {options}"


def _unused(instrument: Instrument) -> Iterator[str]:
    used = {item.format for item in instrument.items}
    yield from (f"formats.{name}: no item uses it; take it out" for name in instrument.formats if name not in used)


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
