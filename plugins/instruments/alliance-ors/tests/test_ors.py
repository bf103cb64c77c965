"""The ORS and the CORS: four lines, one sum, and a cut-off that depends on the age or on who filled the form in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, Instrument, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.response import Line
from alliance_core.signals import find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_ors"
FORMS = {name: load_instrument(HERE / f"{name}.toml") for name in ("ors", "cors")}
ORS, CORS = FORMS["ors"], FORMS["cors"]

unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
MARKS = st.lists(st.integers(0, 100) | st.integers(0, 100) | st.integers(0, 100) | st.none(), min_size=4, max_size=4)


def total(form: Instrument, answers: list[Any]) -> Fraction | None:
    return score(form, answers)["total"].value


def fired(form: Instrument, answers: list[Any], **whose: Any) -> list[str]:
    named = dict(zip(("1", "2", "3", "4"), answers, strict=True))
    found = find_signals(form, read_answers(form, named), score(form, answers), **whose)
    assert not any(signal.disputed for signal in found)
    return [getattr(signal.rule, "id", "") for signal in found]


def marks(tenths: int) -> list[Any]:
    """Four marks, none of them equal to another, that add up to so many millimetres."""
    first, second, third = 97, tenths // 4, tenths // 5
    return [Fraction(mark, 10) for mark in (first, second, third, tenths - first - second - third)]


@every_form
def test_the_form_is_four_lines_of_ten_centimetres_measured_to_the_millimetre(form: Instrument) -> None:
    assert [item.id for item in form.items] == ["1", "2", "3", "4"]
    assert not any(item.reverse for item in form.items)
    [line] = form.formats.values()
    assert isinstance(line, Line)
    assert [line.minimum, line.maximum, line.step, line.length_mm] == [0, 10, Fraction(1, 10), 100]
    assert line.unit == "cm"


def test_the_lines_stand_in_the_published_order() -> None:
    assert [item.topic for item in ORS.items] == ["individually", "interpersonally", "socially", "overall"]
    assert [item.topic for item in CORS.items] == ["oneself", "family", "school", "overall"]


@every_form
def test_the_total_is_the_sum_of_all_four_from_0_to_40(form: Instrument) -> None:
    [scale] = form.scales
    assert (scale.id, scale.method, scale.items) == ("total", "sum", ("1", "2", "3", "4"))
    assert form.range_of(scale) == (Fraction(0), Fraction(40))
    assert total(form, [0, 0, 0, 0]) == 0
    assert total(form, [10, 10, 10, 10]) == 40


@pytest.mark.parametrize(
    ("answers", "expected", "below"),
    [
        pytest.param([4.1, 5.0, 4.6, 4.3], "18", ["adult-low"], id="session 1"),
        pytest.param([6.3, 6.0, 5.7, 6.2], "24.2", ["adult-low"], id="session 5, better by 6.2 but below the cut-off"),
        pytest.param([7.0, 6.8, 6.4, 6.9], "27.1", [], id="session 9, better by 9.1 and above it"),
    ],
)
def test_ors_worked_examples_of_an_adult(answers: list[Any], expected: str, below: list[str]) -> None:
    assert total(ORS, answers) == Fraction(expected)
    assert fired(ORS, answers, rater="client", age=40) == below


@pytest.mark.parametrize(
    ("tenths", "age", "below"),
    [
        (249, 18, ["adult-low"]),
        (250, 18, []),
        (249, 90, ["adult-low"]),
        (250, 90, []),
        (279, 17, ["adolescent-low"]),
        (280, 17, []),
        (279, 13, ["adolescent-low"]),
        (280, 13, []),
        (249, 17, ["adolescent-low"]),
        (279, 18, []),
        (200, 12, []),
        (200, None, []),
    ],
)
def test_the_cut_off_of_the_ors_is_25_for_adults_and_28_from_13_to_17(
    tenths: int, age: int | None, below: list[str]
) -> None:
    assert total(ORS, marks(tenths)) == Fraction(tenths, 10)
    assert fired(ORS, marks(tenths), rater="client", age=age) == below


@pytest.mark.parametrize(
    ("tenths", "rater", "below"),
    [
        (319, "client", ["child-low"]),
        (320, "client", []),
        (279, "carer", ["carer-low"]),
        (280, "carer", []),
        (279, "client", ["child-low"]),
        (319, "carer", []),
    ],
)
def test_the_cut_off_of_the_cors_is_32_for_the_child_and_28_for_the_carer(
    tenths: int, rater: str, below: list[str]
) -> None:
    assert total(CORS, marks(tenths)) == Fraction(tenths, 10)
    for age in (None, 6, 12):
        assert fired(CORS, marks(tenths), rater=rater, age=age) == below


@every_form
def test_a_form_with_a_line_missing_has_no_total_and_no_signal(form: Instrument) -> None:
    for place in range(4):
        answers: list[Any] = [1.5, 2.5, 3.5, 0]
        answers[place] = None
        result = score(form, answers)["total"]
        assert (result.value, result.note) == (None, "not scorable: 1 of 4 missing, the rule allows 0")
        assert fired(form, answers, age=20) == []


@every_form
@unhurried
@given(lines=MARKS, age=st.none() | st.integers(5, 90), carer=st.booleans())
def test_every_form_agrees_with_adding_up_millimetres(
    form: Instrument, lines: list[int | None], age: int | None, *, carer: bool
) -> None:
    answers = [None if mark is None else mark / 10 for mark in lines]
    marked = [mark for mark in lines if mark is not None]
    whole = sum(marked) if len(marked) == 4 else None
    assert total(form, answers) == (None if whole is None else Fraction(whole, 10))
    if form is CORS:
        expected = (
            ["carer-low" if carer else "child-low"] if whole is not None and whole < (280 if carer else 320) else []
        )
        assert fired(form, answers, rater="carer" if carer else "client", age=age) == expected
        return
    cut = 0 if age is None or age < 13 else 280 if age < 18 else 250
    below = whole is not None and whole < cut
    assert fired(form, answers, rater="client", age=age) == (["adolescent-low" if cut == 280 else "adult-low"] * below)


@every_form
@pytest.mark.parametrize("wrong", [10.1, -0.1, 9.05, "9,5", float("nan"), True])
def test_a_mark_beside_the_line_or_between_two_millimetres_is_refused(form: Instrument, wrong: object) -> None:
    with pytest.raises(AnswerError, match=r"it admits 0 to 10 in steps of 0\.1"):
        total(form, [wrong, 9, 9, 9])


def test_the_thresholds_name_their_operator_source_and_confidence() -> None:
    found = {t.id: (t.scale, t.operator, t.value, t.confidence) for form in FORMS.values() for t in form.thresholds}
    assert found == {
        "adult-low": ("total", "<", Fraction(25), "H"),
        "adolescent-low": ("total", "<", Fraction(28), "M"),
        "child-low": ("total", "<", Fraction(32), "M"),
        "carer-low": ("total", "<", Fraction(28), "M"),
    }
    assert all(t.source and t.disputed is None for form in FORMS.values() for t in form.thresholds)


@every_form
def test_only_the_cut_off_for_adults_may_be_shown_as_published(form: Instrument) -> None:
    answers = marks(200)
    named = dict(zip(("1", "2", "3", "4"), answers, strict=True))
    for age in (8, 15, 30):
        found = find_signals(form, read_answers(form, named), score(form, answers), age=age)
        for signal in found:
            assert signal.published == (getattr(signal.rule, "id", "") == "adult-low")


def test_the_forms_say_for_whom_and_when_they_are() -> None:
    assert (ORS.version, ORS.raters, ORS.when, ORS.every) == ("2003", ("client",), ("before-session",), 1)
    assert (CORS.version, CORS.raters, CORS.when, CORS.every) == ("2006", ("client", "carer"), ("before-session",), 1)
    assert ORS.ages is not None
    assert CORS.ages is not None
    assert (ORS.ages.minimum, ORS.ages.maximum) == (13, None)
    assert (CORS.ages.minimum, CORS.ages.maximum) == (6, 12)


@every_form
def test_every_line_is_needed_and_the_rule_says_that_it_is_ours(form: Instrument) -> None:
    assert [(scale.missing.allowed, scale.missing.source) for scale in form.scales] == [(0, "project")]


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(form: Instrument) -> None:
    assert form.licence.wording == "supply-your-own"
    assert "Miller" in form.licence.owner
    assert form.licence.fee is not None
    assert form.licence.obtain is not None
    assert "scottdmiller.com" in form.licence.obtain


@every_form
def test_the_definition_has_at_most_sixty_lines(form: Instrument) -> None:
    assert len((HERE / f"{form.id}.toml").read_text(encoding="utf-8").splitlines()) <= 60
