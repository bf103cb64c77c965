"""The wordings that a store remembers: one in use for a measure's version, language and rater; older ones behind it."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from alliance_core.administration import Administration
from alliance_core.errors import StoreError, WordingError
from alliance_core.instrument import Rater
from alliance_core.sqlite.context import Writing
from alliance_core.store import KeptWording
from alliance_core.wording.record import Wording, digest

FIND_USED = """
SELECT id, digest FROM wordings
WHERE instrument = ? AND version = ? AND language = ? AND coalesce(rater, '') = ? AND removed_at IS NULL"""
ADD = """
INSERT INTO wordings (title, instrument, version, language, rater, digest, document, installed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (digest, title) DO UPDATE SET
document = excluded.document, installed_at = excluded.installed_at, removed_at = NULL"""
KEPT = """
SELECT instrument, version, language, rater, digest, installed_at, removed_at, coalesce(forms, 0)
FROM wordings
LEFT JOIN (SELECT wording_id, count(*) AS forms FROM administrations GROUP BY wording_id) ON wording_id = wordings.id
ORDER BY instrument, version, language, rater, removed_at IS NOT NULL, installed_at DESC, id DESC"""
REMOVE = """
UPDATE wordings SET document = NULL, removed_at = coalesce(removed_at, ?)
WHERE instrument = ? AND language = ? AND coalesce(rater, '') = ? AND document IS NOT NULL"""


def keep(writing: Writing, wording: Wording) -> None:
    """Keep a wording and retire the one that it replaces; nothing happens if it is the one in use."""
    mark = digest(wording)
    place = (wording.instrument, wording.version, wording.language)
    used = writing.raw.execute(FIND_USED, (*place, wording.rater or "")).fetchone()
    if used is not None and used[1] == mark:
        return
    if used is not None:
        writing.raw.execute("UPDATE wordings SET removed_at = ? WHERE id = ?", (writing.now, used[0]))
    from alliance_core.wording.document import to_document

    text = json.dumps(to_document(wording), ensure_ascii=False, separators=(",", ":"))
    writing.raw.execute(ADD, (str(wording), *place, wording.rater, mark, text, writing.now))
    replaced = None if used is None else used[1]
    writing.audit("keep", f"wording of {wording}", {"digest": mark, "replaces": replaced})


def kept(raw: sqlite3.Connection) -> list[KeptWording]:
    """The wordings that the store remembers, the one in use before those that it replaced."""
    return [
        KeptWording(name, version, language, rater, mark, _moment(since), removed and _moment(removed), forms)
        for name, version, language, rater, mark, since, removed, forms in raw.execute(KEPT)
    ]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def get(raw: sqlite3.Connection, mark: str) -> Wording | None:
    """A remembered wording, if its text is still there.

    Raises:
        StoreError: If its text was damaged.
    """
    found = raw.execute("SELECT document, title FROM wordings WHERE digest = ?", (mark,)).fetchone()
    if found is None or found[0] is None:
        return None
    from alliance_core.wording.document import from_document

    try:
        wording = from_document(json.loads(found[0]))
    except (ValueError, WordingError) as error:
        raise StoreError(f"the wording of {found[1]} is damaged; restore the store from a backup") from error
    if digest(wording) != mark:
        raise StoreError(f"the wording of {found[1]} was changed in the store; restore a backup")
    return wording


def remove(writing: Writing, instrument: str, language: str, rater: Rater | None) -> int:
    """Take the texts of a measure in a language out of the store; how many."""
    writing.raw.execute("PRAGMA secure_delete = ON")  # the text is overwritten, not only unlinked
    count = writing.raw.execute(REMOVE, (writing.now, instrument, language, rater or "")).rowcount
    if count:
        whose = f" for the {rater}" if rater else ""
        writing.audit("remove", f"wording of {instrument} in {language}{whose}", {"texts": count})
    return count


def key_of(raw: sqlite3.Connection, administration: Administration) -> int | None:
    """The row of the wording that a form was answered in.

    Raises:
        StoreError: If it is not remembered, or is that of another measure or rater.
    """
    if administration.wording is None:
        return None
    instrument = administration.instrument
    found = raw.execute(
        "SELECT id FROM wordings WHERE digest = ? AND instrument = ? AND version = ? AND coalesce(rater, ?) = ?",
        (administration.wording, instrument.id, instrument.version, administration.rater, administration.rater),
    ).fetchone()
    if found is None:
        raise StoreError(
            f"the wording {administration.wording[:12]!r} of {instrument.id} {instrument.version} for the "
            f"{administration.rater} is not kept here; add it with: alliance wording add"
        )
    return int(found[0])
