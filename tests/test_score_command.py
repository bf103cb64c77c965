"""`alliance score`: the numbers of the core, row by row; and what is no answer is refused by line and column."""

from __future__ import annotations

import csv
import io
import json
import os
import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliance_core.instrument import Instrument
from alliance_core.plugins.entries import find_entries
from alliance_core.plugins.manager import Plugins
from alliance_core.response import Text
from alliance_core.scoring import score

if TYPE_CHECKING:
    from tests.conftest import Alliance

PLUGINS = Path(__file__).parents[1] / "plugins" / "instruments"
SHIPPED = sorted(entry.id for entry in find_entries() if entry.kind == "instruments")
SRS = str(PLUGINS / "alliance-srs" / "alliance_srs" / "srs.toml")
GOOD = "1,2,3,4\n8.5,9.2,7.9,9.0\n"
SCORED = "total,total.answered,total.note\n34.6,4,\n"


def plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def random_form(instrument: Instrument, chance: random.Random, *, missing: float) -> list[str]:
    cells = []
    for item in instrument.items:
        response = instrument.response(item)
        if chance.random() < missing:
            cells.append(chance.choice(["", "", "skipped", "declined", "not-asked", "lost"]))
        elif isinstance(response, Text):
            cells.append(chance.choice(["a farewell card", 'she said "no", twice', "two\nlines", "=1+1", "ä ３"]))
        else:
            cells.append(plain(chance.choice(response.values or [Fraction(3)])))
    return cells


def as_csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("missing", [0, 0.2], ids=["complete", "some missing"])
@pytest.mark.parametrize("instrument_id", SHIPPED)
class TestEveryShippedInstrument:
    """The command gives what `alliance_core.scoring.score` gives."""

    def forms(self, instrument_id: str, missing: float) -> tuple[Instrument, list[list[str]]]:
        instrument = Plugins.installed().instrument(instrument_id)
        chance = random.Random(f"{instrument_id} {missing}")  # noqa: S311  # a seed, no secret
        return instrument, [random_form(instrument, chance, missing=missing) for _ in range(80)]

    def test_as_csv(self, alliance: Alliance, instrument_id: str, missing: float) -> None:
        instrument, forms = self.forms(instrument_id, missing)
        alliance.write("answers.csv", as_csv([list(instrument.item_by_id), *forms]))
        outcome = alliance("score", "answers.csv", "--instrument", instrument_id)
        assert (outcome.code, outcome.err) == (0, "")
        header, *rows = csv.reader(io.StringIO(outcome.out))
        scales = [scale.id for scale in instrument.scales]
        assert header == [name for scale in scales for name in (scale, f"{scale}.answered", f"{scale}.note")]
        expected = [
            [
                cell
                for one in score(instrument, form).values()
                for cell in ("" if one.value is None else plain(one.value), str(one.answered), one.note)
            ]
            for form in forms
        ]
        assert rows == expected

    def test_as_json(self, alliance: Alliance, instrument_id: str, missing: float) -> None:
        instrument, forms = self.forms(instrument_id, missing)
        alliance.write("answers.csv", as_csv([list(instrument.item_by_id), *forms]))
        outcome = alliance("score", "answers.csv", "--instrument", instrument_id, "--json")
        assert (outcome.code, outcome.err) == (0, "")
        entries = json.loads(outcome.out)
        assert [entry["row"] for entry in entries] == list(range(1, len(forms) + 1))
        for entry, form in zip(entries, forms, strict=True):
            for name, one in score(instrument, form).items():
                told = entry["scores"][name]
                assert (told["exact"] and Fraction(told["exact"])) == one.value
                assert told["value"] == (None if one.value is None else float(one.value))
                assert (told["answered"], told["items"], told["note"]) == (one.answered, one.items, one.note or None)


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ("9.1,8.9,9.0,9.0", "36,4,"),  # 35.99999999999999 in binary fractions
        ("8.6,9.7,9.9,7.8", "36,4,"),
        ("8.5,9.2,7.9,9", "34.6,4,"),
        ("0,0,0,0", "0,4,"),
        ("10,10.0,10,10", "40,4,"),
        ("0.1,0.1,0.1,0", "0.3,4,"),  # 0.30000000000000004 in binary fractions
        (",9,9,9", ',3,"not scorable: 1 of 4 missing, the rule allows 0"'),
        ("declined,lost,not-asked,skipped", ',0,"not scorable: 4 of 4 missing, the rule allows 0"'),
    ],
)
def test_numbers_are_exact_and_missing_is_never_zero(alliance: Alliance, answers: str, total: str) -> None:
    alliance.write("answers.csv", f"1,2,3,4\n{answers}\n")
    outcome = alliance("score", "answers.csv", "--instrument", "srs")
    assert outcome == (0, f"total,total.answered,total.note\n{total}\n", "")


