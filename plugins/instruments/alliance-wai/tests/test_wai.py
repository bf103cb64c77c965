"""The keys of the WAI forms, typed a second time, and worked examples whose numbers were added up by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, Instrument, load_instrument, score

HERE = Path(__file__).resolve().parent.parent / "alliance_wai"
FORMS = {name: load_instrument(HERE / f"{name}.toml") for name in ("wai-36", "wai-sr", "wai-s")}

Answers = list[int | None]


class Key(NamedTuple):
    """A form's key as its source prints it."""

    items: int
    top: int
    reverse: set[int]
    subscales: dict[str, set[int]]


KEYS = {
    "wai-36": Key(
        36, 7,
        {1, 3, 7, 9, 10, 11, 12, 15, 20, 27, 29, 31, 33, 34},
        {
            "task": {2, 4, 7, 11, 13, 15, 16, 18, 24, 31, 33, 35},
            "bond": {1, 5, 8, 17, 19, 20, 21, 23, 26, 28, 29, 36},
            "goal": {3, 6, 9, 10, 12, 14, 22, 25, 27, 30, 32, 34},
        },
    ),
    "wai-sr": Key(12, 5, set(), {"task": {1, 2, 10, 12}, "bond": {3, 5, 7, 9}, "goal": {4, 6, 8, 11}}),
    "wai-s": Key(12, 7, {4, 10}, {"task": {1, 2, 8, 12}, "bond": {3, 5, 7, 9}, "goal": {4, 6, 10, 11}}),
}  # fmt: skip

RAMP: Answers = [(position % 7) + 1 for position in range(36)]
BEST: Answers = [1 if number in KEYS["wai-36"].reverse else 7 for number in range(1, 37)]
MEANT: Answers = [3, 4, 5, 3, 5, 4, 4, 4, 3, 4, 3, 4]
SHORT: Answers = [6, 5, 7, 2, 6, 6, 6, 5, 7, 3, 5, 6]

unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("name", sorted(FORMS))


def values(form: Instrument, answers: Answers) -> dict[str, Fraction | None]:
    return {scale: result.value for scale, result in score(form, answers).items()}


def without(answers: Answers, *numbers: int) -> Answers:
    return [None if number in numbers else answer for number, answer in enumerate(answers, start=1)]


def by_hand(key: Key, answers: Answers) -> dict[str, Fraction | None]:
    """A second scorer, in whole numbers: all sums times the number of items, divided once."""
    sums = dict.fromkeys([*key.subscales, "total"], 0)
    counts = dict.fromkeys(sums, 0)
    for number, answer in enumerate(answers, start=1):
        if answer is None:
            continue
        owner = next(scale for scale, items in key.subscales.items() if number in items)
        for scale in (owner, "total"):
            sums[scale] += (key.top + 1 - answer) if number in key.reverse else answer
            counts[scale] += 1
    sizes = {scale: len(items) for scale, items in key.subscales.items()} | {"total": key.items}
    return {
        scale: Fraction(sums[scale] * size, counts[scale]) if counts[scale] * 4 >= size * 3 else None
        for scale, size in sizes.items()
    }


@every_form
def test_the_key_is_the_published_key(name: str) -> None:
    form, key = FORMS[name], KEYS[name]
    assert [item.id for item in form.items] == [str(number) for number in range(1, key.items + 1)]
    assert {int(item.id) for item in form.items if item.reverse} == key.reverse
    assert {scale.id: set(map(int, scale.items)) for scale in form.scales} == key.subscales | {
        "total": set(range(1, key.items + 1))
    }
    assert {scale.method for scale in form.scales} == {"sum"}


@every_form
def test_every_item_is_in_exactly_one_subscale(name: str) -> None:
    parts = KEYS[name].subscales.values()
    assert sorted(number for part in parts for number in part) == list(range(1, KEYS[name].items + 1))


