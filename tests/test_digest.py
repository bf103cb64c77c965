"""The digest says whether two definitions score alike; the snapshot is what a store keeps of one."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from alliance_core import DefinitionError, Instrument, PluginError, load_instrument, score
from alliance_core.definition.digest import digest
from alliance_core.definition.load import from_snapshot, parse_instrument, snapshot
from alliance_core.definition.shape import write_out
from alliance_core.definition.structure import structure
from alliance_core.plugins.manager import Plugins

SOUND = """\
id = "mood"
title = "Mood"
version = "1"
raters = ["client", "therapist"]
direction = "higher-is-better"
source = "project"
about = "this week"
when = ["intake"]
every = 4
audience = ["client", "therapist"]
reverse = [2]

[licence]
owner = "us"
wording = "ships"
terms = "Apache-2.0"

[formats.often]
kind = "rating"
labels = { 1 = "never", 2 = "at times", 3 = "always" }
[formats.mark]
kind = "line"
minimum = 0
maximum = 10
step = 0.1
[formats.pole]
kind = "bipolar"
minimum = -2
maximum = 2
[formats.times]
kind = "count"
most = 9

[items]
1 = { topic = "rest", format = "often" }
2 = { topic = "worry", format = "often" }
3 = { topic = "pain", format = "mark" }
4 = { topic = "joy", format = "pole" }
5 = { topic = "quarrels", format = "times" }

[scales.part]
items = [1, 2]
method = "sum"
factor = 2
missing = { answered = 0.5, source = "project" }
[scales.level]
items = [3, 4, 5]
method = "count"
at_least = 1
missing = { allowed = 0, source = "project" }

[thresholds.low]
scale = "part"
operator = "<"
value = 6
source = "project"
confidence = "M"

[[safety]]
item = 5
operator = ">="
value = 3
says = "ask"
source = "project"

