"""What commands that show or print a form share: the wording to use, found in the store or in the definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from alliance_core.errors import StoreError, WordingError
from alliance_core.store import KeptWording, Wordings
from alliance_core.wording.document import checked_language
from alliance_core.wording.own_words import LANGUAGE, shipped
from alliance_core.wording.record import Wording, digest

if TYPE_CHECKING:
    from alliance_core.cli.context import App
    from alliance_core.instrument import Instrument


@frozen
class Words:
    """The words that a form is in.

    Attributes:
        wording: The words; None if they are not there any more, or only topics are.
        digest: The digest to record with the form; None for the definition's own words.
    """

    wording: Wording | None
    digest: str | None


def in_use(kept: Sequence[KeptWording], instrument: Instrument, rater: str) -> dict[str, KeptWording]:
    """Language to the wording in use for a rater: the rater's own, or that for all raters."""
    fitting = [
        one
        for one in kept
        if one.removed_at is None
        and (one.instrument, one.version) == (instrument.id, instrument.version)
        and one.rater in (None, rater)
    ]
    return {one.language: one for one in sorted(fitting, key=lambda one: one.rater is not None)}


def choose(found: dict[str, KeptWording], instrument: Instrument, language: str | None) -> KeptWording | None:
    """The wording in a language, or the only one there is; None for the definition's own words.

    Raises:
        WordingError: If there is none in that language, and the definition does not bring its own.
    """
    if language is None:
        return next(iter(found.values())) if len(found) == 1 else None
    if language in found:
        return found[language]
    if instrument.licence.wording == "ships" and language == LANGUAGE:
        return None
    raise WordingError(absent(found, instrument, language))


def absent(found: dict[str, KeptWording], instrument: Instrument, language: str | None) -> str:
    """The sentence for a wording that is not there: why, where to get it, and what to do then."""
    licence, tag = instrument.licence, language or LANGUAGE
    there = f"; there is {', '.join(sorted(found))}" if found else ""
    add = f"alliance wording add {instrument.id} {tag} FILE"
    if licence.wording == "ships":
        return f"{instrument.id}: has its words in {LANGUAGE} only{there}; translate them and add them with: {add}"
    source = f" from {licence.obtain}" if licence.obtain else " from its owner"
    which = f" in {language}" if language else ""
    return (
        f"{instrument.id}: its wording{which} is not installed{there}. The text belongs to {licence.owner}, so it "
        f"does not come with this program: get the form{source}, then: {add}"
    )


def kept_wordings(app: App) -> list[KeptWording]:
    """The wordings in the store; none if there is no store yet, or it keeps none."""
    if not app.store_exists():
        return []
    store = app.open_store()
    return list(store.wordings()) if isinstance(store, Wordings) else []


def wording_store(app: App, *, create: bool = False) -> Wordings:
    """The store, to keep wordings in.

    Raises:
        StoreError: If it keeps none.
    """
    store = app.open_store(create=create)
    if not isinstance(store, Wordings):
        raise StoreError(
            f"{store.url}: this kind of store keeps no wordings; use the embedded one, a file, with --store"
        )
    return store


def words_for(app: App, instrument: Instrument, rater: str, language: str | None) -> Words:
    """The words to record a form in: those asked for, or the only ones there are.

    Raises:
        WordingError: If what is asked for is not there.
    """
    tag = None if language is None else checked_language(language)
    found = choose(in_use(kept_wordings(app), instrument, rater), instrument, tag)
    if found is None:
        return Words(shipped(instrument), None)
    return Words(wording_store(app).wording(found.digest), found.digest)


def words_to_print(app: App, instrument: Instrument, rater: str, language: str | None) -> Wording:
    """The words to print a form in.

    Raises:
        WordingError: If there are none, or several and none is asked for.
    """
    wording = words_for(app, instrument, rater, language).wording
    found = in_use(kept_wordings(app), instrument, rater)
    if language is None and len(found) > 1:
        raise WordingError(f"{instrument.id}: is there in {', '.join(sorted(found))}; say in which with --language")
    if wording is None:
        raise WordingError(absent(found, instrument, language))
    return wording


def words_of_form(app: App, instrument: Instrument, rater: str, code: str, language: str | None) -> Words:
    """The words that a printed form was in, by the code on it.

    Raises:
        WordingError: If the form is not one of this instrument, version and rater.
    """
    from alliance_core.paper.code import read_code, recognise

    read = read_code(code)
    if language is not None and checked_language(language) != read.language:
        raise WordingError(f"--form: this form is in {read.language}, not in {language}; leave --language out")
    own = shipped(instrument)
    known: dict[str, list[str]] = {own.language: [digest(own)]} if own else {}
    for kept in kept_wordings(app):
        if (kept.instrument, kept.version) == (instrument.id, instrument.version):
            known.setdefault(kept.language, []).append(kept.digest)
    found = recognise(read, instrument, rater, known)
    if own is not None and found == digest(own):
        return Words(own, None)
    return Words(wording_store(app).wording(found), found)