@pytest.mark.parametrize(
    ("name", "subscale", "total"),
    [("wai-36", (12, 84), (36, 252)), ("wai-sr", (4, 20), (12, 60)), ("wai-s", (4, 28), (12, 84))],
)
def test_the_ranges_are_the_published_ranges(name: str, subscale: tuple[int, int], total: tuple[int, int]) -> None:
    form = FORMS[name]
    ranges: dict[str, object] = {scale.id: form.range_of(scale) for scale in form.scales}
    assert ranges == {"task": subscale, "bond": subscale, "goal": subscale, "total": total}


@pytest.mark.parametrize(
    ("answers", "task", "bond", "goal", "total"),
    [
        pytest.param([4] * 36, 48, 48, 48, 144, id="all in the middle"),
        pytest.param([7] * 36, 54, 66, 48, 168, id="all highest"),
        pytest.param([1] * 36, 42, 30, 48, 120, id="all lowest"),
        pytest.param(BEST, 84, 84, 84, 252, id="best possible"),
        pytest.param(RAMP, 48, 52, 47, 147, id="1 to 7 over and over; bond is 40 if 28 is reversed instead of 29"),
    ],
)
def test_wai_36_worked_examples(answers: Answers, task: int, bond: int, goal: int, total: int) -> None:
    assert values(FORMS["wai-36"], answers) == {"task": task, "bond": bond, "goal": goal, "total": total}


@pytest.mark.parametrize("number", range(1, 37))
def test_wai_36_each_item_is_keyed_in_its_own_direction(number: int) -> None:
    worse = list(BEST)
    worse[number - 1] = 8 - (BEST[number - 1] or 0)
    assert values(FORMS["wai-36"], worse)["total"] == 252 - 6


@pytest.mark.parametrize(
    ("answers", "task", "bond", "goal", "total"),
    [
        pytest.param(MEANT, 15, 17, 14, 46, id="ordinary"),
        pytest.param([1, 5, 1, 1, 5, 5, 1, 5, 1, 5, 5, 1], 12, 8, 16, 36, id="every left-most box of the paper form"),
        pytest.param([5] * 12, 20, 20, 20, 60, id="all highest"),
        pytest.param([1] * 12, 4, 4, 4, 12, id="all lowest"),
    ],
)
def test_wai_sr_worked_examples(answers: Answers, task: int, bond: int, goal: int, total: int) -> None:
    assert values(FORMS["wai-sr"], answers) == {"task": task, "bond": bond, "goal": goal, "total": total}


def test_wai_sr_prints_six_items_from_always_to_seldom_and_reverses_none() -> None:
    items = FORMS["wai-sr"].items
    assert [int(item.id) for item in items if item.display == "descending"] == [2, 5, 6, 8, 10, 11]
    assert not any(item.reverse for item in items)


def test_wai_sr_prorates_the_total_from_all_answers_and_not_from_prorated_subscales() -> None:
    results = score(FORMS["wai-sr"], without(MEANT, 9))
    assert results["bond"].value == Fraction(14 * 4, 3)
    assert results["total"].value == Fraction(43 * 12, 11)
    assert results["total"].note == "prorated: 11 of 12 answered"


def test_wai_sr_gives_no_subscale_but_a_total_where_half_a_subscale_is_missing() -> None:
    results = score(FORMS["wai-sr"], without(MEANT, 7, 9))
    assert results["bond"].value is None
    assert results["bond"].note == "not scorable: 2 of 4 missing, the rule allows 1"
    assert results["total"].value == Fraction(468, 10)


@pytest.mark.parametrize(
    ("answers", "task", "bond", "goal", "total"),
    [
        pytest.param(SHORT, 22, 26, 22, 70, id="ordinary"),
        pytest.param([7] * 12, 28, 28, 16, 72, id="all highest"),
        pytest.param([1] * 12, 4, 4, 16, 24, id="all lowest"),
        pytest.param([7, 7, 7, 1, 7, 7, 7, 7, 7, 1, 7, 7], 28, 28, 28, 84, id="best possible"),
    ],
)
def test_wai_s_worked_examples(answers: Answers, task: int, bond: int, goal: int, total: int) -> None:
    assert values(FORMS["wai-s"], answers) == {"task": task, "bond": bond, "goal": goal, "total": total}


