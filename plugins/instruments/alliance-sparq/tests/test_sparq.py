"""SPARQ and RISQ: two scores that are never one, and a rule that one yes is enough for."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.instrument import SafetyItem
from alliance_core.signals import Signal, find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_sparq"
SPARQ, RISQ = (load_instrument(HERE / f"{name}.toml") for name in ("sparq", "risq"))
unhurried = settings(deadline=None)  # a busy machine is no fault
POSITIVE, NEGATIVE = (1, 6, 7, 8), (2, 3, 4, 5)


def signals(answers: list[Any]) -> tuple[Signal, ...]:
    named = dict(zip("1234", answers, strict=True))
    return find_signals(RISQ, read_answers(RISQ, named), score(RISQ, answers))


def by_hand(answers: list[int | None], items: tuple[int, ...]) -> Fraction | None:
    given_ = [answer for number in items if (answer := answers[number - 1]) is not None]
    return Fraction(4 * sum(given_), len(given_)) if len(given_) >= 3 else None


def test_the_key_is_that_of_the_article() -> None:
    assert [item.id for item in SPARQ.items] == [str(number) for number in range(1, 9)]
    assert {scale.id: tuple(map(int, scale.items)) for scale in SPARQ.scales} == {
        "positive-affect": POSITIVE, "negative-affect": NEGATIVE,
    }  # fmt: skip
    assert not any(item.reverse for item in (*SPARQ.items, *RISQ.items))
    for scale in SPARQ.scales:
        assert SPARQ.range_of(scale) == (Fraction(0), Fraction(16))
    assert RISQ.range_of(RISQ.scale_by_id["rifts"]) == (Fraction(0), Fraction(4))


def test_there_is_no_total_and_the_two_point_in_opposite_ways() -> None:
    assert SPARQ.no_total is not None
    assert {scale.id: SPARQ.direction_of(scale) for scale in SPARQ.scales} == {
        "positive-affect": "higher-is-better", "negative-affect": "higher-is-worse",
    }  # fmt: skip


def test_sparq_worked_example() -> None:
    results = score(SPARQ, [4, 0, 1, 0, 0, 4, 4, 3])
    assert results["positive-affect"].value == 15
    assert results["negative-affect"].value == 1


def test_sparq_admits_one_missing_answer_a_scale_and_not_two() -> None:
    results = score(SPARQ, [4, None, 1, None, 0, None, 4, 4])
    assert results["positive-affect"].value == 16
    assert results["positive-affect"].note == "prorated: 3 of 4 answered"
    assert results["negative-affect"].note == "not scorable: 2 of 4 missing, the rule allows 1"


@unhurried
@given(st.lists(st.none() | st.integers(0, 4) | st.integers(0, 4), min_size=8, max_size=8))
def test_sparq_agrees_with_a_second_scorer(answers: list[int | None]) -> None:
    results = score(SPARQ, answers)
    assert results["positive-affect"].value == by_hand(answers, POSITIVE)
    assert results["negative-affect"].value == by_hand(answers, NEGATIVE)


def test_every_risq_form_agrees_with_counting() -> None:
    for answers in product((0, 1, None), repeat=4):
        expected = None if None in answers else answers.count(1)
        assert score(RISQ, list(answers))["rifts"].value == expected
        rules = [signal.rule for signal in signals(list(answers))]
        assert sum(not isinstance(rule, SafetyItem) for rule in rules) == answers.count(1)
        assert sum(isinstance(rule, SafetyItem) for rule in rules) == (answers[1] == 1)


def test_one_yes_speaks_though_another_answer_is_missing() -> None:
    [found] = signals(["skipped", "no", "yes", "no"])
    assert getattr(found.rule, "id", "") == "any-rift"
    assert not found.published
    assert signals(["skipped", "no", "no", "no"]) == ()


def test_fear_of_harm_asks_for_attention_by_our_own_rule() -> None:
    [safety] = RISQ.safety
    assert (safety.item, safety.source) == ("2", "project")
    assert safety.value == 1


@pytest.mark.parametrize("form", [SPARQ, RISQ], ids=lambda form: form.id)
def test_what_a_reader_must_know_is_there(form: Any) -> None:
    assert form.raters == ("client",)
    assert form.licence.wording == "supply-your-own"
    assert "10.3390/jcm12155156" in form.source
    assert len((HERE / f"{form.id}.toml").read_text(encoding="utf-8").splitlines()) <= 60
    for scale in form.scales:
        assert scale.missing.source == "project"
