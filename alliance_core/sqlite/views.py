"""The wide views, one column a scale or an item, made anew when a definition brings names that they lack.

Names come from definitions, which are checked when they are read; here each is matched whole once more before it
stands in a statement.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from alliance_core.errors import StoreError

if TYPE_CHECKING:
    from alliance_core.instrument import Instrument

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}", re.ASCII)

_HEADS = {
    "administration": "administrations.id",
    "case": "cases.code",
    "client": "clients.code",
    "therapist": "therapists.code",
    "session": "sessions.number",
    "held_on": "sessions.held_on",
    "occasion": "administrations.occasion",
    "given_on": "administrations.given_on",
    "segment": "administrations.segment",
    "instrument": "instruments.name",
    "version": "instruments.version",
    "rater": "administrations.rater",
    "revision": "administrations.revision",
    "recorded_at": "administrations.recorded_at",
}
_FROM = """FROM administrations
JOIN instruments ON instruments.id = administrations.instrument_id
JOIN cases ON cases.id = administrations.case_id
LEFT JOIN clients ON clients.id = cases.client_id
LEFT JOIN therapists ON therapists.id = cases.therapist_id
LEFT JOIN sessions ON sessions.id = administrations.session_id
WHERE NOT EXISTS (SELECT 1 FROM administrations AS newer WHERE newer.supersedes = administrations.id)"""

_OWN_ANSWERS = "WHERE answers.administration_id = administrations.id"
_OWN_SCORES = (
    "WHERE scores.administration_id = administrations.id AND scores.instrument_id = administrations.instrument_id"
)


def make_score_wide(raw: sqlite3.Connection, scales: Iterable[str] = ()) -> None:
    """Make the view ``score_wide`` with a column for each of these scales, in alphabetical order."""
    columns = {
        _column(scale): f"(SELECT value FROM scores {_OWN_SCORES} AND scores.scale = '{_matched(scale)}')"  # noqa: S608  # matched
        for scale in sorted(scales)
    }
    raw.execute("DROP VIEW IF EXISTS score_wide")
    raw.execute(_view("score_wide", columns))


def make_answers(raw: sqlite3.Connection, instrument: Instrument, item_ids: Sequence[int]) -> None:
    """Make the wide view of the answers of one instrument in one version, unless it is there."""
    name = _free_name(raw, _tidy(f"answers_{instrument.id}_{instrument.version}"))
    (key,) = raw.execute("SELECT instrument_id FROM items WHERE id = ?", item_ids[:1]).fetchone()
    names = item_columns([item.id for item in instrument.items])
    columns = {
        column: f"(SELECT value FROM answers {_OWN_ANSWERS} AND answers.item_id = {int(item)})"  # noqa: S608  # numbers
        for column, item in zip(names, item_ids, strict=True)
    }
    raw.execute(f"{_view(name, columns)} AND administrations.instrument_id = {int(key)}")


def item_columns(items: Sequence[str]) -> list[str]:
    """The columns of items: ``item_goal_1`` for ``goal-1``, with the hyphen kept where two would be the same."""
    tidy = [f"item_{_tidy(item)}" for item in items]
    if len({column.casefold() for column in tidy}) == len(tidy):
        return tidy
    return [f"item_{_matched(item)}" for item in items]


def _column(scale: str) -> str:
    column = _tidy(scale)
    return f"scale_{column}" if column in _HEADS else column


def _free_name(raw: sqlite3.Connection, name: str) -> str:
    """The name, counted on if versions such as ``1.0`` and ``1-0`` make the same one."""
    taken = {row[0].casefold() for row in raw.execute("SELECT name FROM sqlite_master")}
    candidate, turn = name, 2
    while candidate.casefold() in taken:
        candidate, turn = f"{name}_{turn}", turn + 1
    return candidate


def _view(name: str, columns: dict[str, str]) -> str:
    every = {**_HEADS, **columns}
    listed = ",\n".join(f'{expression} AS "{_matched(column)}"' for column, expression in every.items())
    return f'CREATE VIEW "{_matched(name)}" AS SELECT\n{listed}\n{_FROM}'


def _tidy(name: str) -> str:
    return re.sub(r"[.-]", "_", _matched(name))


def _matched(name: str) -> str:
    if not NAME.fullmatch(name):
        raise StoreError(f"{name!r:.130} is no name that a view can have; nothing was written")
    return name
