"""Scoring one form: numbers worked out by hand, answers read strictly, and reasons where there is no number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from alliance_core import AnswerError, Instrument, PluginError, score
from alliance_core.answers import SKIPPED, Answer, number, read_answer, read_answers, shown
from alliance_core.definition.load import parse_instrument

HEAD = """\
id = "demo"
title = "Demo"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
[licence]
owner = "us"
wording = "ships"
"""
MARKS = HEAD + """
[formats.mark]
kind = "line"
minimum = 0
maximum = 10
step = 0.1
[items]
1 = "a"
2 = "b"
3 = "c"
4 = "d"
[scales.total]
items = "all"
method = "sum"
missing = { allowed = 0, source = "project" }
[[examples]]
answers = [8.5, 9.2, 7.9, 9]
scores = { total = 34.6 }
"""  # fmt: skip
MIXED = HEAD + """
[formats.agree]
kind = "rating"
labels = { 1 = "no", 2 = "rather no", 3 = "rather yes", 4 = "yes" }
[formats.seen]
kind = "yes-no"
[formats.times]
kind = "count"
[formats.words]
kind = "text"
[items]
a = { topic = "rest", format = "agree" }
b = { topic = "worry", format = "agree", reverse = true }
c = { topic = "company", format = "agree" }
d = { topic = "play", format = "agree" }
seen = { topic = "a quarrel", format = "seen" }
times = { topic = "silences", format = "times" }
note = { topic = "note", format = "words" }
[scales]
sum = { items = ["a", "b", "c", "d"], method = "sum", missing = { answered = 0.75, source = "project" } }
mean = { items = ["a", "b", "c"], method = "mean", missing = { allowed = 1, source = "project" } }
index = { items = ["a", "b", "c", "d"], method = "sum", factor = 2.5, missing = { answered = 0.5, source = "project" } }
any = { items = ["a", "b"], method = "any", at_least = 3, missing = { allowed = 0, source = "project" } }
count = { items = ["a", "b", "seen"], method = "count", missing = { allowed = 0, source = "project" } }
seen = { items = ["seen", "times"], method = "sum", missing = { allowed = 0, source = "project" } }
[[examples]]
answers = [4, 1, 2, 3, "yes", 12, "late"]
scores = { sum = 13, mean = 3.3333, index = 32.5, any = 1, count = 3, seen = 13 }
"""  # fmt: skip
WEIGHED = HEAD + """
[formats.agree]
kind = "rating"
labels = { 1 = "no", 2 = "yes" }
[items]
1 = "a"
2 = "b"
[scales.total]
items = "all"
method = "function"
function = "weigh"
range = [0, 6]
missing = { allowed = 1, source = "project" }
[[examples]]
answers = [1, 2]
scores = { total = 5 }
"""  # fmt: skip
MISSING = (None, "", "skipped", "declined", "not-asked", "lost")


def weigh(values: Mapping[str, Fraction | None]) -> Fraction | None:
    first, second = values["1"], values["2"]
    return None if first is None or second is None else first + 2 * second


marks = parse_instrument(MARKS.encode(), name="marks.toml")
mixed = parse_instrument(MIXED.encode(), name="mixed.toml")
BEST = {"a": 4, "b": 1, "c": 4, "d": 4, "seen": "no", "times": 0}


def weighing(function: Any) -> Instrument:
    instrument = parse_instrument(WEIGHED.encode(), name="weighed.toml", functions={"weigh": weigh})
    instrument.functions["weigh"] = function  # type: ignore[index]  # the definition was proved with the right one
    return instrument


def total(*answers: Any) -> Fraction | None:
    return score(marks, answers)["total"].value


@pytest.mark.parametrize(
    "answers", [(9.1, 8.9, 9.0, 9.0), (8.6, 9.7, 9.9, 7.8), (8.8, 9.9, 9.6, 7.7), ("8.6", "9.7", "9.9", "7.8")]
)
def test_four_lines_that_are_36_on_paper_are_exactly_36_and_not_below(answers: tuple[Any, ...]) -> None:
    result = total(*answers)
    assert result == 36
    assert not result < 36


def test_a_float_is_the_decimal_that_it_prints_as() -> None:
    assert total(8.9, 0, 0, 0) == Fraction(89, 10)
    assert total(Decimal("0.1"), Fraction(1, 10), "0.1", 0.1) == Fraction(4, 10)


def test_a_float_that_prints_beside_the_step_is_refused() -> None:
    with pytest.raises(AnswerError, match=r"item 1: 0\.30000000000000004 is not an answer"):
        total(0.1 + 0.2, 0, 0, 0)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3, 3), ("3", 3), ("3.0", 3), (3.0, 3), (-2, -2), ("-2.5", Fraction(-5, 2)), (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("8.90"), Fraction(89, 10)), ("0.5", Fraction(1, 2)), (1e2, 100), (-0.0, 0),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly(raw: object, value: Fraction) -> None:
    assert number(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        True, False, None, "", " 3", "3 ", " 3 ", "3\n", "+3", "03", "3.", ".5", "1_0", "３", "٣", "0x3", "1e2", "3,5",
        "NaN", "nan", "inf", "Infinity", "-", "three", "--3", "3/4", "9" * 31, float("nan"), float("inf"), 1e999,
        Decimal("NaN"), Decimal("Infinity"), Decimal("1e999"), Decimal("1e-999"), 5e-324, "1e999", b"3", [3], {3: 3},
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_plain_number_is_none(raw: object) -> None:
    assert number(raw) is None


@pytest.mark.parametrize(
    "raw", [True, "３", " 3 ", "1_0", float("nan"), "1e999", 0, 5, 2.5, "2,5", -1, [3], "yes", b"3"], ids=repr
)
def test_what_a_rating_does_not_admit_is_refused(raw: object) -> None:
    with pytest.raises(AnswerError, match=r"^item a: .* is not an answer; it admits 1, 2, 3, 4$"):
        score(mixed, BEST | {"a": raw})


@pytest.mark.parametrize("raw", [9.05, 10.1, -0.1, "8.95", 10**40, float("inf")], ids=repr)
def test_what_is_off_the_line_or_between_its_steps_is_refused(raw: object) -> None:
    with pytest.raises(AnswerError, match=r"^item 1: .* is not an answer; it admits 0 to 10 in steps of 0\.1$"):
        total(raw, 9, 9, 9)


@pytest.mark.parametrize(("raw", "value"), [(True, 1), ("yes", 1), (1, 1), ("1", 1), (False, 0), ("no", 0), (0, 0)])
def test_yes_and_no_may_be_said_in_words_and_in_numbers(raw: object, value: int) -> None:
    assert read_answer(mixed, mixed.item_by_id["seen"], raw).value == value


@pytest.mark.parametrize("raw", ["Yes", "YES", "true", "y", 2, 0.5, " yes"], ids=repr)
def test_yes_and_no_are_not_guessed(raw: object) -> None:
    with pytest.raises(AnswerError, match="it admits yes or no"):
        read_answer(mixed, mixed.item_by_id["seen"], raw)


@pytest.mark.parametrize("raw", [-1, 1.5, "1.5", 10**10, True], ids=repr)
def test_a_count_is_a_whole_number_from_0(raw: object) -> None:
    with pytest.raises(AnswerError, match="it admits a whole number from 0"):
        read_answer(mixed, mixed.item_by_id["times"], raw)


@pytest.mark.parametrize("raw", [3, True, b"late", "x" * 10_001, "a\x00b", ["late"]], ids=lambda raw: repr(raw)[:20])
def test_free_text_is_text(raw: object) -> None:
    with pytest.raises(AnswerError, match="it admits text of at most 10000 characters"):
        read_answer(mixed, mixed.item_by_id["note"], raw)
    assert read_answer(mixed, mixed.item_by_id["note"], "3").value == "3"


@pytest.mark.parametrize("raw", MISSING, ids=repr)
def test_a_missing_answer_keeps_its_reason(raw: str | None) -> None:
    assert read_answer(mixed, mixed.items[0], raw).reason == (raw or "skipped")


def test_an_answer_that_was_read_is_read_alike_again() -> None:
    read = read_answers(mixed, BEST | {"note": "late", "c": "lost"})
    assert read_answers(mixed, read) == read


def test_an_answer_is_there_or_missing_and_never_both_or_neither() -> None:
    with pytest.raises(AnswerError, match="either a value or a reason"):
        Answer()
    with pytest.raises(AnswerError, match="either a value or a reason"):
        Answer(Fraction(1), "skipped")
    assert SKIPPED.number is None
    assert Answer("3").number is None


def test_an_item_that_is_not_mentioned_is_skipped() -> None:
    read = read_answers(mixed, {"a": 1})
    assert list(read) == [item.id for item in mixed.items]
    assert {answer.reason for name, answer in read.items() if name != "a"} == {"skipped"}


def test_every_wrong_answer_gets_its_own_sentence() -> None:
    with pytest.raises(AnswerError) as error:
        score(mixed, {"a": 9, "z": 1, "seen": "perhaps"})
    assert error.value.faults == (
        "'z' is not an item of demo; its items are a, b, c, d, seen, times, note",
        "item a: 9 is not an answer; it admits 1, 2, 3, 4",
        "item seen: 'perhaps' is not an answer; it admits yes or no",
    )


@pytest.mark.parametrize("answers", [[], [1], [1] * 5])
def test_answers_in_form_order_are_as_many_as_items(answers: list[int]) -> None:
    with pytest.raises(AnswerError, match=rf"^{len(answers)} answers were given, but demo has 4 items$"):
        score(marks, answers)


@pytest.mark.parametrize(
    ("changes", "scale", "value"),
    [
        ({}, "sum", Fraction(16)),
        ({"b": 4}, "sum", Fraction(13)),  # 4 + (1 + 4 - 4) + 4 + 4
        ({"a": None}, "sum", Fraction(16)),  # 12 of 3 items, for 4
        ({"b": None, "d": 1}, "sum", Fraction(9 * 4, 3)),
        ({"a": None, "c": None}, "sum", None),
        ({}, "mean", Fraction(4)),
        ({"b": 3}, "mean", Fraction(10, 3)),
        ({"c": None, "b": 3}, "mean", Fraction(6, 2)),
        ({"a": None, "c": None}, "mean", None),
        ({}, "index", Fraction(40)),
        ({"a": 1, "d": 3}, "index", Fraction(30)),  # (1 + 4 + 4 + 3) times 2.5
        ({"a": None, "d": 3}, "index", Fraction(11 * 4 * 5, 3 * 2)),
        ({"a": 1, "b": 4}, "any", Fraction(0)),
        ({"a": 1, "b": 2}, "any", Fraction(1)),  # 2 is 3 when it is reversed
        ({"a": None, "b": 1}, "any", None),
        ({}, "count", Fraction(2)),
        ({"seen": "yes"}, "count", Fraction(3)),
        ({"seen": "lost"}, "count", None),
        ({"seen": True, "times": 7}, "seen", Fraction(8)),
    ],
)
def test_the_methods_by_hand(changes: dict[str, Any], scale: str, value: Fraction | None) -> None:
    assert score(mixed, BEST | changes)[scale].value == value


@pytest.mark.parametrize("raw", MISSING, ids=repr)
def test_every_reason_makes_the_same_score(raw: str | None) -> None:
    assert score(mixed, BEST | {"a": raw}) == score(mixed, BEST | {"a": None})


def test_a_form_without_any_answer_has_no_score_at_all() -> None:
    scores = score(mixed, {})
    assert {result.value for result in scores.values()} == {None}
    assert {result.answered for result in scores.values()} == {0}


def test_the_reason_says_how_many_are_missing_and_how_many_may_be() -> None:
    scores = score(mixed, BEST | {"a": None, "c": None})
    assert scores["sum"].note == "not scorable: 2 of 4 missing, the rule allows 1"
    assert scores["mean"].note == "not scorable: 2 of 3 missing, the rule allows 1"
    assert scores["index"].note == "prorated: 2 of 4 answered"
    assert scores["any"].note == "not scorable: 1 of 2 missing, the rule allows 0"
    assert scores["seen"].note == ""
    assert [scores[scale].prorated for scale in ("sum", "index", "seen")] == [False, True, False]


def test_scores_come_in_the_order_of_the_definition() -> None:
    scores = score(mixed, BEST)
    assert list(scores) == ["sum", "mean", "index", "any", "count", "seen"]
    assert len(scores) == 6
    assert "task" not in scores


@pytest.mark.parametrize(
    ("rule", "items", "needed"),
    [
        ("answered = 0.75", 4, 3), ("answered = 0.75", 12, 9), ("answered = 0.75", 19, 15), ("answered = 0.75", 36, 27),
        ("answered = 0.75", 1, 1), ("answered = 0.001", 4, 1), ("answered = 1", 4, 4), ("answered = 0.7", 10, 7),
        ("allowed = 0", 4, 4), ("allowed = 1", 10, 9), ("allowed = 3", 4, 1),
    ],
)  # fmt: skip
def test_how_many_answers_a_missing_rule_needs(rule: str, items: int, needed: int) -> None:
    lines = "".join(f'{place} = "x"\n' for place in range(1, items + 1))
    text = MARKS.replace("allowed = 0", rule)
    text = text[: text.index("1 = ")] + lines + text[text.index("[scales") : text.index("answers")]
    text += f"answers = {[0] * items}\nscores = {{ total = 0 }}\n"
    [scale] = parse_instrument(text.encode(), name="demo.toml").scales
    assert scale.missing.needed(items) == needed


def test_a_function_gets_the_answers_as_they_were_given() -> None:
    seen: list[Mapping[str, Fraction | None]] = []

    def watch(values: Mapping[str, Fraction | None]) -> int:
        seen.append(dict(values))
        return 4

    result = score(weighing(watch), ["lost", 2])["total"]
    assert seen == [{"1": None, "2": Fraction(2)}]
    assert (result.value, result.answered, result.items) == (Fraction(4), 1, 2)


def test_a_function_is_not_asked_where_too_much_is_missing() -> None:
    def fail(values: Mapping[str, Fraction | None]) -> int:
        pytest.fail("it was asked")

    assert score(weighing(fail), [None, None])["total"].note == "not scorable: 2 of 2 missing, the rule allows 1"


def test_a_function_may_give_no_score() -> None:
    result = score(weighing(weigh), [1, None])["total"]
    assert result.value is None
    assert result.note == "not scorable: the scoring function gives no score for these answers"


@pytest.mark.parametrize("wrong", [-1, 7, Fraction(61, 10), True, 4.0, Decimal(4), "4", float("nan"), [4]], ids=repr)
def test_a_function_that_gives_what_is_no_score_stops_the_scoring(wrong: object) -> None:
    with pytest.raises(
        PluginError, match=r"demo, scale total: the scoring function weigh gave .* no score from 0 to 6"
    ):
        score(weighing(lambda _: wrong), [1, 2])


def test_a_function_that_fails_stops_the_scoring_and_names_itself() -> None:
    with pytest.raises(PluginError) as error:
        score(weighing(lambda values: values["3"]), [1, 2])
    assert error.value.faults == (
        "demo, scale total: the scoring function weigh failed (KeyError: '3'); nothing was scored",
    )


def test_a_function_that_is_not_there_is_missed_by_name() -> None:
    instrument = weighing(weigh)
    instrument.functions.clear()  # type: ignore[attr-defined]  # as if the plugin were gone
    with pytest.raises(
        PluginError, match="the scoring function weigh is not there; install the plugin that supplies demo"
    ):
        score(instrument, [1, 2])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("4", "4"),
        ("17/2", "8.5"),
        ("140/3", "46.6667"),
        ("-1/3", "-0.3333"),
        ("0", "0"),
        ("10", "10"),
        ("1/100000", "0"),
    ],
)
def test_a_number_is_shown_as_people_write_it(value: str, text: str) -> None:
    assert shown(Fraction(value)) == text
