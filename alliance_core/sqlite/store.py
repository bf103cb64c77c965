"""The embedded store: the `alliance_core.store.Store` contract on one SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from alliance_core.administration import Administration, Case
from alliance_core.errors import StoreError
from alliance_core.instrument import Instrument, Rater
from alliance_core.scoring import Scores
from alliance_core.series import Series
from alliance_core.sqlite import definitions, reading, wordings
from alliance_core.sqlite.connection import Connection, Undo
from alliance_core.sqlite.context import Writing
from alliance_core.sqlite.definitions import Definitions, KeptId
from alliance_core.sqlite.forms import FormWriter, answers_of, score_facts, score_row
from alliance_core.sqlite.register import Head, Register, head_of
from alliance_core.store import Imported, Kept, KeptWording, Recorded, Refused, TableRow
from alliance_core.wording.record import Wording


class SqliteStore:
    """A store in one SQLite file. Each method says what it does in `alliance_core.store.Store`.

    Args:
        path: The file; made, for its owner only, if it is not there. ``:memory:`` for one that is forgotten.

    Raises:
        StoreError: If it cannot be opened, or is no store that this program can use. It is unchanged then.
    """

    def __init__(self, path: str) -> None:
        self._connection = Connection(path)
        self._definitions = Definitions()

    @property
    def url(self) -> str:
        """The path, as it was given."""
        return self._connection.url

    def record(
        self,
        administration: Administration,
        scores: Scores,
        *,
        actor: str,
        origin: str,
        distribution: str | None = None,
    ) -> int:
        """Keep one administration with its scores, in one transaction; its number."""
        _check_complete(administration, scores)
        with self._connection.transaction() as raw:
            writing = Writing(raw, actor)
            kept = self._definitions.keep(writing, administration.instrument, own=False, distribution=distribution)
            head = head_of(administration, kept.instrument, wordings.key_of(raw, administration))
            number = Register(writing, origin).enter(head)
            _write_form(writing, kept, number, administration, scores)
            writing.audit("record", f"administration {number}", {**_facts(head), "origin": origin})
        return number

    def correct(  # noqa: PLR0913  # the contract's
        self,
        administration: Administration,
        scores: Scores,
        *,
        reason: str,
        actor: str,
        origin: str,
        distribution: str | None = None,
    ) -> int:
        """Supersede the form that is there, keeping it and the reason; the number of the new one."""
        _check_complete(administration, scores)
        if not reason.strip():
            raise StoreError("a correction needs a reason, which is kept with it; say why the form is changed")
        with self._connection.transaction() as raw:
            writing = Writing(raw, actor)
            kept = self._definitions.keep(writing, administration.instrument, own=False, distribution=distribution)
            head = head_of(administration, kept.instrument, wordings.key_of(raw, administration))
            number, old = Register(writing, origin).supersede(head, reason)
            _write_form(writing, kept, number, administration, scores)
            detail = {**_facts(head), "origin": origin, "supersedes": old, "reason": reason}
            writing.audit("correct", f"administration {number}", detail)
        return number

    def record_table(  # noqa: PLR0913  # the contract's
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
        """Keep a whole table of forms in one transaction. If no row is kept, the store is as before."""
        from alliance_core.sqlite.importing import TableImport

        with self._connection.transaction() as raw:
            writing = Writing(raw, actor)
            kept = self._definitions.keep(writing, instrument, own=False, distribution=distribution)
            imported = TableImport(writing, instrument, kept, origin=origin, on_rows=on_rows).run(rows)
            if imported.refused and not keep_good:
                imported = Imported(0, 0, imported.refused)
            if dry_run or not imported.administrations:
                raise Undo
            writing.audit("import", origin, _counts(instrument, imported))
        return imported

    def cases(self) -> Sequence[Case]:
        """All cases, by code."""
        with self._connection.reading() as raw:
            return reading.cases(raw)

    def administrations(self, *, case: str | None = None, superseded: bool = False) -> Sequence[Recorded]:
        """Administrations by case, session, instrument and rater; those superseded only if asked for."""
        with self._connection.reading() as raw:
            return reading.administrations(raw, case=case, superseded=superseded)

    def series(self, case: str) -> Sequence[Series]:
        """Every series of a case, corrections applied; forms of no session and of segments are in none."""
        with self._connection.reading() as raw:
            return reading.series(raw, self._definitions, case)

    def keep(self, instrument: Instrument, *, actor: str, own: bool = False, distribution: str | None = None) -> None:
        """Keep a definition's snapshot, or refresh the prose of the one that is there."""
        with self._connection.transaction() as raw:
            self._definitions.keep(Writing(raw, actor), instrument, own=own, distribution=distribution)

    def kept(self) -> Sequence[Kept]:
        """The definitions that the store remembers, by id and version."""
        with self._connection.reading() as raw:
            return definitions.kept(raw)

    def instrument(self, instrument_id: str, version: str | None = None) -> Instrument | None:
        """A remembered definition: that version, or the one remembered last. None if there is none."""
        with self._connection.reading() as raw:
            return self._definitions.get(raw, instrument_id, version)

    def keep_wording(self, wording: Wording, *, actor: str) -> None:
        """Keep a wording, in place of the one for the same instrument, version, language and rater."""
        with self._connection.transaction() as raw:
            wordings.keep(Writing(raw, actor), wording)

    def wordings(self) -> Sequence[KeptWording]:
        """The wordings that the store remembers, by instrument, version, language and rater."""
        with self._connection.reading() as raw:
            return wordings.kept(raw)

    def wording(self, digest: str) -> Wording | None:
        """A remembered wording with its text, if it is still there."""
        with self._connection.reading() as raw:
            return wordings.get(raw, digest)

    def remove_wording(self, instrument: str, language: str, rater: Rater | None, *, actor: str) -> int:
        """Take the text of a wording, and of all that it replaced, out of the store; how many."""
        with self._connection.transaction() as raw:
            return wordings.remove(Writing(raw, actor), instrument, language, rater)

    def audit(self) -> Sequence[Mapping[str, Any]]:
        """The audit rows, oldest first."""
        with self._connection.reading() as raw:
            return reading.audit(raw)

    def close(self) -> None:
        """Let go of the file. Closing twice is no error."""
        self._connection.close()


def _check_complete(administration: Administration, scores: Scores) -> None:
    instrument = administration.instrument
    if list(administration.answers) != list(instrument.item_by_id) or set(scores) != set(instrument.scale_by_id):
        raise StoreError(
            f"the answers or scores are not those of {instrument.id} {instrument.version}; nothing was written"
        )


def _write_form(writing: Writing, kept: KeptId, number: int, administration: Administration, scores: Scores) -> None:
    writer = FormWriter(writing, kept, len(scores))
    writer.answers([answers_of(number, tuple(administration.answers.values()))])
    writer.scores([(number, score_facts(map(score_row, scores.values())))])


def _facts(head: Head) -> dict[str, Any]:
    return {
        "instrument": head.instrument,
        "case": head.case.code,
        "session": None if head.session is None else head.session.number,
        "occasion": head.occasion,
        "rater": head.rater,
        "given_on": head.given_on,
        "segment": head.segment,
        "wording": None if head.wording is None else f"wording {head.wording}",
    }


def _counts(instrument: Instrument, imported: Imported) -> dict[str, Any]:
    return {
        "instrument": f"{instrument.id} {instrument.version}",
        "administrations": imported.administrations,
        "cases": imported.cases,
        "refused": len({row.line for row in imported.refused}),
    }
