"""Checks of the proof: whether the examples are there, come out, and would notice a mistake in the key."""

from __future__ import annotations

from collections.abc import Iterator

from alliance_core.answers import REASONS
from alliance_core.definition import proof
from alliance_core.definition.checks import faults
from alliance_core.testing.finding import check
from alliance_core.testing.mutants import Kind
from alliance_core.testing.subject import Subject

MOST_NAMED = 8


@check(scores=True)
def definition_is_sound(subject: Subject) -> Iterator[str]:
    """The parts of the definition agree with each other, and every example comes out as stated.

    If this fails, the file contradicts itself: either the key or an example is wrong. Work the example out by hand.
    """
    yield from faults(subject.instrument)
    yield from proof.faults(subject.instrument)


@check()
def examples_are_enough(subject: Subject) -> Iterator[str]:
    """There are two worked examples or more, and one of them has a missing answer.

    If this fails, nothing shows that the key is right, or what becomes of a form with a blank.
    """
    instrument = subject.instrument
    if not instrument.scales and not instrument.thresholds:
        return
    if len(instrument.examples) < 2:
        yield f"there {_are(len(instrument.examples))}; write at least two, worked out by hand or from the source"
    missing = [each for each in instrument.examples if any(_is_reason(answer) for answer in each.answers)]
    if instrument.scales and not missing:
        yield 'no example has a missing answer; write one, with "skipped" in place of an answer'


def _are(count: int) -> str:
    return "is one example" if count == 1 else "are no examples"


def _is_reason(answer: object) -> bool:
    return isinstance(answer, str) and answer in REASONS


@check(scores=True)
def examples_notice_a_wrong_reverse_key(subject: Subject) -> Iterator[str]:
    """If any one item were reversed that is not, or not reversed that is, some example would come out differently.

    If this fails, that mistake could stand in the file now and nobody would see it. The commonest bug of the field is a
    reverse key that is off by one: write an example in which the items named here are not answered in the middle.
    """
    yield from _missed(subject, "reverse keys")


@check(scores=True)
def examples_notice_an_item_in_another_scale(subject: Subject) -> Iterator[str]:
    """If any one item stood in another scale than its own, some example would come out differently.

    If this fails, a slip in a list of items could stand in the file now. Write an example in which the scales differ.
    """
    yield from _missed(subject, "items in another scale")


@check(scores=True)
def examples_notice_an_item_left_out(subject: Subject) -> Iterator[str]:
    """If any one item were missing from one of its scales, some example would come out differently.

    If this fails, an item could be forgotten and nobody would see it. Write an example in which the items named here
    are not answered with the mean of their scale, nor with 0.
    """
    yield from _missed(subject, "items left out")


@check(scores=True)
def examples_notice_exchanged_items(subject: Subject) -> Iterator[str]:
    """If any two items of two scales changed places, some example would come out differently.

    If this fails, the two items are answered alike in every example. Write one in which they are not.
    """
    yield from _missed(subject, "exchanged items")


@check(scores=True)
def examples_notice_a_shifted_threshold(subject: Subject) -> Iterator[str]:
    """If any threshold were one step higher or lower, some example would cross another set of thresholds.

    If this fails, a cut-off could be mistyped. Write one example exactly at it and one a step beyond, with crosses.
    """
    yield from _missed(subject, "shifted thresholds")


@check(scores=True)
def examples_notice_another_operator(subject: Subject) -> Iterator[str]:
    """If any threshold had another operator, some example would cross another set of thresholds.

    If this fails, "below" and "at or below" could be confused. Write an example exactly at the cut-off, with crosses.
    """
    yield from _missed(subject, "other operators")


@check(scores=True)
def examples_notice_another_missing_rule(subject: Subject) -> Iterator[str]:
    """If any scale allowed one missing answer more, or one fewer, some example would come out differently.

    If this fails, the rule could be off by one. Write one example with as many missing answers as the rule allows, and
    one with one more.
    """
    yield from _missed(subject, "missing rules")


def _missed(subject: Subject, kind: Kind) -> Iterator[str]:
    mutants = subject.missed.by_kind[kind]
    for mutant in mutants[:MOST_NAMED]:
        yield f"no example would notice it if {mutant.says}"
    if len(mutants) > MOST_NAMED:
        yield f"and so with {len(mutants) - MOST_NAMED} more of {subject.missed.tried[kind]} mistakes of this kind"
    if mutants:
        yield from _suggested(subject, kind)


def _suggested(subject: Subject, kind: Kind) -> Iterator[str]:
    from alliance_core.testing.suggestion import as_toml, examples_for

    mutants = subject.missed.by_kind[kind]
    for example in examples_for(subject.instrument, mutants)[:1]:
        text = as_toml(example)
        yield f"an example that would notice it, with scores computed by this key; work it out by hand first:\n{text}"
