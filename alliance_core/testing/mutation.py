"""The proof by mutation: examples that would come out all the same with a mistake in the key prove nothing of it.

Each mistake that `alliance_core.testing.mutants` makes is held against the examples' stated scores and thresholds. One
that no example notices, and that loading the file would not refuse either, could stand in the file now.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from attrs import evolve, frozen

from alliance_core.answers import Answer, read_answers
from alliance_core.definition.checks import faults
from alliance_core.definition.proof import agrees
from alliance_core.errors import AllianceError
from alliance_core.instrument import Example, Instrument, Scale, Threshold
from alliance_core.scoring import Scores, in_form_order, score, score_scale
from alliance_core.signals import find_signals
from alliance_core.testing.mutants import KINDS, Kind, Mutant, mutants


@frozen
class Worked:
    """An example with its answers read and its scores computed."""

    example: Example
    answers: Mapping[str, Answer]
    scores: Scores


@frozen
class Missed:
    """What became of the mistakes.

    Attributes:
        tried: How many mistakes of each kind were made.
        by_kind: Those of each kind that no example notices.
    """

    tried: Mapping[Kind, int]
    by_kind: Mapping[Kind, tuple[Mutant, ...]]

    @property
    def all(self) -> tuple[Mutant, ...]:
        """Those of all kinds."""
        return tuple(mutant for each in self.by_kind.values() for mutant in each)


class Proof:
    """What some examples notice.

    Args:
        instrument: The sound definition.
        examples: The examples; those of the definition if None.
    """

    def __init__(self, instrument: Instrument, examples: Sequence[Example] | None = None) -> None:
        self._instrument = instrument
        self._worked = [_work(instrument, each) for each in (instrument.examples if examples is None else examples)]
        self._known: dict[Hashable, bool] = {}
        self._signatures = {item.id: self._signature(item.id) for item in instrument.items}

    def notices(self, mutant: Mutant) -> bool:
        """Whether an example would not come out if this mistake were in the key."""
        key = self._key(mutant)
        if key is None:
            return self._notices(mutant)
        if key not in self._known:
            self._known[key] = self._notices(mutant)
        return self._known[key]

    def _signature(self, name: str) -> Hashable:
        """All that the examples know of an item: two items alike in this are alike in every mistake."""
        item = self._instrument.item_by_id[name]
        numbers = [worked.answers[name].number for worked in self._worked]
        return tuple(None if number is None else self._instrument.keyed(item, number) for number in numbers)

    def _key(self, mutant: Mutant) -> Hashable:
        if not mutant.places or any(scale.method == "function" for scale in mutant.scales.values()):
            return None
        return mutant.kind, tuple((self._signatures[item], scale) for item, scale in mutant.places)

    def _notices(self, mutant: Mutant) -> bool:
        if mutant.threshold is not None:
            return any(self._crosses_otherwise(worked, mutant.threshold) for worked in self._worked)
        instrument = self._instrument if mutant.item is None else mutant.of(self._instrument)
        return any(
            _comes_out_otherwise(instrument, scale, worked)
            for worked in self._worked
            for scale in mutant.scales.values()
        )

    def _crosses_otherwise(self, worked: Worked, threshold: Threshold) -> bool:
        stated = worked.example.crosses
        return stated is not None and (threshold.id in stated) != _crosses(self._instrument, worked, threshold)


def _work(instrument: Instrument, example: Example) -> Worked:
    answers = read_answers(instrument, in_form_order(instrument, example.answers))
    return Worked(example, answers, score(instrument, answers))


def _comes_out_otherwise(instrument: Instrument, scale: Scale, worked: Worked) -> bool:
    try:
        return not agrees(worked.example.scores.get(scale.id), score_scale(instrument, scale, worked.answers))
    except AllianceError:
        return True


def _crosses(instrument: Instrument, worked: Worked, threshold: Threshold) -> bool:
    alone = evolve(instrument, thresholds=(threshold,), safety=())
    rater, age = worked.example.rater, worked.example.age
    found = find_signals(alone, worked.answers, worked.scores, rater=rater, age=age)
    return any(not signal.disputed for signal in found)


def find_missed(instrument: Instrument, examples: Sequence[Example] | None = None) -> Missed:
    """The mistakes that no example notices and that loading would not refuse.

    Args:
        instrument: A sound definition.
        examples: The examples; those of the definition if None.
    """
    proof = Proof(instrument, examples)
    tried: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    missed: dict[Kind, list[Mutant]] = {kind: [] for kind in KINDS}
    for mutant in mutants(instrument):
        tried[mutant.kind] += 1
        if not proof.notices(mutant) and not any(faults(mutant.of(instrument))):
            missed[mutant.kind].append(mutant)
    return Missed(tried, {kind: tuple(each) for kind, each in missed.items()})


def suggest_examples(instrument: Instrument, *, afresh: bool = False) -> tuple[Example, ...]:
    """A few more examples, with computed scores, that notice every mistake that the definition's own do not.

    Work each out by hand from the source before you write it into the file: by a wrong key it proves that key.

    Args:
        instrument: A sound definition.
        afresh: Leave the definition's own examples aside, to see how few suffice.
    """
    from alliance_core.testing.suggestion import examples_for

    missed = find_missed(instrument, () if afresh else None)
    return examples_for(instrument, missed.all)
