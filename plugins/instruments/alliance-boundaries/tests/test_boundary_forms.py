"""The client's form goes past the therapist, and the supervisor's form stays on the supervisor's desk."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import Instrument, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.signals import Signal, find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_boundaries"
CLIENT, SUPERVISOR = (load_instrument(HERE / f"{name}.toml") for name in ("boundary-client", "boundary-supervisor"))
unhurried = settings(deadline=None)  # a busy machine is no fault
COUNTED = {
    "boundary-client": ("time", "contact", "money", "own-life", "touch", "remarks", "needs", "relation"),
    "boundary-supervisor": ("heard", "reason", "earlier", "record", "step"),
}
both_forms = pytest.mark.parametrize("form", [CLIENT, SUPERVISOR], ids=lambda form: form.id)


def speaking(form: Instrument, answers: dict[str, object]) -> tuple[Signal, ...]:
    return find_signals(form, read_answers(form, answers), score(form, answers))


def rules(form: Instrument, answers: dict[str, object]) -> set[str]:
    return {getattr(signal.rule, "id", "") for signal in speaking(form, answers)}


def test_the_therapist_sees_neither_of_them() -> None:
    assert (CLIENT.raters, CLIENT.audience) == (("client",), ("client", "supervisor"))
    assert (SUPERVISOR.raters, SUPERVISOR.audience) == (("supervisor",), ("supervisor",))


@both_forms
def test_only_the_yes_and_no_items_are_counted(form: Instrument) -> None:
    [scale] = form.scales
    assert scale.items == COUNTED[form.id]
    assert scale.method == "count"
    assert form.range_of(scale) == (Fraction(0), Fraction(len(scale.items)))
    assert (scale.missing.allowed, scale.missing.source) == (0, "project")


@both_forms
def test_every_form_agrees_with_counting(form: Instrument) -> None:
    [scale] = form.scales

    @unhurried
    @given(st.lists(st.sampled_from([0, 1, 1, 0, None]), min_size=len(scale.items), max_size=len(scale.items)))
    def agrees(marks: list[int | None]) -> None:
        expected = None if None in marks else sum(mark or 0 for mark in marks)
        assert score(form, dict(zip(scale.items, marks, strict=True)))[scale.id].value == expected

    agrees()


@pytest.mark.parametrize(("ease", "speaks"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_doubt_and_trouble_of_the_client_speak(ease: int, speaks: bool) -> None:  # noqa: FBT001  # a table
    assert rules(CLIENT, {"ease": ease}) == ({"troubled"} if speaks else set())


@pytest.mark.parametrize(("item", "rule"), [("talk", "wants-to-talk"), ("silence", "asked-for-silence")])
def test_one_answer_of_the_client_is_enough(item: str, rule: str) -> None:
    assert rules(CLIENT, {item: "yes"}) == {rule}
    assert rules(CLIENT, {item: "no"}) == set()


@pytest.mark.parametrize(
    ("kind", "expected"), [(0, set()), (1, set()), (2, set()), (3, {"could-harm"}), (4, {"could-harm", "at-risk"})]
)
def test_what_could_harm_speaks_to_the_supervisor(kind: int, expected: set[str]) -> None:
    assert rules(SUPERVISOR, {"kind": kind}) == expected
    assert rules(SUPERVISOR, {"kind": kind, "alone": "yes"}) == {*expected, "not-alone"}


@both_forms
def test_our_own_rules_are_never_shown_as_published(form: Instrument) -> None:
    assert {(rule.source, rule.confidence) for rule in form.thresholds} == {("project", "M")}


@both_forms
def test_it_claims_to_measure_nothing(form: Instrument) -> None:
    assert form.direction == "neither"
    assert form.no_total is not None


@both_forms
def test_the_wording_is_our_own_and_ships(form: Instrument) -> None:
    assert (form.licence.wording, form.licence.terms) == ("ships", "Apache-2.0")


@both_forms
def test_the_definition_has_at_most_sixty_lines(form: Instrument) -> None:
    assert len((HERE / f"{form.id}.toml").read_text(encoding="utf-8").splitlines()) <= 60
