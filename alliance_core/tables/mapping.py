"""What a map says of a file: which columns hold the case, the session and the items, and what its words mean.

A map is a small TOML file::

    rater = "client"                  # the same for every row; or a column, under [columns]
    answers = "labels"                # cells hold labels; "values" (the default) if they hold numbers
    ignore = ["started_at"]           # columns that are left alone; any other unknown column is refused

    [columns]
    case = "pairing_id"
    session = "session_id"            # also: client, therapist, rater, date (of the session), occasion

    [items]
    each = "question{item}"           # or one line for each item: 1 = "q_one"

    [words]                           # words of the file that are no labels of the instrument
    "Almost never" = 2

    [missing]                         # words of the file for a missing answer; an empty cell is skipped
    "-99" = "declined"

    [scores]                          # totals that the file carries, for `alliance audit`
    task = "total_task"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import field, fields, frozen

from alliance_core.answers import REASONS, Reason, admits, number, shown
from alliance_core.definition.structure import nearest
from alliance_core.errors import TableError
from alliance_core.instrument import RATERS, Instrument, Rater
from alliance_core.response import Rating, ResponseFormat, YesNo, label

LARGEST_MAP = 1_000_000
ANSWERS = ("values", "labels")


@frozen
class Columns:
    """The columns that say whose form it is. None where the file has no such column."""

    case: str | None = None
    session: str | None = None
    client: str | None = None
    therapist: str | None = None
    rater: str | None = None
    date: str | None = None
    occasion: str | None = None

    @property
    def named(self) -> Mapping[str, str]:
        """Fact to column, for the columns that the map names."""
        facts = (each.name for each in fields(Columns))
        return {fact: getattr(self, fact) for fact in facts if getattr(self, fact) is not None}


@frozen
class FileMap:
    """What a map says, checked against the instrument and the header of the file.

    Attributes:
        columns: The columns that say whose form it is.
        items: Item id to column, every item, in form order.
        rater: The rater of every row, if it is no column.
        labels: Whether cells hold the labels of the options.
        words: Words of the file for values.
        missing: Words of the file for a missing answer.
        scores: Scale id to the column of a score that the file carries.
    """

    columns: Columns
    items: Mapping[str, str]
    rater: Rater | None = None
    labels: bool = False
    words: Mapping[str, Fraction] = field(factory=dict)
    missing: Mapping[str, Reason] = field(factory=dict)
    scores: Mapping[str, str] = field(factory=dict)

    def words_for(self, response: ResponseFormat) -> Mapping[str, Fraction]:
        """The words of the file for values that a response format admits."""
        return {word: value for word, value in self.words.items() if admits(response, value)}


def read_map(path: Path | str) -> Mapping[str, Any]:
    """The tables of a map file.

    Raises:
        TableError: If it cannot be read or is not TOML.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise TableError(f"{path}: is a directory; name a TOML file") from None
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror}); check the name and the rights") from error
    if len(raw) > LARGEST_MAP:
        raise TableError(f"{path}: has {len(raw)} bytes; a map has at most {LARGEST_MAP}")
    try:
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TableError(f"{path}: is not TOML: {error}") from error


def make_map(
    document: Mapping[str, Any], *, name: str, instrument: Instrument, header: tuple[str, ...], identified: bool = True
) -> FileMap:
    """The map, held against the instrument and the header of the file.

    Args:
        document: What `read_map` read.
        name: What to call the map in sentences.
        instrument: The instrument that the file holds forms of.
        header: The columns of the file.
        identified: Whether each row must say whose form it is.

    Raises:
        TableError: With one sentence for each fault.
    """
    faults = [f"{name}: {fault}" for fault in _faults(document, instrument, header, identified=identified)]
    if faults:
        raise TableError(*faults)
    return FileMap(
        columns=Columns(**document.get("columns", {})),
        items=_items(document, instrument),
        rater=document.get("rater"),
        labels=document.get("answers") == "labels",
        words={word: Fraction(value) for word, value in document.get("words", {}).items()},
        missing=dict(document.get("missing", {})),
        scores=dict(document.get("scores", {})),
    )


def plain_map(instrument: Instrument) -> Mapping[str, Any]:
    """The map of a file whose columns are the item ids."""
    return {"items": {item.id: item.id for item in instrument.items}}


def _items(document: Mapping[str, Any], instrument: Instrument) -> dict[str, str]:
    table = document.get("items", {})
    pattern = table.get("each", "{item}")
    return {item.id: table.get(item.id, pattern.replace("{item}", item.id)) for item in instrument.items}


def _faults(
    document: Mapping[str, Any], instrument: Instrument, header: tuple[str, ...], *, identified: bool
) -> Iterator[str]:
    shape = [*_shape_faults(document, instrument)]
    yield from shape
    if shape:
        return
    yield from _word_faults(document, instrument)
    if identified:
        yield from _identity_faults(document, instrument)
    yield from _header_faults(document, instrument, header)
    yield from _unknown_columns(document, instrument, header, identified=identified)


def _identity_faults(document: Mapping[str, Any], instrument: Instrument) -> Iterator[str]:
    columns = document.get("columns", {})
    if "case" not in columns:
        yield "columns.case: is missing; name the column that holds the code of the case"
    if "session" not in columns and "occasion" not in columns:
        yield "columns.session: is missing; name the column that holds the number of the session"
    if ("rater" in columns) == ("rater" in document):
        yield f'rater: say who answered, either rater = "{instrument.raters[0]}" or the column of it under [columns]'