def test_a_prorated_score_is_the_nearest_double_and_exact_in_json(alliance: Alliance) -> None:
    header, form = ",".join(map(str, range(1, 13))), "3,4,5,3,5,4,4,4,,4,3,4"
    alliance.write("answers.csv", f"{header}\n{form}\n")
    outcome = alliance("score", "answers.csv", "--instrument", "wai-sr")
    assert outcome.out.splitlines()[1] == (
        f"15,4,,{56 / 3!r},3,prorated: 3 of 4 answered,14,4,,{516 / 11!r},11,prorated: 11 of 12 answered"
    )
    scores = json.loads(alliance("score", "answers.csv", "--instrument", "wai-sr", "--json").out)[0]["scores"]
    assert (scores["bond"]["exact"], scores["total"]["exact"], scores["task"]["exact"]) == ("56/3", "516/11", "15")
    assert scores["task"]["value"] == 15
    assert isinstance(scores["task"]["value"], int)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        b'"1","2","3","4"\n"8.5","9.2","7.9","9.0"\n',
        b"4,3,2,1\n9.0,7.9,9.2,8.5\n",
    ],
    ids=["lf", "no last newline", "crlf", "cr", "bom", "quoted", "other order"],
)
def test_every_dialect_of_a_sound_file_reads_alike(alliance: Alliance, content: bytes) -> None:
    alliance.write("answers.csv", content)
    assert alliance("score", "answers.csv", "--instrument", "srs") == (0, SCORED, "")
    assert alliance("score", "-", "--instrument", "srs", stdin=content) == (0, SCORED, "")


@pytest.mark.parametrize(("delimiter", "character"), [(";", ";"), ("\t", "\t"), ("\\t", "\t"), ("|", "|")])
def test_another_delimiter_is_said(alliance: Alliance, delimiter: str, character: str) -> None:
    alliance.write("answers.csv", GOOD.replace(",", character))
    outcome = alliance("score", "answers.csv", "--instrument", "srs", "--delimiter", delimiter)
    assert outcome == (0, SCORED, "")


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\\"])
def test_a_delimiter_that_can_be_none_is_refused(alliance: Alliance, delimiter: str) -> None:
    alliance.write("answers.csv", GOOD)
    (fault,) = alliance.refuses("score", "answers.csv", "--instrument", "srs", "--delimiter", delimiter)
    assert "write one character" in fault


def test_a_delimiter_that_was_not_said_is_asked_for(alliance: Alliance) -> None:
    alliance.write("answers.csv", GOOD.replace(",", ";"))
    (fault,) = alliance.refuses("score", "answers.csv", "--instrument", "srs")
    assert fault == "answers.csv: its columns seem to be parted by ';'; say so with --delimiter"


