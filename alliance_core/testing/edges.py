"""Thresholds and their edges: which scores or answers lie just below, at and just above a cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from random import Random

from alliance_core.instrument import Instrument, Operator, Threshold
from alliance_core.signals import compared_items
from alliance_core.testing.forms import common_step, numeric_items, random_values, reach, step_of, values_of

MEETS: Mapping[Operator, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,)}
"""On which side of the cut-off a rule holds: below is -1, at it is 0, above is 1. Written apart from the core's own."""


def meets(operator: Operator, value: Fraction, limit: Fraction) -> bool:
    """Whether a rule holds."""
    return (value > limit) - (value < limit) in MEETS[operator]


def step(instrument: Instrument, threshold: Threshold) -> Fraction:
    """The smallest difference between two scores, or answers, that the threshold looks at."""
    if threshold.scale is not None:
        return step_of(instrument, instrument.scale_by_id[threshold.scale])
    gaps = {b - a for each in _answers(instrument, threshold) for a, b in pairwise(each)}
    return common_step(gaps)


def points(instrument: Instrument, threshold: Threshold) -> list[Fraction]:
    """The scores, or answers, nearest to the cut-off on both sides, and the ends of the range; ascending."""
    if threshold.scale is None:
        return sorted({value for each in _answers(instrument, threshold) for value in each})
    low, high = instrument.range_of(instrument.scale_by_id[threshold.scale])
    size = step(instrument, threshold)
    nearest = int((threshold.value - low) / size)
    near = {low + size * place for place in range(max(nearest - 3, 0), nearest + 5)} | {low}
    return sorted(point for point in near | ({high} if high is not None else set()) if high is None or point <= high)


def around(instrument: Instrument, threshold: Threshold) -> list[Fraction]:
    """The nearest point below the cut-off, the cut-off if it can occur, and the nearest point above."""
    known = points(instrument, threshold)
    below = [point for point in known if point < threshold.value][-1:]
    above = [point for point in known if point > threshold.value][:1]
    return [*below, *(point for point in known if point == threshold.value), *above]


def form_at(instrument: Instrument, threshold: Threshold, point: Fraction, by: Random) -> dict[str, Fraction] | None:
    """Answers to every item with which the threshold sees this score or answer; None where none were found."""
    if threshold.scale is not None:
        return reach(instrument, instrument.scale_by_id[threshold.scale], point, by)
    values = random_values(instrument, by)
    fitting = [item for item in compared_items(instrument, threshold) if point in values_of(instrument.response(item))]
    if not fitting:
        return None
    if threshold.any_item:  # all the others keep silent, so that this one decides
        for item in numeric_items(instrument):
            silent = [
                value
                for value in values_of(instrument.response(item))
                if not meets(threshold.operator, value, threshold.value)
            ]
            values[item.id] = by.choice(silent or [values[item.id]])
    values[by.choice(fitting).id] = point
    return values


def age_within(threshold: Threshold) -> int | None:
    """An age for which the threshold speaks; None where every age will do."""
    if threshold.ages is None:
        return None
    return threshold.ages.minimum if threshold.ages.minimum is not None else threshold.ages.maximum


def age_outside(threshold: Threshold) -> int | None:
    """An age for which the threshold must keep silent; None where there is none."""
    if threshold.ages is None:
        return None
    least, most = threshold.ages.minimum, threshold.ages.maximum
    if most is not None:
        return most + 1
    return least - 1 if least else None


def _answers(instrument: Instrument, threshold: Threshold) -> list[tuple[Fraction, ...]]:
    items = compared_items(instrument, threshold)
    return [values_of(instrument.response(item)) for item in items if instrument.response(item).numeric]
