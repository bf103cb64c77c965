"""From the text of a cell to an exact answer, at the price of one look-up.

`Cells` is a dictionary from the text of a cell to the answer in units (see `alliance_core.bulk`). The usual texts are
in it from the start; any other is read strictly once, and remembered if it is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from alliance_core.answers import Reason, read_answer, shown
from alliance_core.bulk import Cell, units
from alliance_core.errors import AnswerError
from alliance_core.instrument import Instrument, Item
from alliance_core.response import Rating, Text, YesNo, label

MOST_REMEMBERED = 100_000
Read = TypeVar("Read")


class Cells(dict[str, Cell]):
    """The cells of one item's column, by their text.

    A text that is not in it and is no answer raises `AnswerError` with the sentence for it.
    """

    def __init__(
        self,
        instrument: Instrument,
        item: Item,
        *,
        labels: bool = False,
        words: Mapping[str, Fraction] | None = None,
        missing: Mapping[str, Reason] | None = None,
    ) -> None:
        """Make the look-up.

        Args:
            instrument: The instrument.
            item: The item whose column it is.
            labels: Whether cells hold the labels of the options, not their values.
            words: Other words of the file for values that the item admits.
            missing: Words of the file for a missing answer. An empty cell is always one.
        """
        super().__init__()
        self._instrument, self._item, self._labels = instrument, item, labels
        self._unit = units(instrument)
        self.reasons: dict[str, Reason] = dict(missing or {})
        response = instrument.response(item)
        if not isinstance(response, Text):
            for value in response.values or ():
                words_for_it = label(response, value) if labels else shown(value)
                if words_for_it is not None:
                    self[words_for_it] = int(value * self._unit)
            self.update({word: int(value * self._unit) for word, value in (words or {}).items()})
        self.update(dict.fromkeys(["", *self.reasons], None))
        self._known = [known for known in self if known]

    def __missing__(self, text: str) -> Cell:
        """Read a text that was not seen before."""
        response = self._instrument.response(self._item)
        if self._labels and isinstance(response, Rating | YesNo):
            return self._label(text)
        answer = read_answer(self._instrument, self._item, text)
        if answer.reason is not None:
            self.reasons[text] = answer.reason
            return self._remember(text, None)
        if isinstance(answer.value, str):
            return answer.value
        return self._remember(text, int((answer.value or Fraction(0)) * self._unit))

    def _label(self, text: str) -> Cell:
        folded = text.casefold()
        for known in self._known:
            if known.casefold() == folded:
                if known in self.reasons:
                    self.reasons[text] = self.reasons[known]
                return self._remember(text, self[known])
        options = ", ".join(self._known)
        raise AnswerError(f"item {self._item.id}: {text!r:.60} is not a label of it; its labels are {options}")

    def _remember(self, text: str, cell: Cell) -> Cell:
        if len(self) < MOST_REMEMBERED:
            self[text] = cell
        return cell


class Remembered(dict[str, Read]):
    """A strict reader of text that reads each text once."""

    def __init__(self, read: Callable[[str], Read]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Read:
        """Read a text that was not seen before."""
        value = self._read(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = value
        return value
