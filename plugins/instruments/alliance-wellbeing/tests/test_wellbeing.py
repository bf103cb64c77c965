"""The four keys typed a second time, a second scorer, and worked examples whose numbers were added up by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core import Instrument, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.signals import find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_wellbeing"
NAMES = ("who-5", "swls", "flourishing-scale", "perma-profiler")
FORMS = {name: load_instrument(HERE / f"{name}.toml") for name in NAMES}
unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("name", NAMES)

Answers = list[int | None]


class Key(NamedTuple):
    """A form's key as its source prints it."""

    items: int
    bottom: int
    top: int
    scales: dict[str, list[int]]
    needed: dict[str, int]
    times: int | None
    """What a sum is multiplied by; None for means."""


KEYS = {
    "who-5": Key(5, 0, 5, {"index": [1, 2, 3, 4, 5]}, {"index": 5}, 4),
    "swls": Key(5, 1, 7, {"total": [1, 2, 3, 4, 5]}, {"total": 4}, 1),
    "flourishing-scale": Key(8, 1, 7, {"total": [1, 2, 3, 4, 5, 6, 7, 8]}, {"total": 6}, 1),
    "perma-profiler": Key(
        23, 0, 10,
        {
            "accomplishment": [1, 5, 15], "engagement": [2, 10, 17], "positive-emotion": [3, 13, 22],
            "negative-emotion": [4, 14, 16], "health": [6, 12, 18], "meaning": [7, 9, 20],
            "relationships": [8, 19, 21], "loneliness": [11], "happiness": [23],
            "overall": [1, 2, 3, 5, 7, 8, 9, 10, 13, 15, 17, 19, 20, 21, 22, 23],
        },
        {
            "accomplishment": 3, "engagement": 3, "positive-emotion": 3, "negative-emotion": 3, "health": 3,
            "meaning": 3, "relationships": 3, "loneliness": 1, "happiness": 1, "overall": 12,
        },
        None,
    ),
}  # fmt: skip
PERMA: Answers = [7, 6, 8, 3, 7, 6, 8, 8, 7, 7, 2, 6, 7, 2, 8, 3, 6, 6, 9, 7, 8, 7, 8]


def values(form: Instrument, answers: Answers) -> dict[str, Fraction | None]:
    return {scale: result.value for scale, result in score(form, answers).items()}


def crossed(form: Instrument, answers: Answers) -> list[str]:
    named = {item.id: answer for item, answer in zip(form.items, answers, strict=True)}
    found = find_signals(form, read_answers(form, named), score(form, answers))
    return [getattr(signal.rule, "id", "") for signal in found]


def by_hand(key: Key, answers: Answers) -> dict[str, Fraction | None]:
    """A second scorer, in whole numbers divided once."""
    found: dict[str, Fraction | None] = {}
    for scale, items in key.scales.items():
        given_ = [answer for number in items if (answer := answers[number - 1]) is not None]
        if len(given_) < key.needed[scale]:
            found[scale] = None
        elif key.times is None:
            found[scale] = Fraction(sum(given_), len(given_))
        else:
            found[scale] = Fraction(sum(given_) * key.times * len(items), len(given_))
    return found


@every_form
def test_the_key_is_the_published_key(name: str) -> None:
    form, key = FORMS[name], KEYS[name]
    assert [item.id for item in form.items] == [str(number) for number in range(1, key.items + 1)]
    assert {scale.id: sorted(map(int, scale.items)) for scale in form.scales} == key.scales
    assert {scale.method for scale in form.scales} == {"mean" if key.times is None else "sum"}
    assert not any(item.reverse for item in form.items)
    for item in form.items:
        assert list(form.response(item).values or ()) == list(range(key.bottom, key.top + 1))


@pytest.mark.parametrize(
    ("name", "scale", "ends"),
    [
        ("who-5", "index", (0, 100)),
        ("swls", "total", (5, 35)),
        ("flourishing-scale", "total", (8, 56)),
        ("perma-profiler", "overall", (0, 10)),
        ("perma-profiler", "loneliness", (0, 10)),
    ],
)
def test_the_ranges_are_the_published_ranges(name: str, scale: str, ends: tuple[int, int]) -> None:
    form = FORMS[name]
    low, high = ends
    assert form.range_of(form.scale_by_id[scale]) == (Fraction(low), Fraction(high))
    key = KEYS[name]
    assert values(form, [key.bottom] * key.items)[scale] == low
    assert values(form, [key.top] * key.items)[scale] == high


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("who-5", [3, 2, 3, 1, 4], {"index": 52}),
        ("who-5", [2, 2, 2, 2, 2], {"index": 40}),
        ("who-5", [1, 1, 2, 1, 1], {"index": 24}),
        ("who-5", [3, 2, 3, 1, None], {"index": None}),
        ("swls", [5, 6, 6, 5, 4], {"total": 26}),
        ("swls", [5, 6, None, 5, 4], {"total": 25}),
        ("flourishing-scale", [6, 6, 5, 6, 6, 7, 5, 6], {"total": 47}),
        ("flourishing-scale", [6, None, 5, 6, None, 7, 6, 6], {"total": 48}),
        ("flourishing-scale", [6, None, 5, 6, None, 7, None, 6], {"total": None}),
    ],
)
def test_worked_examples(name: str, answers: Answers, expected: dict[str, int | None]) -> None:
    assert values(FORMS[name], answers) == expected


