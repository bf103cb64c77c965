"""The order of labels: whether the words beside the options go the way that their values go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise

from alliance_core.answers import shown
from alliance_core.testing.vocabulary import FAMILIES, steps

Labels = Mapping[Fraction, str]
Ranks = dict[Fraction, int]


def label_order_findings(labels: Labels, reference: Labels) -> list[str]:
    """What is wrong with the labels of a wording, held against those of the definition; one sentence a fault.

    Args:
        labels: Value to label, in the language of the wording.
        reference: Value to label, as the definition has them.
    """
    found = list(_values(labels, reference))
    if found:
        return found
    found = list(_moved(labels, reference)) or list(disorder(labels))
    return found or list(_inverted(labels, reference))


def disorder(labels: Labels) -> Iterator[str]:
    """Neighbouring labels that go against the way of the others. A scale that goes down throughout is in order."""
    known = ranks(labels)
    way = direction(known)
    for (low, first), (high, second) in pairwise(sorted(known.items())):
        if (second - first) * way < 0:
            yield (
                f"the labels are out of order: {labels[low]!r} stands at {shown(low)} and {labels[high]!r} at "
                f"{shown(high)}, but the other labels go the other way; exchange the words or the values"
            )


def ranks(labels: Labels) -> Ranks:
    """The values whose labels are known words, each with its place in the family of words that knows most of them."""
    words = {value: plain_words(label) for value, label in labels.items()}
    found = [{value: family[word] for value, word in words.items() if word in family} for family in _families()]
    return max(found, key=len)


def direction(known: Ranks) -> int:
    """1 where most pairs of labels rise with their values, -1 where most fall, 0 where it cannot be said."""
    pairs = combinations(sorted(known.items()), 2)
    balance = sum((second > first) - (second < first) for (_, first), (_, second) in pairs)
    return (balance > 0) - (balance < 0)


def plain_words(label: str) -> str:
    """A label in small letters, without marks, brackets and doubled blanks."""
    bare = re.sub(r"\([^)]*\)|[^\w\s']", " ", label.casefold().replace("’", "'"))
    return " ".join(bare.split())


@cache
def _families() -> tuple[Mapping[str, int], ...]:
    return tuple(
        {plain_words(word): rank for rank, words in enumerate(steps(family)) for word in words}
        for family in FAMILIES.values()
    )


def _values(labels: Labels, reference: Labels) -> Iterator[str]:
    for value in sorted(set(reference) - set(labels)):
        yield f"there is no label for {shown(value)}, which the definition calls {reference[value]!r}; add it"
    for value in sorted(set(labels) - set(reference)):
        yield f"{labels[value]!r} stands at {shown(value)}, which is no answer of the definition; mend the value"


def _moved(labels: Labels, reference: Labels) -> Iterator[str]:
    """Labels that are the definition's own words, but at another value."""
    home = {plain_words(label): value for value, label in reference.items()}
    for value, label in sorted(labels.items()):
        own = home.get(plain_words(label))
        if own is not None and own != value:
            yield f"{label!r} stands at {shown(value)}, but the definition has it at {shown(own)}; exchange them"


def _inverted(labels: Labels, reference: Labels) -> Iterator[str]:
    ours, theirs = direction(ranks(labels)), direction(ranks(reference))
    if ours * theirs < 0:
        low, high = min(labels), max(labels)
        yield (
            f"the labels turn the scale round: {labels[low]!r} stands at {shown(low)}, where the definition has "
            f"{reference[low]!r}, and {labels[high]!r} at {shown(high)}, where it has {reference[high]!r}; "
            "write them in the other order"
        )
