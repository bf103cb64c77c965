"""The WAI's kin: therapist, online, session and app forms. Keys typed a second time; examples added up by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_core import AnswerError, load_instrument, score

HERE = Path(__file__).resolve().parent.parent / "alliance_wai"

Answers = list[int | None]


class Key(NamedTuple):
    """A form's key as the sources give it; no item of these forms is reversed, every scale is a mean."""

    items: int
    bottom: int
    top: int
    scales: dict[str, set[int]]
    rater: str
    version: str
    confidence: str
    owner: str


KEYS = {
    "sai": Key(6, 0, 5, {"alliance": {1, 2, 3, 4, 5, 6}}, "client", "2015", "M", "Horvath"),
    "dwai": Key(6, 1, 7, {"alliance": {1, 2, 3, 4, 5, 6}}, "client", "2022", "M", "Henson"),
    "wai-i": Key(
        12, 1, 5, {"agreement": {1, 2, 4, 6, 8, 10, 11, 12}, "bond": {3, 5, 7, 9}}, "client", "2020", "H", "Horvath"
    ),
    "wai-sr-t": Key(
        10, 1, 5,
        {"bond": {2, 5, 7, 9}, "agreement": {1, 3, 4, 6, 8, 10}, "total": set(range(1, 11))},
        "therapist", "10-item", "M", "Horvath",
    ),
}  # fmt: skip
FORMS = {name: load_instrument(HERE / f"{name}.toml") for name in KEYS}

unhurried = settings(deadline=None)  # a busy machine is no fault
every_form = pytest.mark.parametrize("name", sorted(FORMS))


def values(name: str, answers: Answers) -> dict[str, Fraction | None]:
    return {scale: result.value for scale, result in score(FORMS[name], answers).items()}


def by_hand(name: str, answers: Answers) -> dict[str, Fraction | None]:
    """A second scorer: the mean of what was answered, where that is three quarters of the items or more."""
    means: dict[str, Fraction | None] = {}
    for scale, items in KEYS[name].scales.items():
        given = [answer for number, answer in enumerate(answers, start=1) if number in items and answer is not None]
        means[scale] = Fraction(sum(given), len(given)) if len(given) * 4 >= len(items) * 3 else None
    return means


def stated(**scores: str | None) -> dict[str, Fraction | None]:
    return {scale: None if value is None else Fraction(value) for scale, value in scores.items()}


@every_form
def test_the_key_is_as_the_sources_give_it(name: str) -> None:
    form, key = FORMS[name], KEYS[name]
    assert [item.id for item in form.items] == [str(number) for number in range(1, key.items + 1)]
    assert not any(item.reverse or item.unscored for item in form.items)
    assert {scale.id: set(map(int, scale.items)) for scale in form.scales} == key.scales
    assert {scale.method for scale in form.scales} == {"mean"}
    assert {form.range_of(scale) for scale in form.scales} == {(Fraction(key.bottom), Fraction(key.top))}


@every_form
def test_the_answers_carry_their_values(name: str) -> None:
    [response] = FORMS[name].formats.values()
    assert list(response.values or ()) == list(range(KEYS[name].bottom, KEYS[name].top + 1))


def test_sai_worked_examples() -> None:
    assert values("sai", [5, 4, 5, 3, 4, 4]) == stated(alliance="25/6")
    assert values("sai", [5, 4, None, 3, 4, 4]) == stated(alliance="4")
    assert values("sai", [5, 4, None, 3, None, 4]) == stated(alliance=None)
    assert values("sai", [0] * 6) == stated(alliance="0")


def test_dwai_worked_examples() -> None:
    assert values("dwai", [7, 5, 6, 6, 4, 5]) == stated(alliance="33/6")
    assert values("dwai", [7, 5, 6, 6, 4, None]) == stated(alliance="28/5")
    assert values("dwai", [7, None, 6, 6, 4, None]) == stated(alliance=None)


def test_wai_i_worked_examples() -> None:
    ordinary: Answers = [3, 4, 5, 3, 5, 4, 4, 4, 3, 4, 3, 4]
    assert values("wai-i", ordinary) == stated(agreement="29/8", bond="17/4")
    assert values("wai-i", [None, None, *ordinary[2:]]) == stated(agreement="22/6", bond="17/4")
    assert values("wai-i", [None, None, None, *ordinary[3:]]) == stated(agreement="22/6", bond="4")
    assert values("wai-i", [None, None, None, None, None, *ordinary[5:]]) == stated(agreement=None, bond=None)


