"""Scoring many forms at once, at the price of some look-ups a form, with the same results as one at a time.

A sum or a mean depends on two numbers only: the sum of the keyed answers and how many there are. So each answer of an
item is turned into a *share*: one whole number that holds, for every scale of the item, its keyed value in `units` and
a 1 for having been answered, each scale in bits of its own. The shares of a form's answers add up to a *tally*,
which is all that there is to know of the form. The scores of a tally are worked out, exactly, by
`alliance_core.scoring` itself, once for each tally that occurs. Shares are looked up for some items at a time.

Tests hold the results against `alliance_core.scoring.score` on random definitions and random forms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from operator import add, getitem, itemgetter
from typing import Any, Generic, Protocol, TypeVar

from attrs import frozen

from alliance_core.instrument import Instrument, Item, Scale
from alliance_core.response import ResponseFormat, highest, lowest
from alliance_core.scoring import Score, function_score, tally_score

Cell = int | str | None
"""An answer in whole units, the text of a free-text item, or None where it is missing."""
Part = TypeVar("Part")
Finished = TypeVar("Finished")
Row = Sequence[Any]

COUNT = 1024
"""A scale's part of a tally is the sum of its values times this, plus the number of answers; no form has more items."""
MOST_REMEMBERED = 50_000
LARGEST_BLOCK = 4096
"""Items are looked up together as long as there are not more ways than this to answer them."""
LARGEST_ANSWER = 10**9
"""What `alliance_core.answers` admits at most where a format sets no limit."""


def units(instrument: Instrument) -> int:
    """How many units make 1: the least number that turns every admissible answer into a whole number."""
    values = (value for response in instrument.formats.values() for value in response.values or ())
    return math.lcm(1, *{value.denominator for value in values})


class Reader(Protocol):
    """Turns a raw entry into a cell. It may raise `AnswerError`, which passes through."""

    def __getitem__(self, raw: Any, /) -> Cell:
        """The cell of an entry."""


class _AsIs:
    def __getitem__(self, cell: Cell) -> Cell:
        return cell


AS_IS = _AsIs()
"""The reader of rows whose entries are cells already."""


class BulkScorer(Generic[Part, Finished]):
    """Scores rows of an instrument's answers.

    Args:
        instrument: What was filled in.
        readers: For each item in form order, what turns the raw entry of a row into a cell; `AS_IS` where the entries
            are cells already.
        places: For each item in form order, where its entry stands in a row.
        each: What to make of one score, such as its text. Done once for each score that occurs.
        finish: What to make of that for a whole row, in the order of the instrument's scales. Done once for all rows
            that score alike, so the result must not be changed.
    """

    def __init__(
        self,
        instrument: Instrument,
        readers: Sequence[Reader],
        places: Sequence[int],
        each: Callable[[Score], Part],
        finish: Callable[[Sequence[Part]], Finished],
    ) -> None:
        packing = _Packing(instrument)
        self._blocks = [
            (_Shares(instrument, packing, [(instrument.items[n], readers[n]) for n in block]), _key(places, block))
            for block in _blocks(instrument)
        ]
        self._texts = [(readers[n], places[n]) for n in _text_places(instrument)]
        functions = [scale for scale in instrument.scales if scale.method == "function"]
        self._functions = {scale.id: _function_plan(instrument, scale, readers, places) for scale in functions}
        self._each = each
        self._finished = _Finished(instrument, packing, each, finish)

    def __call__(self, row: Row) -> Finished:
        """The finished scores of one row.

        Raises:
            AnswerError: If an entry is no answer, of unscored items too.
            PluginError: If a plugin's scoring function is not there, fails, or gives what is no score.
        """
        tally = 0
        for shares, key in self._blocks:
            tally += shares[key(row)]
        for reader, place in self._texts:
            reader[row[place]]
        if self._functions:
            return self._finished.make(tally, {name: self._each(plan(row)) for name, plan in self._functions.items()})
        return self._finished[tally]

    def many(self, rows: Sequence[Row]) -> list[Finished]:
        """The finished scores of many rows, as of each; raises as for each, and then gives none."""
        if self._functions or not self._blocks:
            return [self(row) for row in rows]
        for reader, place in self._texts:
            for row in rows:
                reader[row[place]]
        looked_up = [map(shares.__getitem__, map(key, rows)) for shares, key in self._blocks]
        tallies = reduce(partial(map, add), looked_up)
        return list(map(self._finished.__getitem__, tallies))


def by_scale(parts: Sequence[tuple[str, Part]]) -> dict[str, Part]:
    """A row of which each part has the id of its scale before it, by that id."""
    return dict(parts)


def picker(places: Sequence[int]) -> Callable[[Row], Row]:
    """What takes the entries at these places out of a row."""
    if len(places) == 1:
        return lambda row: (row[places[0]],)
    pick: Callable[[Row], Row] = itemgetter(*places)
    return pick


def _key(places: Sequence[int], block: Sequence[int]) -> Callable[[Row], Hashable]:
    """The entries of a block; the bare entry where it is only one."""
    return itemgetter(*(places[n] for n in block))


def _text_places(instrument: Instrument) -> list[int]:
    return [n for n, item in enumerate(instrument.items) if not instrument.response(item).numeric]


