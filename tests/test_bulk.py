"""Scoring many forms at once: known numbers, and what happens to wrong answers and failing functions.

That it scores like `alliance_core.scoring`, always, is in test_scoring_properties.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from attrs import evolve

from alliance_core import AnswerError, Instrument, PluginError, Score
from alliance_core.bulk import AS_IS, MOST_REMEMBERED, BulkScorer, Cell, units
from alliance_core.definition.load import parse_instrument

DEMO = """\
id = "demo"
title = "Demo"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
missing = { answered = 0.5, source = "project" }
[licence]
owner = "us"
wording = "ships"
[formats.mark]
kind = "line"
minimum = 0
maximum = 10
step = 0.1
[formats.times]
kind = "count"
[formats.words]
kind = "text"
[items]
1 = { topic = "a", format = "mark" }
2 = { topic = "b", format = "mark", reverse = true }
times = { topic = "c", format = "times", unscored = true }
note = { topic = "d", format = "words" }
[scales]
sum = { items = [1, 2], method = "sum" }
count = { items = [1, 2], method = "count", at_least = 5, missing = { allowed = 0, source = "project" } }
made = { items = [1, 2], method = "function", function = "make", range = [0, 20] }
[[examples]]
answers = [8.5, 1, 3, "late"]
scores = { sum = 17.5, count = 2, made = 9.5 }
"""


def make(values: Mapping[str, Fraction | None]) -> Fraction | None:
    first, second = values["1"], values["2"]
    return None if second is None else (first or Fraction(0)) + second


def demo(function: object = make) -> Instrument:
    instrument = parse_instrument(DEMO.encode(), name="demo.toml", functions={"make": make})
    instrument.functions["make"] = function  # type: ignore[index]  # the definition was proved with the right one
    return instrument


def same(result: Score) -> Score:
    return result


def scorer(instrument: Instrument) -> BulkScorer[Score, Sequence[Score]]:
    return BulkScorer(instrument, [AS_IS] * 4, range(4), same, list)


def test_a_unit_is_the_smallest_step() -> None:
    assert units(demo()) == 10


@pytest.mark.parametrize(
    ("cells", "values", "notes"),
    [
        ([85, 10, 30, "late"], [Fraction(35, 2), 2, Fraction(19, 2)], ["", "", ""]),
        ([0, 100, None, None], [0, 0, 10], ["", "", ""]),
        ([None, 100, None, None], [0, None, 10], ["prorated: 1 of 2 answered", "not scorable: 1 of 2 missing", ""]),
        (
            [33, None, 0, ""],
            [Fraction(66, 10), None, None],
            ["prorated", "not scorable: 1", "not scorable: the scoring"],
        ),
        ([None, None, None, None], [None, None, None], ["not scorable: 2 of 2"] * 3),
    ],
)
def test_the_scores_by_hand(cells: list[Cell], values: list[Fraction | None], notes: list[str]) -> None:
    results = scorer(demo())(cells)
    assert [result.value for result in results] == values
    assert all(result.note.startswith(note) for result, note in zip(results, notes, strict=True))


def test_forms_that_score_alike_are_finished_once() -> None:
    finished: list[Sequence[Score]] = []

    def finish(results: Sequence[Score]) -> Sequence[Score]:
        finished.append(results)
        return results

    declared = evolve(demo(), scales=demo().scales[:2])
    scoring = BulkScorer(declared, [AS_IS] * 4, range(4), same, finish)
    first, again = scoring([85, 10, None, None]), scoring([84, 9, None, None])  # another form, the same sum
    assert first is again
    assert len(finished) == 1


def test_a_function_is_asked_for_every_form() -> None:
    asked: list[object] = []

    def counted(values: Mapping[str, Fraction | None]) -> Fraction | None:
        asked.append(values)
        return make(values)

    scoring = scorer(demo(counted))
    assert scoring([85, 10, None, None]) == scoring([85, 10, None, None])
    assert len(asked) == 2


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliance_core.bulk.MOST_REMEMBERED", 3)
    scoring = scorer(demo())
    sums = [scoring([mark, 100, None, None])[0].value for mark in [*range(101), *range(101)]]
    assert sums == [Fraction(mark % 101, 10) for mark in range(202)]
    assert MOST_REMEMBERED > 3


class Refusing:
    """A reader that admits nothing."""

    def __getitem__(self, raw: object) -> Cell:
        raise AnswerError(f"{raw!r} is not an answer")


@pytest.mark.parametrize("place", range(4))
def test_a_wrong_entry_is_refused_in_unscored_items_too(place: int) -> None:
    readers = [Refusing() if item == place else AS_IS for item in range(4)]
    scoring = BulkScorer(demo(), readers, range(4), same, list)
    with pytest.raises(AnswerError, match="'x' is not an answer"):
        scoring(["x" if item == place else None for item in range(4)])


def test_a_function_that_fails_stops_the_scoring_and_names_itself() -> None:
    with pytest.raises(PluginError, match=r"the scoring function make failed \(KeyError: '3'\); nothing was scored"):
        scorer(demo(lambda values: values["3"]))([1, 1, None, None])
    with pytest.raises(PluginError, match="which is no score from 0 to 20"):
        scorer(demo(lambda _: 21))([1, 1, None, None])
