"""Goals of one's own: a mean, a T score and two ways of adding up PSYCHLOPS, each computed a second time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from alliance_goals import GOALS, alliance_instruments, psychlops_older_total, psychlops_total, square_root
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import PluginError, load_instrument, score
from alliance_core.scoring import call_function

HERE = Path(__file__).resolve().parent.parent / "alliance_goals"
GAS, PSYCHLOPS, OLDER = alliance_instruments()
SHEET = load_instrument(HERE / "goal-sheet.toml")
FORMS = {form.id: form for form in (SHEET, GAS, PSYCHLOPS, OLDER)}
unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("name", sorted(FORMS))

Answers = Sequence[Any]


def gas(levels: Answers, weights: Answers = ()) -> Fraction | None:
    def filled(given_: Answers) -> list[Any]:
        return [*given_, *[None] * (GOALS - len(given_))]

    return score(GAS, [*[None] * GOALS, *filled(levels), *filled(weights)])["t"].value


def t_by_hand(goals: list[tuple[int, int]]) -> float:
    """Kiresuk and Sherman's formula in floating point, put down a second time."""
    top = 10 * sum(level * weight for level, weight in goals)
    squares, whole = sum(weight * weight for _, weight in goals), sum(weight for _, weight in goals)
    return 50 + top / math.sqrt(0.7 * squares + 0.3 * whole * whole)


def psychlops(form: Any, problem: Any, second: Any, function: Any, wellbeing: Any) -> Fraction | None:
    return score(form, ["", problem, "", second, "", function, wellbeing])["total"].value


def test_the_forms_hold_what_they_should() -> None:
    assert [item.id for item in GAS.items] == [
        *(f"goal-{n}" for n in range(1, 7)), *(f"attainment-{n}" for n in range(1, 7)),
        *(f"weight-{n}" for n in range(1, 7)),
    ]  # fmt: skip
    assert [item.id for item in SHEET.items] == [
        "goal-1", "goal-2", "goal-3", "set-by-1", "set-by-2", "set-by-3", "progress-1", "progress-2", "progress-3",
    ]  # fmt: skip
    for form in (PSYCHLOPS, OLDER):
        assert [item.id for item in form.items] == ["1a", "1b", "2a", "2b", "3a", "3b", "4"]
        assert form.scale_by_id["total"].items == ("1b", "2b", "3b", "4")
    assert list(GAS.response(GAS.item_by_id["attainment-1"]).values or ()) == [-2, -1, 0, 1, 2]
    ends: dict[str, object] = {form.id: form.range_of(form.scales[0]) for form in FORMS.values()}
    assert ends == {"goal-sheet": (0, 10), "gas": (19, 81), "psychlops": (0, 20), "psychlops-older": (0, 18)}


def test_gas_worked_examples() -> None:
    assert gas([-2, 0, -1, 2, 0, 1], [3, 5, 1, 4, 2, 6]) == 55
    assert gas([0, 1, 2]) == Fraction("63.693064")
    assert gas([-1, -1, -1]) == Fraction("36.306936")
    assert gas([0, 0, 0, 0]) == 50


@pytest.mark.parametrize("weight", [1, 2, 10])
def test_gas_weights_that_are_all_alike_change_nothing(weight: int) -> None:
    assert gas([0, 1, 2], [weight] * 3) == gas([0, 1, 2])


def test_a_goal_that_is_not_rated_is_dropped_with_its_weight_and_is_no_0() -> None:
    whole = gas([-2, 0, -1, 2, 0, 1], [3, 5, 1, 4, 2, 6])
    dropped = gas([-2, None, -1, 2, 0, 1], [3, 5, 1, 4, 2, 6])
    assert dropped == gas([-2, -1, 2, 0, 1], [3, 1, 4, 2, 6])
    assert dropped != whole
    assert float(dropped or 0) == pytest.approx(50 + 70 / math.sqrt(123), abs=1e-6)


def test_weights_are_for_all_rated_goals_or_for_none() -> None:
    assert gas([1, 2], [3]) is None
    assert gas([1, None], [3, None]) == 60
    assert gas([1, None], [3, 5]) == 60
    assert gas([1, 2], [0, 0]) is None
    assert gas([], [1, 2]) is None
    assert score(GAS, [None] * 18)["t"].note == "not scorable: 12 of 12 missing, the rule allows 11"


@pytest.mark.parametrize("level", [-2, 2])
def test_gas_stays_within_its_range(level: int) -> None:
    found = gas([level] * GOALS)
    assert found is not None
    assert float(found) == pytest.approx(50 + 10 * level * 6 / math.sqrt(15), abs=1e-6)
    assert 19 < found < 81


@unhurried
@given(
    goals=st.lists(st.tuples(st.integers(-2, 2) | st.none(), st.integers(1, 10)), min_size=1, max_size=GOALS),
    weighed=st.booleans(),
)
@example(goals=[(1, 1)], weighed=True)
def test_gas_agrees_with_the_formula_put_down_a_second_time(goals: list[tuple[int | None, int]], weighed: bool) -> None:  # noqa: FBT001  # drawn
    found = gas([level for level, _ in goals], [weight for _, weight in goals] if weighed else [])
    rated = [(level, weight if weighed else 1) for level, weight in goals if level is not None]
    if not rated:
        assert found is None
    else:
        assert found is not None
        assert float(found) == pytest.approx(t_by_hand(rated), abs=1e-6)
        assert (found * 10**6).denominator == 1


