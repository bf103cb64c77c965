"""Scores that no definition file can declare: the T score of Goal Attainment Scaling, and both of PSYCHLOPS."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isqrt
from pathlib import Path

from alliance_core import Instrument, hookimpl, load_instrument

Values = Mapping[str, Fraction | None]
GOALS = 6
RHO = Fraction(3, 10)
"""How goals of one person are taken to correlate: Kiresuk and Sherman's assumption, the same for everybody."""
MILLIONTHS = 10**6


def t_score(values: Values) -> Fraction | None:
    """The T score of the goals that are rated: 50 where they came out as expected.

    A goal that is not rated is dropped with its weight; it is not 0, which means "as expected". Where no rated goal has
    a weight all weigh alike; where some have one and others not, there is no score.
    """
    goals = [(values[f"attainment-{number}"], values[f"weight-{number}"]) for number in range(1, GOALS + 1)]
    rated = [(level, weight) for level, weight in goals if level is not None]
    if all(weight is None for _, weight in rated):
        rated = [(level, Fraction(1)) for level, _ in rated]
    weighed = [(level, weight) for level, weight in rated if weight is not None]
    if len(weighed) < len(rated):
        return None
    whole = sum((weight for _, weight in weighed), Fraction(0))
    spread = (1 - RHO) * sum(weight**2 for _, weight in weighed) + RHO * whole**2
    if spread == 0:
        return None
    attained = sum((level * weight for level, weight in weighed), Fraction(0))
    distance = square_root(100 * attained**2 / spread)
    return 50 + distance if attained > 0 else 50 - distance


def square_root(value: Fraction) -> Fraction:
    """The square root to the nearest millionth, the same on every machine."""
    twice = isqrt(4 * MILLIONTHS**2 * value.numerator // value.denominator)
    return Fraction((twice + 1) // 2, MILLIONTHS)


def psychlops_total(values: Values) -> Fraction | None:
    """The total of the current PSYCHLOPS, at most 20: where there is no second problem the first counts twice."""
    answers = _psychlops(values)
    if answers is None:
        return None
    first, second, function, wellbeing = answers
    return first + second + function + wellbeing


def psychlops_older_total(values: Values) -> Fraction | None:
    """The total of the older PSYCHLOPS, at most 18: three domains, the two problems averaged into one."""
    answers = _psychlops(values)
    if answers is None:
        return None
    first, second, function, wellbeing = answers
    return (first + second) / 2 + function + wellbeing


def _psychlops(values: Values) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """The four scored answers, the first problem standing for a second that is missing; None if another is missing."""
    first, second, function, wellbeing = (values[item] for item in ("1b", "2b", "3b", "4"))
    if [first, second, function, wellbeing].count(None) > 1:
        msg = "the missing rule admits one missing answer, so more cannot be scored"
        raise ValueError(msg)
    if first is None or function is None or wellbeing is None:
        return None
    return first, first if second is None else second, function, wellbeing


@hookimpl
def alliance_instruments() -> list[Instrument]:
    """The three measures whose scores are functions; the goal sheet is data alone."""
    folder = Path(__file__).parent
    functions = {"t_score": t_score, "psychlops_total": psychlops_total, "psychlops_older_total": psychlops_older_total}
    return [load_instrument(folder / f"{id}.toml", functions) for id in ("gas", "psychlops", "psychlops-older")]
