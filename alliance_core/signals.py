"""Signals: findings worth talking about, each with the rule, the numbers and the source behind it.

A signal is never a diagnosis, and never speaks on a missing answer.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from alliance_core.answers import Answer, shown
from alliance_core.instrument import PROJECT, PUBLISHED, Instrument, Item, Operator, SafetyItem, Threshold
from alliance_core.scoring import Score

COMPARE: Mapping[Operator, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


@frozen
class Signal:
    """A threshold or safety rule that one form met, or met only by a disputed operator.

    Attributes:
        rule: The threshold or the safety item.
        what: The score or answer that met it, in words: ``total 34.6``.
        value: That score or answer.
        disputed: Whether it holds only with the operator that other sources give.
    """

    rule: Threshold | SafetyItem
    what: str
    value: Fraction
    disputed: bool = False

    @property
    def published(self) -> bool:
        """Whether the rule may be shown as published."""
        return self.rule.source != PROJECT if isinstance(self.rule, SafetyItem) else self.rule.confidence in PUBLISHED


def holds(comparison: Operator, value: Fraction, limit: Fraction) -> bool:
    """Whether ``value comparison limit``, exactly: 36 is not below 36."""
    return COMPARE[comparison](value, limit)


def compared_items(instrument: Instrument, threshold: Threshold) -> Sequence[Item]:
    """The items whose answers a threshold looks at; none where it looks at a scale."""
    if threshold.any_item:
        return [item for item in instrument.items if instrument.response(item).numeric]
    return [instrument.item_by_id[threshold.item]] if threshold.item is not None else []


def find_signals(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    scores: Mapping[str, Score],
    *,
    rater: str | None = None,
    age: int | None = None,
) -> tuple[Signal, ...]:
    """What the thresholds and safety items of an instrument say of one form.

    A missing answer and a score that is not scorable meet no rule. A threshold for an age band speaks only where the
    age is known and in it; a threshold for some raters speaks only of their forms.
    """
    found: list[Signal] = []
    for threshold in instrument.thresholds:
        if _applies(threshold, rater, age):
            found.extend(_met(threshold, _targets(instrument, threshold, answers, scores)))
    for safety in instrument.safety:
        value = answers[safety.item].number
        if value is not None and holds(safety.operator, value, safety.value):
            found.append(Signal(safety, f"item {safety.item}: {shown(value)}", value))
    return tuple(found)


def _applies(threshold: Threshold, rater: str | None, age: int | None) -> bool:
    if threshold.raters and rater is not None and rater not in threshold.raters:
        return False
    if threshold.ages is None:
        return True
    least, most = threshold.ages.minimum, threshold.ages.maximum
    return age is not None and (least is None or age >= least) and (most is None or age <= most)


def _targets(
    instrument: Instrument, threshold: Threshold, answers: Mapping[str, Answer], scores: Mapping[str, Score]
) -> Iterator[tuple[str, Fraction]]:
    if threshold.scale is not None:
        value = scores[threshold.scale].value
        if value is not None:
            yield f"{instrument.scale_by_id[threshold.scale].name} {shown(value)}", value
        return
    for item in compared_items(instrument, threshold):
        number = answers[item.id].number
        if number is not None:
            yield f"item {item.id} ({item.topic}): {shown(number)}", number


def _met(threshold: Threshold, targets: Iterator[tuple[str, Fraction]]) -> Iterator[Signal]:
    for what, value in targets:
        if holds(threshold.operator, value, threshold.value):
            yield Signal(threshold, what, value)
        elif threshold.disputed is not None and holds(threshold.disputed, value, threshold.value):
            yield Signal(threshold, what, value, disputed=True)
