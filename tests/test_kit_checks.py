"""Each check of the kit finds the fault that it is for, and says so in a sentence that names it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from alliance_core.answers import Answer
from alliance_core.definition.load import parse_instrument
from alliance_core.instrument import Ages, Instrument, Item, MissingRule, SafetyItem
from alliance_core.reporting.render import Rendered
from alliance_core.response import Rating
from alliance_core.scoring import Score, Scores
from alliance_core.sqlite.store import SqliteStore
from alliance_core.store import Imported
from alliance_core.testing import (
    battery,
    checks_form,
    checks_missing,
    checks_places,
    checks_thresholds,
)
from alliance_core.testing.subject import Subject

ROOT = Path(__file__).parents[1]
SOUND = (Path(__file__).parent / "kit_sound.toml").read_text()
CHECKS = {each.name: each for each in battery.CHECKS}
BESIDE = ("definition_fits_a_page", "readme_names_owner_and_source")
"""Checks of files rather than of what is in them; they have their own tests."""
Plant = Callable[[Instrument, pytest.MonkeyPatch], Instrument | Subject]
PLANTS: dict[str, tuple[Plant, str]] = {}


@pytest.fixture
def sound() -> Instrument:
    return parse_instrument(SOUND.encode(), name="evening.toml")


def plant(name: str, says: str) -> Callable[[Plant], Plant]:
    """A fault that a check must find, with what it must say."""

    def remember(made: Plant) -> Plant:
        PLANTS[name] = made, says
        return made

    return remember


def items(form: Instrument, **changes: Any) -> Instrument:
    """The form with its first item changed."""
    return evolve(form, items=(evolve(form.items[0], **changes), *form.items[1:]))


def scales(form: Instrument, **changes: Any) -> Instrument:
    """The form with its first scale changed."""
    return evolve(form, scales=(evolve(form.scales[0], **changes), *form.scales[1:]))


def labels(form: Instrument, *words: str) -> Instrument:
    """The form with other labels, for 1 and so on."""
    return evolve(form, formats={"often": Rating({Fraction(n): word for n, word in enumerate(words, start=1)})})


def by_function(form: Instrument, function: Callable[[Any], Any]) -> Instrument:
    """The form with its first scale scored by a function."""
    ends = (Fraction(2), Fraction(10))
    return evolve(scales(form, method="function", function="own", range=ends), functions={"own": function})


def total(values: Any) -> Fraction:
    return sum((value for value in values.values() if value is not None), Fraction(0))


@plant("items_have_topics", "items 2 and 1 have the same topic")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, items=(*form.items[1:], evolve(form.items[0], topic="Warmth")))


@plant("item_numbers_have_no_hole", "the items run from 1 to 5, but 4 is not there")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, items=(*form.items[:3], evolve(form.items[3], id="5")))


@plant("labels_are_in_order", "'often' stands at 3 and 'sometimes' at 4, but the other labels go the other way")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return labels(form, "never", "rarely", "often", "sometimes", "always")


@plant("values_are_evenly_spaced", "nothing stands between 2 and 4")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, formats={"often": Rating({Fraction(n): str(n) for n in (1, 2, 4)})})


@plant("answers_are_admitted_up_to_the_ends", "item 1 refuses the answer 5")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    right = vars(checks_form)["read_answer"]
    patch.setattr(checks_form, "read_answer", lambda *given: right(*given) if given[2] < 5 else Answer(reason="lost"))
    return form


@plant("scales_have_names_of_their_own", "scales bond and goal are both called 'goal'")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return scales(form, title="goal")


@plant("reverse_keys_turn_answers_round", "item 1 is reversed, but only a function scores it")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return items(evolve(by_function(form, total), scales=by_function(form, total).scales[:1]), reverse=True)


@plant("each_item_moves_its_own_scales", "item 2 belongs to bond, but the function own never uses it")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return by_function(form, lambda values: 2 * values["1"])


@plant("extremes_reach_the_ends_of_the_range", "bond should reach 1, but the extreme form gives 0")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return scales(form, method="any", at_least=Fraction(6), missing=MissingRule("project", allowed=0))


@plant("scores_are_what_a_second_scorer_finds", "gave Fraction(15, 1), which is no score from 2 to 10")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return by_function(form, lambda values: Fraction(15))


@plant("scales_share_out_the_items", "item 3 is in both bond and goal, while item 1 is in neither")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return scales(form, items=("2", "3"))


@plant("missing_rules_have_a_source", "bond: its missing rule has no source")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return scales(form, missing=MissingRule(" ", allowed=1))


@plant("missing_answers_count_up_to_the_edge", "bond with 1 missing comes out as 0, but should be")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    right = vars(checks_missing)["score_scale"]

    def zero_for_missing(instrument: Instrument, scale: Any, answers: Any) -> Score:
        found: Score = right(instrument, scale, answers)
        return found if found.answered == found.items else evolve(found, value=Fraction(0))

    patch.setattr(checks_missing, "score_scale", zero_for_missing)
    return form


@plant("every_reason_for_a_missing_answer_counts_alike", "the reason why item 1 is missing changes a score")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    right = vars(checks_missing)["score"]
    patch.setattr(
        checks_missing, "score", lambda form, given: Scores({}) if given["1"] == "lost" else right(form, given)
    )
    return form


@plant("a_blank_form_has_no_score", "bond of a blank form comes out as 0")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    patch.setattr(checks_missing, "score_scale", lambda *_: Score("bond", Fraction(0), 0, 2))
    return form


@plant("thresholds_hold_on_the_right_side", "threshold low is silent at 7, against < 8")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    patch.setattr(checks_thresholds, "find_signals", lambda *_, **__: ())
    return form


@plant("thresholds_speak_only_of_whom_they_are_for", "threshold low speaks of a person aged None, for whom it is not")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    young = evolve(form.thresholds[0], ages=Ages(maximum=12))
    patch.setattr(checks_thresholds, "speaks", lambda *_: True)
    return evolve(form, thresholds=(young,))


@plant("rules_keep_silent_on_missing_answers", "a rule speaks on a blank form: total 0")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    from alliance_core.signals import Signal

    said = Signal(form.thresholds[0], "total 0", Fraction(0))
    patch.setattr(checks_thresholds, "find_signals", lambda *_, **__: (said,))
    return form


@plant("thresholds_have_a_source_and_say_how_sure_it_is", "threshold low is the project's own, but its confidence V")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, thresholds=(evolve(form.thresholds[0], source="project"),))


@plant("safety_items_speak_at_their_answer", "the safety item 4 is silent at 5")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    patch.setattr(checks_thresholds, "find_signals", lambda *_, **__: ())
    return evolve(form, safety=(SafetyItem("4", ">=", Fraction(5), "ask", "project"),))


@plant("definition_is_sound", "bond is stated as 9 but comes out as 7")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return items(form, reverse=True)


@plant("examples_are_enough", "no example has a missing answer")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, examples=form.examples[:2])


@plant("examples_notice_a_wrong_reverse_key", "no example would notice it if item 1 were reversed")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return with_example(form, [3, 3, 3, 3], bond=6, goal=6, total=12)


@plant("examples_notice_an_item_in_another_scale", "if item 1 were in goal instead of bond")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    rule = MissingRule("project", answered=Fraction(1, 2))
    form = evolve(form, scales=tuple(evolve(each, method="mean", missing=rule) for each in form.scales), thresholds=())
    return with_example(form, [3, 3, 3, 3], bond=3, goal=3, total=3)


@plant("examples_notice_an_item_left_out", "if item 1 were left out of bond")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    rule = MissingRule("project", answered=Fraction(1, 2))
    form = evolve(form, scales=tuple(evolve(each, method="mean", missing=rule) for each in form.scales), thresholds=())
    return with_example(form, [3, 3, 3, 3], bond=3, goal=3, total=3)


@plant("examples_notice_exchanged_items", "if items 1 of bond and 3 of goal were exchanged")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return with_example(form, [3, 3, 3, 3], bond=6, goal=6, total=12)


@plant("examples_notice_a_shifted_threshold", "if threshold low were at 7 instead of 8")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return with_example(form, [3, 3, 3, 3], bond=6, goal=6, total=12)


@plant("examples_notice_another_operator", "if threshold low had <= instead of <")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return with_example(form, [3, 3, 3, 3], bond=6, goal=6, total=12)


@plant("examples_notice_another_missing_rule", "if bond allowed 0 missing instead of 1")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return with_example(form, [3, 3, 3, 3], bond=6, goal=6, total=12)


def with_example(form: Instrument, answers: list[Any], **scores: Any) -> Instrument:
    """The form with this one example."""
    return evolve(form, examples=(evolve(form.examples[0], answers=tuple(answers), scores=scores, crosses=()),))


@plant("forms_come_back_from_a_store", "the scores of form 1 come back changed")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    right = SqliteStore.administrations

    def zeroed(store: SqliteStore, **asked: Any) -> list[Any]:
        kept = right(store, **asked)
        return [evolve(each, scores={**each.scores, "bond": Score("bond", Fraction(0), 2, 2)}) for each in kept]

    patch.setattr(SqliteStore, "administrations", zeroed)
    return form


@plant("bulk_scoring_is_scoring_one_at_a_time", "row 1 is refused: no reason")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    from alliance_core.store import Refused

    refusing = Imported(0, 0, (Refused(1, None, None, "no reason"),))
    patch.setattr(SqliteStore, "record_table", lambda *_, **__: refusing)
    return form


@plant("forms_render_in_a_report", "the section 'Forms' could not be made")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    patch.setattr(checks_places, "render", lambda *_, **__: Rendered("", ("Forms",)))
    return form


@plant("hostile_text_is_escaped_in_a_report", "hostile text stands in the report unescaped")
def _(form: Instrument, patch: pytest.MonkeyPatch) -> Instrument:
    patch.setattr(checks_places, "render", lambda *_, **__: Rendered("<script>alert('kit')</script>", ()))
    return form


@plant("licence_says_who_owns_it", "the licence has no obtain, although the wording is Somebody Else's")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, licence=evolve(form.licence, obtain=None))


@plant("source_and_confidence_are_stated", "speaks of a DOI but has none")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, source="Somebody 2020, doi: to be found")


@plant("snapshot_reads_back_alike", "the definition that is read back from a snapshot is another")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return evolve(form, title="Another")


@plant("digest_is_stable", "the digest of the snapshot is another")
def _(form: Instrument, _: pytest.MonkeyPatch) -> Instrument:
    return items(form, reverse=True)


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in BESIDE])
def test_each_check_finds_what_it_is_for(name: str, sound: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    made, says = PLANTS[name]
    planted = made(sound, monkeypatch)
    found = CHECKS[name].run(planted if isinstance(planted, Subject) else Subject(planted))
    assert not found.ok
    assert says in found.sentence


def test_an_item_list_that_is_off_by_one_is_named(sound: Instrument) -> None:
    three = evolve(
        sound,
        items=tuple(Item(str(n), f"topic {n}", "often") for n in range(1, 10)),
        scales=tuple(
            evolve(sound.scales[0], id=name, items=tuple(map(str, held)))
            for name, held in (("a", (1, 2, 3)), ("b", (5, 6, 7)), ("c", (7, 8, 9)), ("total", range(1, 10)))
        ),
    )
    told = CHECKS["scales_share_out_the_items"].run(Subject(three)).sentence
    assert "item 7 is in both b and c, while item 4 is in neither" in told
    assert "the items of b would fit if each were one lower" in told
