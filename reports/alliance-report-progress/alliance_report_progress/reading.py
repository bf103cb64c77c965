"""What a reader may see of a case: every section starts from here, so that none shows more than another.

An instrument whose audience does not admit the reader is left out as if it had never been filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from attrs import frozen

from alliance_core import Instrument, ReportError, Series, View
from alliance_core.instrument import RATERS, Rater
from alliance_core.store import Recorded

OCCASIONS = ("intake", "session", "ending", "follow-up")
Thing = TypeVar("Thing")
Key = TypeVar("Key", bound=Hashable)


@frozen
class Form:
    """One administration with the definition that it was answered and scored by.

    Attributes:
        record: The administration as the store keeps it.
        instrument: The store's own snapshot of the definition, whatever is installed now.
    """

    record: Recorded
    instrument: Instrument

    @property
    def chair(self) -> tuple[str, Rater]:
        """The instrument, in whatever version, and whose view it is."""
        return self.record.instrument, self.record.rater

    @property
    def measure(self) -> tuple[str, str]:
        """The instrument and its version: what may stand on one figure."""
        return self.record.instrument, self.record.version


def forms(view: View, *, superseded: bool = False) -> list[Form]:
    """The forms that the reader may see, by time, then instrument and rater.

    Raises:
        ReportError: If the store has lost a definition. Nothing may be shown by guesswork.
    """
    definitions: dict[tuple[str, str], Instrument | None] = {}
    found: list[Form] = []
    for record in view.store.administrations(case=view.case, superseded=superseded):
        key = (record.instrument, record.version)
        if key not in definitions:
            definitions[key] = view.store.instrument(*key)
        definition = definitions[key]
        if definition is None:
            raise ReportError(f"the store has no definition of {key[0]}, version {key[1]}; check the store")
        if view.audience in definition.audience:
            found.append(Form(record, definition))
    return sorted(found, key=in_time)


def series(view: View) -> list[Series]:
    """The series that the reader may see."""
    return [found for found in view.store.series(view.case) if view.audience in found.instrument.audience]


def in_time(form: Form) -> tuple[object, ...]:
    """What to sort forms by: intake, sessions, ending, follow-up."""
    record = form.record
    return (
        OCCASIONS.index(record.occasion),
        record.session or 0,
        record.given_on or record.held_on or date.min,
        record.segment or 0,
        record.instrument,
        record.version,
        RATERS.index(record.rater),
        record.revision,
        record.id,
    )


def grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, list[Thing]]:
    """The things under each key, both in the order in which they come."""
    groups: dict[Key, list[Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups


def by_measure(shown: Iterable[Form]) -> Mapping[tuple[str, str], list[Form]]:
    """The forms of each instrument and version, by the instrument's id."""
    return dict(sorted(grouped(shown, lambda form: form.measure).items()))


def latest(shown: Iterable[Form]) -> list[Form]:
    """The last form of each instrument from each chair; a new version takes the place of an old one."""
    last = {form.chair: form for form in shown}
    return sorted(last.values(), key=lambda form: (*form.measure, RATERS.index(form.record.rater)))


def raters(shown: Iterable[Form]) -> list[Rater]:
    """Who answered, the client first."""
    present = {form.record.rater for form in shown}
    return [rater for rater in RATERS if rater in present]
