"""Every fault of a definition is refused, with one sentence that names the file, the key and the mend."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from alliance_core import DefinitionError, load_instrument
from alliance_core.definition.head import HEAD_BYTES, read_head
from alliance_core.definition.load import LARGEST_FILE, from_document, parse_instrument

SOUND = """\
id = "mood"
title = "Mood"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
missing = { answered = 0.75, source = "project" }
reverse = [2]

[licence]
owner = "us"
wording = "ships"

[formats.often]
kind = "rating"
labels = { 1 = "never", 2 = "at times", 3 = "always" }

[items]
1 = "rest"
2 = "worry"
3 = "company"

[scales.total]
items = "all"
method = "sum"

[thresholds.low]
scale = "total"
operator = "<"
value = 5
source = "project"
confidence = "M"

[[examples]]
answers = [1, 2, 3]
scores = { total = 6 }
"""
LINE = 'kind = "line"\nminimum = 0\nmaximum = 10\nstep = 0.1'
FORMAT = SOUND[SOUND.index('kind = "rating"') : SOUND.index("\n\n[items]")]
EXAMPLE = "[[examples]]\nanswers = [1, 2, 3]\nscores = { total = 6 }\n"


def changed(*changes: tuple[str, str]) -> str:
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is not once in the sound definition"
        text = text.replace(old, new)
    return text


def faults(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(DefinitionError) as error:
        parse_instrument(text if isinstance(text, bytes) else text.encode(), name="mood.toml")
    return error.value.faults


def test_the_sound_definition_is_accepted() -> None:
    assert parse_instrument(SOUND.encode(), name="mood.toml").id == "mood"


FAULTS = tomllib.loads((Path(__file__).parent / "definition_faults.toml").read_text(encoding="utf-8"))["fault"]


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault["when"]) for fault in FAULTS])
def test_refused_when(fault: dict[str, str]) -> None:
    assert f"mood.toml: {fault['says']}" in faults(changed((fault["old"], fault["new"])))


def test_free_text_in_a_scale_is_refused() -> None:
    text = changed(
        ("[items]\n", '[formats.words]\nkind = "text"\n[items]\nnote = { topic = "note", format = "words" }\n'),
        ('1 = "rest"', '1 = { topic = "rest", format = "often" }'),
        ('2 = "worry"', '2 = { topic = "worry", format = "often" }'),
        ('3 = "company"', '3 = { topic = "company", format = "often" }'),
        ('items = "all"', 'items = [1, 2, 3, "note"]'),
    )
    assert faults(text) == (
        "mood.toml: scales.total.items: item note is free text, which cannot be scored; take it out",
    )
    compared = text.replace(', "note"]', "]").replace('scale = "total"', 'item = "note"')
    assert faults(compared) == (
        "mood.toml: thresholds.low: compares free text, which has no value; name another item",
    )  # fmt: skip


def test_a_format_that_no_item_uses_is_refused() -> None:
    text = changed(
        ("[items]", '[formats.mark]\nkind = "yes-no"\n[items]'),
        ('1 = "rest"', '1 = { topic = "rest", format = "often" }'),
        ('2 = "worry"', '2 = { topic = "worry", format = "often" }'),
        ('3 = "company"', '3 = { topic = "company", format = "often" }'),
    )
    assert faults(text) == ("mood.toml: formats.mark: no item uses it; take it out",)
    assert faults(text.replace('"rest", format = "often"', '"rest"')) == (
        "mood.toml: items.1: has no format; name one of often, mark",
    )


def test_a_total_that_the_authors_rule_out_is_refused() -> None:
    text = changed(
        ('version = "1"', 'version = "1"\nno_total = "the authors give none"'),
        ("[thresholds.low]", '[scales.part]\nitems = [1]\nmethod = "sum"\n[thresholds.low]'),
        ("{ total = 6 }", "{ total = 6, part = 1 }"),
    )
    assert faults(text) == ("mood.toml: scales.total: is a total, which no_total rules out; take one of the two out",)


def test_prorating_over_items_with_different_ranges_is_refused() -> None:
    wide = changed(
        ("[items]", '[formats.percent]\nkind = "rating"\nlabels = { 0 = "none", 100 = "all" }\n[items]'),
        ('1 = "rest"', '1 = { topic = "rest", format = "percent" }'),
        ('2 = "worry"', '2 = { topic = "worry", format = "often" }'),
        ('3 = "company"', '3 = { topic = "company", format = "often" }'),
        ("answers = [1, 2, 3]", "answers = [100, 2, 3]"),
        ("{ total = 6 }", "{ total = 105 }"),
    )
    assert parse_instrument(wide.encode(), name="mood.toml").id == "mood"  # three of three are needed
    [fault] = faults(wide.replace("answered = 0.75", "answered = 0.5"))
    assert fault == (
        "mood.toml: scales.total.missing: items that go from and to different values cannot stand for one another; "
        "write allowed = 0, or name a function"
    )


@pytest.mark.parametrize(
    "broken",
    [
        ('{ 1 = "never", 2 = "at times", 3 = "always" }', "{}"),
        (FORMAT, LINE.replace("0.1", "0")),
        (FORMAT, 'kind = "bipolar"\nminimum = 3\nmaximum = -3'),
        ('items = "all"', "items = [1, 2, 3, 4]"),
        ('items = "all"', "items = []"),
        ('3 = "company"', '3 = { topic = "company", format = "rarely" }'),
        ('method = "sum"', 'method = "function"\nfunction = "weigh"\nrange = [0]'),
    ],
    ids=["no labels", "no step", "no poles", "unknown item", "no items", "unknown format", "half a range"],
)
@pytest.mark.parametrize("target", ['scale = "total"', "item = 3", "any_item = true"])
def test_a_threshold_on_broken_ground_breaks_nothing_else(broken: tuple[str, str], target: str) -> None:
    assert faults(changed(broken, ('scale = "total"', target)))


def test_two_faults_give_two_sentences() -> None:
    assert faults(changed(('title = "Mood"', "title = 5"), ('method = "sum"', 'method = "median"'))) == (
        "mood.toml: title: 5 is no text; write it in quotes",
        "mood.toml: scales.total.method: 'median' is not known here; write one of sum, mean, any, count, function",
    )
    assert len(faults(changed(('id = "mood"', 'id = "Mood"'), ('items = "all"', "items = [1, 2]")))) == 2
    assert len(faults(changed(("{ total = 6 }", "{ total = 7 }\n" + EXAMPLE.replace("6", "8"))))) == 2


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"\xff\xfe", "mood.toml: is not UTF-8 text (byte 0); save it as UTF-8"),
        (SOUND.encode("utf-16"), "mood.toml: is not UTF-8 text (byte 0); save it as UTF-8"),
        (SOUND.encode() + b'note = "\xe9"', f"mood.toml: is not UTF-8 text (byte {len(SOUND) + 8}); save it as UTF-8"),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused(raw: bytes, sentence: str) -> None:
    assert faults(raw) == (sentence,)


@pytest.mark.parametrize("text", ["id = ", "{}", "id = mood", "id = 'a'\x00", "\x89PNG", "every = " + "1" * 5000])
def test_a_file_that_is_not_toml_is_refused(text: str) -> None:
    [fault] = faults(text)
    assert fault.startswith("mood.toml: is not TOML: ")


def test_a_file_nested_too_deep_is_refused() -> None:
    [fault] = faults("x = " + "[" * 100_000)
    assert fault == "mood.toml: is nested too deep to be a definition"


def test_an_empty_file_is_refused() -> None:
    [fault] = faults("")
    assert fault == 'mood.toml: items: there are none; write [items] and a line for each, such as 1 = "trust"'


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "mood.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert load_instrument(file).title == "Mood"
    assert read_head(file)["title"] == "Mood"


def refusal(path: Path) -> str:
    with pytest.raises(DefinitionError) as error:
        load_instrument(path)
    [fault] = error.value.faults
    return fault


def test_a_directory_a_missing_file_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (LARGEST_FILE + 1))
    assert refusal(tmp_path) == f"{tmp_path}: is a directory; name a TOML file"
    assert refusal(tmp_path / "none.toml").startswith(f"{tmp_path / 'none.toml'}: cannot be read (No such file")
    assert refusal(huge) == f"{huge}: has {LARGEST_FILE + 1} bytes; a definition has at most {LARGEST_FILE}"


def test_reading_a_definition_changes_nothing_in_it() -> None:
    safety = '[[safety]]\nitem = 1\noperator = "="\nvalue = 1\nsays = "ask"\nsource = "project"\n'
    text = changed(("[[examples]]", safety + "[[examples]]"))
    document = tomllib.loads(text, parse_float=Decimal)
    from_document(document, name="mood.toml")
    assert document == tomllib.loads(text, parse_float=Decimal)


def test_the_head_is_what_stands_before_the_first_table(tmp_path: Path) -> None:
    file = tmp_path / "mood.toml"
    file.write_text(SOUND, encoding="utf-8")
    head = read_head(file)
    assert (head["id"], head["version"], head["raters"]) == ("mood", "1", ["client"])
    assert "items" not in head


def test_the_head_of_a_long_file_is_cut_between_two_lines(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    file.write_text('id = "long"\n' + f"# {'x' * 60}\n" * 60 + f'about = "{"y" * HEAD_BYTES}"\n', encoding="utf-8")
    assert read_head(file) == {"id": "long"}


@pytest.mark.parametrize("text", ["", "id = ", "[items]\n", "\x00"])
def test_the_head_of_what_is_no_definition_is_empty(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(text, encoding="utf-8")
    assert read_head(file) == {}
    assert read_head(tmp_path) == {}
    assert read_head(tmp_path / "none.toml") == {}
