"""The plan for the time after: free text, kept as it is, and never a score."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliance_core import AnswerError, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.signals import find_signals

FILE = Path(__file__).resolve().parent.parent / "alliance_relapse_plan" / "relapse-plan.toml"
PLAN = load_instrument(FILE)
FIELDS = (
    "changed", "protect", "habits", "skills", "trigger-1", "trigger-2", "trigger-3", "sign-1", "sign-2", "sign-3",
    "step-1", "step-2", "step-3", "person-1", "person-2", "services", "return", "review", "shared",
)  # fmt: skip


def test_the_fields_are_those_of_the_sheet_in_its_order() -> None:
    assert tuple(item.id for item in PLAN.items) == FIELDS


def test_every_field_is_free_text_and_nothing_is_scored() -> None:
    assert {PLAN.response(item).kind for item in PLAN.items} == {"text"}
    assert PLAN.scales == ()
    assert PLAN.thresholds == ()
    assert dict(score(PLAN, dict.fromkeys(FIELDS, "something"))) == {}


def test_every_sign_has_its_step() -> None:
    assert sum(name.startswith("sign-") for name in FIELDS) == sum(name.startswith("step-") for name in FIELDS) == 3


def test_a_field_keeps_what_was_written_and_a_missing_one_its_reason() -> None:
    read = read_answers(PLAN, {"sign-2": "I count hours; <b>not</b> 'days'", "return": "declined"})
    assert read["sign-2"].value == "I count hours; <b>not</b> 'days'"
    assert read["return"].reason == "declined"
    filled = [name for name, answer in read.items() if answer.value is not None]
    assert filled == ["sign-2"]
    assert find_signals(PLAN, read, score(PLAN, {"sign-2": "x"})) == ()


def test_a_number_is_no_text() -> None:
    with pytest.raises(AnswerError, match="it admits text"):
        score(PLAN, {"review": 3})


def test_researchers_do_not_see_it_because_it_names_people() -> None:
    assert PLAN.raters == ("client",)
    assert PLAN.audience == ("client", "therapist", "supervisor")


def test_the_examples_are_whole_plans_one_with_fields_missing() -> None:
    whole, begun = PLAN.examples
    assert len(whole.answers) == len(begun.answers) == len(FIELDS)
    assert "skipped" not in whole.answers
    assert "skipped" in begun.answers


def test_the_wording_is_our_own_and_ships() -> None:
    assert (PLAN.licence.wording, PLAN.licence.terms) == ("ships", "Apache-2.0")


def test_the_definition_has_at_most_sixty_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 60
