"""The SEQ, Form 5: four indices of five pairs each, ten pairs turned round; the key is typed a second time here."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, load_instrument, score
from alliance_core.response import Bipolar

FILE = Path(__file__).resolve().parent.parent / "alliance_seq" / "seq-5.toml"
SEQ = load_instrument(FILE)

Answers = list[int | None]

# The high pole of a minus is printed on the left.
INDICES = {
    "depth": (-3, 4, -7, 8, -9),
    "smoothness": (2, -5, 6, 10, -11),
    "positivity": (-12, 13, 15, -17, -18),
    "arousal": (-14, 16, 19, -20, 21),
}
SIGNED = [place for places in INDICES.values() for place in places]
ORDINARY: Answers = [6, 5, 2, 5, 3, 5, 2, 6, 4, 5, 2, 3, 5, 4, 5, 3, 2, 2, 4, 5, 3]
HIGHEST: Answers = [1 if -number in SIGNED else 7 for number in range(1, 22)]
unhurried = settings(deadline=None)  # a busy machine is no fault


def values(answers: Answers) -> dict[str, Fraction | None]:
    return {scale: result.value for scale, result in score(SEQ, answers).items()}


def without(answers: Answers, *numbers: int) -> Answers:
    return [None if number in numbers else answer for number, answer in enumerate(answers, start=1)]


def by_hand(answers: Answers) -> dict[str, Fraction | None]:
    """A second scorer: a pair that is turned round counts 8 minus its answer; four of five are needed."""
    indices: dict[str, Fraction | None] = {}
    for name, places in INDICES.items():
        given = [(place, answers[abs(place) - 1]) for place in places]
        points = [(8 - answer if place < 0 else answer) for place, answer in given if answer is not None]
        indices[name] = Fraction(sum(points), len(points)) if len(points) >= 4 else None
    return indices


def test_the_key_is_the_published_key() -> None:
    assert [item.id for item in SEQ.items] == [str(number) for number in range(1, 22)]
    assert {scale.id: tuple(map(int, scale.items)) for scale in SEQ.scales} == {
        name: tuple(map(abs, places)) for name, places in INDICES.items()
    }
    assert [int(item.id) for item in SEQ.items if item.reverse] == sorted(-place for place in SIGNED if place < 0)
    assert {scale.method for scale in SEQ.scales} == {"mean"}
    assert {SEQ.range_of(scale) for scale in SEQ.scales} == {(Fraction(1), Fraction(7))}


def test_the_first_item_is_in_no_index_and_ten_of_the_other_twenty_are_reversed() -> None:
    assert [item.id for item in SEQ.items if item.unscored] == ["1"]
    assert sorted(map(abs, SIGNED)) == list(range(2, 22))
    assert sum(item.reverse for item in SEQ.items) == 10


def test_answers_are_whole_numbers_from_1_to_7_and_the_poles_are_the_owners() -> None:
    [response] = SEQ.formats.values()
    assert isinstance(response, Bipolar)
    assert list(response.values) == [1, 2, 3, 4, 5, 6, 7]
    assert response.poles == ()


@pytest.mark.parametrize(
    ("answers", "depth", "smoothness", "positivity", "arousal"),
    [
        pytest.param(ORDINARY, "5.4", "5.2", "5.4", "3.4", id="ordinary: 27, 26, 27 and 17 of five"),
        pytest.param(HIGHEST, "7", "7", "7", "7", id="highest possible"),
        pytest.param([7] * 21, "3.4", "4.6", "3.4", "4.6", id="all rightmost: 17, 23, 17 and 23 of five"),
        pytest.param([1] * 21, "4.6", "3.4", "4.6", "3.4", id="all leftmost: 23, 17, 23 and 17 of five"),
        pytest.param([4] * 21, "4", "4", "4", "4", id="all in the middle"),
    ],
)
def test_seq_5_worked_examples(answers: Answers, depth: str, smoothness: str, positivity: str, arousal: str) -> None:
    stated = {"depth": depth, "smoothness": smoothness, "positivity": positivity, "arousal": arousal}
    assert values(answers) == {name: Fraction(value) for name, value in stated.items()}


@pytest.mark.parametrize("number", range(1, 22))
def test_each_item_moves_its_own_index_and_no_other(number: int) -> None:
    lower = list(HIGHEST)
    lower[number - 1] = 8 - (HIGHEST[number - 1] or 0)
    moved = {name for name, value in values(lower).items() if value != 7}
    assert moved == {name for name, places in INDICES.items() if number in map(abs, places)}
    assert all(values(lower)[name] == Fraction(29, 5) for name in moved)


def test_four_of_five_answers_are_enough_and_three_are_not() -> None:
    enough = score(SEQ, without(ORDINARY, 1, 3, 5, 12, 21))
    assert [result.value for result in enough.values()] == [Fraction(sum_, 4) for sum_ in (21, 21, 22, 14)]
    assert enough["depth"].note == "prorated: 4 of 5 answered"
    short = score(SEQ, without(ORDINARY, 3, 4))
    assert (short["depth"].value, short["depth"].note) == (None, "not scorable: 2 of 5 missing, the rule allows 1")
    assert short["smoothness"].value == Fraction("5.2")


@unhurried
@given(st.lists(st.integers(1, 7) | st.integers(1, 7) | st.none(), min_size=21, max_size=21))
@example(without(ORDINARY, 3, 5, 12, 21))
@example(without(ORDINARY, 3, 4))
def test_seq_5_agrees_with_a_second_scorer(answers: Answers) -> None:
    assert values(answers) == by_hand(answers)


def test_there_is_no_total_and_no_threshold_because_none_is_published() -> None:
    assert SEQ.no_total is not None
    assert (SEQ.thresholds, SEQ.safety) == ((), ())


def test_more_arousal_is_neither_better_nor_worse() -> None:
    assert {scale.id: SEQ.direction_of(scale) for scale in SEQ.scales} == {
        "depth": "higher-is-better",
        "smoothness": "higher-is-better",
        "positivity": "higher-is-better",
        "arousal": "neither",
    }


def test_the_missing_rule_is_three_quarters_and_says_that_it_is_ours() -> None:
    assert {(scale.missing.answered, scale.missing.source) for scale in SEQ.scales} == {(Fraction(3, 4), "project")}


def test_all_three_raters_fill_in_the_same_form_right_after_the_session() -> None:
    assert (SEQ.raters, SEQ.twin, SEQ.when) == (("client", "therapist", "observer"), None, ("after-session",))
    assert (SEQ.id, SEQ.version, SEQ.confidence) == ("seq-5", "5", "H")


def test_the_wording_is_the_owners_and_must_be_supplied() -> None:
    assert SEQ.licence.wording == "supply-your-own"
    assert "Stiles" in SEQ.licence.owner
    assert SEQ.licence.obtain == "wbstiles.net"


def test_a_topic_names_the_index_and_no_pole() -> None:
    for name, places in INDICES.items():
        found = [SEQ.item_by_id[str(abs(place))].topic for place in sorted(places, key=abs)]
        assert found == [f"{name}, {turn} of 5" for turn in range(1, 6)]


@pytest.mark.parametrize("wrong", [0, 8, 3.5, "much", True])
def test_an_answer_beyond_or_between_the_seven_is_refused(wrong: object) -> None:
    with pytest.raises(AnswerError, match=r"item 1: .* is not an answer"):
        score(SEQ, [wrong] + [1] * 20)


def test_the_definition_has_at_most_sixty_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 60
