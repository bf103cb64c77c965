"""Checks of the rules that speak: thresholds and safety items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from alliance_core.answers import shown
from alliance_core.instrument import PROJECT, PUBLISHED, Instrument, SafetyItem, Threshold
from alliance_core.scoring import score
from alliance_core.signals import Signal, find_signals
from alliance_core.testing import edges
from alliance_core.testing.finding import check
from alliance_core.testing.forms import Answers, chance, form, random_values, values_of
from alliance_core.testing.subject import Subject

TRIES = 5


def signals(
    instrument: Instrument, answers: Answers, rater: str | None = None, age: int | None = None
) -> tuple[Signal, ...]:
    """What the rules of an instrument say of a form."""
    return find_signals(instrument, answers, score(instrument, answers), rater=rater, age=age)


def speaks(rule: Threshold | SafetyItem, found: tuple[Signal, ...]) -> bool:
    """Whether a rule is among the signals, and not only by a disputed operator."""
    return any(signal.rule == rule and not signal.disputed for signal in found)


@check(scores=True)
def thresholds_hold_on_the_right_side(subject: Subject) -> Iterator[str]:
    """Just below its cut-off, exactly at it and just above it, each threshold speaks as its operator says.

    If this fails, a score of exactly the cut-off is taken for being beyond it, or a score beyond it goes unnoticed.
    """
    instrument, by = subject.instrument, chance(4)
    for threshold in instrument.thresholds:
        rater, age = next(iter(threshold.raters), None), edges.age_within(threshold)
        for point in edges.around(instrument, threshold):
            values = edges.form_at(instrument, threshold, point, by)
            if values is None:
                continue
            found = speaks(threshold, signals(instrument, form(instrument, values), rater, age))
            if found != _should_speak(instrument, threshold, point, values):
                rule = f"{threshold.operator} {shown(threshold.value)}"
                yield f"threshold {threshold.id} {'speaks' if found else 'is silent'} at {shown(point)}, against {rule}"


def _should_speak(
    instrument: Instrument, threshold: Threshold, point: Fraction, values: Mapping[str, Fraction]
) -> bool:
    seen = list(values.values()) if threshold.any_item else [point]
    return any(edges.meets(threshold.operator, value, threshold.value) for value in seen)


@check(scores=True)
def thresholds_speak_only_of_whom_they_are_for(subject: Subject) -> Iterator[str]:
    """A threshold for some raters or an age band says nothing of other raters, other ages, or an age that is not known.

    If this fails, an adult is held against a cut-off for children, or a therapist's form against one for clients.
    """
    instrument, by = subject.instrument, chance(5)
    for threshold in instrument.thresholds:
        within = edges.age_within(threshold)
        others: list[tuple[str | None, int | None]] = [
            (rater, within) for rater in instrument.raters if threshold.raters and rater not in threshold.raters
        ]
        if threshold.ages is not None:
            mine = next(iter(threshold.raters), None)
            others += [(mine, None), (mine, edges.age_outside(threshold))]
        for point in edges.around(instrument, threshold):
            values = edges.form_at(instrument, threshold, point, by)
            for rater, age in others:
                if values and speaks(threshold, signals(instrument, form(instrument, values), rater, age)):
                    yield f"threshold {threshold.id} speaks of a {rater or 'person'} aged {age}, for whom it is not"


@check(scores=True)
def rules_keep_silent_on_missing_answers(subject: Subject) -> Iterator[str]:
    """On a blank form no threshold and no safety item says anything.

    If this fails, an answer that nobody gave is taken for one.
    """
    blank = form(subject.instrument, {})
    for signal in signals(subject.instrument, blank):
        yield f"a rule speaks on a blank form: {signal.what}"


@check()
def thresholds_have_a_source_and_say_how_sure_it_is(subject: Subject) -> Iterator[str]:
    """Every threshold names its source and how sure that is, and no rule of the project itself is called published.

    If this fails, a rule of thumb of ours would be shown to a clinician as if research stood behind it.
    """
    for threshold in subject.instrument.thresholds:
        if not threshold.source.strip():
            yield f"threshold {threshold.id} has no source"
        if threshold.source == PROJECT and threshold.confidence in PUBLISHED:
            yield (
                f"threshold {threshold.id} is the project's own, but its confidence {threshold.confidence} would show "
                'it as published; write confidence = "M"'
            )


@check(scores=True)
def safety_items_speak_at_their_answer(subject: Subject) -> Iterator[str]:
    """Each safety item speaks for exactly the answers that it names, whatever the score is.

    If this fails, an answer that asks for a person's attention goes by unseen.
    """
    instrument, by = subject.instrument, chance(6)
    for safety in instrument.safety:
        for value in values_of(instrument.response(instrument.item_by_id[safety.item])):
            for _ in range(TRIES):
                values = random_values(instrument, by) | {safety.item: value}
                found = speaks(safety, signals(instrument, form(instrument, values)))
                if found != edges.meets(safety.operator, value, safety.value):
                    yield f"the safety item {safety.item} {'speaks' if found else 'is silent'} at {shown(value)}"
                    break
