"""Scoring many forms at once: each scale of each form costs one pass in C, with the same results as one at a time.

A sum or a mean depends on two numbers only: the sum of the keyed answers and how many there are. So each admissible
answer of an item is turned, once, into a *share*: one whole number that holds its keyed value in whole `units` and a 1
for having been answered. The shares of a form's answers add up to a *tally*, which is all that there is to know of the
form. The score of a tally is worked out, exactly, by `alliance_core.scoring` itself, once for each tally that occurs.

Tests hold the results against `alliance_core.scoring.score` on random definitions and random forms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from operator import getitem, itemgetter
from typing import Any, Generic, Protocol, TypeVar

from alliance_core.instrument import Instrument, Item, Scale
from alliance_core.scoring import Score, function_score, tally_score

Cell = int | str | None
"""An answer in whole units, the text of a free-text item, or None where it is missing."""
Finished = TypeVar("Finished")
Row = Sequence[Any]

COUNT = 1024
"""A tally is the sum of the keyed values times this, plus the number of answers: more than an instrument has items."""
MOST_REMEMBERED = 100_000


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


class BulkScorer(Generic[Finished]):
    """Scores rows of an instrument's answers.

    Args:
        instrument: What was filled in.
        readers: For each item in form order, what turns the raw entry of a row into a cell; `AS_IS` where the entries
            are cells already.
        places: For each item in form order, where its entry stands in a row.
        finish: What to make of a score, such as its text; done once for each score that occurs.
    """

    def __init__(
        self,
        instrument: Instrument,
        readers: Sequence[Reader],
        places: Sequence[int],
        finish: Callable[[Score], Finished],
    ) -> None:
        by_item = {item.id: n for n, item in enumerate(instrument.items)}
        self._plans: list[Callable[[Row], Finished]] = []
        for scale in instrument.scales:
            chosen = [by_item[name] for name in scale.items]
            pick, read = picker([places[n] for n in chosen]), [readers[n] for n in chosen]
            make = _function_plan if scale.method == "function" else _tally_plan
            self._plans.append(make(instrument, scale, pick, read, finish))
        scored = {name for scale in instrument.scales for name in scale.items}
        self._unscored = [(readers[n], places[n]) for name, n in by_item.items() if name not in scored]

    def __call__(self, row: Row) -> list[Finished]:
        """The finished scores of one row, in the order of the instrument's scales.

        Raises:
            AnswerError: If an entry is no answer, of unscored items too.
            PluginError: If a plugin's scoring function is not there, fails, or gives what is no score.
        """
        for reader, place in self._unscored:
            reader[row[place]]
        return [plan(row) for plan in self._plans]


def picker(places: Sequence[int]) -> Callable[[Row], Row]:
    """What takes the entries at these places out of a row."""
    if len(places) == 1:
        return lambda row: (row[places[0]],)
    pick: Callable[[Row], Row] = itemgetter(*places)
    return pick


class _Shares(dict[Hashable, int]):
    """What each raw entry of one item adds to the tally of one scale; worked out when it first occurs."""

    def __init__(self, instrument: Instrument, item: Item, scale: Scale, reader: Reader) -> None:
        super().__init__()
        self._instrument, self._item, self._scale, self._reader = instrument, item, scale, reader
        self._unit = units(instrument)

    def __missing__(self, raw: Hashable) -> int:
        cell = self._reader[raw]
        share = 0 if cell is None else self._share(Fraction(int(cell), self._unit))
        if len(self) < MOST_REMEMBERED:
            self[raw] = share
        return share

    def _share(self, value: Fraction) -> int:
        keyed = self._instrument.keyed(self._item, value)
        if self._scale.method in ("any", "count"):
            return (keyed >= self._scale.at_least) * COUNT + 1
        return int(keyed * self._unit) * COUNT + 1


class _Scores(dict[int, Finished]):
    """The finished score of each tally; worked out when it first occurs."""

    def __init__(self, instrument: Instrument, scale: Scale, finish: Callable[[Score], Finished]) -> None:
        super().__init__()
        self._scale, self._finish = scale, finish
        self._unit = 1 if scale.method in ("any", "count") else units(instrument)

    def __missing__(self, tally: int) -> Finished:
        total, answered = divmod(tally, COUNT)
        finished = self._finish(tally_score(self._scale, Fraction(total, self._unit), answered))
        if len(self) < MOST_REMEMBERED:
            self[tally] = finished
        return finished


def _tally_plan(
    instrument: Instrument,
    scale: Scale,
    pick: Callable[[Row], Row],
    readers: Sequence[Reader],
    finish: Callable[[Score], Finished],
) -> Callable[[Row], Finished]:
    items = [instrument.item_by_id[name] for name in scale.items]
    shares = [_Shares(instrument, item, scale, reader) for item, reader in zip(items, readers, strict=True)]
    scores = _Scores(instrument, scale, finish)
    return lambda row: scores[sum(map(getitem, shares, pick(row)))]


def _function_plan(
    instrument: Instrument,
    scale: Scale,
    pick: Callable[[Row], Row],
    readers: Sequence[Reader],
    finish: Callable[[Score], Finished],
) -> Callable[[Row], Finished]:
    unit = units(instrument)

    def plan(row: Row) -> Finished:
        cells = map(getitem, readers, pick(row))
        values = {
            name: Fraction(cell, unit) if isinstance(cell, int) else None
            for name, cell in zip(scale.items, cells, strict=True)
        }
        return finish(function_score(instrument, scale, values))

    return plan
