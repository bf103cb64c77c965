"""Holding a wording against its definition: one sentence for each fault, with the mend, and notes on what is odd."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from alliance_core.answers import shown
from alliance_core.instrument import Instrument
from alliance_core.response import Bipolar, Line, Rating, YesNo, label
from alliance_core.wording import polarity
from alliance_core.wording.own_words import LANGUAGE, labels_of
from alliance_core.wording.record import Wording
from alliance_core.wording.text import folded

LONGEST_TEXT, LONGEST_LABEL = 4000, 300


def faults(wording: Wording, instrument: Instrument) -> Iterator[str]:
    """Every way in which a wording does not fit its definition."""
    yield from _head(wording, instrument)
    yield from _items(wording, instrument)
    yield from _labels(wording, instrument)
    yield from _poles(wording, instrument)
    yield from _lengths(wording)


def notes(wording: Wording, instrument: Instrument) -> Iterator[str]:
    """What a person should look at, though it may be meant."""
    seen: dict[str, str] = {}
    for name, words in wording.items.items():
        other = seen.setdefault(folded(words.text), name)
        if other != name and _stem(other) != _stem(name):
            yield f"items {other} and {name} have the same text; see whether a line was copied twice"

    for name, labels in wording.labels.items():
        known = instrument.formats[name]
        given = {folded(text) for text in labels.values()}
        if wording.language.split("-")[0] == LANGUAGE and given.isdisjoint(map(folded, labels_of(known).values())):
            yield (
                f"labels.{name}: {', '.join(labels.values()):.120} are not the answers that the definition knows "
                f"({', '.join(labels_of(known).values()):.120}); see that it is the same form"
            )


def _stem(item: str) -> str:
    return re.sub(r"-\d+$", "", item)


def _head(wording: Wording, instrument: Instrument) -> Iterator[str]:
    if wording.instrument != instrument.id:
        yield f"instrument: this is the wording of {wording.instrument!r:.60}, not of {instrument.id}"
    elif wording.version != instrument.version:
        yield (
            f"version: this is the wording of version {wording.version!r:.40}, but the definition is version "
            f"{instrument.version}; see that the form is the same, then mend the line"
        )
    if wording.rater is not None and wording.rater not in instrument.raters:
        yield f"rater: {instrument.id} is filled in by {' or '.join(instrument.raters)}, not by {wording.rater}"


def _items(wording: Wording, instrument: Instrument) -> Iterator[str]:
    unknown = [name for name in wording.items if name not in instrument.item_by_id]
    for name in unknown:
        ids = ", ".join(instrument.item_by_id) if len(instrument.items) <= 12 else _span(instrument)
        yield f"items.{name:.60}: is not an item of {instrument.id}, whose items are {ids}; take it out or mend its id"
    for item in instrument.items:
        words = wording.items.get(item.id)
        if words is None or not words.text:
            yield f"items.{item.id}: has no text ({item.topic:.60}); write what the form says there"


def _span(instrument: Instrument) -> str:
    return f"{instrument.items[0].id} to {instrument.items[-1].id}"


def _labels(wording: Wording, instrument: Instrument) -> Iterator[str]:
    for name in wording.labels:
        response = instrument.formats.get(name)
        if not isinstance(response, Rating | YesNo):
            known = [n for n, response in instrument.formats.items() if isinstance(response, Rating | YesNo)]
            yield f"labels.{name:.60}: {_no_such(known, 'response format with labels')}"
    for name, response in instrument.formats.items():
        if isinstance(response, Rating | YesNo):
            yield from _one_format(f"labels.{name}", response, wording.labels.get(name, {}))


def _one_format(where: str, response: Rating | YesNo, labels: Mapping[Fraction, str]) -> Iterator[str]:
    given = dict(labels)
    for value in given:
        if value not in response.values:
            yield f"{where}: {shown(value)} is no answer; the answers are {', '.join(map(shown, response.values))}"
    for value in response.values:
        if not given.get(value):
            yield f'{where}: {shown(value)} has no label; write {shown(value)} = "..." under [{where}]'
    known = {value: label(response, value) or "" for value in response.values}
    words = [folded(text) for text in given.values() if text]
    for text in sorted({text for text in words if words.count(text) > 1}):
        yield f"{where}: {text!r:.60} stands for two values; make the labels differ"
    if set(given) == set(known) and all(given.values()):
        yield from polarity.faults(where, given, known)


def _poles(wording: Wording, instrument: Instrument) -> Iterator[str]:
    for name in wording.poles:
        if not isinstance(instrument.formats.get(name), Line | Bipolar):
            known = [n for n, response in instrument.formats.items() if isinstance(response, Line | Bipolar)]
            yield f"poles.{name:.60}: {_no_such(known, 'response format with two ends')}"
    for item in instrument.items:
        words, response = wording.items.get(item.id), instrument.response(item)
        if not isinstance(response, Line | Bipolar):
            if words is not None and words.poles:
                yield f"items.{item.id}: is a {response.kind}, which has no ends; take left and right out"
        elif words is not None and not all((words.poles or wording.poles.get(item.format)) or [""]):
            yield (
                f"items.{item.id}: the words at its two ends are missing; write them with the text, or once for all "
                f'items as [poles.{item.format}] with left = "..." and right = "..."'
            )


def _no_such(known: list[str], what: str) -> str:
    return f"is no {what}; there is {', '.join(known) or 'none'}"


def _lengths(wording: Wording) -> Iterator[str]:
    texts = [(f"items.{name}", words.text, LONGEST_TEXT) for name, words in wording.items.items()]
    texts += [(key, getattr(wording, key) or "", LONGEST_TEXT) for key in ("title", "instructions", "notice")]
    texts += [(f"labels.{n}", text, LONGEST_LABEL) for n, table in wording.labels.items() for text in table.values()]
    for where, text, limit in texts:
        if len(text) > limit:
            yield f"{where}: has {len(text)} characters; at most {limit} are admitted"
