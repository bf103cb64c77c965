"""Values as a reader meets them: days, sessions, answers, rules. Plain text, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from alliance_core import Answer, Instrument, Item, Scale, Threshold
from alliance_core.answers import shown
from alliance_core.instrument import CONFIDENCE_WORDS, PUBLISHED, Confidence, Direction, Operator, SafetyItem
from alliance_core.response import label
from alliance_core.store import Recorded

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
COMPARED: Mapping[Operator, str] = {
    "<": "below {}", "<=": "{} or below", ">": "above {}", ">=": "{} or above", "=": "exactly {}",
}  # fmt: skip
REASONS = {
    "skipped": "skipped: the item was left empty",
    "declined": "declined: the person chose not to answer",
    "not-asked": "not asked: the item was not put to the person",
    "lost": "lost: there was an answer, and it cannot be had",
}
DIRECTIONS: Mapping[Direction, str] = {
    "higher-is-better": "A higher score is a stronger or better rating.",
    "higher-is-worse": "A higher score is a weaker rating, or more of a difficulty.",
    "neither": "A higher score is neither better nor worse: it describes.",
}
OWN_RULE = "project"
"""The source of a rule that nobody published and this project chose."""


def day(value: date | None) -> dict[str, str] | None:
    """A day as ``9 March 2026`` and for machines, or None if it is not known."""
    if value is None:
        return None
    return {"iso": f"{value:%Y-%m-%d}", "text": f"{value.day} {MONTHS[value.month - 1]} {value.year}"}


def when(record: Recorded) -> str:
    """What a form is about: ``session 12``, ``intake``."""
    about = f"session {record.session}" if record.session is not None else record.occasion
    return about if record.segment is None else f"{about}, segment {record.segment}"


def runs(numbers: Iterable[int]) -> str:
    """Session numbers as people write them: ``1, 3 to 5``."""
    stretches: list[list[int]] = []
    for number in sorted(set(numbers)):
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    return ", ".join(_stretch(stretch) for stretch in stretches)


def _stretch(stretch: list[int]) -> str:
    if len(stretch) > 2:
        return f"{stretch[0]} to {stretch[-1]}"
    return ", ".join(map(str, stretch))


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 form``, ``3 forms``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def extent(instrument: Instrument, scale: Scale) -> str:
    """The scores that a scale can have: ``0 to 40``."""
    low, high = instrument.range_of(scale)
    return f"{shown(low)} and more" if high is None else f"{shown(low)} to {shown(high)}"


def answer(instrument: Instrument, item: Item, given: Answer) -> dict[str, str]:
    """An answer as value, label and, where there is none, the reason."""
    words, value = {"value": "", "label": "", "reason": ""}, given.value
    if value is None:
        words["reason"] = (given.reason or "").replace("-", " ")
    elif isinstance(value, str):
        words["label"] = value
    else:
        said = label(instrument.response(item), value)
        words["label"] = said or ""
        words["value"] = "" if said in ("yes", "no") else shown(value)
    return words


def short(instrument: Instrument, item: Item, given: Answer) -> str:
    """An answer in one line: ``4, Very often``; ``skipped``."""
    return ", ".join(part for part in answer(instrument, item, given).values() if part)


def source(text: str) -> str:
    """Where a rule stands, in words."""
    return "this project: no published rule is known" if text == OWN_RULE else text


def published(rule: Threshold | SafetyItem) -> bool:
    """Whether a rule may be shown as published: somebody else set it, and it was checked or is very likely right."""
    return rule.source != OWN_RULE and (isinstance(rule, SafetyItem) or rule.confidence in PUBLISHED)


def caution(rule: Threshold | SafetyItem) -> str:
    """Why a rule may not be read as published, or nothing if it may."""
    if published(rule):
        return ""
    if rule.source == OWN_RULE:
        return "Not a published rule: this project’s own."
    return "Not verified, so not to be read as a published rule."


def confidence(tag: Confidence) -> str:
    """How sure a fact is."""
    return CONFIDENCE_WORDS[tag]


def compared(operator: Operator, value: Fraction) -> str:
    """A comparison in words: ``below 36``."""
    return COMPARED[operator].format(shown(value))


def target(instrument: Instrument, rule: Threshold | SafetyItem) -> str:
    """What a rule looks at: a scale's name, an item's topic, or any item."""
    if rule.item is not None:
        return f"item {rule.item} ({instrument.item_by_id[rule.item].topic})"
    if isinstance(rule, Threshold) and rule.scale is not None:
        return instrument.scale_by_id[rule.scale].name
    return "any one item"


def rule_words(instrument: Instrument, rule: Threshold | SafetyItem) -> dict[str, Any]:
    """A rule with its grounds, for a reader to weigh."""
    threshold = rule if isinstance(rule, Threshold) else None
    return {
        "formula": f"{target(instrument, rule)} {rule.operator} {shown(rule.value)}",
        "says": rule.says,
        "source": source(rule.source),
        "caution": caution(rule),
        "confidence": confidence(threshold.confidence) if threshold and rule.source != OWN_RULE else "",
        "dispute": dispute(threshold) if threshold else "",
        "raters": " and ".join(threshold.raters) if threshold else "",
        "ages": ages(threshold) if threshold else "",
    }


def dispute(rule: Threshold) -> str:
    """That sources give another operator, or nothing."""
    if rule.disputed is None:
        return ""
    stated, other = compared(rule.operator, rule.value), compared(rule.disputed, rule.value)
    return f"Sources disagree: “{stated}” ({rule.source}) or “{other}” ({rule.dispute})."


def ages(rule: Threshold) -> str:
    """The ages that a rule is for, or nothing."""
    if rule.ages is None:
        return ""
    least, most = rule.ages.minimum, rule.ages.maximum
    if least is None or most is None:
        return f"{least} and older" if least is not None else f"up to {most}"
    return f"{least} to {most}"
