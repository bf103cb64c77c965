"""The score of an example worked out in words, so that an author sees each step beside the paper form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from alliance_core.answers import Answer, read_answers, shown
from alliance_core.instrument import Example, Instrument, Item, Scale
from alliance_core.response import highest, lowest
from alliance_core.scoring import Score, in_form_order, score_scale
from alliance_core.signals import find_signals


def worked(instrument: Instrument, example: Example) -> Iterator[str]:
    """One sentence for each scale, and one for the thresholds.

    Raises:
        AnswerError: If an answer of the example is not admitted.
    """
    answers = read_answers(instrument, in_form_order(instrument, example.answers))
    scores = {}
    for scale in instrument.scales:
        if scale.method == "function":
            yield f"{scale.id}: computed by the function {scale.function}, which only the plugin has"
            continue
        scores[scale.id] = score_scale(instrument, scale, answers)
        yield _sentence(instrument, scale, answers, scores[scale.id], example.scores.get(scale.id))
    if instrument.thresholds and len(scores) == len(instrument.scales):
        signals = find_signals(instrument, answers, scores, rater=example.rater, age=example.age)
        met = [f"{getattr(found.rule, 'id', 'safety')} ({found.what})" for found in signals if not found.disputed]
        yield f"thresholds and safety items met: {', '.join(met) or 'none'}"


def _sentence(instrument: Instrument, scale: Scale, answers: Mapping[str, Answer], found: Score, stated: object) -> str:
    result = f"{scale.id}: {_how(instrument, scale, answers, found)}"
    return f"{result}; the file says nothing of it" if stated is None else f"{result}; the file says {stated}"


def _how(instrument: Instrument, scale: Scale, answers: Mapping[str, Answer], found: Score) -> str:
    if found.value is None:
        return found.note
    items = [instrument.item_by_id[name] for name in scale.items if answers[name].number is not None]
    if scale.method in ("any", "count"):
        return _counted(instrument, scale, items, answers, found)
    terms = " + ".join(_term(instrument, item, _number(answers, item)) for item in items)
    total = sum((instrument.keyed(item, _number(answers, item)) for item in items), Fraction(0))
    said = f"{terms} = {shown(total)}"
    if scale.method == "mean":
        said += f"; divided by {len(items)} = {shown(found.value)}"
    elif scale.factor != 1 or found.prorated:
        said += f"; {_scaled(scale, found)} = {shown(found.value)}"
    return f"{said} ({found.note})" if found.note else said


def _scaled(scale: Scale, found: Score) -> str:
    steps = [f"times {shown(scale.factor)}"] if scale.factor != 1 else []
    if found.prorated:
        steps.append(f"divided by {found.answered} answered, times {found.items} items")
    return ", ".join(steps)


def _number(answers: Mapping[str, Answer], item: Item) -> Fraction:
    return answers[item.id].number or Fraction(0)


def _term(instrument: Instrument, item: Item, value: Fraction) -> str:
    if not item.reverse:
        return f"({shown(value)})" if value < 0 else shown(value)
    response = instrument.response(item)
    ends = lowest(response) + (highest(response) or Fraction(0))
    return f"({shown(ends)} − {shown(value)}, item {item.id} reversed)"


def _counted(
    instrument: Instrument, scale: Scale, items: list[Item], answers: Mapping[str, Answer], found: Score
) -> str:
    counting = [item.id for item in items if instrument.keyed(item, _number(answers, item)) >= scale.at_least]
    which = f"items at {shown(scale.at_least)} or more: {', '.join(counting) or 'none'}"
    return f"{which}; so {shown(found.value or Fraction(0))}"
