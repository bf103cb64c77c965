"""The code on a printed form: which measure, version, language and rater it is for, and that it was read right.

``srs/3.0/en/7f3a9c1e/K7`` is the measure, its version, the language, a mark over definition, wording and rater, and two
check characters that notice every single wrong character and every two that changed places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from attrs import frozen

from alliance_core.definition.digest import digest as definition_digest
from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument
from alliance_core.wording.document import canonical

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32, without letters that look like digits."""
_PRIME, _BASE = 1021, 37
MARK = 8


@frozen
class FormCode:
    """What a code says.

    Attributes:
        instrument: The id of the measure.
        version: Its version, in small letters.
        language: The language of the wording.
        mark: The first characters of a digest over definition, wording and rater.
    """

    instrument: str
    version: str
    language: str
    mark: str


def code_of(instrument: Instrument, wording_digest: str, language: str, rater: str) -> str:
    """The code of a form."""
    parts = (instrument.id, instrument.version, language, _mark(instrument, wording_digest, rater))
    text = "/".join(parts)
    return f"{text}/{_check(text)}"


def read_code(text: str) -> FormCode:
    """What a code says, however its letters are cased.

    Raises:
        WordingError: If it is none, or was misread.
    """
    parts = text.strip().split("/")
    if len(parts) != 5 or not all(parts):
        raise WordingError(
            f"--form: {text!r:.80} is no form code; the one on the form looks like srs/3.0/en/7f3a9c1e/K7"
        )
    parts[3] = parts[3].casefold().replace("o", "0").replace("l", "1").replace("i", "1")
    check = parts[4].upper().replace("O", "0").replace("I", "1").replace("L", "1")
    if _check("/".join(parts[:4])) != check:
        raise WordingError(
            f"--form: {text!r:.80} was misread somewhere, its check characters do not agree; read it again"
        )
    return FormCode(parts[0].casefold(), parts[1].casefold(), canonical(parts[2]), parts[3])


def recognise(code: FormCode, instrument: Instrument, rater: str, known: Mapping[str, Iterable[str]]) -> str:
    """The digest of the wording that a form was printed in.

    Args:
        code: What stands on the form.
        instrument: The measure that is keyed in.
        rater: Whose form it is said to be.
        known: Language to the digests of all wordings that are or were there.

    Raises:
        WordingError: If the form is another measure's, another version's, another rater's, or not known here.
    """
    if code.instrument != instrument.id:
        raise WordingError(f"--form: this is a form of {code.instrument}, not of {instrument.id}; name that measure")
    if code.version != instrument.version.casefold():
        raise WordingError(
            f"--form: this is a form of {code.instrument} {code.version}, but version {instrument.version} is "
            "installed; its answers may mean something else, so print the form anew"
        )
    for wording in known.get(code.language, ()):
        for other in sorted(instrument.raters, key=lambda each: each != rater):
            if _mark(instrument, wording, other) == code.mark:
                if other != rater:
                    raise WordingError(f"--form: this is the form of the {other}, not of the {rater}; mend --rater")
                return wording
    raise WordingError(
        f"--form: this form of {code.instrument} in {code.language} was printed from a wording or a definition that "
        "is not known here; compare it with: alliance wording show, then print it anew or key it in without --form"
    )


def _mark(instrument: Instrument, wording_digest: str, rater: str) -> str:
    matter = "\n".join((definition_digest(instrument), wording_digest, rater))
    return hashlib.sha256(matter.encode()).hexdigest()[:MARK]


def _check(text: str) -> str:
    value = 0
    for char in text.casefold():
        value = (value * _BASE + ord(char)) % _PRIME
    return SIGNS[value // 32] + SIGNS[value % 32]