[[examples]]
answers = ["skipped", 1, "skipped", 0, 0]
scores = { part = 12, level = "not scorable" }
"""
EXAMPLE = SOUND[SOUND.index("[[examples]]") :]
FUNCTION = SOUND.replace(EXAMPLE, """\
[scales.weighed]
items = [3]
method = "function"
function = "weigh"
range = [0, 100]
missing = { allowed = 0, source = "project" }
""" + EXAMPLE.replace("level =", 'weighed = "not scorable", level ='))  # fmt: skip
SCORED_OTHERWISE = {
    "another id": ('id = "mood"', 'id = "moods"'),
    "another version": ('version = "1"', 'version = "1.1"'),
    "another rater": ('"client", "therapist"]\ndirection', '"client", "observer"]\ndirection'),
    "another direction": ('direction = "higher-is-better"', 'direction = "higher-is-worse"'),
    "another direction of a scale": ("factor = 2", 'factor = 2\ndirection = "neither"'),
    "another reversed item": ("reverse = [2]", "reverse = [1]"),
    "nothing reversed": ("reverse = [2]\n", ""),
    "another label": ('3 = "always"', '3 = "mostly"'),
    "another value of a label": ('3 = "always"', '4 = "always"'),
    "another end of a line": ("maximum = 10", "maximum = 12"),
    "another step": ("step = 0.1", "step = 0.5"),
    "another length of the line": ("step = 0.1", "step = 0.1\nlength_mm = 80"),
    "no zero between poles": ("maximum = 2", "maximum = 2\nzero = false"),
    "another largest count": ("most = 9", "most = 8"),
    "another format of an item": ('topic = "pain", format = "mark"', 'topic = "pain", format = "times"'),
    "another order of options": ('{ topic = "rest", format', '{ topic = "rest", display = "descending", format'),
    "another item id": ("5 = {", "five = {"),
    "another order of items": (
        '1 = { topic = "rest", format = "often" }\n2 = { topic = "worry", format = "often" }\n',
        '2 = { topic = "worry", format = "often" }\n1 = { topic = "rest", format = "often" }\n',
    ),
    "another item in a scale": ("items = [1, 2]", "items = [1, 2, 4]"),
    "another method": ('method = "sum"\nfactor = 2', 'method = "mean"'),
    "another factor": ("factor = 2", "factor = 3"),
    "another level": ("at_least = 1", "at_least = 2"),
    "another number of answers needed": ("answered = 0.5", "answered = 0.75"),
    "another name of a scale": ("[scales.part]", "[scales.parts]"),
}
SCORED_ALIKE = {
    "another title": ('title = "Mood"', 'title = "Moods"'),
    "another topic": ('topic = "rest"', 'topic = "sleep"'),
    "another source": ('"project"\nabout', '"Somebody 1999"\nabout'),
    "another time frame": ('"this week"', '"the last seven days"'),
    "another occasion": ('when = ["intake"]\nevery = 4\n', ""),
    "another audience": ('audience = ["client", "therapist"]', 'audience = ["therapist"]'),
    "another licence": ('owner = "us"\nwording = "ships"\nterms = "Apache-2.0"', 'owner = "them"\nwording = "ships"'),
    "another threshold": ("value = 6", "value = 5"),
    "another operator": ('operator = "<"', 'operator = "<="'),
    "another safety item": ("value = 3", "value = 4"),
    "another example": ("0, 0]", "1, 0]"),
    "another sureness": ('version = "1"', 'version = "1"\nconfidence = "M"'),
    "another source of a missing rule": ('0.5, source = "project"', '0.5, source = "manual", confidence = "V"'),
    "the same missing rule in other words": ("answered = 0.5", "allowed = 1"),
    "a scale with a title": ("factor = 2", 'factor = 2\ntitle = "Part"'),
    "another order of the items of a scale": ("items = [3, 4, 5]", "items = [5, 3, 4]"),
    "another order of raters": ('["client", "therapist"]\ndirection', '["therapist", "client"]\ndirection'),
    "a number written otherwise": ("step = 0.1", "step = 0.10"),
    "a comment": ("[items]", "[items]  # five"),
}
FILES = sorted(Path(__file__).resolve().parent.parent.glob("plugins/instruments/*/*/*.toml"))


def read(text: str) -> Instrument:
    return parse_instrument(text.encode(), name="mood.toml", functions={"weigh": lambda _: 1})


def changed(old: str, new: str) -> Instrument:
    """The definition with one change, neither checked nor proved: only its digest is looked at."""
    assert SOUND.count(old) == 1, f"{old!r} is not once in the sound definition"
    return structure(write_out(tomllib.loads(SOUND.replace(old, new), parse_float=Decimal)))


def test_a_digest_is_a_sha_256_in_hexadecimal() -> None:
    assert len(digest(read(SOUND))) == 64
    assert set(digest(read(SOUND))) <= set("0123456789abcdef")


@pytest.mark.parametrize("what", SCORED_OTHERWISE)
def test_the_digest_differs_with(what: str) -> None:
    assert digest(changed(*SCORED_OTHERWISE[what])) != digest(read(SOUND))


@pytest.mark.parametrize("what", SCORED_ALIKE)
def test_the_digest_stays_with(what: str) -> None:
    assert digest(changed(*SCORED_ALIKE[what])) == digest(read(SOUND))


@pytest.mark.parametrize("change", [('function = "weigh"', 'function = "weight"'), ("[0, 100]", "[0, 99]")])
def test_the_digest_differs_with_another_function_or_range(change: tuple[str, str]) -> None:
    functions = dict.fromkeys(("weigh", "weight"), lambda _: 1)
    other = parse_instrument(FUNCTION.replace(*change).encode(), name="mood.toml", functions=functions)
    assert digest(other) != digest(read(FUNCTION))


def shipped(file: Path) -> Instrument:
    """A definition that we ship, with the functions of its plugin where its scales name some."""
    return load_instrument(file) if "examples" in file.parts else Plugins.installed().instrument(file.stem)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_snapshot_of_what_we_ship_reads_back_the_same(file: Path) -> None:
    instrument = shipped(file)
    again = from_snapshot(snapshot(instrument))
    assert again == instrument
    assert digest(again) == digest(instrument)
    assert snapshot(again) == snapshot(instrument)


def test_no_two_definitions_that_we_ship_have_the_same_digest() -> None:
    assert len({digest(shipped(file)) for file in FILES}) == len(FILES) > 5


def test_a_snapshot_is_json_and_keeps_every_number_exactly() -> None:
    instrument = read(SOUND.replace("value = 6", "value = 6.02214076"))
    document = json.loads(snapshot(instrument))
    assert document["formats"]["mark"]["step"] == 0.1
    assert from_snapshot(snapshot(instrument)).thresholds == instrument.thresholds


def test_a_snapshot_keeps_the_definition_whatever_becomes_of_the_function() -> None:
    instrument = read(FUNCTION)
    again = from_snapshot(snapshot(instrument))
    assert again == instrument
    assert digest(again) == digest(instrument)
    with pytest.raises(PluginError, match="install the plugin that supplies mood"):
        score(again, {"3": 1})


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", '"mood"', "null", "[" * 100_000, "{}", '{"id": "mood"}'])
def test_a_damaged_snapshot_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match=r"^stored definition"):
        from_snapshot(text)


def test_a_snapshot_whose_key_was_changed_no_longer_proves_itself() -> None:
    text = snapshot(read(SOUND)).replace('"reverse":[2]', '"reverse":[1]')
    with pytest.raises(DefinitionError, match="part is stated as 12 but comes out as 4"):
        from_snapshot(text)
