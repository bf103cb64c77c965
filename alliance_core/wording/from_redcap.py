"""A wording from a REDCap data dictionary, as people keep it: a CSV file or an instrument ZIP."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from alliance_core.answers import number
from alliance_core.errors import WordingError
from alliance_core.wording.from_csv import decoded, rows_of
from alliance_core.wording.labels import to_wording
from alliance_core.wording.matching import match
from alliance_core.wording.questions import Kind, Option, Question
from alliance_core.wording.text import is_html, plain

if TYPE_CHECKING:
    from alliance_core.wording.reading import Wanted
    from alliance_core.wording.record import Wording

LARGEST_DICTIONARY = 10_000_000
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises for files that are no good archives."""
COLUMNS = {
    "name": ("variablefieldname", "fieldname", "variable"),
    "form": ("formname", "form"),
    "heading": ("sectionheader",),
    "type": ("fieldtype",),
    "label": ("fieldlabel",),
    "choices": ("choicescalculationsorsliderlabels", "choicesorcalculations", "selectchoicesorcalculations"),
    "validation": ("textvalidationtypeorshowslidernumber", "textvalidationtype"),
    "annotation": ("fieldannotation",),
}
"""What a column is to us, and what it is called: by the web pages, by the API, in old versions; letters only."""
KINDS: Mapping[str, Kind] = {
    "radio": "choice", "dropdown": "choice", "yesno": "yes-no", "truefalse": "yes-no",
    "slider": "number", "text": "text", "notes": "text",
}  # fmt: skip
Row = Mapping[str, str]


def is_dictionary(raw: bytes) -> bool:
    """Whether the first line of a file is the header of a data dictionary."""
    header = raw.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("cp1252", errors="replace")
    return {"name", "type", "label"} <= set(_places(rows_of(header)[0] if header.strip() else []))


def read_zip(raw: bytes, wanted: Wanted) -> tuple[Wording, list[str]]:
    """The wording in an instrument ZIP. Raises as `read`."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            found = [one for one in archive.infolist() if one.filename.rsplit("/", 1)[-1] == "instrument.csv"]
            if not found or found[0].file_size > LARGEST_DICTIONARY:
                raise WordingError("holds no instrument.csv of a usable size; export the instrument from REDCap again")
            inner = archive.read(found[0])
    except UNREADABLE as error:
        raise WordingError(
            f"is no ZIP file that can be read ({error}); export the instrument from REDCap again"
        ) from error
    return read(inner, wanted)


def read(raw: bytes, wanted: Wanted) -> tuple[Wording, list[str]]:
    """The wording in a data dictionary, and what was repaired.

    Raises:
        WordingError: If the measure's items cannot be found in it beyond doubt.
    """
    text, notes = decoded(raw)
    header, *lines = rows_of(text)
    places = _places(header)
    if not {"name", "type", "label"} <= set(places):
        raise WordingError(
            "has no columns for name, type and label of its fields; export the dictionary from REDCap again"
        )
    rows = [_row(places, line) for line in lines if any(cell.strip() for cell in line)]
    if len(rows) < len(lines):
        notes.append(f"{len(lines) - len(rows)} blank rows were passed over")
    if any(is_html(row[key]) for row in rows for key in ("label", "choices", "heading")):
        notes.append("HTML was taken out of texts and labels")
    questions = list(_questions(rows))
    found = match(wanted.instrument, questions, wanted.section)
    first = next(iter(found.pairs.values()))[0]
    wording, more = to_wording(found, wanted, instructions=first.heading)
    return wording, [*notes, *more]


def _places(header: Sequence[str]) -> dict[str, int]:
    letters = [re.sub(r"[^a-z]", "", name.casefold()) for name in header]
    return {key: letters.index(name) for key, names in COLUMNS.items() for name in names[::-1] if name in letters}


def _row(places: Mapping[str, int], line: Sequence[str]) -> Row:
    return {key: line[place].strip() if (place := places.get(key, len(line))) < len(line) else "" for key in COLUMNS}


def _questions(rows: Sequence[Row]) -> Iterator[Question]:
    heading = {"form": "", "text": ""}
    for row in rows:
        if row["form"] != heading["form"]:
            heading = {"form": row["form"], "text": ""}
        told = plain(row["label"]) if row["type"].casefold() == "descriptive" else plain(row["heading"])
        heading["text"] = told or heading["text"]
        kind = KINDS.get(row["type"].casefold())
        if kind is None or not row["name"] or "@HIDDEN" in row["annotation"].upper():
            continue
        if kind == "text" and re.match(r"integer|number", row["validation"], re.IGNORECASE):
            kind = "number"
        slider = [plain(end) for end in row["choices"].split("|")] if kind == "number" else []
        yield Question(
            names=(row["name"],),
            text=plain(row["label"]),
            kind=kind,
            options=tuple(_options(row["choices"])) if kind == "choice" else (),
            sections=(row["form"],) if row["form"] else (),
            heading=heading["text"],
            poles=(slider[0], slider[-1]) if len(slider) > 1 and slider[0] and slider[-1] else None,
        )


def _options(choices: str) -> Iterator[Option]:
    """The choices of ``1, Seldom | 2, Sometimes``; in old files each stands on a line of its own."""
    for choice in re.split(r"\||\r?\n|\\n", choices):
        code, comma, label = choice.partition(",")
        if code.strip():
            yield Option(plain(label) if comma else plain(code), number(code.strip()))
