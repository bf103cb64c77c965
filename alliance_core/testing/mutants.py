"""The mistakes that are easily made in a key, each made on purpose, one at a time.

A mutant keeps only what it changes, so that hundreds of them are tried in a moment: no file is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Literal, TypeVar, get_args

from attrs import evolve, frozen

from alliance_core.answers import shown
from alliance_core.instrument import Instrument, Item, MissingRule, Operator, Scale, Threshold
from alliance_core.testing import edges

Kind = Literal[
    "reverse keys", "items in another scale", "items left out", "exchanged items", "shifted thresholds",
    "other operators", "missing rules",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
Part = TypeVar("Part", Item, Threshold)


@frozen
class Mutant:
    """A definition with one mistake.

    Attributes:
        kind: Which kind of mistake.
        says: The mistake in words: ``item 3 moved from task to bond``.
        scales: The scales that it changes, as they were, to what becomes of them.
        item: The item whose reverse key it changes.
        threshold: The threshold that it changes.
        places: The items that it moves, each with the scale that it leaves.
    """

    kind: Kind
    says: str
    scales: Mapping[str, Scale]
    item: Item | None = None
    threshold: Threshold | None = None
    places: tuple[tuple[str, str], ...] = ()

    def of(self, instrument: Instrument) -> Instrument:
        """The whole definition with the mistake in it."""
        scales = tuple(self.scales.get(scale.id, scale) for scale in instrument.scales)
        return evolve(
            instrument,
            scales=scales,
            items=tuple(_other(each, self.item) for each in instrument.items),
            thresholds=tuple(_other(each, self.threshold) for each in instrument.thresholds),
        )


def _other(each: Part, changed: Part | None) -> Part:
    return changed if changed is not None and changed.id == each.id else each


def mutants(instrument: Instrument) -> Iterator[Mutant]:
    """Every mistake of every kind."""
    yield from _flipped(instrument)
    yield from _moved(instrument)
    yield from _left_out(instrument)
    yield from _exchanged(instrument)
    for threshold in instrument.thresholds:
        yield from _shifted(instrument, threshold)
        yield from _other_operators(instrument, threshold)
    yield from _missing(instrument)


def _flipped(instrument: Instrument) -> Iterator[Mutant]:
    for item in instrument.items:
        scales = {s.id: s for s in instrument.scales if item.id in s.items and s.method != "function"}
        if scales:
            says = f"item {item.id} were {'not ' if item.reverse else ''}reversed"
            yield Mutant("reverse keys", says, scales, item=evolve(item, reverse=not item.reverse))


def _without(scale: Scale, name: str) -> Scale:
    return evolve(scale, items=tuple(each for each in scale.items if each != name))


def _with(scale: Scale, name: str) -> Scale:
    return evolve(scale, items=(*scale.items, name))


def _moved(instrument: Instrument) -> Iterator[Mutant]:
    for scale in instrument.scales:
        for other in instrument.scales:
            for name in scale.items:
                if name not in other.items and len(scale.items) > 1:
                    says = f"item {name} were in {other.id} instead of {scale.id}"
                    scales = {scale.id: _without(scale, name), other.id: _with(other, name)}
                    yield Mutant("items in another scale", says, scales, places=((name, scale.id), (name, other.id)))


def _left_out(instrument: Instrument) -> Iterator[Mutant]:
    for scale in instrument.scales:
        for name in scale.items:
            if len(scale.items) > 1:
                says = f"item {name} were left out of {scale.id}"
                yield Mutant("items left out", says, {scale.id: _without(scale, name)}, places=((name, scale.id),))


def _exchanged(instrument: Instrument) -> Iterator[Mutant]:
    for one, two in combinations(instrument.scales, 2):
        for first in (name for name in one.items if name not in two.items):
            for second in (name for name in two.items if name not in one.items):
                yield Mutant(
                    "exchanged items",
                    f"items {first} of {one.id} and {second} of {two.id} were exchanged",
                    {one.id: _with(_without(one, first), second), two.id: _with(_without(two, second), first)},
                    places=((first, one.id), (second, two.id)),
                )


def _shifted(instrument: Instrument, threshold: Threshold) -> Iterator[Mutant]:
    size = edges.step(instrument, threshold)
    for value in (threshold.value - size, threshold.value + size):
        says = f"threshold {threshold.id} were at {shown(value)} instead of {shown(threshold.value)}"
        yield from _if_it_matters("shifted thresholds", says, instrument, threshold, evolve(threshold, value=value))


def _other_operators(instrument: Instrument, threshold: Threshold) -> Iterator[Mutant]:
    for operator in get_args(Operator):
        if operator != threshold.operator:
            says = f"threshold {threshold.id} had {operator} instead of {threshold.operator}"
            changed = evolve(threshold, operator=operator)
            yield from _if_it_matters("other operators", says, instrument, threshold, changed)


def _if_it_matters(
    kind: Kind, says: str, instrument: Instrument, threshold: Threshold, changed: Threshold
) -> Iterator[Mutant]:
    """A changed threshold, unless it says the same of every score that can occur: then it is no mistake."""

    def differs(point: Fraction) -> bool:
        before = edges.meets(threshold.operator, point, threshold.value)
        return before != edges.meets(changed.operator, point, changed.value)

    if any(map(differs, edges.points(instrument, threshold))):
        yield Mutant(kind, says, {}, threshold=changed)


def _missing(instrument: Instrument) -> Iterator[Mutant]:
    for scale in instrument.scales:
        count = len(scale.items)
        now = count - scale.missing.needed(count)
        for allowed in (now - 1, now + 1):
            if 0 <= allowed < count:
                rule = MissingRule(scale.missing.source, allowed=allowed, confidence=scale.missing.confidence)
                says = f"{scale.id} allowed {allowed} missing instead of {now}"
                yield Mutant("missing rules", says, {scale.id: evolve(scale, missing=rule)})
