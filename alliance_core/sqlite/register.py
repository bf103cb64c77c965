"""Entering forms: whose they are, about which session, and that none is there twice.

Everything is looked up before anything is written, so that a form that is refused leaves nothing behind.
"""

from __future__ import annotations

from attrs import frozen

from alliance_core.administration import Administration, Case, Session
from alliance_core.errors import StoreError
from alliance_core.sqlite.context import PROGRAM, Writing

MOST_REMEMBERED = 10_000

FIND_CASE = """
SELECT cases.id, clients.code, therapists.code
FROM cases LEFT JOIN clients ON clients.id = client_id LEFT JOIN therapists ON therapists.id = therapist_id
WHERE cases.code = ?"""
FIND_SESSION = "SELECT id, held_on, setting FROM sessions WHERE case_id = ? AND number = ?"
FIND_FORM = """
SELECT id, revision FROM administrations
WHERE case_id = ? AND coalesce(session_id, occasion || ' ' || coalesce(given_on, '')) = ?
AND instrument_id = ? AND rater = ? AND coalesce(segment, 0) = ?
ORDER BY revision DESC LIMIT 1"""
ADD_CASE = """
INSERT INTO cases (code, client_id, therapist_id)
VALUES (?, (SELECT id FROM clients WHERE code = ?), (SELECT id FROM therapists WHERE code = ?)) RETURNING id"""
COMPLETE_CASE = """
UPDATE cases SET client_id = (SELECT id FROM clients WHERE code = ?),
therapist_id = (SELECT id FROM therapists WHERE code = ?) WHERE id = ?"""
ADD_CLIENT = "INSERT INTO clients (code) VALUES (?) ON CONFLICT (code) DO NOTHING"
ADD_THERAPIST = "INSERT INTO therapists (code) VALUES (?) ON CONFLICT (code) DO NOTHING"
ADD_SESSION = "INSERT INTO sessions (case_id, number, title, held_on, setting) VALUES (?, ?, ?, ?, ?)"
COMPLETE_SESSION = "UPDATE sessions SET held_on = ?, setting = ? WHERE id = ?"
ADD_FORM = """
INSERT INTO administrations (instrument_id, case_id, session_id, occasion, rater, given_on, segment,
wording_id, revision, supersedes, recorded_at, recorded_by, origin, program)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_CORRECTION = """
INSERT INTO corrections (administration_id, supersedes, reason, made_at, made_by) VALUES (?, ?, ?, ?, ?)"""


@frozen
class Head:
    """All of a form but its answers.

    Attributes:
        instrument: Its instrument's id and version, in words.
        key: The row of the instrument.
        case: Whose work it is about.
        session: The session it is about, or None.
        occasion: ``session``, ``intake``, ``ending`` or ``follow-up``.
        rater: Whose view it is.
        given_on: The day it was filled in, if known.
        segment: The observed segment, if any.
        wording: The row of the wording that it was answered in, if that is known.
    """

    instrument: str
    key: int
    case: Case
    session: Session | None
    occasion: str
    rater: str
    given_on: str | None = None
    segment: int | None = None
    wording: int | None = None

    def __str__(self) -> str:
        """The form in the words of a sentence."""
        occasion = f"session {self.session.number}" if self.session is not None else self.occasion
        day = f" of {self.given_on}" if self.session is None and self.given_on else ""
        segment = "" if self.segment is None else f", segment {self.segment}"
        return f"{self.instrument} by the {self.rater} for case {self.case.code}, {occasion}{day}{segment}"


def head_of(administration: Administration, key: int, wording: int | None = None) -> Head:
    """The head of an administration whose instrument, and whose wording if any, are kept in these rows."""
    return Head(
        instrument=f"{administration.instrument.id} {administration.instrument.version}",
        key=key,
        case=administration.case,
        session=administration.session,
        occasion=administration.occasion,
        rater=administration.rater,
        given_on=None if administration.given_on is None else administration.given_on.isoformat(),
        segment=administration.segment,
        wording=wording,
    )


class Register:
    """Enters the forms of one transaction.

    Args:
        writing: The transaction.
        origin: How the forms came in.
    """

    def __init__(self, writing: Writing, origin: str) -> None:
        self._writing, self._raw, self._origin = writing, writing.raw, origin
        self._cases: dict[str, tuple[int, Case]] = {}
        self.new_cases = 0

    def enter(self, head: Head) -> int:
        """Enter a form that is not there yet, and give it a number.

        Raises:
            StoreError: If it is there, or its case or session is known to be another's or another.
        """
        case = self._find_case(head.case)
        session = self._find_session(case, head)
        there = self._find_form(case, session, head)
        if there is not None:
            raise StoreError(
                f"{head} is there already (administration {there[0]}); "
                "to change it, record it again with --correct REASON"
            )
        return self._write(head, case, session, there)

    def supersede(self, head: Head, reason: str) -> tuple[int, int]:
        """Enter a form in place of the one that is there; the numbers of the new and the old.

        Raises:
            StoreError: If there is none, or its case or session is known to be another's or another.
        """
        case = self._find_case(head.case)
        session = self._find_session(case, head)
        there = self._find_form(case, session, head)
        if there is None:
            raise StoreError(f"there is no {head} to correct; to record a first one, leave --correct out")
        number = self._write(head, case, session, there)
        self._raw.execute(ADD_CORRECTION, (number, there[0], reason, self._writing.now, self._writing.actor))
        return number, there[0]

    def _find_case(self, case: Case) -> tuple[int, Case] | None:
        known = self._cases.get(case.code)
        if known is None:
            found = self._raw.execute(FIND_CASE, (case.code,)).fetchone()
            if found is None:
                return None
            known = (found[0], Case(case.code, found[1], found[2]))
        _agree(f"case {case.code}", "is with the client", known[1].client, case.client)
        _agree(f"case {case.code}", "is with the therapist", known[1].therapist, case.therapist)
        return known

    def _find_session(self, case: tuple[int, Case] | None, head: Head) -> tuple[int, str | None, str | None] | None:
        if case is None or head.session is None:
            return None
        found = self._raw.execute(FIND_SESSION, (case[0], head.session.number)).fetchone()
        if found is None:
            return None
        where = f"session {head.session.number} of case {head.case.code}"
        _agree(where, "was held on", found[1], _iso(head.session))
        _agree(where, "was held in the setting", found[2], head.session.setting)
        return found  # type: ignore[no-any-return]  # three columns, as selected

    def _find_form(
        self, case: tuple[int, Case] | None, session: tuple[int, str | None, str | None] | None, head: Head
    ) -> tuple[int, int] | None:
        if case is None or (session is None and head.session is not None):
            return None
        when = f"{head.occasion} {head.given_on or ''}" if session is None else session[0]
        parameters = (case[0], when, head.key, head.rater, head.segment or 0)
        return self._raw.execute(FIND_FORM, parameters).fetchone()  # type: ignore[no-any-return]  # two columns

    def _write(
        self,
        head: Head,
        case: tuple[int, Case] | None,
        session: tuple[int, str | None, str | None] | None,
        superseded: tuple[int, int] | None,
    ) -> int:
        case_id = self._write_case(head.case, case)
        session_id = None if head.session is None else self._write_session(case_id, head, session)
        old, revision = (None, 0) if superseded is None else superseded
        cursor = self._raw.execute(
            ADD_FORM,
            (head.key, case_id, session_id, head.occasion, head.rater, head.given_on, head.segment, head.wording,
             revision + 1, old, self._writing.now, self._writing.actor, self._origin, PROGRAM),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _write_case(self, case: Case, known: tuple[int, Case] | None) -> int:
        there = Case(case.code) if known is None else known[1]
        full = Case(case.code, case.client or there.client, case.therapist or there.therapist)
        if known is None or full != there:
            if full.client != there.client:
                self._raw.execute(ADD_CLIENT, (full.client,))
            if full.therapist != there.therapist:
                self._raw.execute(ADD_THERAPIST, (full.therapist,))
            known = (self._enter_case(full, known), full)
        if case.code not in self._cases and len(self._cases) >= MOST_REMEMBERED:
            self._cases.clear()
        self._cases[case.code] = known
        return known[0]

    def _enter_case(self, case: Case, known: tuple[int, Case] | None) -> int:
        if known is not None:
            self._raw.execute(COMPLETE_CASE, (case.client, case.therapist, known[0]))
            return known[0]
        self.new_cases += 1
        (number,) = self._raw.execute(ADD_CASE, (case.code, case.client, case.therapist)).fetchone()
        return int(number)

    def _write_session(self, case_id: int, head: Head, known: tuple[int, str | None, str | None] | None) -> int:
        session = head.session
        if session is None:
            msg = "a form without a session has none to write"
            raise ValueError(msg)
        held_on = _iso(session)
        if known is None:
            title = f"{head.case.code} session {session.number}"
            cursor = self._raw.execute(ADD_SESSION, (case_id, session.number, title, held_on, session.setting))
            return int(cursor.lastrowid or 0)
        full = (held_on or known[1], session.setting or known[2])
        if full != known[1:]:
            self._raw.execute(COMPLETE_SESSION, (*full, known[0]))
        return known[0]


def _iso(session: Session) -> str | None:
    return None if session.held_on is None else session.held_on.isoformat()


def _agree(where: str, fact: str, there: str | None, given: str | None) -> None:
    if there is not None and given is not None and there != given:
        raise StoreError(f"{where} {fact} {there}, not {given}; mend what was given, or use another code or number")
