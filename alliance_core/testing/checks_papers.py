"""Checks of what stands around the key: licence, source, size, README, and what a store keeps of the definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from alliance_core.definition.digest import digest
from alliance_core.definition.load import from_snapshot, load_instrument, snapshot
from alliance_core.instrument import CONFIDENCE_WORDS, PROJECT, Instrument
from alliance_core.testing.finding import check
from alliance_core.testing.subject import Subject

MOST_LINES = 60
DOI = re.compile(r"10\.\d{4,9}/\S+")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


@check()
def licence_says_who_owns_it(subject: Subject) -> Iterator[str]:
    """The licence names the owner; where the wording is the owner's, it says on what terms and where it is to be had.

    If this fails, a clinic cannot know whether it may use the measure, or whom to ask.
    """
    licence = subject.instrument.licence
    if licence.wording == "supply-your-own":
        for key, value in (("terms", licence.terms), ("obtain", licence.obtain)):
            if not value:
                yield f"the licence has no {key}, although the wording is {licence.owner}'s; add it"


@check()
def source_and_confidence_are_stated(subject: Subject) -> Iterator[str]:
    """The definition names where its key comes from, and how sure that is; a DOI is written as one.

    If this fails, nobody can check the key against its source.
    """
    instrument = subject.instrument
    if "doi" in instrument.source.casefold() and not DOI.search(instrument.source):
        yield f"the source {instrument.source!r:.80} speaks of a DOI but has none; write it as doi:10.1037/..."
    if instrument.source == PROJECT and instrument.licence.wording != "ships":
        yield f"the source is {PROJECT!r}, but the measure belongs to {instrument.licence.owner}; name its publication"
    unsaid = subject.file is not None and "confidence" not in instrument.document
    if unsaid and instrument.source != PROJECT and instrument.licence.wording != "ships":
        yield f'the key has no confidence; write one of {", ".join(CONFIDENCE_WORDS)}, such as confidence = "V"'


@check(advice=True)
def definition_fits_a_page(subject: Subject) -> Iterator[str]:
    """The definition has at most 60 lines.

    If this fails, it is longer than anybody checks by eye; shorten topics and comments, or write tables in one line.
    """
    if subject.file is not None:
        lines = len(subject.file.read_bytes().splitlines())
        if lines > MOST_LINES:
            yield f"{subject.file.name} has {lines} lines; {MOST_LINES} are the most that anybody checks by eye"


@check()
def readme_names_owner_and_source(subject: Subject) -> Iterator[str]:
    """The README beside the definition, if there is one, names the measure, its owner and its source.

    If this fails, whoever reads only the README does not learn whose the measure is or where its key comes from.
    """
    if subject.readme is None:
        return
    text = subject.readme.casefold()
    words = [word.casefold() for word in re.findall(r"[^\W\d_]{4,}", subject.instrument.licence.owner)]
    if sum(word in text for word in words) * 2 < len(words):
        yield f"the README does not name the owner, {subject.instrument.licence.owner}"
    if subject.instrument.id not in text:
        yield f"the README does not name {subject.instrument.id}"
    missing = [mark for mark in _marks(subject.instrument.source) if mark.casefold() not in text]
    if missing:
        yield f"the README does not name the source: {', '.join(missing)} is not in it"


def _marks(source: str) -> list[str]:
    """What a README must repeat of a source: its DOI, else its year, else its first word."""
    found = DOI.search(source)
    if found:
        return [found[0].rstrip(".,;)")]
    return YEAR.findall(source)[:1] or re.findall(r"[^\W\d_]{4,}", source)[:1]


@check()
def snapshot_reads_back_alike(subject: Subject) -> Iterator[str]:
    """What a store keeps of the definition reads back as the same definition.

    If this fails, old answers could not be read and explained once the plugin is uninstalled.
    """
    kept = from_snapshot(snapshot(subject.instrument))
    if evolve(kept, functions={}) != evolve(subject.instrument, functions={}):
        yield "the definition that is read back from a snapshot is another"


@check(scores=True)
def digest_is_stable(subject: Subject) -> Iterator[str]:
    """The digest is the same whenever the file is read; mending a topic keeps it, and a changed key changes it.

    If this fails, a store would take old answers for answers to another measure, or a changed key for the same one.
    """
    instrument = subject.instrument
    known = digest(instrument)
    if digest(from_snapshot(snapshot(instrument))) != known:
        yield "the digest of the snapshot is another"
    if subject.file is not None and digest(load_instrument(subject.file, instrument.functions)) != known:
        yield "the digest is another when the file is read again"
    topics = tuple(evolve(item, topic=f"{item.topic} (mended)") for item in instrument.items)
    if digest(evolve(instrument, items=topics, title="Another title")) != known:
        yield "the digest changes with the topics"
    for changes in _changes(instrument):
        if digest(evolve(instrument, **changes)) == known:
            yield f"the digest does not change with {', '.join(changes)}"


def _changes(instrument: Instrument) -> Iterator[Mapping[str, Any]]:
    yield {"version": f"{instrument.version}.1"}
    first, *rest = instrument.items
    yield {"items": (evolve(first, reverse=not first.reverse), *rest)}
    for scale in instrument.scales[:1]:
        yield {"scales": (evolve(scale, id="another"), *instrument.scales[1:])}
