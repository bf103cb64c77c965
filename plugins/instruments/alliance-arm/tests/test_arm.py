"""The ARM-5: five items, the third reversed, one mean; the key is typed a second time here."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, load_instrument, score
from alliance_core.response import Bipolar

FILE = Path(__file__).resolve().parent.parent / "alliance_arm" / "arm-5.toml"
ARM = load_instrument(FILE)
[ALLIANCE] = ARM.scales

Answers = list[int | None]

unhurried = settings(deadline=None)  # a busy machine is no fault


def alliance(answers: Answers) -> Fraction | None:
    return score(ARM, answers)["alliance"].value


def by_hand(answers: Answers) -> Fraction | None:
    """A second scorer: the third answer counts 8 minus itself; four of five are needed."""
    first, second, third, fourth, fifth = answers
    turned = None if third is None else 8 - third
    points = [point for point in (first, second, turned, fourth, fifth) if point is not None]
    return Fraction(sum(points), len(points)) if len(points) >= 4 else None


def test_the_key_is_the_published_key() -> None:
    assert [item.id for item in ARM.items] == ["1", "2", "3", "4", "5"]
    assert [item.id for item in ARM.items if item.reverse] == ["3"]
    assert ALLIANCE.items == ("1", "2", "3", "4", "5")
    assert ALLIANCE.method == "mean"
    assert ARM.range_of(ALLIANCE) == (Fraction(1), Fraction(7))


def test_answers_are_whole_numbers_from_1_to_7_between_two_poles() -> None:
    [response] = ARM.formats.values()
    assert isinstance(response, Bipolar)
    assert list(response.values) == [1, 2, 3, 4, 5, 6, 7]
    assert response.poles == ("strongly disagree", "strongly agree")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([7, 6, 2, 6, 5], Fraction(6), id="ordinary: 7 + 6 + 6 + 6 + 5 is 30"),
        pytest.param([7, 7, 7, 7, 7], Fraction(29, 5), id="all highest: 28 and 1"),
        pytest.param([1, 1, 1, 1, 1], Fraction(11, 5), id="all lowest: 4 and 7"),
        pytest.param([7, 7, 1, 7, 7], Fraction(7), id="best possible"),
        pytest.param([1, 1, 7, 1, 1], Fraction(1), id="worst possible"),
        pytest.param([7, 6, None, 6, 5], Fraction(6), id="one missing: 24 of four"),
        pytest.param([7, None, 2, 6, 4], Fraction(23, 4), id="one missing: 7 + 6 + 6 + 4 of four"),
    ],
)
def test_arm_5_worked_examples(answers: Answers, expected: Fraction) -> None:
    assert alliance(answers) == expected


@pytest.mark.parametrize("number", range(5))
def test_each_item_is_keyed_in_its_own_direction(number: int) -> None:
    best = [7, 7, 1, 7, 7]
    worse: Answers = [8 - answer if place == number else answer for place, answer in enumerate(best)]
    assert alliance(worse) == Fraction(29, 5)


def test_two_missing_answers_are_too_many() -> None:
    result = score(ARM, [7, None, 2, None, 5])["alliance"]
    assert (result.value, result.note) == (None, "not scorable: 2 of 5 missing, the rule allows 1")


@unhurried
@given(st.lists(st.integers(1, 7) | st.integers(1, 7) | st.none(), min_size=5, max_size=5))
@example([7, 6, None, 6, 5])
@example([None, 6, None, 6, 5])
def test_arm_5_agrees_with_a_second_scorer(answers: Answers) -> None:
    assert alliance(answers) == by_hand(answers)


def test_the_missing_rule_is_three_quarters_and_says_that_it_is_ours() -> None:
    assert (ALLIANCE.missing.answered, ALLIANCE.missing.source) == (Fraction(3, 4), "project")


def test_there_is_no_threshold_because_none_is_published() -> None:
    assert ARM.thresholds == ()
    assert ARM.safety == ()


def test_it_is_the_clients_form_given_after_each_session() -> None:
    assert (ARM.raters, ARM.twin, ARM.when, ARM.every) == (("client",), None, ("after-session",), 1)
    assert (ARM.id, ARM.version, ARM.confidence) == ("arm-5", "2012", "Vs")


def test_the_wording_is_the_owners_and_must_be_supplied() -> None:
    assert ARM.licence.wording == "supply-your-own"
    assert "Stiles" in ARM.licence.owner
    assert ARM.licence.obtain is not None
    assert "doi:10.1080/10503307.2011.643253" in ARM.source


def test_a_topic_is_a_few_words_and_no_sentence() -> None:
    topics = [item.topic for item in ARM.items]
    assert len(set(topics)) == 5
    assert all(len(topic.split()) <= 4 and not topic.endswith((".", "?")) for topic in topics)


@pytest.mark.parametrize("wrong", [0, 8, 3.5, "strongly agree", True])
def test_an_answer_beyond_or_between_the_seven_is_refused(wrong: object) -> None:
    with pytest.raises(AnswerError, match=r"item 1: .* is not an answer"):
        score(ARM, [wrong, 1, 1, 1, 1])


def test_the_definition_has_at_most_sixty_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 60
