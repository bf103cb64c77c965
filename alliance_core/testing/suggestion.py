"""Finding a few examples that notice given mistakes, and writing them as the definition file has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from attrs import evolve

from alliance_core.answers import Answer, read_answers, shown
from alliance_core.definition.proof import NOT_SCORABLE
from alliance_core.instrument import Example, Instrument, Scale, Threshold
from alliance_core.response import YesNo
from alliance_core.scoring import score
from alliance_core.signals import find_signals
from alliance_core.testing import edges
from alliance_core.testing.forms import Answers, chance, form, random_values, values_of
from alliance_core.testing.mutants import Mutant
from alliance_core.testing.mutation import Proof

MOST_ROUNDS, MOST_TRIES, TRIED = 24, 60, 12


def examples_for(instrument: Instrument, missed: Sequence[Mutant]) -> tuple[Example, ...]:
    """Examples that notice these mistakes, as few as a greedy search finds. Mistakes that none notices are left."""
    by, left, chosen = chance(7), list(missed), []
    for _ in range(MOST_ROUNDS):
        best = _best(instrument, left, by)
        if best is None:
            break
        example, left = best
        chosen.append(example)
        if not left:
            break
    return tuple(chosen)


def _best(instrument: Instrument, left: list[Mutant], by: Random) -> tuple[Example, list[Mutant]] | None:
    """The candidate that leaves the fewest mistakes. Looks longer only while none has helped at all."""
    best: tuple[Example, list[Mutant]] | None = None
    for turn in range(MOST_TRIES if left else 0):
        if turn >= TRIED and best is not None:
            break
        example = _candidate(instrument, by.choice(left), by)
        if example is not None:
            proof = Proof(instrument, [example])
            rest = [mutant for mutant in left if not proof.notices(mutant)]
            if len(rest) < len(left if best is None else best[1]):
                best = example, rest
    return best


def _candidate(instrument: Instrument, target: Mutant, by: Random) -> Example | None:
    """An example that is likely to notice a mistake, and many others with it."""
    if target.threshold is not None:
        sound = next(each for each in instrument.thresholds if each.id == target.threshold.id)
        point = by.choice([*edges.around(instrument, sound), *edges.around(instrument, target.threshold)])
        values = edges.form_at(instrument, sound, point, by)
        return None if values is None else make_example(instrument, form(instrument, values), sound)
    values = _levels(instrument, by) if by.random() < 0.7 else random_values(instrument, by)
    answers = form(instrument, values)
    if target.kind == "missing rules" or by.random() < 0.1:
        wanted = [scale for scale in instrument.scales if scale.id in target.scales]
        for name in _blanks(instrument, wanted, by):
            answers[name] = Answer(reason="skipped")
    return make_example(instrument, answers)


def _levels(instrument: Instrument, by: Random) -> dict[str, Fraction]:
    """Answers that lie on another level in each scale, so that an item in the wrong scale stands out."""
    values = random_values(instrument, by)
    small = sorted(instrument.scales, key=lambda scale: len(scale.items), reverse=True)
    for place, scale in enumerate(small):
        for name in scale.items:
            options = values_of(instrument.response(instrument.item_by_id[name]))
            level = (place + by.choice((0, 1))) % len(options) if len(options) > 2 else by.randrange(len(options))
            step = max(len(options) // (len(small) + 2), 1)
            values[name] = options[min(level * step, len(options) - 1)]
            if instrument.item_by_id[name].reverse:
                values[name] = instrument.keyed(instrument.item_by_id[name], values[name])
    return values


def _blanks(instrument: Instrument, wanted: Sequence[Scale], by: Random) -> set[str]:
    """Items to leave blank, so that each scale lies just within its rule or just beyond it; the wanted ones exactly."""
    blanks: set[str] = set()
    others = [scale for scale in instrument.scales if scale not in wanted]
    by.shuffle(others)
    for scale in [*others, *wanted]:  # the wanted one last, so that its number stands
        allowed = len(scale.items) - scale.missing.needed(len(scale.items))
        size = min(allowed + by.choice((0, 1)), len(scale.items))
        inside = [name for name in scale.items if name in blanks]
        free = [name for name in scale.items if name not in blanks]
        if scale in wanted:
            blanks.difference_update(by.sample(inside, max(len(inside) - size, 0)))
        blanks.update(by.sample(free, min(max(size - len(inside), 0), len(free))))
    return blanks


def make_example(instrument: Instrument, answers: Answers, speaking: Threshold | None = None) -> Example:
    """An example of these answers, with the scores that the definition gives them."""
    read = read_answers(instrument, answers)
    scores = score(instrument, read)
    stated = {
        name: NOT_SCORABLE if found.value is None else Decimal(shown(found.value)) for name, found in scores.items()
    }
    example = Example(tuple(_raw(instrument, name, answer) for name, answer in answers.items()), stated)
    if not instrument.thresholds:
        return example
    rater = next(iter(speaking.raters), None) if speaking is not None else None
    age = edges.age_within(speaking) if speaking is not None else None
    found = find_signals(instrument, read, scores, rater=rater, age=age)
    met = {signal.rule.id for signal in found if isinstance(signal.rule, Threshold) and not signal.disputed}
    crosses = tuple(threshold.id for threshold in instrument.thresholds if threshold.id in met)
    return evolve(example, crosses=crosses, rater=rater, age=age)


def _raw(instrument: Instrument, name: str, answer: Answer) -> Any:
    if answer.number is not None and isinstance(instrument.response(instrument.item_by_id[name]), YesNo):
        return "yes" if answer.value else "no"
    if isinstance(answer.value, Fraction):
        return int(answer.value) if answer.value.denominator == 1 else Decimal(shown(answer.value))
    return answer.reason if answer.value is None else answer.value


def as_toml(example: Example) -> str:
    """An example as the definition file has it."""
    lines = [
        "[[examples]]",
        f"answers = [{', '.join(map(_cell, example.answers))}]",
        f"scores = {_table(example.scores)}",
    ]
    if example.crosses is not None:
        lines.append(f"crosses = [{', '.join(map(_cell, example.crosses))}]")
    for key, value in (("rater", example.rater), ("age", example.age)):
        if value is not None:
            lines.append(f"{key} = {_cell(value)}")
    return "\n".join(lines)


def _table(scores: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {_cell(value)}" for name, value in scores.items()) + " }"


def _cell(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