@pytest.mark.parametrize(("value", "root"), [(0, "0"), (196, "14"), (2, "1.414214"), (3, "1.732051")])
def test_a_root_is_taken_to_the_nearest_millionth(value: int, root: str) -> None:
    assert square_root(Fraction(value)) == Fraction(root)
    assert square_root(Fraction(value, 4)) - Fraction(root) / 2 <= Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("marks", "mean"),
    [
        ([2, 5, 9], Fraction(16, 3)),
        ([3, 8, None], Fraction(11, 2)),
        ([None, None, 4], Fraction(4)),
        ([0, None, None], Fraction(0)),
        ([10, 10, 10], Fraction(10)),
        ([None, None, None], None),
    ],
)
def test_the_goal_sheet_is_the_mean_of_the_goals_that_are_rated(marks: Answers, mean: Fraction | None) -> None:
    for whose in (1, 2, 3, 4, None):
        assert score(SHEET, ["a", "b", "c", whose, whose, whose, *marks])["progress"].value == mean


@unhurried
@given(st.lists(st.none() | st.integers(0, 10), min_size=3, max_size=3))
def test_the_goal_sheet_agrees_with_a_second_scorer(marks: list[int | None]) -> None:
    rated = [mark for mark in marks if mark is not None]
    expected = Fraction(sum(rated), len(rated)) if rated else None
    assert score(SHEET, [None] * 6 + marks)["progress"].value == expected


def test_psychlops_worked_examples() -> None:
    assert psychlops(PSYCHLOPS, 5, 3, 4, 2) == 14
    assert psychlops(PSYCHLOPS, 4, None, 3, 1) == 12
    assert psychlops(PSYCHLOPS, 5, 5, 5, 5) == 20
    assert psychlops(OLDER, 5, 3, 0, 0) == 4  # the first example of the older sheet
    assert psychlops(OLDER, 6, None, 0, 0) == 6  # and the second
    assert psychlops(OLDER, 6, 6, 6, 6) == 18
    assert psychlops(OLDER, 4, 1, 2, 5) == Fraction(19, 2)


@unhurried
@given(st.lists(st.none() | st.integers(0, 5) | st.integers(0, 5), min_size=4, max_size=4))
def test_both_generations_of_psychlops_agree_with_a_second_scorer(answers: list[int | None]) -> None:
    problem, second, function, wellbeing = answers
    current: Fraction | None = None
    older: Fraction | None = None
    if problem is not None and function is not None and wellbeing is not None:
        problems = [problem] if second is None else [problem, second]
        current = Fraction(sum(problems) * (2 if second is None else 1) + function + wellbeing)
        older = Fraction(sum(problems), len(problems)) + function + wellbeing
    assert psychlops(PSYCHLOPS, *answers) == current
    assert psychlops(OLDER, *answers) == older


@pytest.mark.parametrize("missing", ["1b", "3b", "4"])
def test_only_the_second_problem_of_psychlops_may_be_missing(missing: str) -> None:
    values = {item: None if item == missing else Fraction(3) for item in ("1b", "2b", "3b", "4")}
    assert psychlops_total(values) is None
    assert psychlops_older_total(values) is None
    with pytest.raises(PluginError, match="admits one missing answer"):
        call_function(PSYCHLOPS, PSYCHLOPS.scale_by_id["total"], dict.fromkeys(values))


def test_the_two_generations_differ_in_id_version_and_greatest_answer() -> None:
    assert (PSYCHLOPS.version, OLDER.version) == ("sum-20", "domains-18")
    tops = [form.response(form.item_by_id["4"]).values for form in (PSYCHLOPS, OLDER)]
    assert [max(values or ()) for values in tops] == [5, 6]
    assert {PSYCHLOPS.confidence, OLDER.confidence} == {"M"}
    assert {PSYCHLOPS.direction, OLDER.direction} == {"higher-is-worse"}


@every_form
def test_there_is_no_threshold_because_none_is_published(name: str) -> None:
    assert FORMS[name].thresholds == ()


def test_the_missing_rules_name_their_sources() -> None:
    rules = {form.id: form.scales[0].missing for form in FORMS.values()}
    assert {name: (rule.allowed, rule.confidence) for name, rule in rules.items()} == {
        "goal-sheet": (2, "H"), "gas": (11, "V"), "psychlops": (1, "M"), "psychlops-older": (1, "V"),
    }  # fmt: skip
    assert rules["goal-sheet"].source == "project"
    assert "gasr" in rules["gas"].source


def test_only_what_is_our_own_ships() -> None:
    ships = {name for name, form in FORMS.items() if form.licence.wording == "ships"}
    assert ships == {"goal-sheet", "gas"}
    for form in (PSYCHLOPS, OLDER):
        assert form.licence.obtain == "psychlops.info"


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
