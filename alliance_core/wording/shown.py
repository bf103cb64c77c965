"""What a person who answers is shown: items with their numbers, and options in the order that the form prints."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from alliance_core.answers import shown
from alliance_core.instrument import Instrument, Item
from alliance_core.response import Bipolar, Line, Rating, ResponseFormat, YesNo
from alliance_core.wording.own_words import labels_of
from alliance_core.wording.record import Wording


@frozen
class ShownOption:
    """One answer to tick.

    Attributes:
        value: What it is worth.
        label: Its words, or its number where there are none.
    """

    value: Fraction
    label: str


@frozen
class ShownItem:
    """One item as a form shows it.

    Attributes:
        item: The item.
        number: What it is called on the form: its id where all ids are numbers, else its place.
        text: Its text, or its topic where there is no wording.
        response: Its response format.
        options: The answers to tick, in printed order; none for a line, a count or free text.
        left: The words at the left end, if it has ends.
        right: The words at the right end.
    """

    item: Item
    number: str
    text: str
    response: ResponseFormat
    options: tuple[ShownOption, ...]
    left: str = ""
    right: str = ""


def shown_items(instrument: Instrument, wording: Wording | None) -> tuple[ShownItem, ...]:
    """The items in form order, in the words of a wording, or with topics and the definition's labels."""
    numbered = all(item.id.isascii() and item.id.isdigit() for item in instrument.items)
    return tuple(
        _shown(instrument, item, item.id if numbered else str(place), wording)
        for place, item in enumerate(instrument.items, start=1)
    )


def _shown(instrument: Instrument, item: Item, number: str, wording: Wording | None) -> ShownItem:
    response = instrument.response(item)
    words = None if wording is None else wording.items.get(item.id)
    labels = (wording.labels.get(item.format) if wording else None) or labels_of(response)
    options = _options(response, labels)
    left, right = _ends(response, item, wording)
    if item.display == "descending":
        options, left, right = options[::-1], right, left
    return ShownItem(item, number, words.text if words else item.topic, response, options, left, right)


def _options(response: ResponseFormat, words: Mapping[Fraction, str]) -> tuple[ShownOption, ...]:
    match response:
        case Rating():
            return tuple(ShownOption(value, words.get(value) or shown(value)) for value in response.values)
        case YesNo():  # yes first, as forms print it
            return tuple(ShownOption(value, words.get(value) or shown(value)) for value in reversed(response.values))
        case Bipolar():
            return tuple(ShownOption(value, shown(value)) for value in response.values)
        case _:
            return ()


def _ends(response: ResponseFormat, item: Item, wording: Wording | None) -> tuple[str, str]:
    if not isinstance(response, Line | Bipolar):
        return "", ""
    words = None if wording is None else wording.items.get(item.id)
    ends = (words.poles if words else None) or (wording.poles.get(item.format) if wording else None) or response.poles
    return (ends[0], ends[1]) if len(ends) == 2 else ("", "")
