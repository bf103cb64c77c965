"""A second scorer, written apart from the first and in another way, so that one can be held against the other."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from alliance_core.instrument import Instrument, Scale
from alliance_core.testing.forms import values_of


def expected(instrument: Instrument, scale: Scale, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """What a scale must come to, or None where too many answers are missing. Not for functions."""
    counts: list[Fraction] = []
    for name in scale.items:
        value = values.get(name)
        if value is None:
            continue
        item = instrument.item_by_id[name]
        ends = values_of(instrument.response(item))
        counts.append(ends[-1] - (value - ends[0]) if item.reverse else value)
    if len(counts) < needed(scale):
        return None
    if scale.method == "any":
        return Fraction(any(count >= scale.at_least for count in counts))
    if scale.method == "count":
        return Fraction(len([count for count in counts if count >= scale.at_least]))
    mean = sum(counts, Fraction(0)) / len(counts)
    return mean if scale.method == "mean" else mean * len(scale.items) * scale.factor


def needed(scale: Scale) -> int:
    """How many answers the missing rule asks for, counted up one by one; never none at all."""
    rule, items = scale.missing, len(scale.items)
    if rule.allowed is not None:
        enough = [count for count in range(1, items + 1) if items - count <= rule.allowed]
    else:
        enough = [count for count in range(1, items + 1) if Fraction(count, items) >= (rule.answered or 1)]
    return min(enough)
