"""The HAq-II: nineteen items, five of them reversed, one total; the key is typed a second time here."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, load_instrument, score

FILE = Path(__file__).resolve().parent.parent / "alliance_haq" / "haq-ii.toml"
HAQ = load_instrument(FILE)
[TOTAL] = HAQ.scales

Answers = list[int | None]

TURNED = (4, 8, 11, 16, 19)
ORDINARY: Answers = [5, 5, 6, 2, 5, 4, 5, 1, 5, 5, 2, 5, 5, 6, 5, 3, 4, 5, 2]
BEST: Answers = [1 if number in TURNED else 6 for number in range(1, 20)]
WORST: Answers = [6 if number in TURNED else 1 for number in range(1, 20)]
unhurried = settings(deadline=None)  # a busy machine is no fault


def total(answers: Answers) -> Fraction | None:
    return score(HAQ, answers)["total"].value


def without(answers: Answers, *numbers: int) -> Answers:
    return [None if number in numbers else answer for number, answer in enumerate(answers, start=1)]


def by_hand(answers: Answers) -> Fraction | None:
    """A second scorer: an answer that is turned round counts 7 minus itself; fifteen of nineteen are needed."""
    points = [
        7 - answer if number in TURNED else answer
        for number, answer in enumerate(answers, start=1)
        if answer is not None
    ]
    return Fraction(19 * sum(points), len(points)) if len(points) >= 15 else None


def test_the_key_is_the_published_key() -> None:
    assert [item.id for item in HAQ.items] == [str(number) for number in range(1, 20)]
    assert tuple(int(item.id) for item in HAQ.items if item.reverse) == TURNED
    assert list(map(int, TOTAL.items)) == list(range(1, 20))
    assert TOTAL.method == "sum"
    assert HAQ.range_of(TOTAL) == (Fraction(19), Fraction(114))


def test_the_six_labels_carry_their_values() -> None:
    [response] = HAQ.formats.values()
    assert list(response.values or ()) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(ORDINARY, 95, id="ordinary: 70 on fourteen items and 25 on the five reversed"),
        pytest.param([4] * 19, 71, id="all 4: 56 and 15"),
        pytest.param([6] * 19, 89, id="all highest: 84 and 5"),
        pytest.param([1] * 19, 44, id="all lowest: 14 and 30"),
        pytest.param(BEST, 114, id="best possible"),
        pytest.param(WORST, 19, id="worst possible"),
    ],
)
def test_haq_ii_worked_examples(answers: Answers, expected: int) -> None:
    assert total(answers) == expected


@pytest.mark.parametrize("number", range(1, 20))
def test_each_item_is_keyed_in_its_own_direction(number: int) -> None:
    worse = list(BEST)
    worse[number - 1] = WORST[number - 1]
    assert total(worse) == 114 - 5


def test_fifteen_of_nineteen_answers_are_enough_and_fourteen_are_not() -> None:
    enough = score(HAQ, without(BEST, 1, 4, 8, 19))["total"]
    assert (enough.value, enough.note) == (Fraction(114), "prorated: 15 of 19 answered")
    short = score(HAQ, without(BEST, 1, 4, 8, 18, 19))["total"]
    assert (short.value, short.note) == (None, "not scorable: 5 of 19 missing, the rule allows 4")


@pytest.mark.parametrize("missing", range(1, 20))
def test_a_missing_answer_is_never_a_zero(missing: int) -> None:
    value = total(without(WORST, *range(1, missing + 1)))
    assert value == (19 if missing <= 4 else None)


@unhurried
@given(st.lists(st.integers(1, 6) | st.integers(1, 6) | st.none(), min_size=19, max_size=19))
@example(without(ORDINARY, 4, 5, 6, 7))
@example(without(ORDINARY, 4, 5, 6, 7, 8))
def test_haq_ii_agrees_with_a_second_scorer(answers: Answers) -> None:
    assert total(answers) == by_hand(answers)


def test_the_missing_rule_is_three_quarters_and_says_that_it_is_ours() -> None:
    assert (TOTAL.missing.answered, TOTAL.missing.source) == (Fraction(3, 4), "project")


def test_there_is_no_threshold_because_none_is_published() -> None:
    assert HAQ.thresholds == ()
    assert HAQ.safety == ()


def test_client_and_therapist_fill_in_parallel_forms_of_one_key() -> None:
    assert (HAQ.raters, HAQ.twin) == (("client", "therapist"), None)
    assert (HAQ.id, HAQ.version, HAQ.confidence) == ("haq-ii", "1996", "Vs")


def test_the_wording_is_the_owners_and_must_be_supplied() -> None:
    assert HAQ.licence.wording == "supply-your-own"
    assert "Luborsky" in HAQ.licence.owner
    assert HAQ.licence.obtain is not None
    assert "PMID 22700294" in HAQ.source


def test_a_topic_is_a_few_words_and_no_sentence() -> None:
    topics = [item.topic for item in HAQ.items]
    assert len(set(topics)) == 19
    assert all(len(topic.split()) <= 4 and not topic.endswith((".", "?")) for topic in topics)


@pytest.mark.parametrize("wrong", [0, 7, 3.5, "Agree", True])
def test_a_value_that_no_label_has_is_refused(wrong: object) -> None:
    with pytest.raises(AnswerError, match=r"item 1: .* is not an answer"):
        score(HAQ, [wrong] + [1] * 18)


def test_the_definition_has_at_most_sixty_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 60
