"""The 3RS coding sheets, whose markers are typed a second time, and the check-in for both chairs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.signals import find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_ruptures_observed"
SEGMENT, SESSION, CHECK_IN = (
    load_instrument(HERE / f"{name}.toml") for name in ("3rs", "3rs-session", "rupture-check-in")
)
FORMS = {form.id: form for form in (SEGMENT, SESSION, CHECK_IN)}
unhurried = settings(deadline=None)  # a busy machine is no fault
WITHDRAWAL = (
    "denial", "minimal-response", "abstract-communication", "avoidant-storytelling", "deferential",
    "content-affect-split", "self-criticism",
)  # fmt: skip
CONFRONTATION = (
    "about-therapist", "rejects-intervention", "about-activities", "about-parameters", "about-progress",
    "defends-self", "control-pressure",
)  # fmt: skip
RESOLUTION = (
    "clarifies", "changes-tasks", "gives-rationale", "invites", "own-contribution", "discloses", "links-therapy",
    "links-others", "validates", "refocuses",
)  # fmt: skip
CLASSES = {"withdrawal": WITHDRAWAL, "confrontation": CONFRONTATION, "resolution": RESOLUTION}
NOTHING = dict.fromkeys((*WITHDRAWAL, *CONFRONTATION, *RESOLUTION), 0)


def rules(answers: dict[str, Any]) -> set[str]:
    found = find_signals(CHECK_IN, read_answers(CHECK_IN, answers), score(CHECK_IN, answers))
    return {getattr(signal.rule, "id", "") for signal in found}


def test_the_sheet_of_a_segment_has_seven_seven_and_ten_markers() -> None:
    assert {scale.id: scale.items for scale in SEGMENT.scales} == CLASSES
    assert [item.id for item in SEGMENT.items] == [*WITHDRAWAL, *CONFRONTATION, *RESOLUTION]
    assert (SEGMENT.segment_minutes, SEGMENT.raters) == (5, ("observer",))


@pytest.mark.parametrize("marker", NOTHING)
def test_a_clear_marker_counts_one_and_a_possible_one_nothing(marker: str) -> None:
    for mark, counts in ((0, 0), (1, 0), (2, 1)):
        results = score(SEGMENT, NOTHING | {marker: mark})
        own = next(name for name, items in CLASSES.items() if marker in items)
        assert {name: result.value for name, result in results.items()} == {
            name: counts if name == own else 0 for name in CLASSES
        }


@unhurried
@given(st.lists(st.integers(0, 2) | st.integers(0, 2) | st.integers(0, 2) | st.none(), min_size=24, max_size=24))
def test_a_segment_agrees_with_a_second_scorer(marks: list[int | None]) -> None:
    results = score(SEGMENT, marks)
    for name, part in (("withdrawal", marks[:7]), ("confrontation", marks[7:14]), ("resolution", marks[14:])):
        assert results[name].value == (None if None in part else part.count(2))


def test_the_session_keeps_fourteen_significances_and_scores_four_ratings() -> None:
    assert [item.id for item in SESSION.items if item.unscored] == [*WITHDRAWAL, *CONFRONTATION]
    assert {scale.id: scale.items for scale in SESSION.scales} == {
        name: (name,) for name in ("withdrawal", "confrontation", "resolved", "therapist-part")
    }
    for scale in SESSION.scales:
        assert SESSION.range_of(scale) == (Fraction(1), Fraction(5))
    assert SESSION.segment_minutes is None


@unhurried
@given(st.lists(st.none() | st.integers(1, 5), min_size=18, max_size=18))
def test_a_session_agrees_with_a_second_scorer(answers: list[int | None]) -> None:
    results = score(SESSION, answers)
    assert [result.value for result in results.values()] == answers[14:]


def test_only_resolution_is_better_when_higher() -> None:
    assert {scale.id: SESSION.direction_of(scale) for scale in SESSION.scales} == {
        "withdrawal": "higher-is-worse", "confrontation": "higher-is-worse", "resolved": "higher-is-better",
        "therapist-part": "higher-is-worse",
    }  # fmt: skip
    assert {scale.id: SEGMENT.direction_of(scale) for scale in SEGMENT.scales} == {
        "withdrawal": "higher-is-worse", "confrontation": "higher-is-worse", "resolution": "neither",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["3rs", "3rs-session"])
def test_the_3rs_is_for_observers_and_no_client_sees_it(name: str) -> None:
    form = FORMS[name]
    assert form.raters == ("observer",)
    assert "client" not in form.audience
    assert form.thresholds == ()
    assert form.licence.wording == "supply-your-own"
    assert all(len(item.topic.split()) <= 6 for item in form.items)


def test_the_readme_says_in_our_own_words_what_each_marker_is() -> None:
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    for marker in NOTHING:
        assert f"| `{marker}` |" in text


def test_both_chairs_fill_in_the_same_check_in() -> None:
    assert CHECK_IN.raters == ("client", "therapist")
    assert [item.id for item in CHECK_IN.items] == ["strain", "strength", "spoken", "settled", "note"]


@unhurried
@given(st.tuples(st.none() | st.integers(0, 1), *[st.none() | st.integers(1, 5)] * 3))
def test_the_check_in_agrees_with_a_second_scorer(answers: tuple[int | None, ...]) -> None:
    results = score(CHECK_IN, [*answers, "note"])
    assert tuple(result.value for result in results.values()) == answers


def test_what_was_not_asked_is_not_scorable_and_no_0() -> None:
    quiet = {"strain": "no", "strength": "not-asked", "spoken": "not-asked", "settled": "not-asked"}
    results = score(CHECK_IN, quiet)
    assert [result.value for result in results.values()] == [0, None, None, None]
    assert rules(quiet) == set()


@pytest.mark.parametrize(("settled", "speaks"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_what_was_not_settled_speaks_up_to_2(settled: int, speaks: bool) -> None:  # noqa: FBT001  # a table
    found = rules({"strain": "yes", "strength": 3, "spoken": 3, "settled": settled})
    assert found == ({"strained", "unsettled"} if speaks else {"strained"})


def test_our_own_rules_are_never_shown_as_published() -> None:
    assert {(rule.source, rule.confidence) for rule in CHECK_IN.thresholds} == {("project", "M")}


def test_the_wording_of_the_check_in_is_our_own_and_ships() -> None:
    assert (CHECK_IN.licence.wording, CHECK_IN.licence.terms) == ("ships", "Apache-2.0")


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_answer_of_a_scale_is_needed_by_our_own_rule(name: str) -> None:
    for scale in FORMS[name].scales:
        assert (scale.missing.allowed, scale.missing.source) == (0, "project")


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
