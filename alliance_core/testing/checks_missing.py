"""Checks of what happens where answers are missing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from alliance_core.answers import REASONS, Answer, read_answers, shown
from alliance_core.instrument import Instrument, Scale
from alliance_core.scoring import score, score_scale
from alliance_core.testing.finding import check
from alliance_core.testing.forms import Answers, chance, random_form
from alliance_core.testing.second import expected, needed
from alliance_core.testing.subject import Subject

SMALL = 10
"""A scale of this many items is tried with every pattern of missing answers: about a thousand."""
MOST_PATTERNS = 600


@check()
def missing_rules_have_a_source(subject: Subject) -> Iterator[str]:
    """Every scale says how many answers it needs, and who set that rule.

    If this fails, a reader cannot tell whether a published rule or a habit of this clinic decided that a form counts.
    Write ``project`` as the source of a rule that nobody published.
    """
    for scale in subject.instrument.scales:
        count = len(scale.items)
        if not scale.missing.source.strip():
            yield f"{scale.id}: its missing rule has no source"
        if scale.missing.needed(count) != needed(scale):
            yield f"{scale.id}: its missing rule asks for {scale.missing.needed(count)} answers, not {needed(scale)}"


@check(scores=True)
def missing_answers_count_up_to_the_edge(subject: Subject) -> Iterator[str]:
    """With each pattern of missing answers, a scale has a score as long as its rule admits one, and the right one.

    If this fails, a form with too many blanks gets a number, a form with enough answers gets none, or a blank counts as
    a zero.
    """
    answers = random_form(subject.instrument, chance(2))
    for scale in subject.instrument.scales:
        yield from _first_wrong(subject.instrument, scale, answers)


def _first_wrong(instrument: Instrument, scale: Scale, answers: Answers) -> Iterator[str]:
    for missing in patterns(scale):
        given = answers | {name: Answer(reason="skipped") for name in missing}
        found = score_scale(instrument, scale, given).value
        scorable = len(scale.items) - len(missing) >= needed(scale)
        listed = f"{scale.id} with {', '.join(missing) or 'nothing'} missing"
        if scale.method == "function":
            if found is not None and not scorable:
                yield f"{listed} comes out as {shown(found)}, but its rule asks for {needed(scale)} answers"
                return
            continue
        right = expected(instrument, scale, {name: answer.number for name, answer in given.items()})
        if found != right:
            told = ["not scorable" if value is None else shown(value) for value in (found, right)]
            yield f"{listed} comes out as {told[0]}, but should be {told[1]}"
            return


def patterns(scale: Scale) -> Iterator[tuple[str, ...]]:
    """Which items are missing: every way for a small scale; else neighbours and items far apart, to beyond the edge."""
    count = len(scale.items)
    if count <= SMALL:
        for size in range(count + 1):
            yield from combinations(scale.items, size)
        return
    most = min(count, count - needed(scale) + 1)
    every = max(1, most * count * 2 // MOST_PATTERNS)  # a part of them, so that a long scale takes no minute
    for size in range(most + 1):
        for stride in (1, max(2, count // max(size, 1))):
            for start in range(size % every, count, every):
                yield tuple(sorted({scale.items[(start + stride * turn) % count] for turn in range(size)}))


@check(scores=True)
def every_reason_for_a_missing_answer_counts_alike(subject: Subject) -> Iterator[str]:
    """Skipped, declined, not asked and lost all mean that there is no answer, and give the same score.

    If this fails, the reason that somebody noted changes a number.
    """
    instrument = subject.instrument
    complete = random_form(instrument, chance(3))
    for item in instrument.items:
        found = [score(instrument, complete | {item.id: reason}).by_scale for reason in (*REASONS, None)]
        if any(each != found[0] for each in found):
            yield f"the reason why item {item.id} is missing changes a score"


@check(scores=True)
def a_blank_form_has_no_score(subject: Subject) -> Iterator[str]:
    """A form without any answer has no score at all, and every scale says why.

    If this fails, a form that nobody filled in shows up in a report as a number.
    """
    instrument = subject.instrument
    answers = read_answers(instrument, {})
    for scale in instrument.scales:
        found = score_scale(instrument, scale, answers)
        if found.value is not None:
            yield f"{scale.id} of a blank form comes out as {shown(found.value)}"
        elif not found.note:
            yield f"{scale.id} of a blank form does not say why it has no score"