def _shape_faults(document: Mapping[str, Any], instrument: Instrument) -> Iterator[str]:
    tables = ("columns", "items", "words", "missing", "scores")
    known = ("rater", "answers", "ignore", *tables)
    yield from (f"{key}: is not a key of a map; {_instead(key, known)}" for key in document if key not in known)
    wrong = [key for key in tables if not isinstance(document.get(key, {}), Mapping)]
    yield from (f"{key}: is not a table; write [{key}] with its lines under it" for key in wrong)
    ignore = document.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(column, str) for column in ignore):
        yield "ignore: is no list of columns; write them in quotes between [ and ]"
    facts = tuple(each.name for each in fields(Columns))
    ids, scales = (*instrument.item_by_id, "each"), tuple(instrument.scale_by_id)
    for key, entries in (("columns", facts), ("items", ids), ("scores", scales), ("missing", None)):
        for entry, column in document.get(key, {}).items() if key not in wrong else ():
            if not isinstance(column, str):
                yield f"{key}.{entry}: {column!r:.60} is no text; write it in quotes"
            if entries is not None and entry not in entries:
                yield f"{key}.{entry}: is not known here; {_instead(entry, entries)}"


def _instead(word: str, known: tuple[str, ...]) -> str:
    guess = nearest(word, known)
    return f"did you mean {guess}?" if guess else f"write one of {', '.join(known[:12])}"


def _word_faults(document: Mapping[str, Any], instrument: Instrument) -> Iterator[str]:
    rater, answers = document.get("rater", RATERS[0]), document.get("answers", ANSWERS[0])
    if rater not in RATERS:
        yield f"rater: {rater!r:.40} is no rater; write one of {', '.join(instrument.raters)}"
    elif "rater" in document and rater not in instrument.raters:
        yield f"rater: {instrument.id} is not filled in by {rater!r}; write one of {', '.join(instrument.raters)}"
    if answers not in ANSWERS:
        yield f"answers: {answers!r:.40} is not known; write {' or '.join(ANSWERS)}"
    for word, raw in document.get("words", {}).items():
        value = None if isinstance(raw, str) else number(raw)
        if value is None:
            yield f"words.{word}: {raw!r:.40} is no value; write the number that the word stands for"
        elif not any(admits(response, value) for response in instrument.formats.values()):
            yield f"words.{word}: {raw} is no answer to any item of {instrument.id}; mend the value"
    for word, reason in document.get("missing", {}).items():
        if reason not in REASONS:
            yield f"missing.{word}: {reason!r:.40} is no reason; write one of {', '.join(REASONS)}"
    yield from _double_meanings(document, instrument)


def _double_meanings(document: Mapping[str, Any], instrument: Instrument) -> Iterator[str]:
    """Words that would stand for two things, one of which would win in silence."""
    words, missing = document.get("words", {}), document.get("missing", {})
    labels = document.get("answers") == "labels"
    if "" in words:
        yield "words: an empty cell is a missing answer; take the line with the empty word out"
    for word, raw in words.items():
        others = sorted(_means(word, instrument, labels=labels) - {number(raw)})
        if others:
            yield f"words.{word}: stands for {shown(others[0])} in {instrument.id} already; take the line out"
    for word in missing:
        if word in words:
            yield f"missing.{word}: stands for a value too, under [words]; decide for one of them"
        elif _means(word, instrument, labels=labels):
            yield f"missing.{word}: is an answer in {instrument.id}; write in the file another word where it is missing"


def _means(word: str, instrument: Instrument, *, labels: bool) -> set[Fraction]:
    """The values that a word stands for by the definition alone."""
    found = set()
    for response in instrument.formats.values():
        if labels and isinstance(response, Rating | YesNo):
            options = ((value, label(response, value) or "") for value in response.values)
            found |= {value for value, words in options if words.casefold() == word.casefold()}
        elif (value := number(word)) is not None and admits(response, value):
            found.add(value)
    return found


def _uses(document: Mapping[str, Any], instrument: Instrument) -> list[tuple[str, str]]:
    """Where the map speaks of a column, and which."""
    return [
        *((f"columns.{fact}", column) for fact, column in document.get("columns", {}).items()),
        *((f"items.{item}", column) for item, column in _items(document, instrument).items()),
        *((f"scores.{scale}", column) for scale, column in document.get("scores", {}).items()),
        *(("ignore", column) for column in document.get("ignore", [])),
    ]


def _header_faults(document: Mapping[str, Any], instrument: Instrument, header: tuple[str, ...]) -> Iterator[str]:
    uses = _uses(document, instrument)
    used = [column for _, column in uses]
    for use, column in uses:
        if column not in header:
            guess = _neighbour(column, [other for other in header if other not in used])
            mend = f"did you mean {guess}?" if guess else "mend the name"
            yield f"{use}: the file has no column {column!r:.60}; {mend}"
    twice = sorted({column for column in used if used.count(column) > 1})
    yield from (f"the column {column!r:.60} is used twice; use it once" for column in twice)


def _neighbour(column: str, others: Sequence[str]) -> str | None:
    """The column that a misspelt one most likely is, in quotes: the same but for its case, else the nearest."""
    same = (f'"{other}"' for other in others if other.casefold() == column.casefold())
    return next(same, nearest(column, tuple(others)))


def _unknown_columns(
    document: Mapping[str, Any], instrument: Instrument, header: tuple[str, ...], *, identified: bool
) -> Iterator[str]:
    used = {column for _, column in _uses(document, instrument)}
    mend = "list it under ignore if it does not matter" if identified else "carry it over with --keep, or remove it"
    absent = [column for column in _items(document, instrument).values() if column not in header]
    for column in header:
        if column not in used:
            guess = _neighbour(column, absent)
            hint = f"did you mean {guess}? Else " if guess else ""
            yield f"the column {column!r:.60} is not known; {hint}{mend}"