def test_wai_sr_t_worked_examples() -> None:
    ordinary: Answers = [4, 5, 3, 4, 5, 2, 4, 3, 4, 4]
    assert values("wai-sr-t", ordinary) == stated(bond="18/4", agreement="20/6", total="38/10")
    missing: Answers = [None, 5, 3, 4, 5, 2, 4, 3, None, 4]
    assert values("wai-sr-t", missing) == stated(bond="14/3", agreement="16/5", total="30/8")


def test_wai_sr_t_total_stands_on_the_answers_and_not_on_the_two_means() -> None:
    form = FORMS["wai-sr-t"]
    results = score(form, [1, 5, 1, 1, 5, 1, 5, None, 5, 1])
    assert {scale: result.value for scale, result in results.items()} == stated(bond="5", agreement="1", total="25/9")
    assert results["total"].note == "prorated: 9 of 10 answered"


def test_wai_sr_t_tells_no_task_from_goal() -> None:
    assert {scale.id for scale in FORMS["wai-sr-t"].scales} == {"bond", "agreement", "total"}


def test_no_form_is_declared_a_twin_because_none_has_the_items_of_another() -> None:
    assert {form.twin for form in FORMS.values()} == {None}
    assert load_instrument(HERE / "wai-sr.toml").twin is None


def test_wai_i_has_the_topics_of_the_wai_sr_place_by_place() -> None:
    revised = load_instrument(HERE / "wai-sr.toml")
    assert [item.topic for item in FORMS["wai-i"].items] == [item.topic for item in revised.items]


def test_the_session_form_is_given_after_every_session() -> None:
    assert (FORMS["sai"].when, FORMS["sai"].every, FORMS["sai"].about) == (("after-session",), 1, "this session")


@every_form
@unhurried
@given(data=st.data())
def test_every_form_agrees_with_a_second_scorer(name: str, data: st.DataObject) -> None:
    key = KEYS[name]
    answer = st.integers(key.bottom, key.top)
    answers = data.draw(st.lists(answer | answer | answer | st.none(), min_size=key.items, max_size=key.items))
    assert values(name, answers) == by_hand(name, answers)


@unhurried
@given(st.sets(st.integers(1, 10)))
@example({5, 6})
@example({5, 6, 7})
def test_a_missing_answer_is_never_a_zero(missing: set[int]) -> None:
    answers: Answers = [None if number in missing else 1 for number in range(1, 11)]
    assert set(values("wai-sr-t", answers).values()) <= {None, Fraction(1)}


@every_form
def test_the_missing_rule_is_three_quarters_and_says_that_it_is_ours(name: str) -> None:
    for scale in FORMS[name].scales:
        assert (scale.missing.answered, scale.missing.source) == (Fraction(3, 4), "project")


@every_form
def test_there_is_no_threshold_because_none_is_published(name: str) -> None:
    assert FORMS[name].thresholds == ()
    assert FORMS[name].safety == ()


@every_form
def test_version_rater_and_confidence_are_as_said(name: str) -> None:
    form, key = FORMS[name], KEYS[name]
    assert (form.version, form.raters, form.confidence) == (key.version, (key.rater,), key.confidence)
    assert "doi:" in form.source


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(name: str) -> None:
    licence = FORMS[name].licence
    assert licence.wording == "supply-your-own"
    assert KEYS[name].owner in licence.owner
    assert licence.obtain is not None


@every_form
def test_a_topic_is_a_few_words_and_no_sentence(name: str) -> None:
    topics = [item.topic for item in FORMS[name].items]
    assert len(set(topics)) == len(topics)
    assert all(len(topic.split()) <= 4 and not topic.endswith((".", "?")) for topic in topics)


@every_form
def test_a_value_between_two_answers_or_beyond_them_is_refused(name: str) -> None:
    key = KEYS[name]
    for wrong in (key.bottom - 1, key.top + 1, 3.5, "often"):
        with pytest.raises(AnswerError, match=r"item 1: .* is not an answer"):
            score(FORMS[name], [wrong] + [1] * (key.items - 1))


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