def test_perma_worked_example() -> None:
    assert values(FORMS["perma-profiler"], PERMA) == {
        "accomplishment": Fraction(22, 3), "engagement": Fraction(19, 3), "positive-emotion": Fraction(22, 3),
        "meaning": Fraction(22, 3), "relationships": Fraction(25, 3), "negative-emotion": Fraction(8, 3),
        "health": 6, "loneliness": 2, "happiness": 8, "overall": Fraction(118, 16),
    }  # fmt: skip


def test_perma_is_interleaved_so_neighbours_are_in_no_scale_together() -> None:
    for scale in FORMS["perma-profiler"].scales:
        if scale.id != "overall":
            numbers = sorted(map(int, scale.items))
            assert all(second - first > 1 for first, second in pairwise(numbers))


def test_perma_overall_leaves_out_negative_emotion_health_and_loneliness() -> None:
    worse = [10 if number in (4, 6, 11, 12, 14, 16, 18) else answer for number, answer in enumerate(PERMA, start=1)]
    assert values(FORMS["perma-profiler"], worse)["overall"] == Fraction(118, 16)


def test_only_negative_emotion_and_loneliness_are_worse_when_higher() -> None:
    form = FORMS["perma-profiler"]
    worse = {scale.id for scale in form.scales if form.direction_of(scale) == "higher-is-worse"}
    assert worse == {"negative-emotion", "loneliness"}


@every_form
def test_every_form_agrees_with_a_second_scorer(name: str) -> None:
    form, key = FORMS[name], KEYS[name]
    number = st.integers(key.bottom, key.top)

    @unhurried
    @given(st.lists(number | number | st.none(), min_size=key.items, max_size=key.items))
    def agrees(answers: Answers) -> None:
        assert values(form, answers) == by_hand(key, answers)

    agrees()


@pytest.mark.parametrize(
    ("answers", "rules"),
    [
        ([3, 2, 3, 1, 4], []),
        ([5, 5, 1, 1, 0], ["low"]),
        ([2, 2, 2, 1, 1], ["low"]),
        ([2, 2, 1, 1, 1], ["low", "very-low"]),
        ([0, 0, 0, 0, 0], ["low", "very-low"]),
        ([0, 0, 0, 0, None], []),
    ],
)
def test_who_5_speaks_up_to_50_and_up_to_28(answers: Answers, rules: list[str]) -> None:
    assert crossed(FORMS["who-5"], answers) == rules


@pytest.mark.parametrize(
    ("total", "rules"),
    [(20, 0), (19, 1), (15, 1), (14, 2), (10, 2), (9, 3), (5, 3)],
)
def test_swls_speaks_below_the_middle_only(total: int, rules: int) -> None:
    answers: Answers = [total // 5 + (place < total % 5) for place in range(5)]
    names = ["slightly-dissatisfied", "dissatisfied", "extremely-dissatisfied"]
    assert crossed(FORMS["swls"], answers) == names[:rules]


def test_the_others_have_no_threshold_because_none_is_published() -> None:
    assert FORMS["flourishing-scale"].thresholds == ()
    assert FORMS["perma-profiler"].thresholds == ()


def test_who_5_needs_every_answer_and_prints_its_options_downwards() -> None:
    form = FORMS["who-5"]
    assert form.scale_by_id["index"].missing.allowed == 0
    assert {item.display for item in form.items} == {"descending"}


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_other_missing_rules_are_three_quarters_and_say_that_they_are_ours(name: str) -> None:
    for scale in FORMS[name].scales:
        assert (scale.missing.answered, scale.missing.source) == (Fraction(3, 4), "project")


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(name: str) -> None:
    licence = FORMS[name].licence
    assert licence.wording == "supply-your-own"
    assert licence.terms is not None
    assert licence.obtain is not None


@every_form
def test_a_topic_is_a_few_words_and_no_sentence(name: str) -> None:
    for item in FORMS[name].items:
        assert len(item.topic.split()) <= 5
        assert not item.topic.endswith((".", "?"))


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
