"""From matched questions to a wording: texts without their numbers, one set of labels a response format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from alliance_core.answers import shown
from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument
from alliance_core.response import Bipolar, Line, ResponseFormat, highest, lowest
from alliance_core.wording.matching import Match
from alliance_core.wording.reading import Wanted
from alliance_core.wording.record import ItemWords, Wording
from alliance_core.wording.text import folded

Labels = dict[Fraction, str]
_NUMBER = re.compile(r"\s*[(\[]?(?:Q\.?\s*)?(\d+)\s*(?:[.)\]:]|\s[-–])\s*(?=\S)", re.IGNORECASE)


def to_wording(
    match: Match, wanted: Wanted, *, title: str = "", instructions: str = "", notice: str = ""
) -> tuple[Wording, list[str]]:
    """The wording that matched questions make, and what was taken for granted.

    Raises:
        WordingError: If a label stands at one value in one question and at another in the next.
    """
    instrument, notes = wanted.instrument, list(_notes(match))
    texts = {name: question.text for name, (question, _) in match.pairs.items()}
    if _numbered(list(texts.values())):
        texts = {name: _NUMBER.sub("", text, count=1) for name, text in texts.items()}
        notes.append("the numbers before the texts were taken off, because a form prints its own")
    items = {}
    for name, (question, _) in match.pairs.items():
        ended = isinstance(instrument.response(instrument.item_by_id[name]), Line | Bipolar)
        items[name] = ItemWords(texts[name], question.poles if ended else None)
    labels: dict[str, Labels] = {}
    faults: list[str] = []
    for name, response in instrument.formats.items():
        if isinstance(response, Bipolar):  # its numbers are its labels
            continue
        try:
            found = _labels(instrument, name, match, notes)
        except WordingError as error:
            faults += error.faults
        else:
            labels |= {name: found} if found else {}
    if faults:
        raise WordingError(*faults)
    wording = Wording(
        instrument=instrument.id,
        version=instrument.version,
        language=wanted.language,
        rater=wanted.rater,
        items=items,
        labels=labels,
        title=title or None,
        instructions=instructions or None,
        notice=notice or None,
    )
    return wording, notes


def _notes(match: Match) -> Iterator[str]:
    if match.section is not None:
        yield f"the part {match.section!r:.60} of the file was taken"
    if match.by == "order":
        first = next(iter(match.pairs.values()))[0].id
        yield f"the items were matched by their order, from {first:.60} on; read the wording through once"
    else:
        yield f"the items were matched by {match.by}"
    for note, count in Counter(fit.note for _, fit in match.pairs.values() if fit.note).items():
        yield f"{count} of {len(match.pairs)} questions: {note}"


def _numbered(texts: list[str]) -> bool:
    """Whether the texts begin with ascending numbers, one by one."""
    found = [_NUMBER.match(text) for text in texts]
    numbers = [int(each[1]) for each in found if each]
    return len(numbers) == len(texts) > 1 and all(b == a + 1 for a, b in pairwise(numbers))


def _labels(instrument: Instrument, format_name: str, match: Match, notes: list[str]) -> Labels:
    """The labels of one response format, as its first question has them; another may not have them at other values."""
    response = instrument.formats[format_name]
    named = {item.id: match.pairs[item.id][1] for item in instrument.items if item.format == format_name}
    with_labels = {name: fit for name, fit in named.items() if fit.labels}
    if not with_labels:
        return {}
    plain = {name: fit for name, fit in with_labels.items() if not instrument.item_by_id[name].reverse}
    first, usual = next((name, fit.labels) for name, fit in (plain or with_labels).items())
    highest(response)
    for name, fit in with_labels.items():
        if _alike(fit.labels, usual):
            continue
        mirrored = _mirrored(fit.labels, response)
        if instrument.item_by_id[name].reverse and fit.by_weight and _alike(mirrored, usual):
            notes.append(f"item {name} has its weights reversed, as it is scored; its labels were taken as answered")
            continue
        difference = _difference(first, usual, name, fit.labels)
        if _permuted(fit.labels, usual):
            turned = f"the scale of item {name} is turned round: " if _alike(mirrored, usual) else ""
            raise WordingError(f"{turned}{difference}; mend the codes of its answers")
        if not _mostly_alike(fit.labels, usual):
            raise WordingError(f"{difference}; see whether the two are items of the same form")
        notes.append(f"{difference}; the latter is used for both")
    return usual


def _alike(one: Labels, other: Labels) -> bool:
    return {value: folded(words) for value, words in one.items()} == {v: folded(w) for v, w in other.items()}


def _mostly_alike(one: Labels, other: Labels) -> bool:
    same = sum(folded(words) == folded(other.get(value, "")) for value, words in one.items())
    return 2 * same >= len(one)


def _mirrored(labels: Labels, response: ResponseFormat) -> Labels:
    top = highest(response)
    return {} if top is None else {lowest(response) + top - value: words for value, words in labels.items()}


def _permuted(labels: Labels, usual: Labels) -> bool:
    """Whether a label stands at another value than elsewhere."""
    home = {folded(words): value for value, words in usual.items()}
    return any(home.get(folded(words), value) != value for value, words in labels.items())


def _difference(first: str, usual: Labels, name: str, labels: Labels) -> str:
    value = next(value for value in usual if folded(usual[value]) != folded(labels.get(value, "")))
    return f"{shown(value)} is {labels.get(value, '')!r:.60} in item {name}, but {usual[value]!r:.60} in item {first}"
