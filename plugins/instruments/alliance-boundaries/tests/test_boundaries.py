"""The boundary reflection counts departures; it measures nobody, and no client sees it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from alliance_core import load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.signals import Signal, find_signals

HERE = Path(__file__).resolve().parent.parent
FILE = HERE / "alliance_boundaries" / "boundary-reflection.toml"
FORM = load_instrument(FILE)
DOMAINS = (
    "role", "time", "place", "money", "gifts", "clothing", "language", "disclosure", "touch", "digital", "relations",
)  # fmt: skip
QUIET: dict[str, object] = {**dict.fromkeys(DOMAINS, "no"), "comfort": 0, "untold": "no", "note": ""}


def speaking(answers: dict[str, object]) -> tuple[Signal, ...]:
    return find_signals(FORM, read_answers(FORM, answers), score(FORM, answers))


def rules(answers: dict[str, object]) -> list[str]:
    return [getattr(signal.rule, "id", "") for signal in speaking(answers)]


def test_every_domain_counts_and_nothing_else_does() -> None:
    [scale] = FORM.scales
    assert scale.items == DOMAINS
    assert scale.method == "count"
    assert FORM.range_of(scale) == (Fraction(0), Fraction(11))


@pytest.mark.parametrize("domain", DOMAINS)
def test_one_departure_counts_one(domain: str) -> None:
    assert score(FORM, {**QUIET, domain: "yes"})["departures"].value == 1


def test_departures_add_up() -> None:
    for marks in product((0, 1), repeat=4):
        answers = {**QUIET, **dict(zip(DOMAINS, marks, strict=False))}
        assert score(FORM, answers)["departures"].value == sum(marks)
    assert score(FORM, {**QUIET, **dict.fromkeys(DOMAINS, True)})["departures"].value == 11


def test_how_it_sits_and_what_is_untold_change_no_count() -> None:
    answers = {**QUIET, "comfort": 4, "untold": "yes", "note": "ask about the card"}
    assert score(FORM, answers)["departures"].value == 0


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_answer_that_is_missing_is_no_no(domain: str) -> None:
    result = score(FORM, {**QUIET, domain: "declined"})["departures"]
    assert result.value is None
    assert result.note == "not scorable: 1 of 11 missing, the rule allows 0"


def test_the_note_and_the_rating_may_be_left_out() -> None:
    assert score(FORM, dict.fromkeys(DOMAINS, "no"))["departures"].value == 0


@pytest.mark.parametrize(("comfort", "speaks"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_doubt_and_unease_are_worth_bringing_to_supervision(comfort: int, speaks: bool) -> None:  # noqa: FBT001  # a table
    assert ("uneasy" in rules({**QUIET, "comfort": comfort})) is speaks


def test_what_is_untold_speaks_by_itself() -> None:
    assert rules({**QUIET, "untold": "yes"}) == ["untold"]
    assert rules(QUIET) == []


def test_our_own_rules_are_never_shown_as_published() -> None:
    found = speaking({**QUIET, "comfort": 4, "untold": "yes"})
    assert len(found) == 2
    assert not any(signal.published for signal in found)
    assert {threshold.source for threshold in FORM.thresholds} == {"project"}


def test_only_the_therapist_answers_and_no_client_sees_it() -> None:
    assert FORM.raters == ("therapist",)
    assert FORM.audience == ("therapist", "supervisor")


def test_it_claims_to_measure_nothing() -> None:
    assert FORM.direction == "neither"
    assert FORM.no_total is not None


def test_the_wording_is_our_own_and_ships() -> None:
    assert (FORM.licence.wording, FORM.licence.terms) == ("ships", "Apache-2.0")


def test_the_example_of_an_own_checklist_is_a_valid_definition() -> None:
    own = load_instrument(HERE / "examples" / "own-checklist.toml")
    assert score(own, ["yes", "yes", "no", "yes"])["happened"].value == 3
    assert "client" not in own.audience


@pytest.mark.parametrize("file", [FILE, HERE / "examples" / "own-checklist.toml"], ids=lambda file: file.stem)
def test_the_definition_has_at_most_sixty_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 60
