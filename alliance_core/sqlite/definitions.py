"""The definitions that a store remembers: frozen in what can change a number, fresh in their prose."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from alliance_core.definition.digest import digest
from alliance_core.errors import DefinitionError, StoreError
from alliance_core.instrument import Instrument
from alliance_core.sqlite import views
from alliance_core.sqlite.context import Writing
from alliance_core.store import Kept

EXACT = 2**53


@frozen
class KeptId:
    """Where a definition is kept.

    Attributes:
        instrument: Its row in ``instruments``.
        items: The rows of its items in ``items``, in form order.
    """

    instrument: int
    items: tuple[int, ...]


class Definitions:
    """Keeps and gives back definitions; remembers what it has worked out already."""

    def __init__(self) -> None:
        self._digest: tuple[Instrument, str] | None = None
        self._read: dict[str, tuple[str, Instrument]] = {}

    def keep(self, writing: Writing, instrument: Instrument, *, own: bool, distribution: str | None) -> KeptId:
        """Keep a definition's snapshot, or refresh the prose of the one that is there.

        Raises:
            StoreError: If its id and version are there with another digest.
        """
        found = writing.raw.execute(
            "SELECT id, digest, definition, distribution, own FROM instruments WHERE name = ? AND version = ?",
            (instrument.id, instrument.version),
        ).fetchone()
        mark = self._digest_of(instrument)
        if found is None:
            return self._add(writing, instrument, mark, own=own, distribution=distribution)
        key, kept_mark, *kept = found
        if kept_mark != mark:
            raise StoreError(_frozen_sentence(instrument, kept_mark, mark))
        fresh = [_snapshot(instrument), distribution or kept[1], max(int(own), kept[2])]
        if fresh != kept:
            _refresh(writing, key, instrument, fresh)
        items = writing.raw.execute("SELECT id FROM items WHERE instrument_id = ? ORDER BY position", (key,))
        return KeptId(key, tuple(item for (item,) in items))

    def _digest_of(self, instrument: Instrument) -> str:
        if self._digest is None or self._digest[0] is not instrument:
            self._digest = (instrument, digest(instrument))
        return self._digest[1]

    def _add(
        self, writing: Writing, instrument: Instrument, mark: str, *, own: bool, distribution: str | None
    ) -> KeptId:
        _check_exact(instrument)
        raw = writing.raw
        before = _scales(raw)
        (key,) = raw.execute(
            "INSERT INTO instruments (name, version, title, digest, definition, distribution, own, kept_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (instrument.id, instrument.version, instrument.title, mark, _snapshot(instrument), distribution, int(own),
             writing.now),
        ).fetchone()  # fmt: skip
        raw.executemany(
            "INSERT INTO items (instrument_id, position, item, title, format) VALUES (?, ?, ?, ?, ?)",
            [(key, place, item.id, item.topic, instrument.response(item).kind)
             for place, item in enumerate(instrument.items, start=1)],
        )  # fmt: skip
        rows = raw.execute("SELECT id FROM items WHERE instrument_id = ? ORDER BY position", (key,))
        items = tuple(item for (item,) in rows)
        if not before.issuperset(instrument.scale_by_id):
            views.make_score_wide(raw, before.union(instrument.scale_by_id))
        views.make_answers(raw, instrument, items)
        _audit(writing, "keep", instrument, {"digest": mark, "distribution": distribution, "own": own})
        return KeptId(key, items)

    def get(self, raw: sqlite3.Connection, name: str, version: str | None) -> Instrument | None:
        """A remembered definition: that version, or the one remembered last. None if there is none."""
        found = raw.execute(
            "SELECT id FROM instruments WHERE name = ? AND version = coalesce(?, version) ORDER BY id DESC LIMIT 1",
            (name, version),
        ).fetchone()
        return None if found is None else self.by_key(raw, found[0])

    def by_key(self, raw: sqlite3.Connection, key: int) -> Instrument:
        """The definition in one row of ``instruments``.

        Raises:
            StoreError: If it was damaged.
        """
        mark, text = raw.execute("SELECT digest, definition FROM instruments WHERE id = ?", (key,)).fetchone()
        if mark in self._read and self._read[mark][0] == text:  # another process may have refreshed the prose
            return self._read[mark][1]
        from alliance_core.definition.load import from_snapshot

        try:
            instrument = from_snapshot(text)
        except DefinitionError as error:
            raise StoreError(f"{error.faults[0]}; restore the store from a backup") from error
        if digest(instrument) != mark:
            raise StoreError(
                f"the definition of {instrument.id} {instrument.version} was changed in the store; restore a backup"
            )
        self._read[mark] = (text, instrument)
        return instrument


def kept(raw: sqlite3.Connection) -> list[Kept]:
    """The definitions that the store remembers, by id and version."""
    rows = raw.execute(
        "SELECT name, version, digest, title, distribution, own, coalesce(forms, 0) FROM instruments "
        "LEFT JOIN (SELECT instrument_id, count(*) AS forms FROM administrations GROUP BY instrument_id) "
        "ON instrument_id = instruments.id ORDER BY name, version"
    )
    return [
        Kept(name, version, mark, title, distribution, bool(own), forms)
        for name, version, mark, title, distribution, own, forms in rows
    ]


def scales_of(definition: str) -> list[str]:
    """The ids of the scales in a snapshot, in its order."""
    return list(json.loads(definition).get("scales", {}))


def _scales(raw: sqlite3.Connection) -> set[str]:
    rows: Iterable[tuple[str]] = raw.execute("SELECT definition FROM instruments")
    return {scale for (definition,) in rows for scale in scales_of(definition)}


def _snapshot(instrument: Instrument) -> str:
    from alliance_core.definition.load import snapshot

    return snapshot(instrument)


def _refresh(writing: Writing, key: int, instrument: Instrument, fresh: list[object]) -> None:
    writing.raw.execute(
        "UPDATE instruments SET title = ?, definition = ?, distribution = ?, own = ? WHERE id = ?",
        (instrument.title, *fresh, key),
    )
    writing.raw.executemany(
        "UPDATE items SET title = ? WHERE instrument_id = ? AND item = ? AND title <> ?",
        [(item.topic, key, item.id, item.topic) for item in instrument.items],
    )
    _audit(writing, "refresh", instrument, {"distribution": fresh[1], "own": bool(fresh[2])})


def _audit(writing: Writing, action: str, instrument: Instrument, detail: dict[str, object]) -> None:
    writing.audit(action, f"instrument {instrument.id} {instrument.version}", detail)


def _check_exact(instrument: Instrument) -> None:
    """Refuse answers that a number in SQLite cannot hold exactly."""
    for name, response in instrument.formats.items():
        for value in response.values or ():
            if abs(value) >= EXACT or Fraction(repr(float(value))) != value:
                raise StoreError(
                    f"{instrument.id}, formats.{name}: {float(value)!r} has more digits than a store can keep exactly; "
                    "use at most 15"
                )


def _frozen_sentence(instrument: Instrument, kept_mark: str, mark: str) -> str:
    return (
        f"{instrument.id} {instrument.version} is kept here with the digest {kept_mark[:12]}, but this definition has "
        f"{mark[:12]}: its answers or scores mean something else; give the changed definition a version of its own"
    )
