"""The session check-in: six sentences for both chairs, one of them reversed, one mean."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import load_instrument, score

FILE = Path(__file__).resolve().parent.parent / "alliance_checkin" / "session-check-in.toml"
FORM = load_instrument(FILE)
unhurried = settings(deadline=None)  # a busy machine is no fault
Answers = list[int | None]


def total(answers: Answers) -> Fraction | None:
    return score(FORM, answers)["total"].value


def test_client_and_therapist_fill_in_the_same_six_items() -> None:
    assert FORM.raters == ("client", "therapist")
    assert [item.id for item in FORM.items] == ["goal", "task", "bond", "heard", "unsaid", "overall"]


def test_only_what_was_kept_back_is_reversed() -> None:
    assert [item.id for item in FORM.items if item.reverse] == ["unsaid"]


def test_the_only_score_is_a_mean_from_1_to_5() -> None:
    [scale] = FORM.scales
    assert (scale.id, scale.method) == ("total", "mean")
    assert FORM.range_of(scale) == (Fraction(1), Fraction(5))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([5, 5, 5, 5, 1, 5], Fraction(5), id="best possible"),
        pytest.param([1, 1, 1, 1, 5, 1], Fraction(1), id="worst possible"),
        pytest.param([5, 5, 5, 5, 5, 5], Fraction(26, 6), id="all highest"),
        pytest.param([1, 1, 1, 1, 1, 1], Fraction(10, 6), id="all lowest"),
        pytest.param([3, 3, 3, 3, 3, 3], Fraction(3), id="all in the middle"),
        pytest.param([4, 5, 3, None, 2, 4], Fraction(20, 5), id="one missing"),
        pytest.param([4, 5, 3, 4, None, 4], Fraction(20, 5), id="the reversed one missing"),
        pytest.param([4, 5, 3, None, None, 4], None, id="two missing"),
    ],
)
def test_worked_examples(answers: Answers, expected: Fraction | None) -> None:
    assert total(answers) == expected


@unhurried
@given(st.lists(st.none() | st.integers(1, 5) | st.integers(1, 5), min_size=6, max_size=6))
def test_every_form_agrees_with_a_second_scorer(answers: Answers) -> None:
    turned = [answer if position != 4 or answer is None else 6 - answer for position, answer in enumerate(answers)]
    given_ = [answer for answer in turned if answer is not None]
    assert total(answers) == (Fraction(sum(given_), len(given_)) if len(given_) >= 5 else None)


def test_there_is_no_threshold_because_nobody_has_studied_one() -> None:
    assert FORM.thresholds == ()


def test_the_missing_rule_says_that_it_is_ours() -> None:
    [scale] = FORM.scales
    assert (scale.missing.answered, scale.missing.source) == (Fraction(3, 4), "project")


def test_the_wording_is_our_own_and_ships() -> None:
    assert (FORM.licence.wording, FORM.licence.terms) == ("ships", "Apache-2.0")


def test_the_definition_has_at_most_sixty_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 60
