"""One instrument filled in once: which case and session, who answered, what was answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from attrs import frozen

from alliance_core.answers import Answer, read_answers
from alliance_core.errors import AllianceError, AnswerError
from alliance_core.instrument import RATERS, Instrument, Rater

Setting = Literal["in-person", "video", "phone", "text"]
SETTINGS: tuple[Setting, ...] = ("in-person", "video", "phone", "text")
Occasion = Literal["session", "intake", "ending", "follow-up"]
OCCASIONS: tuple[Occasion, ...] = ("session", "intake", "ending", "follow-up")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
LAST_SESSION = 100_000


@frozen
class Case:
    """One client's course of work with one therapist. Codes, never names.

    Attributes:
        code: The case's own code.
        client: The client's code, if it was stated.
        therapist: The therapist's code, if it was stated.
    """

    code: str
    client: str | None = None
    therapist: str | None = None


@frozen
class Session:
    """One meeting of a case.

    Attributes:
        number: Counted from 1 in its case (0 for a first contact before the work).
        held_on: The day, if known.
        setting: Where it was held, if known.
    """

    number: int
    held_on: date | None = None
    setting: Setting | None = None


@frozen
class Administration:
    """One instrument filled in once by one rater about one session, or about none.

    Made by `administer`, which checks everything.

    Attributes:
        instrument: What was filled in.
        case: Whose work it is about.
        rater: Whose view it is.
        answers: Item id to answer, every item of the instrument, in form order.
        session: The session it is about, or None at intake, ending or follow-up.
        occasion: ``session``, or which of the three.
        given_on: The day it was filled in, if known.
        segment: Which observed segment of the session, counted from 1, if segments are rated.
        wording: The digest of the wording that it was answered in, if that is known.
    """

    instrument: Instrument
    case: Case
    rater: Rater
    answers: Mapping[str, Answer]
    session: Session | None = None
    occasion: Occasion = "session"
    given_on: date | None = None
    segment: int | None = None
    wording: str | None = None


def administer(  # noqa: PLR0913  # one keyword for each fact of an administration
    instrument: Instrument,
    answers: Mapping[str, Any],
    *,
    case: str,
    rater: str,
    session: int | None = None,
    client: str | None = None,
    therapist: str | None = None,
    occasion: str = "session",
    held_on: date | None = None,
    setting: str | None = None,
    given_on: date | None = None,
    segment: int | None = None,
    wording: str | None = None,
) -> Administration:
    """A checked administration.

    Args:
        instrument: What was filled in.
        answers: Item id to anything that `alliance_core.answers.read_answer` takes; unmentioned items are skipped.
        case: The case's code.
        rater: One of the instrument's raters.
        session: The session's number; needed unless `occasion` is another than ``session``.
        client: The client's code.
        therapist: The therapist's code.
        occasion: ``session``, ``intake``, ``ending`` or ``follow-up``.
        held_on: The day of the session.
        setting: One of `SETTINGS`.
        given_on: The day it was filled in.
        segment: The number of the observed segment, for instruments that rate segments.
        wording: The digest of the wording that it was answered in.

    Raises:
        AnswerError: With one sentence for each fact that does not hold.
    """
    faults = [*_code_faults({"case": case, "client": client, "therapist": therapist})]
    faults += _rater_faults(instrument, rater)
    faults += _session_faults(session, occasion, setting)
    if segment is not None and (instrument.segment_minutes is None or not 1 <= segment <= LAST_SESSION):
        faults.append(f"segment: {segment} does not fit; {instrument.id} rates {_segments(instrument)}")
    try:
        read = read_answers(instrument, answers)
    except AnswerError as error:
        raise AnswerError(*faults, *error.faults) from error
    if faults:
        raise AnswerError(*faults)
    return Administration(
        instrument=instrument,
        case=Case(case, client, therapist),
        rater=rater,  # type: ignore[arg-type]  # checked above
        answers=read,
        session=None if session is None else Session(session, held_on, setting),  # type: ignore[arg-type]  # checked above
        occasion=occasion,  # type: ignore[arg-type]  # checked above
        given_on=given_on,
        segment=segment,
        wording=wording,
    )


def check_code(kind: str, code: object) -> str:
    """A code of a case, client or therapist, unchanged.

    Raises:
        AnswerError: If it holds anything but letters, digits, dots, hyphens and underscores.
    """
    if not isinstance(code, str) or not CODE.fullmatch(code):
        msg = (
            f"{kind}: {code!r:.70} is no code; write letters, digits, dots, hyphens and underscores, at most 64, "
            "a letter or digit first (codes, never names)"
        )
        raise AnswerError(msg)
    return code


def read_date(text: str) -> date:
    """A day written as YYYY-MM-DD.

    Raises:
        AnswerError: If it is no such day.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise AnswerError(f"{text!r:.40} is no date; write it as YYYY-MM-DD, such as 2026-01-31")
    return day


def _code_faults(codes: Mapping[str, str | None]) -> list[str]:
    faults: list[str] = []
    for kind, code in codes.items():
        if code is not None or kind == "case":
            try:
                check_code(kind, code)
            except AllianceError as error:
                faults.extend(error.faults)
    return faults


def _rater_faults(instrument: Instrument, rater: str) -> list[str]:
    if rater in instrument.raters:
        return []
    known = "" if rater in RATERS else f" ({rater!r:.40} is no rater at all)"
    return [f"rater: {instrument.id} is filled in by {' or '.join(instrument.raters)}, not by {rater!r:.40}{known}"]


def _session_faults(session: int | None, occasion: str, setting: str | None) -> list[str]:
    faults: list[str] = []
    if occasion not in OCCASIONS:
        faults.append(f"occasion: {occasion!r:.40} is not known; write one of {', '.join(OCCASIONS)}")
    elif (session is None) == (occasion == "session"):
        faults.append("session: say which session by its number, or that there is none with an occasion such as intake")
    if session is not None and (isinstance(session, bool) or not 0 <= session <= LAST_SESSION):
        faults.append(f"session: {session} is no session number; write 0 to {LAST_SESSION}")
    if setting is not None and setting not in SETTINGS:
        faults.append(f"setting: {setting!r:.40} is not known; write one of {', '.join(SETTINGS)}")
    return faults


def _segments(instrument: Instrument) -> str:
    if instrument.segment_minutes is None:
        return "whole sessions, not segments"
    return f"segments of {instrument.segment_minutes} minutes, counted from 1"
