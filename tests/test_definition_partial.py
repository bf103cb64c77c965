"""A partial definition holds a form whose key is not public; a clinic completes it from its own copy."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from alliance_core import DefinitionError, Instrument, score
from alliance_core.definition.completion import faults
from alliance_core.definition.describe import describe
from alliance_core.definition.load import from_snapshot, parse_instrument, snapshot

if TYPE_CHECKING:
    from tests.conftest import Site

PARTIAL = """\
id = "closeness"
title = "Closeness"
version = "2010"
raters = ["client", "therapist"]
direction = "higher-is-better"
source = "project"
partial = "the key is not public"

[licence]
owner = "somebody else"
wording = "supply-your-own"

[formats.agreement]
kind = "rating"
labels = { 1 = "no", 2 = "partly", 3 = "yes" }

[items]
1 = "item 1"
2 = "item 2"

[[examples]]
answers = [1, 3]
scores = {}
"""
KEY = """\
completes = "closeness"
reverse = [2]
scales.total = { items = "all", method = "sum", missing = { allowed = 0, source = "our copy of the form" } }
"""
COMPLETED = PARTIAL.replace('partial = "the key is not public"\n', KEY).replace('"2010"', '"2010-own"')
COMPLETED = COMPLETED.replace("scores = {}", "scores = { total = 2 }")


def read(text: str) -> Instrument:
    return parse_instrument(text.encode(), name="closeness.toml")


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(DefinitionError) as error:
        read(text)
    return error.value.faults


def test_a_partial_definition_has_items_in_no_scale_and_no_score() -> None:
    form = read(PARTIAL)
    assert form.partial == "the key is not public"
    assert dict(score(form, [1, 3])) == {}
    assert from_snapshot(snapshot(form)) == form
    assert describe(form)["partial"] == "the key is not public"


def test_without_partial_an_item_in_no_scale_is_still_a_fault() -> None:
    text = PARTIAL.replace('partial = "the key is not public"\n', "")
    assert refused(text)[0] == (
        "closeness.toml: items.1: is in no scale; put it into one, or declare it with unscored = true"
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\n[[examples]]", '\n[scales.total]\nitems = "all"\nmethod = "sum"\n[[examples]]', "has no scales"),
        ('source = "project"\n', 'source = "project"\nreverse = [2]\n', "has no scales and no reverse"),
        ('source = "project"\n', 'source = "project"\ncompletes = "other"\n', "take one of partial and completes out"),
    ],
)
def test_a_partial_definition_with_a_key_is_refused(old: str, new: str, says: str) -> None:
    missing = 'missing = { allowed = 0, source = "project" }\n'
    text = PARTIAL.replace(old, new).replace('source = "project"\n', f'source = "project"\n{missing}', 1)
    assert any("partial: " in fault and says in fault for fault in refused(text))


def test_a_completed_definition_scores_and_is_the_same_form() -> None:
    completed = read(COMPLETED)
    assert score(completed, [1, 3])["total"].value == 2
    assert list(faults(completed, read(PARTIAL))) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"2010-own"', '"2010"', "version: 2010 is the partial definition's; add your own mark, such as 2010-own"),
        ('2 = "item 2"\n', '3 = "item 2"\n', "items: are not those of closeness in its order; its items are 1, 2"),
        ('3 = "yes" }', '3 = "yes", 4 = "fully" }', "items.1: admits other answers than in closeness; take over"),
        ('["client", "therapist"]', '["client", "observer"]', "raters: observer does not fill in closeness"),
    ],
)
def test_a_completion_that_is_another_form_is_refused(old: str, new: str, says: str) -> None:
    text = COMPLETED.replace(old, new)
    text = text.replace("reverse = [2]", "reverse = [3]") if "3 = " in new and "item" in new else text
    text = text.replace("total = 2", "total = 3") if "fully" in new else text
    found = list(faults(read(text), read(PARTIAL)))
    assert found
    assert found[0].startswith(says)


def test_a_completion_without_scales_and_one_of_a_whole_definition_are_refused() -> None:
    assert "scales: there are none" in list(faults(read(PARTIAL), read(PARTIAL)))[1]
    assert "is not partial" in next(faults(read(COMPLETED), read(COMPLETED)))


@pytest.fixture
def clinic(site: Site) -> Site:
    """A clinic where the partial definition is installed."""
    site.install(
        "alliance-closeness", {"instruments": {"closeness": "alliance_closeness"}},
        {"alliance_closeness/closeness.toml": PARTIAL},
    )  # fmt: skip
    site.write("own.toml", COMPLETED)
    return site


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def record(clinic: Site, session: int) -> None:
    who = ["--case", "K1", "--session", str(session), "--rater", "client"]
    said(clinic.alliance("record", "closeness", *who, "--answers", "[1, 3]"))


def test_a_clinic_records_a_partial_form_completes_it_and_goes_on_under_the_same_id(clinic: Site) -> None:
    assert "partial: the key is not public; kept and shown, not scored" in said(
        clinic.alliance("instruments", "show", "closeness")
    )
    record(clinic, 1)
    assert said(clinic.alliance("instruments", "add", "own.toml")).startswith("Kept closeness 2010-own: 2 items")
    record(clinic, 2)
    shown = json.loads(said(clinic.alliance("instruments", "show", "closeness", "--json")))
    assert (shown["version"], shown["completes"], shown["partial"]) == ("2010-own", "closeness", None)
    rows = json.loads(said(clinic.alliance("scores", "--case", "K1", "--json")))
    assert [(row["session"], row["instrument"], row["scale"], row["score"]) for row in rows] == [
        (2, "closeness", "total", 2)
    ]


def test_a_completion_that_does_not_fit_is_not_kept(clinic: Site) -> None:
    clinic.write("own.toml", COMPLETED.replace('"2010-own"', '"2010"'))
    done = clinic.alliance("instruments", "add", "own.toml")
    assert done.returncode != 0
    assert "own.toml: version: 2010 is the partial definition's" in done.stderr


def test_an_own_definition_that_completes_nothing_may_not_take_an_installed_id(clinic: Site) -> None:
    clinic.write("own.toml", COMPLETED.replace('completes = "closeness"\n', ""))
    done = clinic.alliance("instruments", "add", "own.toml")
    assert done.returncode != 0
    assert "is taken by alliance-closeness" in done.stderr


def test_once_the_plugin_has_the_key_itself_the_two_contest_the_id(clinic: Site) -> None:
    said(clinic.alliance("instruments", "add", "own.toml"))
    whole = COMPLETED.replace('completes = "closeness"\n', "").replace('"2010-own"', '"2024"')
    clinic.write("alliance_closeness/closeness.toml", whole)
    done = clinic.alliance("instruments", "show", "closeness")
    assert done.returncode != 0
    assert "both alliance-closeness 1.0 and an instrument of your own" in done.stderr


def test_a_measure_may_have_a_name_that_begins_with_a_digit() -> None:
    assert read(PARTIAL.replace('"closeness"', '"3rs"')).id == "3rs"
    assert "is no id" in refused(PARTIAL.replace('"closeness"', '"36"'))[0]
