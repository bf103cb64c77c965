"""Series: one case's scores of one scale and one rater, in session order. What detectors and reports read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from alliance_core.instrument import Instrument, Rater, Scale


@frozen
class Point:
    """One session's score, or the reason there is none. Never interpolated, never zero for missing.

    Attributes:
        session: The number of the session.
        held_on: Its day, if known.
        value: The exact score, or None where it is not scorable.
        answered: How many of the scale's items were answered.
        items: How many items the scale has.
        note: That it was prorated, or why it is not scorable; else empty.
        administration: The store's number for the form that it stands on.
    """

    session: int
    held_on: date | None
    value: Fraction | None
    answered: int
    items: int
    note: str
    administration: int


@frozen
class Series:
    """One scale of one instrument in one version, rated from one chair, over the sessions of one case.

    Attributes:
        case: The code of the case.
        instrument: The definition that produced the scores, as the store remembers it.
        scale: The scale.
        rater: Whose view it is.
        points: In session order, one a session that has a form.
    """

    case: str
    instrument: Instrument
    scale: Scale
    rater: Rater
    points: tuple[Point, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """The sessions between the first and the last point that have no form."""
        numbers = {point.session for point in self.points}
        return tuple(n for n in range(min(numbers, default=0), max(numbers, default=-1) + 1) if n not in numbers)

    @property
    def scored(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)
