"""Reading a wording from any file that is understood: TOML, CSV, FHIR Questionnaire, REDCap data dictionary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import evolve, frozen

from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument, Rater
from alliance_core.wording import checks
from alliance_core.wording.own_words import completed
from alliance_core.wording.record import Wording

LARGEST_FILE = 10_000_000


@frozen
class Wanted:
    """What is looked for in a file.

    Attributes:
        instrument: The definition that the wording must fit.
        language: The language that it is in.
        rater: Whose form it is; None if all raters read the same words.
        section: The part of the file that holds the measure, if several do: a REDCap form, a FHIR group.
    """

    instrument: Instrument
    language: str
    rater: Rater | None = None
    section: str | None = None


@frozen
class Read:
    """A wording that was read.

    Attributes:
        wording: The wording; it fits its definition.
        kind: What the file is.
        notes: What was taken for granted or repaired, one sentence each.
    """

    wording: Wording
    kind: str
    notes: tuple[str, ...] = ()


Reader = Callable[[bytes, Wanted], tuple[Wording, list[str]]]


def read_wording(path: str, wanted: Wanted) -> Read:
    """The wording in a file, held against its definition.

    Raises:
        WordingError: With one sentence for each fault, each with the name of the file.
    """
    name = Path(path).name
    raw = _bytes(path)
    try:
        kind, reader = _reader(name, raw)
        wording, notes = reader(raw, wanted)
        return check(wording, wanted, kind, notes)
    except WordingError as error:
        raise WordingError(*(f"{name}: {fault}" for fault in error.faults)) from error


def check(wording: Wording, wanted: Wanted, kind: str, notes: list[str]) -> Read:
    """A wording as it will be kept. Raises `WordingError` if it does not fit what is wanted."""
    faults = []
    if wording.language != wanted.language:
        faults.append(
            f"language: the file is in {wording.language}, but {wanted.language} is asked for; mend one of them"
        )
    if wanted.rater is not None and wording.rater not in (None, wanted.rater):
        faults.append(f"rater: the file is for the {wording.rater}, not for the {wanted.rater}; name the other file")
    wording, added = completed(evolve(wording, rater=wording.rater or wanted.rater), wanted.instrument)
    faults += checks.faults(wording, wanted.instrument)
    if faults:
        raise WordingError(*faults)
    return Read(wording, kind, (*notes, *added, *checks.notes(wording, wanted.instrument)))


def _bytes(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise WordingError(f"{path}: is a directory; name a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WordingError(f"{path}: cannot be read ({reason}); check the name and the rights") from error
    if len(raw) > LARGEST_FILE:
        raise WordingError(f"{path}: has over {LARGEST_FILE} bytes; a wording has far fewer")
    if not raw.strip():
        raise WordingError(f"{path}: is empty; name a file with a wording in it")
    return raw


def _reader(name: str, raw: bytes) -> tuple[str, Reader]:
    """What a file is, by its name where that says it, else by how it begins."""
    suffix, start = Path(name).suffix.lower(), raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if suffix == ".toml":
        from alliance_core.wording.from_toml import read

        return "TOML file", read
    if suffix == ".json" or start in (b"{", b"["):
        from alliance_core.wording.from_fhir import read

        return "FHIR Questionnaire", read
    if start == b"<":
        raise WordingError(
            "is XML or HTML, which is not read; save a FHIR Questionnaire as JSON, REDCap as its dictionary"
        )
    if suffix == ".zip" or raw.startswith(b"PK\x03\x04"):
        from alliance_core.wording.from_redcap import read_zip

        return "REDCap instrument", read_zip
    from alliance_core.wording import from_csv, from_redcap

    if from_redcap.is_dictionary(raw):
        return "REDCap data dictionary", from_redcap.read
    return "CSV file", from_csv.read
