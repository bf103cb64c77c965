"""The mistakes that people make with a scoring key, each as something that can be scored with.

A suspect is one mistake, in words and as a change of the scoring. All of them give wrong numbers that nobody sees,
because they stay in range. One published data set reverses the neighbour of the item that it should; several programs
take the printed position of an option for its value; others add up zeros for what was not answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product

from attrs import evolve, frozen

from alliance_core.bulk import AS_IS, BulkScorer, Cell, by_scale, units
from alliance_core.instrument import Instrument, Method, MissingRule, Scale
from alliance_core.response import Bipolar, Line, Rating, highest, lowest
from alliance_core.scoring import Score

Cells = Sequence[Cell]
Values = Mapping[str, Fraction | None]
Scorer = Callable[[Cells], Values]


@frozen
class Suspect:
    """A mistake that could explain a file's scores.

    Attributes:
        what: The mistake in words, as in "all rows are reproduced by ...".
        scorer: Makes what scores the cells of a form (in units) as the mistake would.
    """

    what: str
    scorer: Callable[[], Scorer]


def _wrong_key(what: str, instrument: Instrument) -> Suspect:
    """A mistake that is a change of the definition."""
    return Suspect(what, lambda: scorer_of(instrument))


def scorer_of(instrument: Instrument) -> Scorer:
    """What scores the cells of a form by a definition."""
    count = len(instrument.items)
    return BulkScorer(instrument, [AS_IS] * count, range(count), _value, by_scale)


def _value(score: Score) -> tuple[str, Fraction | None]:
    return score.scale, score.value


def suspects(instrument: Instrument) -> Iterator[Suspect]:
    """Every single mistake that is worth trying, the commonest first."""
    yield from _reversing(instrument)
    yield from _membership(instrument)
    yield from _positions(instrument)
    yield from _missing(instrument)
    yield from _metric(instrument)


def _reversing(instrument: Instrument) -> Iterator[Suspect]:
    scored = {name for scale in instrument.scales for name in scale.items}
    able = [
        item
        for item in instrument.items
        if item.id in scored and isinstance(instrument.response(item), Rating | Line | Bipolar)
    ]
    reverse, forward = [item for item in able if item.reverse], [item for item in able if not item.reverse]
    for item in reverse:
        yield _wrong_key(f"not reversing item {item.id}", _turned(instrument, {item.id}))
    for item in forward:
        yield _wrong_key(f"reversing item {item.id}", _turned(instrument, {item.id}))
    for right, wrong in product(reverse, forward):
        what = f"reversing item {wrong.id} instead of item {right.id}"
        yield _wrong_key(what, _turned(instrument, {right.id, wrong.id}))
    if len(reverse) > 1:
        yield _wrong_key("reversing no item at all", _turned(instrument, {item.id for item in reverse}))


def _turned(instrument: Instrument, names: set[str]) -> Instrument:
    items = tuple(evolve(item, reverse=not item.reverse) if item.id in names else item for item in instrument.items)
    return evolve(instrument, items=items)


def _membership(instrument: Instrument) -> Iterator[Suspect]:
    scored = [name for name in instrument.item_by_id if any(name in scale.items for scale in instrument.scales)]
    for scale in instrument.scales:
        for name in scale.items:
            if len(scale.items) > 1:
                without = [item for item in scale.items if item != name]
                yield _wrong_key(f"leaving item {name} out of {scale.id}", _with_items(instrument, {scale.id: without}))
        for name in scored:
            if name not in scale.items:
                added = [*scale.items, name]
                yield _wrong_key(f"counting item {name} in {scale.id} too", _with_items(instrument, {scale.id: added}))
    yield from _moved(instrument)


def _moved(instrument: Instrument) -> Iterator[Suspect]:
    """One item in another scale than its own, and two items that have changed places."""
    for own, other in product(instrument.scales, repeat=2):
        if own.id == other.id or set(own.items) & set(other.items):
            continue
        for name in own.items:
            changed = {own.id: [item for item in own.items if item != name], other.id: [*other.items, name]}
            if changed[own.id]:
                yield _wrong_key(
                    f"scoring item {name} in {other.id} instead of {own.id}", _with_items(instrument, changed)
                )
        if own.id < other.id:
            yield from _swapped(instrument, own, other)


def _swapped(instrument: Instrument, one: Scale, other: Scale) -> Iterator[Suspect]:
    for here, there in product(one.items, other.items):
        changed = {
            one.id: [there if item == here else item for item in one.items],
            other.id: [here if item == there else item for item in other.items],
        }
        what = f"swapping item {here} of {one.id} and item {there} of {other.id}"
        yield _wrong_key(what, _with_items(instrument, changed))


def _with_items(instrument: Instrument, changed: Mapping[str, list[str]]) -> Instrument:
    scales = tuple(
        evolve(scale, items=tuple(changed[scale.id])) if scale.id in changed else scale for scale in instrument.scales
    )
    return evolve(instrument, scales=scales)


def _positions(instrument: Instrument) -> Iterator[Suspect]:
    descending = [(n, item) for n, item in enumerate(instrument.items) if item.display == "descending"]
    if not descending:
        return
    unit, sums = units(instrument), {}
    for place, item in descending:
        response = instrument.response(item)
        sums[place] = int((lowest(response) + (highest(response) or 0)) * unit)

    def scorer() -> Scorer:
        score = scorer_of(instrument)
        return lambda cells: score([_mirrored(cell, sums.get(place)) for place, cell in enumerate(cells)])

    listed = ", ".join(item.id for _, item in descending)
    yield Suspect(f"taking positions for values in the items that print their options descending ({listed})", scorer)


def _mirrored(cell: Cell, ends: int | None) -> Cell:
    return ends - cell if ends is not None and isinstance(cell, int) else cell


def _missing(instrument: Instrument) -> Iterator[Suspect]:
    yield Suspect("counting a missing answer as zero", lambda: _zero_scorer(instrument, keyed=True))
    if any(item.reverse for item in instrument.items):
        before = "taking zero for a missing answer before reversing"
        yield Suspect(before, lambda: _zero_scorer(instrument, keyed=False))
    lenient = [evolve(scale, missing=_rule(len(scale.items) - 1)) for scale in instrument.scales]
    yield _wrong_key("prorating from however few answers there are", evolve(instrument, scales=tuple(lenient)))
    yield from _added_up(instrument)


def _rule(allowed: int) -> MissingRule:
    return MissingRule(source="suspected", allowed=allowed)


def _zero_scorer(instrument: Instrument, *, keyed: bool) -> Scorer:
    """Missing answers pass for zeros: in the keyed answers, or in the raw ones, which reversing turns into the top."""
    unit, place_of = units(instrument), {item.id: n for n, item in enumerate(instrument.items)}

    def value(name: str, cell: Cell) -> Fraction:
        if cell is None and keyed:
            return Fraction(0)
        return instrument.keyed(instrument.item_by_id[name], Fraction(int(cell or 0), unit))

    def score(scale: Scale, cells: Cells) -> Fraction:
        values = [value(name, cells[place_of[name]]) for name in scale.items]
        if scale.method in ("any", "count"):
            hits = sum(one >= scale.at_least for one in values)
            return Fraction(hits > 0 if scale.method == "any" else hits)
        total = sum(values, Fraction(0))
        return total / len(values) if scale.method == "mean" else total * scale.factor

    declared = [scale for scale in instrument.scales if scale.method != "function"]
    return lambda cells: {scale.id: score(scale, cells) for scale in declared}


def _added_up(instrument: Instrument) -> Iterator[Suspect]:
    """A total made of prorated subscales instead of the items."""
    for total in instrument.scales:
        parts = [scale for scale in instrument.scales if scale.id != total.id and set(scale.items) < set(total.items)]
        names = [name for part in parts for name in part.items]
        if total.method == "sum" and sorted(names) == sorted(total.items):
            what = f"adding up {', '.join(part.id for part in parts)} for {total.id}"
            yield Suspect(what, partial(_sum_scorer, instrument, total, parts))


def _sum_scorer(instrument: Instrument, total: Scale, parts: Sequence[Scale]) -> Scorer:
    score = scorer_of(instrument)

    def added(cells: Cells) -> Values:
        values = dict(score(cells))
        found = [values[part.id] for part in parts]
        known = [value for value in found if value is not None]
        values[total.id] = sum(known, Fraction(0)) if len(known) == len(found) else None
        return values

    return added


def _metric(instrument: Instrument) -> Iterator[Suspect]:
    exchanged: tuple[tuple[Method, Method], ...] = (("mean", "sum"), ("sum", "mean"))
    for wrong, right in exchanged:
        if any(scale.method == right for scale in instrument.scales):
            scales = [
                evolve(scale, method=wrong, factor=Fraction(1)) if scale.method == right else scale
                for scale in instrument.scales
            ]
            what = f"stating the {wrong} of the items instead of their {right}"
            yield _wrong_key(what, evolve(instrument, scales=tuple(scales)))
