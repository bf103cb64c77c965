"""Reading one answer strictly: what a person, a file or a program gave becomes an exact value or a named absence.

Nothing is guessed. ``True`` is no 1, ``"３"`` and ``" 3 "`` are no numbers, and a value off the steps of its format
is refused. A float is read as the shortest decimal that prints as it, so ``8.9`` is exactly 8.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen
from attrs.validators import in_, optional

from alliance_core.errors import AnswerError
from alliance_core.instrument import Instrument, Item
from alliance_core.response import Count, Line, Rating, ResponseFormat, Text, YesNo, highest, lowest

Reason = Literal["skipped", "declined", "not-asked", "lost"]
REASONS: tuple[Reason, ...] = ("skipped", "declined", "not-asked", "lost")
LONGEST_NUMBER, LONGEST_TEXT = 30, 10_000
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_YES_NO = {"yes": Fraction(1), "no": Fraction(0)}


@frozen
class Answer:
    """One item's answer, or the reason there is none. Exactly one of `value` and `reason` is set.

    Attributes:
        value: The value as answered (before any reversing), or the text of a free-text item.
        reason: Why there is no answer.
    """

    value: Fraction | str | None = None
    reason: Reason | None = field(default=None, validator=optional(in_(REASONS)))

    def __attrs_post_init__(self) -> None:
        """Refuse an answer that is both there and missing, or neither."""
        if (self.value is None) == (self.reason is None):
            msg = "an answer has either a value or a reason why it is missing"
            raise AnswerError(msg)

    @property
    def number(self) -> Fraction | None:
        """The value, if it is a number."""
        return self.value if isinstance(self.value, Fraction) else None


SKIPPED = Answer(reason="skipped")


def shown(value: Fraction) -> str:
    """A value as people write it: ``4``, ``8.5``; a fraction with no short decimal is rounded to four places."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(round(value, 4)):.4f}".rstrip("0").rstrip(".")


def number(raw: object) -> Fraction | None:
    """The exact number that a JSON value or a cell's text says, or None if it says none.

    Args:
        raw: A whole number, Decimal, Fraction, finite float, or the plain decimal text of one.
    """
    match raw:
        case bool():
            return None
        case int() | Fraction():
            return Fraction(raw)
        case Decimal():
            return Fraction(raw) if raw.is_finite() and abs(raw.adjusted()) < LONGEST_NUMBER else None
        case float():
            return number(Decimal(repr(raw)))
        case str() if len(raw) <= LONGEST_NUMBER and _NUMBER.fullmatch(raw):
            return Fraction(raw)
        case _:
            return None


def admitted(response: ResponseFormat) -> str:
    """The answers that a format admits, in words for a sentence."""
    match response:
        case Text():
            return "text"
        case YesNo():
            return "yes or no"
        case Line(step=step, minimum=minimum, maximum=maximum):
            return f"{shown(minimum)} to {shown(maximum)} in steps of {shown(step)}"
        case Count(most=None):
            return "a whole number from 0"
        case Rating(labels=labels):
            return ", ".join(map(shown, labels))
        case _:
            low, top = lowest(response), highest(response) or Fraction(0)
            zero = " without 0" if low < 0 < top and 0 not in (response.values or (0,)) else ""
            return f"whole numbers from {shown(low)} to {shown(top)}{zero}"


def admits(response: ResponseFormat, value: Fraction) -> bool:
    """Whether a number is one of the values of a format."""
    match response:
        case Line(minimum=minimum, maximum=maximum, step=step):
            return minimum <= value <= maximum and ((value - minimum) / step).denominator == 1
        case Count(most=most):
            return value.denominator == 1 and 0 <= value <= (10**9 if most is None else most)
        case _:
            return response.values is not None and value in response.values


def read_answer(instrument: Instrument, item: Item, raw: object) -> Answer:
    """One answer, checked against the item's response format.

    Args:
        instrument: The instrument that the item belongs to.
        item: The item that was answered.
        raw: A number, its plain text, ``"yes"``/``"no"`` or a bool for a yes/no item, text for a free-text item, one
            of the four reasons, an `Answer`, or None for a skipped item.

    Raises:
        AnswerError: If the item does not admit it.
    """
    response = instrument.response(item)
    if isinstance(raw, Answer):
        raw = raw.reason if raw.value is None else raw.value
    if raw is None or (raw == "" and isinstance(raw, str)):
        return SKIPPED
    if isinstance(raw, str) and raw in REASONS:
        return Answer(reason=raw)
    if isinstance(response, Text):
        return Answer(_text(item, raw))
    value = _yes_or_no(raw) if isinstance(response, YesNo) else number(raw)
    if value is None or not admits(response, value):
        msg = f"item {item.id}: {quoted(raw)} is not an answer; it admits {admitted(response)}"
        raise AnswerError(msg)
    return Answer(value)


def quoted(raw: object) -> str:
    """What was given, short and in quotes, for a sentence."""
    try:
        return f"{str(raw) if isinstance(raw, Decimal) else repr(raw):.60}"
    except ValueError:  # Python prints no whole number of more than some thousand digits
        return "a number of thousands of digits"


def _text(item: Item, raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > LONGEST_TEXT or "\x00" in raw:
        msg = f"item {item.id}: {quoted(raw)} is not an answer; it admits text of at most {LONGEST_TEXT} characters"
        raise AnswerError(msg)
    return raw


def _yes_or_no(raw: object) -> Fraction | None:
    if isinstance(raw, bool):
        return Fraction(raw)
    return _YES_NO[raw] if isinstance(raw, str) and raw in _YES_NO else number(raw)


def read_answers(instrument: Instrument, answers: Mapping[Any, Any]) -> Mapping[str, Answer]:
    """All answers of one form, in form order. An item that is not mentioned is skipped.

    Args:
        instrument: The instrument that was filled in.
        answers: Item id, as text or as the number that it is, to anything that `read_answer` takes.

    Raises:
        AnswerError: With one sentence for each answer that is not admitted and each unknown item.
    """
    named = {str(name): answer for name, answer in answers.items()}
    faults = [unknown_item(instrument, name) for name in named if name not in instrument.item_by_id]
    if len(named) < len(answers):
        faults.append("an item is answered twice, by its number and by its text; answer it once")
    read: dict[str, Answer] = {}
    for item in instrument.items:
        try:
            read[item.id] = read_answer(instrument, item, named.get(item.id))
        except AnswerError as error:
            faults.extend(error.faults)
    if faults:
        raise AnswerError(*faults)
    return read


def unknown_item(instrument: Instrument, name: str) -> str:
    """The sentence for an item id that an instrument does not have."""
    ids = [item.id for item in instrument.items]
    listed = ", ".join(ids) if len(ids) <= 12 else f"{ids[0]} to {ids[-1]}"
    return f"{name!r:.60} is not an item of {instrument.id}; its items are {listed}"