class TestKeep:
    """Columns are carried over as they are."""

    def test_in_the_order_they_were_asked_for(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", 'person,1,2,3,4,note\nP1,8.5,9.2,7.9,9.0,"a, ""b""\nc"\n')
        outcome = alliance("score", "answers.csv", "--instrument", "srs", "--keep", "note", "--keep", "person")
        assert outcome.out == 'note,person,total,total.answered,total.note\n"a, ""b""\nc",P1,34.6,4,\n'

    def test_in_json(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", "person,1,2,3,4\nP1,8.5,9.2,7.9,9.0\n")
        outcome = alliance("score", "answers.csv", "--instrument", "srs", "--keep", "person", "--json")
        assert json.loads(outcome.out)[0]["kept"] == {"person": "P1"}

    def test_what_is_not_there_is_refused(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD)
        faults = alliance.refuses("score", "answers.csv", "--instrument", "srs", "--keep", "person")
        assert faults == ["--keep: answers.csv has no column 'person'; mend the name"]

    def test_what_would_be_there_twice_is_refused(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", "total,1,2,3,4\n3,8.5,9.2,7.9,9.0\n")
        (fault,) = alliance.refuses("score", "answers.csv", "--instrument", "srs", "--keep", "total")
        assert fault == "--keep: 'total' is what a score is called; rename the column"
        assert alliance("score", "answers.csv", "--instrument", "srs", "--keep", "total", "--json").code == 0


class TestOut:
    """A file appears whole or not at all."""

    def test_is_the_same_as_what_would_be_printed(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD)
        assert alliance("score", "answers.csv", "--instrument", "srs", "--out", "scores.csv") == (0, "", "")
        assert alliance.files()["scores.csv"].decode() == SCORED
        assert set(alliance.files()) == {"answers.csv", "scores.csv"}

    def test_what_is_there_is_not_overwritten_unless_forced(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD)
        alliance.write("scores.csv", "precious")
        arguments = ("score", "answers.csv", "--instrument", "srs", "--out", "scores.csv")
        (fault,) = alliance.refuses(*arguments)
        assert fault == "scores.csv: is there already; give another name, or --force to overwrite it"
        assert alliance(*arguments, "--force").code == 0
        assert alliance.files()["scores.csv"].decode() == SCORED

    def test_what_is_there_stays_if_the_input_is_refused(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD + "11,1,1,1\n")
        alliance.write("scores.csv", "precious")
        alliance.refuses("score", "answers.csv", "--instrument", "srs", "--out", "scores.csv", "--force")
        alliance.refuses("score", "answers.csv", "--instrument", "srs", "--out", "new.csv")

    def test_the_input_can_be_the_output(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD)
        alliance("score", "answers.csv", "--instrument", "srs", "--out", "answers.csv", "--force")
        assert alliance.files()["answers.csv"].decode() == SCORED

    def test_where_it_cannot_be_is_refused(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD)
        (alliance.folder / "folder").mkdir()
        os.mkfifo(alliance.folder / "pipe")
        for out, sentence in {
            "nowhere/scores.csv": "nowhere: there is no such folder; make it first",
            "folder": "folder: is a directory; name a file",
            "pipe": "pipe: is a device or a pipe; name a file, or - for standard output",
            "answers.csv/scores.csv": "answers.csv: there is no such folder; make it first",
        }.items():
            faults = alliance.refuses("score", "answers.csv", "--instrument", "srs", "--out", out, "--force")
            assert faults == [sentence]

    def test_a_folder_without_rights_is_refused(self, alliance: Alliance) -> None:
        alliance.write("answers.csv", GOOD)
        shut = alliance.folder / ("/proc" if os.geteuid() == 0 else "shut")  # where not even root may write
        shut.mkdir(mode=0o500, exist_ok=True)
        if not Path("/proc/self").exists():
            pytest.skip("there is no folder in which nobody may write")
        (fault,) = alliance.refuses("score", "answers.csv", "--instrument", "srs", "--out", str(shut / "scores.csv"))
        assert fault.startswith(f"{shut / 'scores.csv'}: cannot be written (")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty; its first line must name the columns"),
        (b"\xef\xbb\xbf", "is empty; its first line must name the columns"),
        (b"\n" + GOOD.encode(), "is empty; its first line must name the columns"),
        (b"1,2,3,4,5\n1,1,1,1,1\n", "the column '5' is not known; carry it over with --keep, or remove it"),
        (b"1,2,3, 4\n1,1,1,1\n", "items.4: the file has no column '4'"),
        (b"1,2,3\n1,1,1\n", "items.4: the file has no column '4'; mend the name"),
        (b"1,2,3,4,4\n1,1,1,1,1\n", "the column '4' is there twice; rename or remove one"),
        (b"1,2,3,4,\n1,1,1,1,1\n", "column 5 has no name; name it or remove it"),
        (b"1,2,3,4\n1,1,1\n", ", line 2: has 3 cells, but the header has 4; mend the row"),
        (b"1,2,3,4\n1,1,1,1\n1,1,1,1,1\n", ", line 3: has 5 cells, but the header has 4; mend the row"),
        (b"1,2,3,4\n1,1,1,1\n\n1,1,1,1\n", ", line 3: is empty; take it out"),
        (b"1,2,3,4\n1,1,1,1\n\n", ", line 3: is empty; take it out"),
        (b"1,2,3,4\n1,\xff,1,1\n", "is not UTF-8 text (near byte 10); save it as CSV UTF-8"),
        (GOOD.encode("utf-16"), "is not UTF-8 text (near byte 0); save it as CSV UTF-8"),
        (b"1,2,3,4\n1,1\x00,1,1\n", ", line 2, column 2: item 2: '1\\x00' is not an answer"),
        (b"\x00" * 100, "items.1: the file has no column '1'"),
        (b'1,2,3,4\n1,"1,1,1\n1,1,1,1\n', ", line 3: is not CSV (unexpected end of data); mend the quotes"),
        (b'"1,2,3,4\n', "the header is not CSV (unexpected end of data)"),
        (b'1,2,3,4\n1,"1"1,1,1\n', ", line 2: is not CSV (',' expected after '\"'); mend the quotes"),
        (b"1,2,3,4\n" + b"9" * 100_001 + b",1,1,1\n", ", line 2: is not CSV (field larger than field limit (100000))"),
        (b"1,2,3,4\n" + b"9" * 99_999 + b",1,1,1\n", ", line 2, column 1: item 1: '9999"),
        (",".join(map(str, range(1, 5002))).encode(), "has 5001 columns; at most 5000 are read"),
    ],
)
def test_a_file_that_is_no_table_of_answers_is_refused(alliance: Alliance, content: bytes, sentence: str) -> None:
    alliance.write("answers.csv", content)
    faults = alliance.refuses("score", "answers.csv", "--instrument", "srs")
    assert any(fault.startswith("answers.csv") and sentence in fault for fault in faults), faults
    assert max(map(len, faults)) < 250
    assert alliance.refuses("score", "answers.csv", "--instrument", "srs", "--json", "--out", "new.json") == faults
    faults = alliance.refuses("score", "-", "--instrument", "srs", stdin=content)
    assert any(fault.startswith("standard input") and sentence in fault for fault in faults)


def test_a_file_that_cannot_be_read_is_refused(alliance: Alliance) -> None:
    (alliance.folder / "folder").mkdir()
    for file, sentence in {
        "folder": "folder: is a directory; name a CSV file",
        "nowhere.csv": "nowhere.csv: cannot be read (No such file or directory); check the name and the rights",
        "x" * 300: "File name too long",
    }.items():
        (fault,) = alliance.refuses("score", file, "--instrument", "srs")
        assert sentence in fault


def test_a_file_with_a_header_only_has_no_scores(alliance: Alliance) -> None:
    alliance.write("answers.csv", "1,2,3,4\n")
    assert alliance("score", "answers.csv", "--instrument", "srs") == (0, "total,total.answered,total.note\n", "")
    assert json.loads(alliance("score", "answers.csv", "--instrument", "srs", "--json").out) == []


NUMBERS_THAT_ARE_NONE = [
    "NaN", "nan", "inf", "-Infinity", "1e999", "1e0", "1E1", "３", " 3 ", "3 ", "True", "false", "yes", "0x3", "1_0",
    "+3", "03", "3.", ".5", "--3", "3,5", "3.0.0", "½", "−3", "skip", "Declined", "null", "None", "N/A", "-99", "=1+2",
    "'3", "\x1b[31m", "3\n", "\u202e3", "{{ 7 }}", "9" * 40,
]  # fmt: skip


@pytest.mark.parametrize("instrument", ["srs", "wai-s", "session-check-in"])
@pytest.mark.parametrize("cell", NUMBERS_THAT_ARE_NONE)
def test_what_is_no_plain_number_is_no_answer(alliance: Alliance, cell: str, instrument: str) -> None:
    ids = list(Plugins.installed().instrument(instrument).item_by_id)
    alliance.write("answers.csv", as_csv([ids, ["1"] * len(ids), ["1", cell, *["1"] * (len(ids) - 2)]]))
    (fault,) = alliance.refuses("score", "answers.csv", "--instrument", instrument)
    line = 4 if "\n" in cell else 3
    assert fault.startswith(f"answers.csv, line {line}, column {ids[1]}: item {ids[1]}: ")
    assert "is not an answer; it admits " in fault
    assert fault.isprintable()


@pytest.mark.parametrize(
    ("instrument", "cell"),
    [
        ("srs", "9.15"), ("srs", "10.1"), ("srs", "-0.1"), ("srs", "8.50000000000000001"), ("wai-s", "0"),
        ("wai-s", "8"), ("wai-s", "3.5"), ("wai-s", "Often"), ("wai-sr", "6"), ("session-check-in", "0"),
    ],
)  # fmt: skip
def test_what_is_off_the_steps_or_out_of_range_is_no_answer(alliance: Alliance, instrument: str, cell: str) -> None:
    ids = list(Plugins.installed().instrument(instrument).item_by_id)
    alliance.write("answers.csv", as_csv([ids, [cell, *["1"] * (len(ids) - 1)]]))
    (fault,) = alliance.refuses("score", "answers.csv", "--instrument", instrument)
    assert fault.startswith(f"answers.csv, line 2, column {ids[0]}: item {ids[0]}: {cell!r} is not an answer")


def test_items_of_no_scale_are_checked_too(alliance: Alliance) -> None:
    ids = list(Plugins.installed().instrument("boundary-reflection").item_by_id)
    form = dict.fromkeys(ids, "no") | {"comfort": "7", "untold": "maybe", "note": "x" * 10_001}
    alliance.write("answers.csv", as_csv([ids, list(form.values())]))
    faults = alliance.refuses("score", "answers.csv", "--instrument", "boundary-reflection")
    assert [fault.split(": ")[0] for fault in faults] == [
        f"answers.csv, line 2, column {name}" for name in ("comfort", "untold", "note")
    ]


def test_every_fault_gets_its_sentence(alliance: Alliance) -> None:
    alliance.write("answers.csv", "1,2,3,4\n11,x,1,1\n1,1,1,1\n1,1,1,1e1\n")
    faults = alliance.refuses("score", "answers.csv", "--instrument", "srs")
    assert [fault.split(": ")[0] for fault in faults] == [
        "answers.csv, line 2, column 1",
        "answers.csv, line 2, column 2",
        "answers.csv, line 4, column 4",
    ]


def test_of_very_many_faults_the_first_are_shown_and_their_number_is_not_invented(alliance: Alliance) -> None:
    alliance.write("answers.csv", "1,2,3,4\n" + "x,1,1,1\n" * 60)
    outcome = alliance("score", "answers.csv", "--instrument", "srs")
    assert outcome.code == 2
    assert len(outcome.faults) == 50
    assert outcome.err.endswith("... and 10 more\n")
    alliance.write("answers.csv", "1,2,3,4\n" + "x,1,1,1\n" * 3000)
    outcome = alliance("score", "answers.csv", "--instrument", "srs")
    assert outcome.faults[0] == "answers.csv: over 1000 cells are refused; here are some"
    assert len(outcome.faults) == 50


def test_an_instrument_that_is_not_there_is_refused_with_the_nearest(alliance: Alliance) -> None:
    alliance.write("answers.csv", GOOD)
    (fault,) = alliance.refuses("score", "answers.csv", "--instrument", "wai-rs")
    assert "there is no instrument 'wai-rs'; did you mean " in fault
    (fault,) = alliance.refuses("score", "answers.csv", "--instrument", "mine.toml")
    assert fault.startswith("mine.toml: cannot be read")
    (fault,) = alliance.refuses("score", "answers.csv")
    assert "--instrument" in fault


def test_a_definition_of_ones_own_scores_without_any_store(alliance: Alliance) -> None:
    alliance.write("answers.csv", GOOD)
    assert alliance("score", "answers.csv", "--instrument", SRS) == (0, SCORED, "")
    assert set(alliance.files()) == {"answers.csv"}
