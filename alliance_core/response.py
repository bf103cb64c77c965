"""Response formats: which answers an item admits, and what they are worth.

Values are exact. A finite format lists its values; `Count` is open upwards; `Text` has no value to score.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from attrs import field, frozen

ZERO, ONE = Fraction(0), Fraction(1)


def _ascending(labels: Mapping[Fraction, str]) -> Mapping[Fraction, str]:
    return dict(sorted(labels.items()))


@frozen
class Rating:
    """Labelled options. The value belongs to the label, wherever the form prints it.

    Attributes:
        labels: Value to label, in ascending order of value.
    """

    labels: Mapping[Fraction, str] = field(converter=_ascending)
    kind: Literal["rating"] = "rating"
    numeric: ClassVar[bool] = True

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The values of the options, ascending."""
        return tuple(self.labels)


@frozen
class Line:
    """A visual analogue line: a mark anywhere between two poles, measured in steps.

    Attributes:
        minimum: The value at the left end.
        maximum: The value at the right end.
        step: The smallest difference that is recorded.
        unit: What a value counts, e.g. ``cm``.
        length_mm: How long the line is on paper.
        poles: The words at the left and the right end, if the project may say them.
    """

    minimum: Fraction
    maximum: Fraction
    step: Fraction
    unit: str = "cm"
    length_mm: Fraction = Fraction(100)
    poles: tuple[str, ...] = ()
    kind: Literal["line"] = "line"
    numeric: ClassVar[bool] = True

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """Every step from end to end, ascending."""
        steps = (self.maximum - self.minimum) / self.step
        return tuple(self.minimum + self.step * index for index in range(int(steps) + 1))


@frozen
class Bipolar:
    """Whole numbers between two opposite poles, with or without a zero between them.

    Attributes:
        minimum: The value nearest the left pole.
        maximum: The value nearest the right pole.
        zero: Whether 0 is offered, where it lies between the two.
        poles: The words at the left and the right end, if the project may say them.
    """

    minimum: int
    maximum: int
    zero: bool = True
    poles: tuple[str, ...] = ()
    kind: Literal["bipolar"] = "bipolar"
    numeric: ClassVar[bool] = True

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """The values offered, ascending."""
        return tuple(Fraction(n) for n in range(self.minimum, self.maximum + 1) if n or self.zero)


@frozen
class YesNo:
    """Yes (1) or no (0)."""

    kind: Literal["yes-no"] = "yes-no"
    numeric: ClassVar[bool] = True

    @property
    def values(self) -> tuple[Fraction, ...]:
        """No, then yes."""
        return (ZERO, ONE)


@frozen
class Count:
    """How often: a whole number from 0.

    Attributes:
        most: The largest count admitted; unlimited if None.
    """

    most: int | None = None
    kind: Literal["count"] = "count"
    numeric: ClassVar[bool] = True

    @cached_property
    def values(self) -> tuple[Fraction, ...] | None:
        """The counts admitted, or None where there is no end to them."""
        return None if self.most is None else tuple(Fraction(n) for n in range(self.most + 1))


@frozen
class Text:
    """Free text. It is kept and shown, never scored."""

    kind: Literal["text"] = "text"
    numeric: ClassVar[bool] = False

    @property
    def values(self) -> tuple[Fraction, ...]:
        """There are none."""
        return ()


ResponseFormat = Rating | Line | Bipolar | YesNo | Count | Text
FORMATS: Mapping[str, type[ResponseFormat]] = {
    "rating": Rating, "line": Line, "bipolar": Bipolar, "yes-no": YesNo, "count": Count, "text": Text,
}  # fmt: skip


def lowest(response: ResponseFormat) -> Fraction:
    """The smallest value that a numeric format admits."""
    return response.values[0] if response.values is not None else ZERO


def highest(response: ResponseFormat) -> Fraction | None:
    """The largest value that a numeric format admits, or None where there is no limit."""
    return response.values[-1] if response.values is not None else None


def label(response: ResponseFormat, value: Fraction) -> str | None:
    """The words for a value, where the format has words for it."""
    match response:
        case Rating():
            return response.labels.get(value)
        case YesNo():
            return "yes" if value else "no"
        case _:
            return None
