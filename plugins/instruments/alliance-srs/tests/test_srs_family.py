"""The CSRS, the GSRS and the LASS: lines in the manner of the SRS, one sum each, and a rule that is not published."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, Instrument, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.response import Line
from alliance_core.signals import Signal, find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_srs"


class Form(NamedTuple):
    """What the sources say of a form."""

    topics: list[str]
    rater: str
    version: str
    confidence: str
    ages: tuple[int | None, int | None] | None
    cut: int | None


SAID = {
    "csrs": Form(
        ["relationship", "goals and topics", "approach or method", "overall"], "client", "2003", "Vs", (6, 12), 360
    ),
    "gsrs": Form(
        ["leader and group", "goals and topics", "approach or method", "overall fit"],
        "client", "2013", "V", (13, None), 360,
    ),
    "lass": Form(["approach", "relationship", "the supervisee's needs"], "supervisee", "2010", "M", None, None),
}  # fmt: skip
FORMS = {name: load_instrument(HERE / f"{name}.toml") for name in SAID}

unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("name", sorted(FORMS))
with_a_rule = pytest.mark.parametrize("name", ["csrs", "gsrs"])
MARK = st.integers(0, 100) | st.integers(0, 100) | st.integers(0, 100) | st.none()


def total(name: str, answers: list[Any]) -> Fraction | None:
    return score(FORMS[name], answers)["total"].value


def fired(name: str, answers: list[Any]) -> tuple[Signal, ...]:
    form = FORMS[name]
    named = {item.id: answer for item, answer in zip(form.items, answers, strict=True)}
    return find_signals(form, read_answers(form, named), score(form, answers))


@every_form
def test_the_form_is_the_lines_that_its_source_names_in_their_order(name: str) -> None:
    form, said = FORMS[name], SAID[name]
    assert [item.id for item in form.items] == [str(number) for number in range(1, len(said.topics) + 1)]
    assert [item.topic for item in form.items] == said.topics
    assert not any(item.reverse for item in form.items)
    [line] = form.formats.values()
    assert isinstance(line, Line)
    assert [line.minimum, line.maximum, line.step, line.length_mm] == [0, 10, Fraction(1, 10), 100]
    assert line.unit == "cm"


@every_form
def test_version_rater_ages_and_confidence_are_as_said(name: str) -> None:
    form, said = FORMS[name], SAID[name]
    assert (form.version, form.raters, form.confidence) == (said.version, (said.rater,), said.confidence)
    assert (None if form.ages is None else (form.ages.minimum, form.ages.maximum)) == said.ages
    assert form.twin is None


@every_form
def test_the_total_is_the_sum_of_all_lines(name: str) -> None:
    form, lines = FORMS[name], len(SAID[name].topics)
    [scale] = form.scales
    assert (scale.id, scale.method, len(scale.items)) == ("total", "sum", lines)
    assert form.range_of(scale) == (Fraction(0), Fraction(10 * lines))
    assert total(name, [0] * lines) == 0
    assert total(name, [10] * lines) == 10 * lines


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("csrs", [8.5, 9.2, 7.9, 9.0], "34.6"),
        ("gsrs", [7.3, 8.8, 9.1, 8.0], "33.2"),
        ("lass", [9.1, 8.4, 7.7], "25.2"),
        ("lass", [10, 0, 5.6], "15.6"),
    ],
)
def test_worked_examples(name: str, answers: list[float], expected: str) -> None:
    assert total(name, answers) == Fraction(expected)


@with_a_rule
def test_exactly_36_is_not_below_36_and_a_millimetre_less_is(name: str) -> None:
    assert fired(name, [8.6, 9.7, 9.9, 7.8]) == ()
    [signal] = fired(name, [8.6, 9.7, 9.9, 7.7])
    assert (signal.what, signal.disputed) == ("total 35.9", False)


@with_a_rule
def test_the_rule_of_the_srs_is_practice_here_and_not_shown_as_published(name: str) -> None:
    [rule] = FORMS[name].thresholds
    assert (rule.id, rule.scale, rule.operator, rule.value) == ("total-low", "total", "<", Fraction(36))
    assert rule.confidence == "M"
    assert "practice" in rule.source
    [signal] = fired(name, [1, 2, 3, 4])
    assert not signal.published


def test_there_is_no_rule_for_supervision_and_the_client_is_not_shown_it() -> None:
    assert FORMS["lass"].thresholds == ()
    assert FORMS["lass"].audience == ("therapist", "supervisor", "researcher")


@every_form
def test_a_form_with_a_line_missing_has_no_total_and_no_signal(name: str) -> None:
    lines = len(SAID[name].topics)
    for place in range(lines):
        answers = [None if place == number else 2.5 for number in range(lines)]
        result = score(FORMS[name], answers)["total"]
        assert (result.value, result.note) == (None, f"not scorable: 1 of {lines} missing, the rule allows 0")
        assert fired(name, answers) == ()


@every_form
@unhurried
@given(data=st.data())
def test_every_form_agrees_with_adding_up_millimetres(name: str, data: st.DataObject) -> None:
    lines, cut = len(SAID[name].topics), SAID[name].cut
    marks = data.draw(st.lists(MARK, min_size=lines, max_size=lines))
    answers = [None if mark is None else mark / 10 for mark in marks]
    whole = None if None in marks else sum(mark for mark in marks if mark is not None)
    assert total(name, answers) == (None if whole is None else Fraction(whole, 10))
    assert len(fired(name, answers)) == (cut is not None and whole is not None and whole < cut)


@every_form
@pytest.mark.parametrize("wrong", [10.1, -0.1, 9.05, "9,5", float("nan"), True])
def test_a_mark_beside_the_line_or_between_two_millimetres_is_refused(name: str, wrong: object) -> None:
    with pytest.raises(AnswerError, match=r"it admits 0 to 10 in steps of 0\.1"):
        total(name, [wrong] + [9] * (len(SAID[name].topics) - 1))


@every_form
def test_every_line_is_needed_and_the_rule_says_that_it_is_ours(name: str) -> None:
    assert [(scale.missing.allowed, scale.missing.source) for scale in FORMS[name].scales] == [(0, "project")]


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(name: str) -> None:
    licence = FORMS[name].licence
    assert licence.wording == "supply-your-own"
    assert "Miller" in licence.owner
    assert licence.fee is not None
    assert licence.obtain is not None
    assert "scottdmiller.com" in licence.obtain


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60


def test_no_two_forms_share_an_id_and_each_is_its_files_name() -> None:
    ids: dict[str, Instrument] = {form.id: form for form in FORMS.values()}
    assert sorted(ids) == sorted(FORMS)
