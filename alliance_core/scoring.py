"""Scoring one form. Pure and exact: fractions in, fractions out, no input or output, no state.

Sums and means of keyed values, prorated only where the scale's missing rule admits it. The rule for prorating is the
usual one: the mean of the answered items stands for the missing ones, so a prorated sum is the number of items times
that mean. A total is prorated from all answered items, never from prorated subscales.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from alliance_core.answers import Answer, quoted, read_answers
from alliance_core.errors import AnswerError, PluginError
from alliance_core.instrument import Instrument, Scale

NO_SCORE = "not scorable: the scoring function gives no score for these answers"


@frozen
class Score:
    """One scale's value for one form, or the reason there is none.

    Attributes:
        scale: The id of the scale.
        value: The exact score, or None where it is not scorable.
        answered: How many of the scale's items were answered.
        items: How many items the scale has.
        note: Empty for a plain score; else that it was prorated, or why it is not scorable.
    """

    scale: str
    value: Fraction | None
    answered: int
    items: int
    note: str = ""

    @property
    def prorated(self) -> bool:
        """Whether the score stands on fewer answers than the scale has items."""
        return self.value is not None and self.answered < self.items


@frozen
class Scores(Mapping[str, Score]):
    """The scores of one form, by scale id, in the order of the definition."""

    by_scale: Mapping[str, Score]

    def __getitem__(self, scale: str) -> Score:
        """The score of one scale."""
        return self.by_scale[scale]

    def __iter__(self) -> Iterator[str]:
        """The ids of the scales."""
        return iter(self.by_scale)

    def __len__(self) -> int:
        """How many scales there are."""
        return len(self.by_scale)


def score(instrument: Instrument, answers: Mapping[Any, Any] | Sequence[Any]) -> Scores:
    """Score one form.

    Args:
        instrument: What was filled in.
        answers: Item id to answer, or all answers in form order. None and the four reasons are missing answers.

    Raises:
        AnswerError: If an answer is not admitted by its item.
        PluginError: If a scale's function is not supplied, fails, or gives what is no score.
    """
    named = in_form_order(instrument, answers) if isinstance(answers, Sequence) else answers
    read = read_answers(instrument, named)
    return Scores({scale.id: score_scale(instrument, scale, read) for scale in instrument.scales})


def in_form_order(instrument: Instrument, answers: Sequence[Any]) -> Mapping[str, Any]:
    """Answers given in form order, by the ids of their items.

    Raises:
        AnswerError: If there are not as many answers as items.
    """
    if isinstance(answers, str):
        raise AnswerError(f"{quoted(answers)} is text; give a list of answers, or a mapping from item to answer")
    if len(answers) != len(instrument.items):
        msg = f"{len(answers)} answers were given, but {instrument.id} has {len(instrument.items)} items"
        raise AnswerError(msg)
    return {item.id: answer for item, answer in zip(instrument.items, answers, strict=True)}


def score_scale(instrument: Instrument, scale: Scale, answers: Mapping[str, Answer]) -> Score:
    """Score one scale from checked answers; see `score`."""
    values = {name: answers[name].number for name in scale.items}
    if scale.method == "function":
        return function_score(instrument, scale, values)
    by_id = instrument.item_by_id
    keyed = [instrument.keyed(by_id[name], value) for name, value in values.items() if value is not None]
    if scale.method in ("any", "count"):
        keyed = [Fraction(value >= scale.at_least) for value in keyed]
    return tally_score(scale, sum(keyed, Fraction(0)), len(keyed))


def tally_score(scale: Scale, total: Fraction, answered: int) -> Score:
    """The score that follows from how many items were answered and what their keyed answers add up to.

    Args:
        scale: Any scale but one with a function.
        total: The sum of the keyed answers; for ``any`` and ``count``, the number of items that count.
        answered: How many items were answered.
    """
    items = len(scale.items)
    if answered < scale.missing.needed(items):
        return Score(scale.id, None, answered, items, not_scorable(scale, answered))
    match scale.method:
        case "mean":
            value = total / answered
        case "any":
            value = Fraction(total > 0)
        case "count":
            value = total
        case _:
            value = total * scale.factor * items / answered
    return Score(scale.id, value, answered, items, "" if answered == items else prorated(scale, answered))


def function_score(instrument: Instrument, scale: Scale, values: Mapping[str, Fraction | None]) -> Score:
    """The score that a plugin's pure function makes of the values as answered. Raises as `call_function`."""
    answered = sum(value is not None for value in values.values())
    if answered < scale.missing.needed(len(values)):
        return Score(scale.id, None, answered, len(values), not_scorable(scale, answered))
    value = call_function(instrument, scale, values)
    return Score(scale.id, value, answered, len(values), "" if value is not None else NO_SCORE)


def call_function(instrument: Instrument, scale: Scale, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """What a plugin's pure function makes of the values as answered, checked for type and range.

    Raises:
        PluginError: If it is not there, fails, or gives what is no score.
    """
    where = f"{instrument.id}, scale {scale.id}: the scoring function {scale.function}"
    function = instrument.functions.get(scale.function or "")
    if function is None:
        msg = f"{where} is not there; install the plugin that supplies {instrument.id}"
        raise PluginError(msg)
    try:
        value = function(values)
    except Exception as error:
        msg = f"{where} failed ({type(error).__name__}: {error}); nothing was scored"
        raise PluginError(msg) from error
    if value is None:
        return None
    low, high = instrument.range_of(scale)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | Fraction)
        or value < low
        or (high is not None and value > high)
    ):
        msg = f"{where} gave {value!r:.40}, which is no score from {low} to {high}; report this to the plugin's author"
        raise PluginError(msg)
    return Fraction(value)


def not_scorable(scale: Scale, answered: int) -> str:
    """Why a scale with this many answers has no score."""
    items = len(scale.items)
    allowed = items - scale.missing.needed(items)
    return f"not scorable: {items - answered} of {items} missing, the rule allows {allowed}"


def prorated(scale: Scale, answered: int) -> str:
    """That a score stands on fewer answers than the scale has items."""
    return f"prorated: {answered} of {len(scale.items)} answered"
