"""The preview shows an author the form, the key and the arithmetic, and says what is wrong in sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alliance_core.cli import run

ROOT = Path(__file__).parents[1]
DEFINITIONS = sorted(ROOT.glob("plugins/instruments/*/alliance_*/*.toml"))
FORM = """
id = "evening"
title = "Evening <form>"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "our clinic, 2026"
reverse = [2]
[licence]
owner = "our clinic"
wording = "ships"
[formats.extent]
kind = "rating"
labels = { 1 = "no", 2 = "a little", 3 = "yes" }
[items]
1 = "first"
2 = { topic = "second", display = "descending" }
3 = "third"
4 = "fourth"
[scales]
total = { items = "all", method = "sum", factor = 2, missing = { allowed = 1, source = "project" } }
part = { items = [1, 3], method = "mean", missing = { allowed = 0, source = "A. Author 2001", confidence = "M" } }
many = { items = [1, 4], method = "count", at_least = 2, missing = { allowed = 0, source = "project" } }
[thresholds.low]
scale = "total"
operator = "<="
value = 12
source = "A. Author 2001"
confidence = "M"
says = "talk about it"
[[safety]]
item = 4
operator = ">="
value = 3
says = "ask today"
source = "project"
[[examples]]
answers = [1, 3, 3, 2]
scores = { total = 14, part = 2, many = 1 }
crosses = []
[[examples]]
answers = ["skipped", 3, 1, 2]
scores = { total = 10.6667, part = "not scorable", many = "not scorable" }
crosses = ["low"]
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    file = tmp_path / "evening.toml"
    file.write_text(FORM, encoding="utf-8")
    return file


def shown(file: Path, capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> str:
    assert run(["instruments", "preview", str(file), *options]) == code
    return capsys.readouterr().out


def test_the_form_is_shown_in_printed_order(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = shown(form, capsys)
    assert "    1  first  (in total, part, many)\n       [1 no]  [2 a little]  [3 yes]" in printed
    assert "second  (reversed; options printed from high to low; in total)\n       [3 yes]  [2 a little]" in printed


def test_the_key_and_its_rules_are_shown_in_words(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = " ".join(shown(form, capsys).split())
    assert "total: the sum of all 4 items (2 reversed), times 2: 8 to 24, higher is better" in printed
    assert "part: the mean of items 1, 3: 1 to 3" in printed
    assert "many: the number counted among items 1, 4 at 2 or more: 0 to 2" in printed
    assert "total: at least 3 of 4 items must be answered; the mean of those given stands for the others" in printed
    assert "part: every item must be answered (A. Author 2001; not checked against the source)" in printed
    assert "low: total at or below 12: talk about it (A. Author 2001; not checked" in printed
    assert "never shown as published" in printed
    assert "item 4 at or above 3: ask today (our own rule)" in printed


def test_the_first_example_is_worked_out_in_words(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = shown(form, capsys)
    assert "total: 1 + (4 − 3, item 2 reversed) + 3 + 2 = 7; times 2 = 14; the file says 14" in printed
    assert "part: 1 + 3 = 4; divided by 2 = 2; the file says 2" in printed
    assert "many: items at 2 or more: 4; so 1; the file says 1" in printed
    assert "met: none" in printed


def test_a_missing_answer_is_worked_out_too(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, _, second = FORM.partition("[[examples]]")[0], *FORM.rpartition("[[examples]]")[1:]
    form.write_text(f"{head}[[examples]]{second}", encoding="utf-8")
    printed = " ".join(shown(form, capsys).split())
    said = "(4 − 3, item 2 reversed) + 1 + 2 = 4; times 2, divided by 3 answered, times 4 items = 10.6667"
    assert said in printed
    assert "not scorable: 1 of 2 missing, the rule allows 0; the file says not scorable" in printed
    assert "low (total 10.6667)" in printed


def test_wrong_examples_are_shown_with_their_faults(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form.write_text(FORM.replace("total = 14", "total = 18"), encoding="utf-8")
    assert run(["instruments", "preview", str(form)]) == 2
    printed = capsys.readouterr()
    assert "= 14; the file says 18" in printed.out
    assert "total is stated as 18 but comes out as 14" in printed.err


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('raters = ["client"]', 'raters = ["clint"]', "raters"),
        ("items = [1, 3]", "items = [1, 9]", "9"),
        ('title = "Evening <form>"', "title = ", "is not TOML"),
        ("[1, 3, 3, 2]", "[1, 3, 3, 7]", "7 is not an answer"),
    ],
)
def test_a_fault_is_a_sentence_and_the_code_is_2(
    old: str, new: str, fault: str, form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form.write_text(FORM.replace(old, new), encoding="utf-8")
    assert run(["instruments", "preview", str(form)]) == 2
    said = capsys.readouterr().err
    assert fault in said
    assert "Traceback" not in said
    assert "ALLIANCE_DEBUG" not in said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["instruments", "preview", str(tmp_path / "none.toml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_page_is_self_contained_and_escaped(form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert shown(form, capsys, "--html", "--out", str(page)) == f"Wrote {page}.\n"
    html = page.read_text(encoding="utf-8")
    assert "Evening &lt;form&gt;" in html
    assert "<form>" not in html
    assert not re.search(r"<script|https?://|\bsrc=|<link", html)
    assert "item 2 reversed" in html
    assert run(["instruments", "preview", str(form), "--out", str(page)]) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda path: path.stem)
def test_every_shipped_definition_can_be_looked_at(definition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "The form\n" in shown(definition, capsys)
    assert "<h2>The form</h2>" in shown(definition, capsys, "--html")
