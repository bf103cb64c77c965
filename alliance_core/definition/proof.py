"""Computing a definition's own examples: a key that does not reproduce them is refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from alliance_core.answers import number, read_answers, shown
from alliance_core.errors import AllianceError
from alliance_core.instrument import Example, Instrument
from alliance_core.scoring import Score, in_form_order, score
from alliance_core.signals import find_signals

NOT_SCORABLE = "not scorable"


def faults(instrument: Instrument) -> Iterator[str]:
    """One sentence for each thing that an example states and the definition does not yield."""
    if instrument.scales and not instrument.examples:
        yield "examples: there are none; add [[examples]] with answers and the scores that they must give"
    for position, example in enumerate(instrument.examples, start=1):
        where = f"examples, number {position}"
        try:
            yield from (f"{where}: {fault}" for fault in _compare(instrument, example))
        except AllianceError as error:
            yield from (f"{where}: {fault}" for fault in error.faults)


def _compare(instrument: Instrument, example: Example) -> Iterator[str]:
    scores = score(instrument, example.answers)
    for scale in example.scores:
        if scale not in scores:
            yield f"{scale!r} is not a scale; state scores of {', '.join(scores) or 'the scales'}"
    for scale, computed in scores.items():
        stated = example.scores.get(scale)
        if stated is None:
            yield f"the score of {scale} is not stated; it comes out as {_said(computed)}"
        elif not agrees(stated, computed):
            yield f"{scale} is stated as {stated} but comes out as {_said(computed)}; mend the key or the example"
    if example.crosses is not None:
        answers = read_answers(instrument, in_form_order(instrument, example.answers))
        signals = find_signals(instrument, answers, scores, rater=example.rater, age=example.age)
        met = [found.rule for found in signals if not found.disputed]
        crossed = {rule.id for rule in met if hasattr(rule, "id")}
        if crossed != set(example.crosses):
            listed = ", ".join(sorted(crossed)) or "none"
            yield f"the thresholds met are stated as {', '.join(example.crosses) or 'none'} but are {listed}"


def agrees(stated: Any, computed: Score) -> bool:
    """Whether a score is as stated, to as many decimals as the statement has."""
    if stated == NOT_SCORABLE or computed.value is None:
        return stated == NOT_SCORABLE and computed.value is None
    value = number(stated)
    if value is None:
        return False
    places = max(-int(stated.as_tuple().exponent), 0) if isinstance(stated, Decimal) else 0
    return abs(value - computed.value) <= (Fraction(1, 2 * 10**places) if places else 0)


def _said(computed: Score) -> str:
    return NOT_SCORABLE if computed.value is None else shown(computed.value)
