"""A wording from a CSV file with the columns ``item`` and ``text``; ``language``, ``left`` and ``right`` may be there.

An item is an item's id. ``frequency:1`` is the label of 1 in the response format ``frequency``; ``mark:left`` and
``mark:right`` are the words at the two ends of ``mark``; ``form:title``, ``form:instructions`` and ``form:notice``
stand around the items.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alliance_core.errors import WordingError
from alliance_core.wording.document import ENDS, canonical, from_document

if TYPE_CHECKING:
    from alliance_core.wording.reading import Wanted
    from alliance_core.wording.record import Wording

COLUMNS = ("item", "text", "language", *ENDS)
AROUND = ("title", "instructions", "notice")


def read(raw: bytes, wanted: Wanted) -> tuple[Wording, list[str]]:
    """The wording in the rows of the language that is wanted. Raises `WordingError` if it is not one."""
    text, notes = decoded(raw)
    document: dict[str, Any] = {
        "instrument": wanted.instrument.id,
        "version": wanted.instrument.version,
        "language": wanted.language,
        "labels": {},
        "poles": {},
        "items": {},
    }
    faults: list[str] = []
    languages: dict[str, int] = {}
    for line, row in _rows(text):
        own = canonical(row["language"]) if row.get("language") else wanted.language
        languages[own] = languages.get(own, 0) + 1
        if own == wanted.language:
            faults += (f"line {line}: {fault}" for fault in _enter(document, row))
    if languages and wanted.language not in languages:
        faults.append(
            f"language: has {', '.join(languages)}, but nothing in {wanted.language}; mend the column language"
        )
    if faults:
        raise WordingError(*faults)
    return from_document(document), notes


def decoded(raw: bytes) -> tuple[str, list[str]]:
    """The text of a file in UTF-8, with or without a mark at its start, or else in Windows-1252."""
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), [
            "the file is not UTF-8 and was read as Windows-1252; see that ä, é and ’ are right"
        ]
    except UnicodeDecodeError as error:
        raise WordingError(f"is neither UTF-8 nor Windows-1252 text (byte {error.start}); save it as UTF-8") from error


def rows_of(text: str) -> list[list[str]]:
    """The rows of a CSV text, whatever of comma, semicolon and tab parts its columns."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise WordingError(f"is not CSV: {error}") from error
    if not rows:
        raise WordingError("is empty; name a file with a wording in it")
    return rows


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    header, *rows = rows_of(text)
    names = [name.strip().casefold() for name in header]
    unknown = [name for name in names if name not in COLUMNS]
    if "item" not in names or "text" not in names:
        raise WordingError(
            "has no columns item and text; write a first line item,text (or export the form as a FHIR Questionnaire in "
            "JSON or as a REDCap data dictionary)"
        )
    if unknown or len(set(names)) < len(names):
        raise WordingError(f"its columns are {', '.join(names):.200}; write {', '.join(COLUMNS)}, each at most once")
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(names):
            raise WordingError(f"line {line}: has {len(row)} cells; put text with commas in it between double quotes")
        yield line, dict(zip(names, (cell.strip() for cell in row), strict=False))


def _enter(document: dict[str, Any], row: dict[str, str]) -> Iterator[str]:
    name, text = row.get("item", ""), row.get("text", "")
    ends = {end: row[end] for end in ENDS if row.get(end)}
    part, colon, key = name.partition(":")
    if not colon:
        table, entry = document["items"], {"text": text, **ends} if ends else text
    elif part == "form" and key in AROUND:
        table, name, entry = document, key, text
    else:
        kind = "poles" if key in ENDS else "labels"
        table, name, entry = document[kind].setdefault(part, {}), key, text
    if name in table:
        yield f"{row['item']!r:.60} is there twice; write it once"
    table[name] = entry