def forms_of(name: str) -> st.SearchStrategy[Answers]:
    key = KEYS[name]
    answer = st.none() | st.integers(1, key.top)
    return st.lists(st.integers(1, key.top) | answer, min_size=key.items, max_size=key.items)


@unhurried
@given(forms_of("wai-36"))
@example(RAMP)
def test_wai_36_agrees_with_a_second_scorer(answers: Answers) -> None:
    assert values(FORMS["wai-36"], answers) == by_hand(KEYS["wai-36"], answers)


@unhurried
@given(forms_of("wai-sr"))
@example(without(MEANT, 7, 9))
def test_wai_sr_agrees_with_a_second_scorer(answers: Answers) -> None:
    assert values(FORMS["wai-sr"], answers) == by_hand(KEYS["wai-sr"], answers)


@unhurried
@given(forms_of("wai-s"))
@example(without(SHORT, 4, 10))
def test_wai_s_agrees_with_a_second_scorer(answers: Answers) -> None:
    assert values(FORMS["wai-s"], answers) == by_hand(KEYS["wai-s"], answers)


@pytest.mark.parametrize("missing", [1, 9, 10, 12, 27, 28, 36])
def test_a_missing_answer_is_never_a_zero(missing: int) -> None:
    results = score(FORMS["wai-36"], without([1] * 36, *range(1, missing + 1)))
    for scale in results.values():
        assert scale.value is None or scale.value >= 12


@every_form
def test_the_missing_rule_is_three_quarters_and_says_that_it_is_ours(name: str) -> None:
    for scale in FORMS[name].scales:
        assert (scale.missing.answered, scale.missing.source) == (Fraction(3, 4), "project")


@every_form
def test_there_is_no_threshold_because_none_is_published(name: str) -> None:
    assert FORMS[name].thresholds == ()
    assert FORMS[name].safety == ()


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(name: str) -> None:
    licence = FORMS[name].licence
    assert licence.wording == "supply-your-own"
    assert "Horvath" in licence.owner
    assert licence.obtain is not None
    assert "wai.profhorvath.com" in licence.obtain


@every_form
def test_a_topic_is_a_few_words_and_no_sentence(name: str) -> None:
    for item in FORMS[name].items:
        assert len(item.topic.split()) <= 4
        assert not item.topic.endswith((".", "?"))


def test_an_item_has_the_same_topic_on_the_long_and_the_short_forms() -> None:
    long, short, revised = (
        {item.id: item.topic for item in FORMS[name].items} for name in ("wai-36", "wai-s", "wai-sr")
    )
    assert list(short.values()) == [long[str(number)] for number in (2, 4, 8, 12, 21, 22, 23, 24, 26, 27, 32, 35)]
    assert list(revised.values()) == [long[str(number)] for number in (25, 4, 8, 30, 19, 22, 23, 24, 36, 16, 32, 35)]


def test_only_the_short_revised_form_is_for_the_client_alone() -> None:
    everyone = ("client", "therapist", "observer")
    assert {name: form.raters for name, form in FORMS.items()} == {
        "wai-36": everyone, "wai-s": everyone, "wai-sr": ("client",),
    }  # fmt: skip


@every_form
def test_the_labels_carry_their_values(name: str) -> None:
    [response] = FORMS[name].formats.values()
    assert list(response.values or ()) == [Fraction(value) for value in range(1, KEYS[name].top + 1)]


@every_form
def test_a_value_between_two_labels_or_beyond_them_is_refused(name: str) -> None:
    key = KEYS[name]
    for wrong in (0, key.top + 1, 3.5, "often"):
        with pytest.raises(AnswerError, match=r"item 1: .* is not an answer"):
            score(FORMS[name], [wrong] + [1] * (key.items - 1))


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
