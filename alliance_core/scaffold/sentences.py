"""What a definition says, in words that a person who does not program reads: keys, missing rules, thresholds, terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alliance_core.answers import admitted, shown
from alliance_core.instrument import (
    CONFIDENCE_WORDS,
    PROJECT,
    PUBLISHED,
    Ages,
    Confidence,
    Instrument,
    Method,
    MissingRule,
    Operator,
    SafetyItem,
    Scale,
    Threshold,
)
from alliance_core.response import Bipolar, Line, Rating, ResponseFormat

OPERATORS: Mapping[Operator, str] = {
    "<": "below", "<=": "at or below", ">": "above", ">=": "at or above", "=": "exactly",
}  # fmt: skip
METHODS: Mapping[Method, str] = {
    "sum": "the sum of", "mean": "the mean of", "any": "1 if any, else 0, of", "count": "the number counted among",
    "function": "computed from",
}  # fmt: skip
DIRECTIONS = {
    "higher-is-better": "higher is better",
    "higher-is-worse": "higher is worse",
    "neither": "more is neither better nor worse",
}


def listed(words: Sequence[str], link: str = "and") -> str:
    """Words as a sentence lists them: ``a, b and c``."""
    return f" {link} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def by_whom(instrument: Instrument) -> str:
    """Who fills it in, at what age."""
    whom = listed(instrument.raters, "or")
    return whom if instrument.ages is None else f"{whom}, aged {_band(instrument.ages)}"


def _band(ages: Ages) -> str:
    if ages.minimum is None:
        return f"up to {ages.maximum}"
    return f"{ages.minimum} and over" if ages.maximum is None else f"{ages.minimum} to {ages.maximum}"


def answers_of(response: ResponseFormat) -> str:
    """The answers that a format admits, with their labels."""
    match response:
        case Rating(labels=labels):
            return ", ".join(f"{shown(value)} {label}" for value, label in labels.items())
        case Bipolar(minimum=least, maximum=most, zero=zero):
            gap = "" if zero or not least < 0 < most else " without 0"
            return f"whole numbers from {least} to {most}{gap}{_poles(response.poles)}"
        case Line():
            return f"a mark on a line, {admitted(response)}{_poles(response.poles)}"
        case _:
            return admitted(response)


def _poles(poles: Sequence[str]) -> str:
    return f", from {poles[0]!r} to {poles[1]!r}" if len(poles) == 2 else ""


def source_of(source: str, confidence: Confidence) -> str:
    """Where a rule comes from and how sure that is."""
    return "our own rule" if source == PROJECT else f"{source}; {CONFIDENCE_WORDS[confidence]}"


def scale_in_words(instrument: Instrument, scale: Scale) -> str:
    """How a scale is scored: method, items with the reversed ones marked, range and direction."""
    low, high = instrument.range_of(scale)
    ends = f"{shown(low)} to {shown(high)}" if high is not None else f"from {shown(low)}"
    factor = f", times {shown(scale.factor)}" if scale.factor != 1 else ""
    least = f" at {shown(scale.at_least)} or more" if scale.method in ("any", "count") else ""
    how = f" by the function {scale.function}" if scale.method == "function" else ""
    direction = DIRECTIONS[instrument.direction_of(scale)]
    alone = len(scale.items) == 1 and scale.method in ("sum", "mean")
    method = "the answer to" if alone else METHODS[scale.method]
    return f"{method} {_items(instrument, scale)}{least}{how}{factor}: {ends}, {direction}"


def _items(instrument: Instrument, scale: Scale) -> str:
    reverse = [name for name in scale.items if instrument.item_by_id[name].reverse]
    if len(scale.items) == len(instrument.items) > 1:
        return f"all {len(scale.items)} items" + (f" ({', '.join(reverse)} reversed)" if reverse else "")
    names = [f"{name} (reversed)" if name in reverse else name for name in scale.items]
    return ("item " if len(names) == 1 else "items ") + ", ".join(names)


def missing_in_words(scale: Scale) -> str:
    """How many answers a scale needs, what becomes of the missing ones, and who says so."""
    count = len(scale.items)
    needed = scale.missing.needed(count)
    if needed == count:
        rule = "every item must be answered" if count > 1 else "the item must be answered"
    else:
        rule = f"at least {needed} of {count} items must be answered{_rest(scale)}"
    return f"{rule} ({_missing_source(scale.missing)})"


def _rest(scale: Scale) -> str:
    return "; the mean of those given stands for the others" if scale.method in ("sum", "mean") else ""


def _missing_source(rule: MissingRule) -> str:
    return source_of(rule.source, rule.confidence)


def rule_in_words(instrument: Instrument, threshold: Threshold) -> str:
    """What a threshold looks at, and where it speaks: ``total below 36``."""
    target = "any item" if threshold.any_item else f"item {threshold.item}"
    if threshold.scale is not None:
        target = instrument.scale_by_id[threshold.scale].name
    whom = f", for the {listed(threshold.raters, 'or')}" if threshold.raters else ""
    whom += f", aged {_band(threshold.ages)}" if threshold.ages is not None else ""
    return f"{target} {OPERATORS[threshold.operator]} {shown(threshold.value)}{whom}"


def threshold_in_words(instrument: Instrument, threshold: Threshold) -> str:
    """A threshold whole: the rule, what it means, where it stands, and who disputes it."""
    published = "" if threshold.confidence in PUBLISHED else "; never shown as published"
    stands = f"{source_of(threshold.source, threshold.confidence)}{published}"
    said = f"{rule_in_words(instrument, threshold)}: {threshold.says} ({stands})"
    if threshold.disputed is None:
        return said
    return f"{said}; disputed, {OPERATORS[threshold.disputed]} by others: {threshold.dispute or 'no source named'}"


def safety_in_words(safety: SafetyItem) -> str:
    """A safety item whole."""
    source = "our own rule" if safety.source == PROJECT else safety.source
    return f"item {safety.item} {OPERATORS[safety.operator]} {shown(safety.value)}: {safety.says} ({source})"


def wording_in_words(instrument: Instrument) -> str:
    """Whether the wording is here, and else where it is to be had."""
    licence = instrument.licence
    if licence.wording == "ships":
        return "in this package"
    return f"not in this package; to be had from: {licence.obtain or 'ask the owner'}"


def terms_in_words(instrument: Instrument) -> str:
    """On what terms it may be used."""
    licence = instrument.licence
    parts = [licence.terms or "not stated", licence.fee and f"fee: {licence.fee}", licence.notice]
    return "; ".join(part for part in parts if part)


def key_source(instrument: Instrument) -> str:
    """How sure the key is, in words."""
    return "written for this project" if instrument.source == PROJECT else CONFIDENCE_WORDS[instrument.confidence]
