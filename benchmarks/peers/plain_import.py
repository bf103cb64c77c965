"""A script without guards that keeps the same rows as ``alliance import``: ``plain_import.py FORMS STORE``."""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from collections.abc import Iterator
from importlib.resources import files

ITEMS = [f"q{number}" for number in range(1, 13)]
REVERSED = {"q4", "q8", "q11"}
SCALES = {"task": ITEMS[0::3], "bond": ITEMS[1::3], "goal": ITEMS[2::3], "total": ITEMS}
Row = tuple[object, ...]
NOW = "2026-01-31T09:30:00Z"
ADMINISTRATION = (
    "INSERT INTO administrations (id, instrument_id, case_id, session_id, occasion, rater, revision, recorded_at,"
    " recorded_by, origin, program) VALUES (?, 1, ?, ?, 'session', 'client', 1, ?, 'bench', 'forms.csv', 'plain')"
)
ANSWER = "INSERT INTO answers VALUES (?, ?, ?, ?)"
SCORE = "INSERT INTO scores VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)"


def tables() -> Iterator[str]:
    """The three tables as the schema has them, and the index of forms; none of the triggers."""
    schema = files("alliance_core.sqlite").joinpath("schema.sql").read_text(encoding="utf-8")
    yield from re.findall(r"CREATE TABLE (?:administrations|answers|scores) .*?;\n", schema, re.DOTALL)
    yield from re.findall(r"CREATE UNIQUE INDEX administrations_form .*?;\n", schema, re.DOTALL)


def scores(number: int, row: dict[str, int | None]) -> Iterator[Row]:
    """The scores of one form."""
    for name, items in SCALES.items():
        values = [6 - value if item in REVERSED else value for item in items if (value := row[item]) is not None]
        if len(values) >= 0.75 * len(items):
            note = "" if len(values) == len(items) else f"prorated: {len(values)} of {len(items)} answered"
            mean = sum(values) / len(values)
            yield number, name, mean, sum(values), len(values), len(values), len(items), note, NOW
        else:
            yield number, name, None, None, None, len(values), len(items), "not scorable: too many are missing", NOW


def main() -> None:
    """Read all, write all, in one transaction."""
    source, target = sys.argv[1:]
    cases: dict[str, int] = {}
    forms: list[Row] = []
    answers: list[Row] = []
    scored: list[Row] = []
    with open(source, newline="", encoding="utf-8") as file:  # noqa: PTH123  # plain
        for number, row in enumerate(csv.DictReader(file), start=1):
            forms.append((number, cases.setdefault(row["case"], len(cases) + 1), number, NOW))
            values = {item: int(row[item]) if row[item] else None for item in ITEMS}
            answers += [(number, n, value, None if value else "skipped") for n, value in enumerate(values.values(), 1)]
            scored += scores(number, values)
    raw = sqlite3.connect(target)
    raw.execute("PRAGMA synchronous = FULL")
    for statement in tables():
        raw.execute(statement)
    with raw:
        raw.executemany(ADMINISTRATION, forms)
        raw.executemany(ANSWER, answers)
        raw.executemany(SCORE, scored)
    raw.close()


main()
