"""The SRS: four lines, one sum, and a rule at 36 that must neither fire too early nor too late."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.response import Line
from alliance_core.signals import find_signals

FILE = Path(__file__).resolve().parent.parent / "alliance_srs" / "srs.toml"
SRS = load_instrument(FILE)
[TOTAL] = SRS.scales
unhurried = settings(deadline=None)  # a busy machine is no fault
MILLIMETRES = st.lists(st.integers(0, 100), min_size=4, max_size=4)


def total(answers: list[Any]) -> Fraction | None:
    return score(SRS, answers)["total"].value


def fired(answers: list[Any]) -> list[tuple[str, str, bool]]:
    named = dict(zip(("1", "2", "3", "4"), answers, strict=True))
    found = find_signals(SRS, read_answers(SRS, named), score(SRS, answers))
    return [(getattr(signal.rule, "id", ""), signal.what, signal.disputed) for signal in found]


def test_the_form_is_four_lines_of_ten_centimetres_measured_to_the_millimetre() -> None:
    assert [item.id for item in SRS.items] == ["1", "2", "3", "4"]
    assert [item.topic for item in SRS.items] == ["relationship", "goals and topics", "approach or method", "overall"]
    [line] = SRS.formats.values()
    assert isinstance(line, Line)
    assert [line.minimum, line.maximum, line.step, line.length_mm] == [0, 10, Fraction(1, 10), 100]
    assert line.unit == "cm"
    assert not any(item.reverse for item in SRS.items)


def test_the_version_rater_and_occasion_are_those_of_the_adult_form() -> None:
    assert (SRS.version, SRS.raters, SRS.when, SRS.every) == ("3.0", ("client",), ("after-session",), 1)
    assert SRS.ages is not None
    assert SRS.ages.minimum == 13


def test_the_total_goes_from_0_to_40() -> None:
    assert SRS.range_of(TOTAL) == (Fraction(0), Fraction(40))
    assert total([0, 0, 0, 0]) == 0
    assert total([10, 10, 10, 10]) == 40


def test_srs_1_an_ordinary_form_that_both_rules_speak_of() -> None:
    answers = [8.5, 9.2, 7.9, 9.0]
    assert total(answers) == Fraction("34.6")
    assert fired(answers) == [
        ("total-low", "total 34.6", False),
        ("item-low", "item 1 (relationship): 8.5", False),
        ("item-low", "item 3 (approach or method): 7.9", False),
    ]


def test_srs_2_exactly_36_is_not_below_36_and_is_at_most_36() -> None:
    answers = [9.0, 9.0, 9.0, 9.0]
    assert total(answers) == 36
    assert fired(answers) == [("total-low", "total 36", True)]


def test_srs_3_one_low_line_speaks_though_the_total_does_not() -> None:
    answers = [10, 10, 10, 8.9]
    assert total(answers) == Fraction("38.9")
    assert fired(answers) == [("item-low", "item 4 (overall): 8.9", False)]


def test_srs_4_a_form_with_a_line_missing_has_no_total_and_no_signal() -> None:
    result = score(SRS, [9.5, None, 9.0, 9.0])["total"]
    assert result.value is None
    assert result.note == "not scorable: 1 of 4 missing, the rule allows 0"
    assert fired([9.5, None, 9.0, 9.0]) == []


@pytest.mark.parametrize("answers", [[8.6, 9.7, 9.9, 7.8], [8.8, 9.9, 9.6, 7.7], [9.1, 8.9, 9.0, 9.0]])
def test_four_lines_that_are_36_on_paper_are_36(answers: list[float]) -> None:
    assert total(answers) == 36
    assert ("total-low", "total 36", False) not in fired(answers)


def test_binary_fractions_would_have_got_it_wrong() -> None:
    first, second, third, fourth = 8.6, 9.7, 9.9, 7.8
    assert first + second + third + fourth < 36


def test_one_millimetre_less_than_36_is_below_36() -> None:
    assert fired([9.0, 9.0, 9.0, 8.9])[0] == ("total-low", "total 35.9", False)


@unhurried
@given(MILLIMETRES)
def test_every_form_agrees_with_adding_up_millimetres(marks: list[int]) -> None:
    answers = [mark / 10 for mark in marks]
    assert total(answers) == Fraction(sum(marks), 10)
    low = [rule for rule, _, disputed in fired(answers) if rule == "total-low" and not disputed]
    assert len(low) == (sum(marks) < 360)
    disputed = [rule for rule, _, disputed in fired(answers) if disputed]
    assert len(disputed) == (sum(marks) == 360)
    assert len([rule for rule, _, _ in fired(answers) if rule == "item-low"]) == sum(mark < 90 for mark in marks)


@unhurried
@given(MILLIMETRES)
def test_a_mark_means_the_same_however_it_is_written(marks: list[int]) -> None:
    expected = total([Fraction(mark, 10) for mark in marks])
    for write in (lambda mark: mark / 10, lambda mark: Decimal(mark) / 10, lambda mark: f"{mark / 10}"):
        assert total([write(mark) for mark in marks]) == expected


@pytest.mark.parametrize("wrong", [10.1, -0.1, 9.05, "9,5", float("nan"), True])
def test_a_mark_beside_the_line_or_between_two_millimetres_is_refused(wrong: object) -> None:
    with pytest.raises(AnswerError, match=r"it admits 0 to 10 in steps of 0\.1"):
        total([wrong, 9, 9, 9])


def test_the_thresholds_name_their_operator_source_and_confidence() -> None:
    low, item = SRS.thresholds
    assert (low.scale, low.operator, low.disputed, low.confidence) == ("total", "<", "<=", "Vs")
    assert low.dispute is not None
    assert (item.any_item, item.operator, item.disputed, item.confidence) == (True, "<", None, "Vs")
    assert [low.value, item.value] == [36, 9]
    assert all(threshold.source for threshold in SRS.thresholds)


def test_every_line_is_needed_and_the_rule_says_that_it_is_ours() -> None:
    assert (TOTAL.missing.allowed, TOTAL.missing.source) == (0, "project")


def test_the_wording_is_the_owners_and_must_be_supplied() -> None:
    assert SRS.licence.wording == "supply-your-own"
    assert SRS.licence.fee is not None
    assert SRS.licence.obtain is not None
    assert "scottdmiller.com" in SRS.licence.obtain


def test_the_definition_has_at_most_sixty_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 60
