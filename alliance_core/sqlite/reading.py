"""Reading a store: cases, administrations, series, the audit trail."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from alliance_core.administration import Case
from alliance_core.answers import Answer
from alliance_core.instrument import RATERS
from alliance_core.scoring import Score
from alliance_core.series import Point, Series
from alliance_core.sqlite.definitions import Definitions, scales_of
from alliance_core.sqlite.forms import read_back
from alliance_core.store import Recorded

CASES = """
SELECT cases.code, clients.code, therapists.code
FROM cases LEFT JOIN clients ON clients.id = client_id LEFT JOIN therapists ON therapists.id = therapist_id
ORDER BY cases.code"""

CURRENT = "NOT EXISTS (SELECT 1 FROM administrations AS newer WHERE newer.supersedes = administrations.id)"
ONE_CASE = "SELECT id FROM administrations WHERE case_id = (SELECT id FROM cases WHERE code = :case)"
EVERY_CASE = "SELECT id FROM administrations WHERE :case IS NULL"

HEADS = f"""
SELECT administrations.id, instruments.id, instruments.name, instruments.version, instruments.digest,
cases.code, clients.code, therapists.code, rater, number, held_on, occasion, given_on, segment, revision,
reason, recorded_at, origin, (SELECT wordings.digest FROM wordings WHERE wordings.id = wording_id)
FROM administrations
JOIN instruments ON instruments.id = instrument_id
JOIN cases ON cases.id = administrations.case_id
LEFT JOIN clients ON clients.id = client_id
LEFT JOIN therapists ON therapists.id = therapist_id
LEFT JOIN sessions ON sessions.id = session_id
LEFT JOIN corrections ON corrections.administration_id = administrations.id
WHERE administrations.id IN ({{chosen}}) AND (:superseded OR {CURRENT})
ORDER BY cases.code, CASE occasion WHEN 'intake' THEN 0 WHEN 'session' THEN 1 WHEN 'ending' THEN 2 ELSE 3 END,
number, given_on, instruments.name, instruments.version, rater, segment, revision"""  # noqa: S608  # constants only

ANSWERS = """
SELECT answers.administration_id, items.item, answers.value, answers.reason
FROM answers JOIN items ON items.id = answers.item_id
WHERE answers.administration_id IN ({chosen})
ORDER BY answers.administration_id, items.position"""

SCORES = """
SELECT scores.administration_id, scale, numerator, denominator, answered, items, note
FROM scores JOIN administrations AS own ON own.id = administration_id AND own.instrument_id = scores.instrument_id
WHERE scores.administration_id IN ({chosen})"""

POINTS = f"""
SELECT administrations.instrument_id, rater, scale, number, held_on, numerator, denominator, answered, items, note,
administrations.id
FROM administrations
JOIN sessions ON sessions.id = session_id
JOIN scores ON scores.administration_id = administrations.id
AND scores.instrument_id = administrations.instrument_id
WHERE administrations.case_id = (SELECT id FROM cases WHERE code = ?)
AND occasion = 'session' AND segment IS NULL AND {CURRENT}
ORDER BY number"""  # noqa: S608  # constants only

AUDIT = "SELECT id, happened_at, actor, action, subject, detail, program FROM audit ORDER BY id"


def cases(raw: sqlite3.Connection) -> list[Case]:
    """All cases, by code."""
    return [Case(*row) for row in raw.execute(CASES)]


def administrations(raw: sqlite3.Connection, *, case: str | None, superseded: bool) -> list[Recorded]:
    """Administrations by case, session, instrument and rater; those superseded only if asked for."""
    given = {"case": case, "superseded": superseded}
    chosen = EVERY_CASE if case is None else ONE_CASE  # apart, so that one case is found by its index
    answers: dict[int, dict[str, Answer]] = defaultdict(dict)
    for number, item, value, reason in raw.execute(ANSWERS.format(chosen=chosen), given):
        answers[number][item] = Answer(reason=reason) if value is None else Answer(read_back(value))
    scores: dict[int, dict[str, Score]] = defaultdict(dict)
    for number, scale, top, bottom, *rest in raw.execute(SCORES.format(chosen=chosen), given):
        scores[number][scale] = Score(scale, _exact(top, bottom), *rest)
    order = {key: scales_of(text) for key, text in raw.execute("SELECT id, definition FROM instruments")}
    heads = raw.execute(HEADS.format(chosen=chosen), given)
    return [_recorded(row, answers[row[0]], scores[row[0]], order[row[1]]) for row in heads]


def series(raw: sqlite3.Connection, definitions: Definitions, case: str) -> list[Series]:
    """Every series of a case: by instrument and version, rater, and scale in the order of the definition."""
    points: dict[tuple[int, str, str], list[Point]] = defaultdict(list)
    for key, rater, scale, session, held_on, top, bottom, answered, items, note, number in raw.execute(POINTS, (case,)):
        point = Point(session, _day(held_on), _exact(top, bottom), answered, items, note, number)
        points[key, rater, scale].append(point)
    by_key = {key: definitions.by_key(raw, key) for key in {key for key, _, _ in points}}
    ordered = sorted(by_key, key=lambda key: (by_key[key].id, by_key[key].version))
    return [
        Series(case, by_key[key], scale, rater, tuple(points[key, rater, scale.id]))
        for key in ordered
        for rater in RATERS
        for scale in by_key[key].scales
        if (key, rater, scale.id) in points
    ]


def audit(raw: sqlite3.Connection) -> list[Mapping[str, Any]]:
    """The audit rows, oldest first, each detail as a table."""
    cursor = raw.execute(AUDIT)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return [{**row, "detail": json.loads(row["detail"])} for row in rows]


def _recorded(
    row: Sequence[Any], answers: Mapping[str, Answer], scores: Mapping[str, Score], scales: Iterable[str]
) -> Recorded:
    number, _, name, version, digest, *case, rater, session, held_on, occasion, given_on, segment = row[:14]
    revision, reason, recorded_at, origin, wording = row[14:]
    return Recorded(
        id=number,
        instrument=name,
        version=version,
        digest=digest,
        case=Case(*case),
        rater=rater,
        session=session,
        held_on=_day(held_on),
        occasion=occasion,
        given_on=_day(given_on),
        segment=segment,
        revision=revision,
        reason=reason,
        recorded_at=datetime.fromisoformat(recorded_at),
        origin=origin,
        answers=answers,
        scores={scale: scores[scale] for scale in scales if scale in scores},
        wording=wording,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _exact(numerator: int | None, denominator: int | None) -> Fraction | None:
    return None if numerator is None or denominator is None else Fraction(numerator, denominator)
