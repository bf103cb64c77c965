"""The four keys typed a second time, a second scorer, the PHQ algorithm, and worked examples added up by hand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from alliance_outcomes import alliance_instruments, syndrome
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import Instrument, PluginError, load_instrument, score
from alliance_core.answers import read_answers
from alliance_core.instrument import SafetyItem
from alliance_core.scoring import call_function
from alliance_core.signals import Signal, find_signals

HERE = Path(__file__).resolve().parent.parent / "alliance_outcomes"
[PHQ] = alliance_instruments()
GAD, CORE, CSQ = (load_instrument(HERE / f"{name}.toml") for name in ("gad-7", "core-10", "csq-8"))
FORMS = {form.id: form for form in (PHQ, GAD, CORE, CSQ)}
unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("name", sorted(FORMS))

Answers = Sequence[int | None]


def value(form: Instrument, answers: Answers, scale: str = "total") -> Fraction | None:
    return score(form, answers)[scale].value


def signals(form: Instrument, answers: Answers) -> tuple[Signal, ...]:
    named = {item.id: answer for item, answer in zip(form.items, answers, strict=True)}
    return find_signals(form, read_answers(form, named), score(form, answers))


def crossed(form: Instrument, answers: Answers) -> set[str]:
    return {signal.rule.id for signal in signals(form, answers) if not isinstance(signal.rule, SafetyItem)}


def safety(form: Instrument, answers: Answers) -> list[str]:
    return [signal.rule.item for signal in signals(form, answers) if isinstance(signal.rule, SafetyItem)]


def spread(total: int, items: int, top: int) -> list[int]:
    """Answers that add up to a total."""
    return [min(top, max(0, total - top * place)) for place in range(items)]


def by_hand(answers: Answers, *, reverse: set[int], top: int, needed: int) -> Fraction | None:
    """A second scorer of a sum from 0, in whole numbers divided once."""
    keyed = [top - answer if number in reverse else answer for number, answer in enumerate(answers, 1)
             if answer is not None]  # fmt: skip
    return Fraction(sum(keyed) * len(answers), len(keyed)) if len(keyed) >= needed else None


def algorithm(answers: list[int]) -> int:
    """The PHQ algorithm, put down a second time: a table of symptoms, then the two conditions."""
    symptoms = [answer in (2, 3) for answer in answers[:8]] + [answers[8] in (1, 2, 3)]
    if not any(symptoms[:2]):
        return 0
    return {0: 0, 1: 0, 2: 1, 3: 1, 4: 1}.get(symptoms.count(True), 2)


def test_the_keys_are_the_published_keys() -> None:
    assert {form.id: [scale.id for scale in form.scales] for form in FORMS.values()} == {
        "phq-9": ["total", "syndrome"], "gad-7": ["total"], "core-10": ["total"], "csq-8": ["total"],
    }  # fmt: skip
    assert {form.id: len(form.scale_by_id["total"].items) for form in FORMS.values()} == {
        "phq-9": 9, "gad-7": 7, "core-10": 10, "csq-8": 8,
    }  # fmt: skip
    assert {form.id: [item.id for item in form.items if item.reverse] for form in FORMS.values()} == {
        "phq-9": [], "gad-7": [], "core-10": ["2", "3"], "csq-8": [],
    }  # fmt: skip
    ranges: dict[str, object] = {form.id: form.range_of(form.scale_by_id["total"]) for form in FORMS.values()}
    assert ranges == {"phq-9": (0, 27), "gad-7": (0, 21), "core-10": (0, 40), "csq-8": (8, 32)}


@every_form
def test_higher_is_worse_but_for_satisfaction(name: str) -> None:
    assert FORMS[name].direction == ("higher-is-better" if name == "csq-8" else "higher-is-worse")


def test_phq_9_item_10_is_kept_and_not_scored() -> None:
    assert PHQ.item_by_id["10"].unscored
    for scale in PHQ.scales:
        assert scale.items == tuple("123456789")


@pytest.mark.parametrize(
    ("answers", "total", "pattern"),
    [
        ([2, 3, 1, 2, 1, 0, 1, 0, 1], 11, 1),
        ([3, 3, 3, 3, 3, 3, 3, 3, 3], 27, 2),
        ([1, 1, 1, 1, 1, 1, 1, 1, 0], 8, 0),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0], 0, 0),
        ([2, 0, 0, 0, 0, 0, 0, 0, 0], 2, 0),
        ([2, 0, 0, 0, 0, 0, 0, 0, 1], 3, 1),
        ([0, 2, 2, 2, 2, 0, 0, 0, 0], 8, 1),
        ([0, 2, 2, 2, 2, 0, 0, 0, 1], 9, 2),
        ([1, 1, 2, 2, 2, 2, 2, 2, 1], 15, 0),
    ],
)
def test_phq_9_worked_examples(answers: list[int], total: int, pattern: int) -> None:
    assert value(PHQ, [*answers, None]) == total
    assert value(PHQ, [*answers, 3], "syndrome") == pattern


@unhurried
@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
@example([0, 2, 0, 0, 0, 0, 0, 0, 1])
@example([1, 1, 2, 2, 2, 2, 2, 2, 2])
def test_the_algorithm_agrees_with_one_put_down_a_second_time(answers: list[int]) -> None:
    assert syndrome({str(number): Fraction(answer) for number, answer in enumerate(answers, 1)}) == algorithm(answers)


def test_a_missing_symptom_is_no_absent_one() -> None:
    result = score(PHQ, [3, 3, 3, 3, 3, None, 3, 3, 3, 0])["syndrome"]
    assert result.value is None
    assert result.note == "not scorable: 1 of 9 missing, the rule allows 0"
    with pytest.raises(PluginError, match="a missing symptom is no absent one"):
        call_function(PHQ, PHQ.scale_by_id["syndrome"], dict.fromkeys("123456789"))


@pytest.mark.parametrize(
    ("answers", "total"),
    [([2, 2, 1, 1, 0, 1, 1], 8), ([3] * 7, 21), ([0] * 7, 0), ([2, None, 1, 1, None, 1, 0], 7)],
)
def test_gad_7_worked_examples(answers: Answers, total: int) -> None:
    assert value(GAD, answers) == total


def test_core_10_worked_examples() -> None:
    assert value(CORE, [2, 3, 2, 1, 1, 0, 3, 2, 2, 1]) == 15
    assert value(CORE, [2, 3, 2, 1, 1, 0, None, 2, 2, 1]) == Fraction(40, 3)
    assert value(CORE, [2, 3, 2, 1, 1, 0, None, None, 2, 1]) is None
    assert value(CORE, [4] * 10) == 32
    assert value(CORE, [0] * 10) == 8
    assert value(CORE, [0, 4, 4, 0, 0, 0, 0, 0, 0, 0]) == 0


def test_csq_8_takes_the_printed_values_and_reverses_nothing() -> None:
    assert value(CSQ, [4, 3, 3, 4, 3, 4, 3, 4]) == 28
    assert [item.id for item in CSQ.items if item.display == "descending"] == ["1", "3", "6", "7"]
    for label in next(iter(CSQ.formats.values())).labels.values():  # type: ignore[union-attr]  # it is a rating
        assert label.startswith("the option printed with")


SUMS: dict[str, dict[str, Any]] = {
    "phq-9": {"reverse": set(), "top": 3, "needed": 7},
    "gad-7": {"reverse": set(), "top": 3, "needed": 5},
    "core-10": {"reverse": {2, 3}, "top": 4, "needed": 9},
}


@pytest.mark.parametrize("name", sorted(SUMS))
def test_every_sum_agrees_with_a_second_scorer(name: str) -> None:
    form, key = FORMS[name], SUMS[name]
    items = len(form.scale_by_id["total"].items)
    number = st.integers(0, key["top"])

    @unhurried
    @given(st.lists(number | number | st.none(), min_size=items, max_size=items))
    def agrees(answers: Answers) -> None:
        whole = [*answers, 3] if name == "phq-9" else answers
        assert value(form, whole) == by_hand(answers, **key)

    agrees()


@unhurried
@given(st.lists(st.integers(1, 4) | st.integers(1, 4) | st.none(), min_size=8, max_size=8))
def test_csq_8_agrees_with_a_second_scorer(answers: Answers) -> None:
    given_ = [answer for answer in answers if answer is not None]
    assert value(CSQ, answers) == (Fraction(8 * sum(given_), len(given_)) if len(given_) >= 6 else None)


CUTS = {
    "phq-9": {"mild": 5, "moderate": 10, "moderately-severe": 15, "severe": 20},
    "gad-7": {"mild": 5, "caseness": 8, "moderate": 10, "severe": 15},
    "core-10": {"low": 6, "clinical": 11, "depression": 13, "moderate": 15, "moderate-severe": 20, "severe": 25},
}


@pytest.mark.parametrize("name", sorted(CUTS))
def test_every_cut_off_speaks_from_its_own_value_on(name: str) -> None:
    form, cuts, top = FORMS[name], CUTS[name], SUMS[name]["top"]
    items = len(form.scale_by_id["total"].items)
    assert {t.id: t.value for t in form.thresholds if t.scale == "total"} == cuts
    for total in range(items * top + 1):
        keyed = spread(total, items, top)
        raw: Answers = [top - each if place + 1 in SUMS[name]["reverse"] else each for place, each in enumerate(keyed)]
        found = crossed(form, [*raw, 0] if name == "phq-9" else raw)
        assert found - {"other-syndrome", "major-syndrome"} == {cut for cut, least in cuts.items() if total >= least}


def test_each_syndrome_is_said_by_its_own_rule() -> None:
    assert crossed(PHQ, [2, 0, 0, 0, 0, 0, 0, 0, 1, 0]) == {"other-syndrome"}
    assert "major-syndrome" in crossed(PHQ, [3] * 9 + [0])
    assert "other-syndrome" not in crossed(PHQ, [3] * 9 + [0])
    assert crossed(PHQ, [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]) == set()


@pytest.mark.parametrize(("name", "item"), [("phq-9", 9), ("core-10", 6)])
def test_the_safety_item_speaks_from_1_on_whatever_the_score_is(name: str, item: int) -> None:
    form = FORMS[name]
    for answer in (None, 0, 1, 2, 3):
        answers: list[int | None] = [None] * len(form.items)
        answers[item - 1] = answer
        assert safety(form, answers) == ([str(item)] if answer else [])


def test_the_bands_that_were_not_seen_say_so() -> None:
    recalled = {t.id for form in FORMS.values() for t in form.thresholds if t.confidence == "H"}
    assert recalled == {"caseness", "low", "moderate", "moderate-severe", "severe"}
    assert {t.id for t in CORE.thresholds if t.confidence == "V"} == {"clinical", "depression"}


def test_the_missing_rules_name_their_sources() -> None:
    rules = {form.id: form.scale_by_id["total"].missing for form in FORMS.values()}
    assert {name: rule.allowed for name, rule in rules.items()} == {"phq-9": 2, "gad-7": 2, "core-10": 1, "csq-8": None}
    assert {name: rule.confidence for name, rule in rules.items() if name != "csq-8"} == {
        "phq-9": "M", "gad-7": "M", "core-10": "V",
    }  # fmt: skip
    assert "CORE System Trust" in rules["core-10"].source
    assert (rules["csq-8"].answered, rules["csq-8"].source) == (Fraction(3, 4), "project")


def test_gad_7_calls_its_lowest_option_not_at_all() -> None:
    labels = next(iter(GAD.formats.values())).labels  # type: ignore[union-attr]  # it is a rating
    assert next(iter(labels.values())) == "Not at all"


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(name: str) -> None:
    licence = FORMS[name].licence
    assert licence.wording == "supply-your-own"
    assert licence.terms is not None
    assert licence.obtain is not None


def test_csq_8_warns_of_its_fee_and_of_its_terms() -> None:
    assert CSQ.licence.fee is not None
    assert CSQ.licence.terms is not None
    assert "permission" in CSQ.licence.terms


@every_form
def test_a_topic_is_a_few_words_and_no_sentence(name: str) -> None:
    for item in FORMS[name].items:
        assert len(item.topic.split()) <= 6
        assert not item.topic.endswith((".", "?"))


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
