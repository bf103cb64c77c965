"""The Store contract: where administrations and their scores are kept, and what every store promises.

Promises: an administration, its answers, its scores and its audit row are written in one transaction or not at all;
nothing is overwritten (a correction supersedes and keeps the reason); a definition once used is frozen (the same id and
version with another digest is refused) and its snapshot is kept, so that data outlive the plugin that scored them;
missing answers keep their reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from attrs import frozen

from alliance_core.administration import Administration, Case
from alliance_core.answers import Answer
from alliance_core.instrument import Instrument, Rater
from alliance_core.scoring import Score, Scores
from alliance_core.series import Series
from alliance_core.wording.record import Wording


@frozen
class Recorded:
    """One administration as a store keeps it.

    Attributes:
        id: The store's number for it.
        instrument: The id of the instrument.
        version: Its version.
        digest: The digest of the definition that it was answered and scored by.
        case: The case, with its client and therapist.
        rater: Whose view it is.
        session: The number of the session, or None.
        held_on: The day of the session, if known.
        occasion: ``session``, ``intake``, ``ending`` or ``follow-up``.
        given_on: The day it was filled in, if known.
        segment: The observed segment, if any.
        revision: 1 for the first record; each correction counts one up.
        reason: Why it corrects the revision before it; None for the first.
        recorded_at: When it was written, UTC.
        origin: How it came in: ``typed``, ``answers``, or the name of the file that it was imported from.
        answers: Item id to answer, in form order.
        scores: Scale id to score, as they were computed when it was written.
        wording: The digest of the wording that it was answered in, if that is known.
    """

    id: int
    instrument: str
    version: str
    digest: str
    case: Case
    rater: Rater
    session: int | None
    held_on: date | None
    occasion: str
    given_on: date | None
    segment: int | None
    revision: int
    reason: str | None
    recorded_at: datetime
    origin: str
    answers: Mapping[str, Answer]
    scores: Mapping[str, Score]
    wording: str | None = None


@frozen
class Kept:
    """A definition that a store remembers.

    Attributes:
        id: The instrument's id.
        version: Its version.
        digest: Its digest.
        title: Its title.
        distribution: Which distribution supplied it (name and version), or None for one that the clinic wrote.
        own: Whether the clinic added it with ``alliance instruments add``, so that it can be used like a plugin's.
        administrations: How many administrations stand on it.
    """

    id: str
    version: str
    digest: str
    title: str
    distribution: str | None
    own: bool
    administrations: int


@frozen
class KeptWording:
    """A wording that a store remembers; its text is read with `Wordings.wording`.

    Attributes:
        instrument: The id of the instrument.
        version: The version of the instrument.
        language: The language, as a BCP 47 tag.
        rater: Whose form it is; None if all raters read the same words.
        digest: Its digest.
        installed_at: Since when it is there, UTC.
        removed_at: When it was replaced or removed; None while it is in use.
        administrations: How many administrations were answered in it.
    """

    instrument: str
    version: str
    language: str
    rater: Rater | None
    digest: str
    installed_at: datetime
    removed_at: datetime | None
    administrations: int


@frozen
class TableRow:
    """One form of a bulk import, already checked cell by cell.

    Attributes:
        line: Where it stands in its file.
        case: The case, with client and therapist where the file has them.
        rater: Whose view it is.
        session: The number of the session, or None.
        held_on: The day of the session, if known.
        occasion: ``session``, ``intake``, ``ending`` or ``follow-up``.
        cells: One for each item, in form order: the value in whole units of `alliance_core.bulk.units`, the text of a
            free-text item, or None where it is missing.
        reasons: Position of a missing cell, counted from 0, to its reason, where it is another than ``skipped``.
    """

    line: int
    case: Case
    rater: Rater
    session: int | None
    held_on: date | None
    occasion: str
    cells: tuple[int | str | None, ...]
    reasons: Mapping[int, str] = {}


@frozen
class Refused:
    """A row that was not imported.

    Attributes:
        line: Its line in the file, the header being line 1.
        column: The column at fault, or None where the whole row is.
        value: What stood there.
        reason: What is wrong with it, and the mend.
    """

    line: int
    column: str | None
    value: str | None
    reason: str


@frozen
class Imported:
    """What became of a bulk import.

    Attributes:
        administrations: How many were written.
        cases: How many cases are new with it.
        refused: The rows that were not written; if there are any and `keep_good` was not asked for, none were.
    """

    administrations: int
    cases: int
    refused: tuple[Refused, ...]


@runtime_checkable
class Store(Protocol):
    """What every store does. Every refusal is a `StoreError` with one sentence; after it the store is as before."""

    @property
    def url(self) -> str:
        """Where it is, as a person would name it. Never holds a secret."""

    def record(
        self,
        administration: Administration,
        scores: Scores,
        *,
        actor: str,
        origin: str,
        distribution: str | None = None,
    ) -> int:
        """Keep one administration with its scores, in one transaction.

        A case, client, therapist or session not seen before is added with it. Refused if the same form (instrument,
        case, session, rater, segment) is there already, if the case belongs to another client or therapist, or if the
        instrument's id and version are there with another digest.

        Returns:
            The store's number for it.
        """

    def correct(  # noqa: PLR0913  # a correction has this many facts
        self,
        administration: Administration,
        scores: Scores,
        *,
        reason: str,
        actor: str,
        origin: str,
        distribution: str | None = None,
    ) -> int:
        """Supersede the form that is there, keeping it and the reason. Refused if there is none to correct."""

    def record_table(  # noqa: PLR0913  # a bulk import has this many facts
        self,
        instrument: Instrument,
        rows: Iterable[TableRow | Refused],
        *,
        actor: str,
        origin: str,
        keep_good: bool = False,
        dry_run: bool = False,
        distribution: str | None = None,
        on_rows: Callable[[int], None] | None = None,
    ) -> Imported:
        """Keep a whole table of forms in one transaction, scored in the store.

        Args:
            instrument: What was filled in.
            rows: The forms, and the rows that the reader refused already; both in the order of the file.
            actor: Who imports.
            origin: The name of the file.
            keep_good: Keep the good rows even if others are refused; otherwise one refused row keeps all out.
            dry_run: Do everything, then undo it.
            distribution: Which distribution supplied the definition.
            on_rows: Called now and then with the number of rows done since the last call.
        """

    def cases(self) -> Sequence[Case]:
        """All cases, by code."""

    def administrations(self, *, case: str | None = None, superseded: bool = False) -> Sequence[Recorded]:
        """Administrations by case, session, instrument and rater; those superseded only if asked for."""

    def series(self, case: str) -> Sequence[Series]:
        """Every series of a case, corrections applied; never mixing instruments, versions or raters."""

    def keep(self, instrument: Instrument, *, actor: str, own: bool = False, distribution: str | None = None) -> None:
        """Keep a definition's snapshot. Refused if its id and version are there with another digest."""

    def kept(self) -> Sequence[Kept]:
        """The definitions that the store remembers, by id and version."""

    def instrument(self, instrument_id: str, version: str | None = None) -> Instrument | None:
        """A remembered definition: that version, or the one remembered last. None if there is none."""

    def audit(self) -> Sequence[Mapping[str, Any]]:
        """The audit rows, oldest first: id, happened_at, actor, action, subject, detail, program."""

    def close(self) -> None:
        """Let go of the store. Closing twice is no error."""


@runtime_checkable
class Wordings(Protocol):
    """What a store that keeps wordings does besides. One that does not still keeps forms, without saying their wording.

    An administration names its wording by digest; a store that keeps wordings refuses a digest that it has not seen.
    """

    def keep_wording(self, wording: Wording, *, actor: str) -> None:
        """Keep a wording, in place of the one for the same instrument, version, language and rater, if there is one.

        The one that it replaces is remembered with its text, so that one can read what older forms were answered in.
        """

    def wordings(self) -> Sequence[KeptWording]:
        """The wordings that the store remembers, in use or not, by instrument, version, language and rater."""

    def wording(self, digest: str) -> Wording | None:
        """A remembered wording with its text. None if there is none, or its text was removed."""

    def remove_wording(self, instrument: str, language: str, rater: Rater | None, *, actor: str) -> int:
        """Take the text of a wording, and of all that it replaced, out of the store. What was recorded stays.

        Returns:
            How many texts were taken out; 0 if there was none.
        """