def _blocks(instrument: Instrument) -> Iterator[list[int]]:
    """The numeric items in form order, as many together as have at most `LARGEST_BLOCK` ways to be answered."""
    block: list[int] = []
    ways = 1
    for n, item in enumerate(instrument.items):
        response = instrument.response(item)
        if not response.numeric:
            continue
        options = LARGEST_BLOCK if response.values is None else len(response.values) + 1
        if block and ways * options > LARGEST_BLOCK:
            yield block
            block, ways = [], 1
        block.append(n)
        ways *= options
    if block:
        yield block


@frozen
class _Packed:
    """Where one scale's part of a tally is.

    Attributes:
        scale: The scale.
        shift: Its lowest bit.
        width: How many bits it has.
        raised: What is added to each answer's value so that none is negative.
        unit: How many of its values make 1.
    """

    scale: Scale
    shift: int
    width: int
    raised: int
    unit: int

    def share(self, instrument: Instrument, item: Item, value: Fraction) -> int:
        """What an answer adds to the tally."""
        keyed = instrument.keyed(item, value)
        counted = keyed >= self.scale.at_least if self.scale.method in ("any", "count") else keyed * self.unit
        return ((int(counted) + self.raised) * COUNT + 1) << self.shift

    def own(self, tally: int) -> int:
        """The scale's own part of a tally."""
        return (tally >> self.shift) & ((1 << self.width) - 1)

    def score(self, own: int) -> Score:
        """The score of the scale's own part of a tally."""
        total, answered = divmod(own, COUNT)
        return tally_score(self.scale, Fraction(total - self.raised * answered, self.unit), answered)


class _Packing:
    """How the scales of an instrument share the bits of a tally; scales with a function have no part in it."""

    def __init__(self, instrument: Instrument) -> None:
        self.packed: dict[str, _Packed] = {}
        shift = 0
        for scale in instrument.scales:
            if scale.method == "function":
                continue
            unit = 1 if scale.method in ("any", "count") else units(instrument)
            responses = [instrument.response(instrument.item_by_id[name]) for name in scale.items]
            raised = max(0, *(math.ceil(-lowest(response) * unit) for response in responses))
            most = sum(math.ceil(_top(response) * unit) + raised for response in responses)
            width = ((most + len(responses)) * COUNT).bit_length() + 1
            self.packed[scale.id] = _Packed(scale, shift, width, raised, unit)
            shift += width

    def of(self, item: Item) -> list[_Packed]:
        """The parts that an item has a share in."""
        return [packed for packed in self.packed.values() if item.id in packed.scale.items]


def _top(response: ResponseFormat) -> Fraction:
    top = highest(response)
    return max(Fraction(LARGEST_ANSWER) if top is None else top, Fraction(1))


class _Shares(dict[Hashable, int]):
    """What the raw entries of a block add to the tally; worked out when they first occur."""

    def __init__(self, instrument: Instrument, packing: _Packing, block: Sequence[tuple[Item, Reader]]) -> None:
        super().__init__()
        self._instrument, self._unit = instrument, units(instrument)
        self._block = [(item, reader, packing.of(item)) for item, reader in block]

    def __missing__(self, key: Any) -> int:
        entries = key if len(self._block) > 1 else (key,)
        share = 0
        for (item, reader, parts), raw in zip(self._block, entries, strict=True):
            cell = reader[raw]
            if cell is not None:
                value = Fraction(int(cell), self._unit)
                share += sum(part.share(self._instrument, item, value) for part in parts)
        if len(self) < MOST_REMEMBERED:
            self[key] = share
        return share


class _Parts(dict[int, Part]):
    """What was made of the scores of one scale, by its own part of a tally; made when it first occurs."""

    def __init__(self, packed: _Packed, each: Callable[[Score], Part]) -> None:
        super().__init__()
        self._packed, self._each = packed, each

    def __missing__(self, own: int) -> Part:
        part = self._each(self._packed.score(own))
        if len(self) < MOST_REMEMBERED:
            self[own] = part
        return part


class _Finished(dict[int, Finished], Generic[Part, Finished]):
    """What was made of the rows of each tally; made when it first occurs."""

    def __init__(
        self,
        instrument: Instrument,
        packing: _Packing,
        each: Callable[[Score], Part],
        finish: Callable[[Sequence[Part]], Finished],
    ) -> None:
        super().__init__()
        self._finish = finish
        self._order = [scale.id for scale in instrument.scales]
        self._parts = {name: (packed, _Parts(packed, each)) for name, packed in packing.packed.items()}

    def __missing__(self, tally: int) -> Finished:
        finished = self.make(tally, {})
        if len(self) < MOST_REMEMBERED:
            self[tally] = finished
        return finished

    def make(self, tally: int, called: Mapping[str, Part]) -> Finished:
        """The finished row of a tally, with the parts that functions gave."""
        made = {name: parts[packed.own(tally)] for name, (packed, parts) in self._parts.items()}
        made.update(called)
        return self._finish([made[name] for name in self._order])


def _function_plan(
    instrument: Instrument, scale: Scale, readers: Sequence[Reader], places: Sequence[int]
) -> Callable[[Row], Score]:
    numbers = {item.id: n for n, item in enumerate(instrument.items)}
    chosen = [numbers[name] for name in scale.items]
    pick, read, unit = picker([places[n] for n in chosen]), [readers[n] for n in chosen], units(instrument)

    def plan(row: Row) -> Score:
        cells = map(getitem, read, pick(row))
        values = {
            name: Fraction(cell, unit) if isinstance(cell, int) else None
            for name, cell in zip(scale.items, cells, strict=True)
        }
        return function_score(instrument, scale, values)

    return plan
