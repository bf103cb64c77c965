"""Examples may be written as tables of a list, or each under a name of its own in one line."""

from __future__ import annotations

import pytest

from alliance_core import DefinitionError, Instrument
from alliance_core.definition.load import from_snapshot, parse_instrument, snapshot

HEAD = """\
id = "mood"
title = "Mood"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
licence = { owner = "us", wording = "ships" }
formats.often = { kind = "rating", labels = { 1 = "never", 2 = "at times", 3 = "always" } }
items = { 1 = "rest", 2 = "company" }
scales.total = { items = "all", method = "sum", missing = { allowed = 0, source = "project" } }
"""
LISTED = """
[[examples]]
answers = [1, 3]
scores = { total = 4 }
[[examples]]
answers = [2, "lost"]
scores = { total = "not scorable" }
"""
NAMED = """
[examples]
whole = { answers = [1, 3], scores = { total = 4 } }
one-missing = { answers = [2, "lost"], scores = { total = "not scorable" } }
"""


def read(examples: str) -> Instrument:
    return parse_instrument((HEAD + examples).encode(), name="mood.toml")


def test_named_examples_are_the_same_as_listed_ones() -> None:
    named = read(NAMED)
    assert named == read(LISTED)
    assert from_snapshot(snapshot(named)) == named


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        (NAMED.replace("total = 4", "total = 5"), "examples, number 1: total is stated as 5 but comes out as 4"),
        (NAMED.replace("answers = [2", "answer = [2"), "examples[1].answer: is not a key of a definition"),
        ("[examples]\nwhole = 3\n", "examples: is no list of tables; write [[examples]] with its keys under it"),
        ("[examples]\n", "examples: there are none; add [[examples]] with answers"),
    ],
)  # fmt: skip
def test_a_wrong_named_example_is_refused(examples: str, says: str) -> None:
    with pytest.raises(DefinitionError) as error:
        read(examples)
    assert any(fault.startswith(f"mood.toml: {says}") for fault in error.value.faults), error.value.faults
