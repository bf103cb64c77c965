"""The proof by mutation: what examples do not notice is named, quickly, and the examples that are suggested mend it."""

from __future__ import annotations

import time
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from alliance_core.definition import proof
from alliance_core.definition.checks import faults
from alliance_core.definition.load import load_instrument, parse_instrument
from alliance_core.instrument import Ages, Instrument
from alliance_core.testing.mutants import KINDS, Mutant, mutants
from alliance_core.testing.mutation import find_missed, suggest_examples
from alliance_core.testing.suggestion import as_toml

ROOT = Path(__file__).parents[1]
WAI = ROOT / "plugins/instruments/alliance-wai/alliance_wai"
FORMS = {name: load_instrument(WAI / f"{name}.toml") for name in ("wai-36", "wai-s", "wai-sr")}
SRS = load_instrument(ROOT / "plugins/instruments/alliance-srs/alliance_srs/srs.toml")
every_form = pytest.mark.parametrize("form", [*FORMS.values(), SRS], ids=lambda form: form.id)


def said(found: tuple[Mutant, ...]) -> list[str]:
    return [mutant.says for mutant in found]


def test_every_kind_of_mistake_is_made() -> None:
    form = FORMS["wai-36"]
    tried = find_missed(form).tried
    assert tried["reverse keys"] == 36
    assert tried["items left out"] == 72  # from its subscale, and from the total
    assert tried["items in another scale"] == 144  # to each of two others, from its own and from the total
    assert tried["exchanged items"] == 3 * 12 * 12
    assert tried["missing rules"] == 8
    assert find_missed(SRS).tried["shifted thresholds"] == 4
    assert find_missed(SRS).tried["other operators"] == 8


@every_form
def test_no_mistake_is_missed_that_the_loader_and_the_examples_do_notice(form: Instrument) -> None:
    """Against the slow way: load the mistaken definition, and see whether it is refused."""
    missed = said(find_missed(form).all)
    for mutant in mutants(form):
        mistaken = mutant.of(form)
        noticed = any(faults(mistaken)) or any(proof.faults(mistaken))
        assert noticed == (mutant.says not in missed), mutant.says


def test_the_one_reverse_key_that_is_off_by_one_in_a_published_data_set_is_noticed() -> None:
    form = FORMS["wai-36"]
    flipped = [mutant for mutant in mutants(form) if mutant.kind == "reverse keys"]
    assert {"item 28 were reversed", "item 29 were not reversed"} <= set(said(tuple(flipped)))
    assert find_missed(form).by_kind["reverse keys"] == ()


@every_form
def test_suggested_examples_notice_what_was_missed(form: Instrument) -> None:
    bare = evolve(form, examples=form.examples[:1])
    assert find_missed(bare).all
    more = suggest_examples(bare)
    assert find_missed(form, (*bare.examples, *more)).all == ()
    assert list(proof.faults(evolve(form, examples=more))) == []


@every_form
def test_few_examples_suffice(form: Instrument) -> None:
    few = suggest_examples(form, afresh=True)
    assert len(few) <= 6
    assert find_missed(form, few).all == ()


def test_a_suggestion_is_what_a_file_has() -> None:
    (example, *_) = suggest_examples(evolve(SRS, examples=SRS.examples[:2]))
    read = tomllib.loads(as_toml(example), parse_float=Decimal)["examples"][0]
    assert tuple(read["answers"]) == example.answers
    assert set(read["crosses"]) == set(example.crosses or ())
    assert {name: Decimal(value) for name, value in read["scores"].items()} == example.scores


def test_thirty_six_items_take_less_than_two_seconds() -> None:
    started = time.process_time()
    find_missed(FORMS["wai-36"])
    suggest_examples(evolve(FORMS["wai-36"], examples=FORMS["wai-36"].examples[:1]))
    assert time.process_time() - started < 2


def test_a_mutant_that_says_the_same_of_every_score_is_no_mistake() -> None:
    """Where 40 is the most that there is, ``> 39.9`` and ``= 40`` and ``>= 40`` are one rule."""
    top = evolve(SRS.thresholds[0], operator=">=", value=Fraction(40), disputed=None, dispute=None)
    told = said(tuple(mutants(evolve(SRS, thresholds=(top,)))))
    assert "threshold total-low had = instead of >=" not in told
    assert "threshold total-low had < instead of >=" in told


def test_a_threshold_for_an_age_and_a_rater_is_proved_by_an_example_that_states_them() -> None:
    young = evolve(SRS.thresholds[0], ages=Ages(maximum=12), raters=("client",), disputed=None, dispute=None)
    form = evolve(SRS, thresholds=(young,), examples=())
    assert {m.kind for m in find_missed(form).all} >= {"shifted thresholds", "other operators"}
    more = suggest_examples(form)
    assert find_missed(form, more).all == ()
    assert any("age = 12" in as_toml(example) and 'rater = "client"' in as_toml(example) for example in more)


def test_every_kind_has_a_check_of_its_own() -> None:
    from alliance_core.testing import battery

    assert sum(each.name.startswith("examples_notice") for each in battery.CHECKS) == len(KINDS)


FUNCTION = b"""
id = "doubled"
title = "Doubled"
version = "1"
raters = ["client"]
direction = "neither"
source = "project"
missing = { allowed = 0, source = "project" }
licence = { owner = "us", wording = "ships" }
formats.box = { kind = "yes-no" }
[items]
a = "first"
b = "second"
[scales]
twice = { items = ["a", "b"], method = "function", function = "twice", range = [0, 4] }
any = { items = ["a", "b"], method = "any" }
[[examples]]
answers = ["yes", "yes"]
scores = { twice = 4, any = 1 }
"""


def test_functions_and_any_are_mutated_too() -> None:
    form = parse_instrument(FUNCTION, name="f", functions={"twice": lambda values: 2 * sum(values.values())})  # type: ignore[arg-type]  # none is missing by its rule
    found = said(find_missed(form).all)
    assert "item a were left out of any" in found
    assert "item a were left out of twice" not in found
    assert find_missed(form, (*form.examples, *suggest_examples(form))).all == ()
