"""A map says what a file's columns and words mean; whatever it leaves open or says twice is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from alliance_core.administration import Case
from alliance_core.definition.load import load_instrument
from alliance_core.errors import AnswerError, TableError
from alliance_core.instrument import Instrument
from alliance_core.store import Refused, TableRow
from alliance_core.tables.cells import Cells, Remembered
from alliance_core.tables.forms import read_forms
from alliance_core.tables.mapping import FileMap, make_map, read_map
from alliance_core.tables.reading import open_table

ROOT = Path(__file__).parents[1]
INSTRUMENTS = ROOT / "plugins" / "instruments"
HEADER = ("code", "meeting", "q1", "q2", "q3", "q4", "sum")


@pytest.fixture(scope="module")
def srs() -> Instrument:
    return load_instrument(INSTRUMENTS / "alliance-srs" / "alliance_srs" / "srs.toml")


@pytest.fixture(scope="module")
def wai_s() -> Instrument:
    return load_instrument(INSTRUMENTS / "alliance-wai" / "alliance_wai" / "wai-s.toml")


@pytest.fixture(scope="module")
def boundaries() -> Instrument:
    folder = INSTRUMENTS / "alliance-boundaries" / "alliance_boundaries"
    return load_instrument(folder / "boundary-reflection.toml")


def sound() -> dict[str, Any]:
    return {
        "rater": "client",
        "columns": {"case": "code", "session": "meeting"},
        "items": {"each": "q{item}"},
        "scores": {"total": "sum"},
    }


def faults(instrument: Instrument, document: Mapping[str, Any], header: tuple[str, ...] = HEADER) -> tuple[str, ...]:
    with pytest.raises(TableError) as caught:
        make_map(document, name="map.toml", instrument=instrument, header=header)
    assert all(fault.startswith("map.toml: ") for fault in caught.value.faults)
    return tuple(fault.removeprefix("map.toml: ") for fault in caught.value.faults)


def test_a_sound_map_says_where_everything_is(srs: Instrument) -> None:
    found = make_map(sound(), name="map.toml", instrument=srs, header=HEADER)
    assert found.columns.named == {"case": "code", "session": "meeting"}
    assert found.items == {"1": "q1", "2": "q2", "3": "q3", "4": "q4"}
    assert (found.rater, found.labels, found.scores) == ("client", False, {"total": "sum"})


def test_one_item_may_be_named_apart_from_the_pattern(srs: Instrument) -> None:
    header = ("code", "meeting", "q1", "q2", "q3", "the_last", "sum")
    document = sound() | {"items": {"each": "q{item}", "4": "the_last"}}
    assert make_map(document, name="map.toml", instrument=srs, header=header).items["4"] == "the_last"


def test_without_a_word_on_items_their_columns_are_their_ids(srs: Instrument) -> None:
    document = {key: value for key, value in sound().items() if key != "items"}
    header = ("code", "meeting", "1", "2", "3", "4", "sum")
    assert make_map(document, name="map.toml", instrument=srs, header=header).items["4"] == "4"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"colums": {}}, ['colums: is not a key of a map; did you mean "columns"?']),
        (
            {"zzz": 1},
            ["zzz: is not a key of a map; write one of rater, answers, ignore, columns, items, words, missing, sc"],
        ),
        ({"columns": "code"}, ["columns: is not a table; write [columns] with its lines under it"]),
        ({"items": ["q1"]}, ["items: is not a table; write [items] with its lines under it"]),
        ({"words": 7}, ["words: is not a table"]),
        ({"missing": []}, ["missing: is not a table"]),
        ({"scores": "sum"}, ["scores: is not a table"]),
        ({"ignore": "sum"}, ["ignore: is no list of columns; write them in quotes between [ and ]"]),
        ({"ignore": [7]}, ["ignore: is no list of columns"]),
        (
            {"columns": {"case": "code", "sesion": "meeting"}},
            ['columns.sesion: is not known here; did you mean "session"?'],
        ),
        ({"columns": {"case": 7, "session": "meeting"}}, ["columns.case: 7 is no text; write it in quotes"]),
        ({"items": {"each": "q{item}", "5": "q5"}}, ["items.5: is not known here; write one of 1, 2, 3, 4, each"]),
        ({"items": {"eech": "q{item}"}}, ['items.eech: is not known here; did you mean "each"?']),
        ({"items": {"each": 1}}, ["items.each: 1 is no text; write it in quotes"]),
        ({"scores": {"totl": "sum"}}, ['scores.totl: is not known here; did you mean "total"?']),
        ({"missing": {"-99": 3}}, ["missing.-99: 3 is no text; write it in quotes"]),
        ({"rater": "cliënt"}, ["rater: 'cliënt' is no rater; write one of client"]),
        ({"rater": 1}, ["rater: 1 is no rater; write one of client"]),
        ({"rater": ["client"]}, ["rater: ['client'] is no rater; write one of client"]),
        ({"rater": "observer"}, ["rater: srs is not filled in by 'observer'; write one of client"]),
        ({"answers": "label"}, ["answers: 'label' is not known; write values or labels"]),
        ({"words": {"Good": "9"}}, ["words.Good: '9' is no value; write the number that the word stands for"]),
        ({"words": {"Good": True}}, ["words.Good: True is no value"]),
        ({"words": {"Good": float("nan")}}, ["words.Good: nan is no value"]),
        ({"words": {"Good": 11}}, ["words.Good: 11 is no answer to any item of srs; mend the value"]),
        ({"words": {"": 0}}, ["words: an empty cell is a missing answer; take the line with the empty word out"]),
        ({"words": {"9": 1}}, ["words.9: stands for 9 in srs already; take the line out"]),
        ({"words": {"-": 1}, "missing": {"-": "lost"}}, ["missing.-: stands for a value too, under [words]; decide"]),
        (
            {"missing": {"-99": "none"}},
            ["missing.-99: 'none' is no reason; write one of skipped, declined, not-asked, lost"],
        ),
        (
            {"missing": {"9": "lost"}},
            ["missing.9: is an answer in srs; write in the file another word where it is missing"],
        ),
        (
            {"columns": {"session": "meeting"}, "ignore": ["code"]},
            ["columns.case: is missing; name the column that holds"],
        ),
        (
            {"columns": {"case": "code"}, "ignore": ["meeting"]},
            ["columns.session: is missing; name the column that holds"],
        ),
        (
            {"columns": {"case": "kode", "session": "meeting"}},
            [
                """columns.case: the file has no column 'kode'; did you mean "code"?""",
                "the column 'code' is not known; list",
            ],
        ),
        (
            {"items": {"each": "q{item}", "4": "sum"}, "scores": {}, "ignore": ["q5"]},
            [
                "ignore: the file has no column 'q5'",
                "the column 'q4' is not known; list it under ignore if it does not matter",
            ],
        ),
        ({"items": {"each": "q1"}, "ignore": ["q2", "q3", "q4"]}, ["the column 'q1' is used twice; use it once"]),
        ({"scores": {}}, ["the column 'sum' is not known; list it under ignore if it does not matter"]),
        ({"ignore": ["sum"]}, ["the column 'sum' is used twice; use it once"]),
    ],
)
def test_each_fault_of_a_map_has_its_sentence(srs: Instrument, change: dict[str, Any], expected: list[str]) -> None:
    found = faults(srs, sound() | change)
    assert len(found) == len(expected), found
    for sentence, start in zip(found, expected, strict=True):
        assert sentence.startswith(start), sentence


def test_a_misspelt_column_of_the_file_is_known_by_its_neighbour(srs: Instrument) -> None:
    found = faults(srs, sound(), ("code", "meeting", "q1", "q2", "q3", "Q4", "sum"))
    assert found == (
        """items.4: the file has no column 'q4'; did you mean "Q4"?""",
        """the column 'Q4' is not known; did you mean "q4"? Else list it under ignore if it does not matter""",
    )


@pytest.mark.parametrize("change", [{"rater": None}, {"rater": "client", "column": "who"}], ids=["neither", "both"])
def test_the_rater_is_said_once(srs: Instrument, change: dict[str, Any]) -> None:
    document = {key: value for key, value in sound().items() if key != "rater"}
    if change["rater"]:
        document |= {"rater": "client", "columns": {**document["columns"], "rater": "who"}}
    found = faults(srs, document, (*HEADER, "who") if change["rater"] else HEADER)
    assert found == ('rater: say who answered, either rater = "client" or the column of it under [columns]',)


def test_several_faults_of_a_map_give_several_sentences(srs: Instrument) -> None:
    found = faults(srs, {"columns": {}, "items": {"each": "question{item}"}}, ("question1", "x"))
    assert len(found) == 7, found


def test_a_word_may_not_give_a_label_another_value(wai_s: Instrument) -> None:
    header = ("code", "meeting", *(f"q{n}" for n in range(1, 13)))
    document = sound() | {"answers": "labels", "scores": {}}
    assert faults(wai_s, document | {"words": {"never": 7}}, header) == (
        "words.never: stands for 1 in wai-s already; take the line out",
    )
    assert faults(wai_s, document | {"missing": {"NEVER": "declined"}}, header) == (
        "missing.NEVER: is an answer in wai-s; write in the file another word where it is missing",
    )
    kept = document | {"words": {"Never": 1, "Almost never": 2}, "missing": {"9": "declined"}}
    assert make_map(kept, name="map.toml", instrument=wai_s, header=header).words["Almost never"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"rater = client", "is not TOML: "),
        (b"rater = 'client'\nrater = 'client'", "is not TOML: "),
        (b"[items]\n\xff = 'q1'", "is not UTF-8 text (byte 8); save it as UTF-8"),
        (b"x = " + b"[" * 5000 + b"]" * 5000, "is not TOML: "),
        (b"#" * 1_000_001, "has 1000001 bytes; a map has at most 1000000"),
        ("rater = 'client'".encode("utf-16"), "is not UTF-8 text (byte 0)"),
    ],
    ids=["no quotes", "twice", "not UTF-8", "deep", "huge", "UTF-16"],
)
def test_a_map_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(content)
    with pytest.raises(TableError) as caught:
        read_map(path)
    (fault,) = caught.value.faults
    assert fault.startswith(f"{path}: {sentence}")


def test_a_map_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is a directory; name a TOML file"):
        read_map(tmp_path)
    with pytest.raises(TableError, match="cannot be read"):
        read_map(tmp_path / "nowhere.toml")


def test_a_map_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_bytes(b'\xef\xbb\xbfrater = "client"')
    assert read_map(tmp_path / "map.toml") == {"rater": "client"}


def test_the_maps_of_the_examples_are_sound(srs: Instrument) -> None:
    for path in (ROOT / "examples").glob("*/*.toml"):
        assert set(read_map(path)) <= {"rater", "answers", "ignore", "columns", "items", "words", "missing", "scores"}


class TestCells:
    """What the text of a cell stands for, in units of the instrument."""

    def test_values_are_read_strictly(self, srs: Instrument) -> None:
        cells = Cells(srs, srs.items[0])
        assert [cells[text] for text in ("8.5", "0", "10.0", "9.00", "", "declined")] == [85, 0, 100, 90, None, None]
        assert cells.reasons["declined"] == "declined"
        for text in (" 8.5", "８", "8,5", "1e1", "True"):
            with pytest.raises(AnswerError):
                cells[text]

    def test_labels_are_read_whatever_their_case(self, wai_s: Instrument) -> None:
        cells = Cells(wai_s, wai_s.items[0], labels=True)
        assert [cells[text] for text in ("Never", "never", "VERY OFTEN", "Always", "")] == [1, 1, 6, 7, None]

    @pytest.mark.parametrize("text", ["7", " Never", "Never ", "Very  Often", "Nevr", "N", "declined", "0"])
    def test_what_is_no_label_is_refused_with_those_there_are(self, wai_s: Instrument, text: str) -> None:
        cells = Cells(wai_s, wai_s.items[0], labels=True)
        assert cells["NEVER"] == 1
        with pytest.raises(AnswerError) as caught:
            cells[text]
        assert str(caught.value) == (
            f"item 1: {text!r} is not a label of it; its labels are "
            "Never, Rarely, Occasionally, Sometimes, Often, Very Often, Always"
        )

    def test_words_of_the_file_stand_for_values(self, wai_s: Instrument) -> None:
        words = {"Almost never": Fraction(2)}
        labels = Cells(wai_s, wai_s.items[0], labels=True, words=words)
        assert [labels[text] for text in ("Almost never", "ALMOST NEVER", "Rarely")] == [2, 2, 2]
        values = Cells(wai_s, wai_s.items[0], words=words)
        assert [values[text] for text in ("Almost never", "2")] == [2, 2]
        with pytest.raises(AnswerError):
            values["almost never"]

    def test_a_missing_answer_keeps_its_reason_whatever_the_case_of_the_word(self, wai_s: Instrument) -> None:
        cells = Cells(wai_s, wai_s.items[0], labels=True, missing={"No answer": "declined", "-99": "lost"})
        assert [cells[text] for text in ("No answer", "NO ANSWER", "-99", "")] == [None] * 4
        assert [cells.reasons.get(text) for text in ("No answer", "NO ANSWER", "-99", "")] == [
            "declined", "declined", "lost", None,
        ]  # fmt: skip

    def test_yes_and_no_are_labels(self, boundaries: Instrument) -> None:
        for labels in (False, True):
            cells = Cells(boundaries, boundaries.items[0], labels=labels)
            assert [cells["yes"], cells["no"]] == [1, 0]
        with pytest.raises(AnswerError):
            Cells(boundaries, boundaries.items[0])["Yes"]

    def test_free_text_stays_text(self, boundaries: Instrument) -> None:
        note = boundaries.item_by_id["note"]
        for labels in (False, True):
            cells = Cells(boundaries, note, labels=labels, words={"7": Fraction(1)})
            assert [cells[text] for text in ("=1+1", " a ", "7", "")] == ["=1+1", " a ", "7", None]

    def test_a_text_is_read_once(self) -> None:
        read: list[str] = []

        def length(text: str) -> int:
            read.append(text)
            return len(text)

        remembered = Remembered(length)
        assert [remembered["ab"], remembered["ab"]] == [2, 2]
        assert read == ["ab"]


FACTS = ("case", "client", "therapist", "rater", "session", "date", "occasion")
FORMS_HEADER = [*FACTS, "1", "2", "3", "4"]
FORMS_MAP = {"columns": {fact: fact for fact in FACTS}, "missing": {"-99": "declined"}}


def rows(tmp_path: Path, instrument: Instrument, *lines: str) -> list[TableRow | Refused]:
    def read() -> Iterator[TableRow | Refused]:
        path = tmp_path / "forms.csv"
        path.write_text("\n".join([",".join(FORMS_HEADER), *lines, ""]), encoding="utf-8")
        with open_table(str(path)) as table:
            file_map: FileMap = make_map(FORMS_MAP, name="map", instrument=instrument, header=table.header)
            yield from read_forms(table, file_map, instrument)

    return list(read())


def test_a_row_with_every_fact_is_a_form(tmp_path: Path, srs: Instrument) -> None:
    (row, bare, intake) = rows(
        tmp_path,
        srs,
        "K1,C1,T1,client,3,2026-02-01,session,8.5,,-99,lost",
        "K1,,,client,0,,,1,2,3,4",
        "K1,,,client,,,intake,1,2,3,4",
    )
    assert isinstance(row, TableRow)
    assert (row.line, row.case, row.rater, row.session) == (2, Case("K1", "C1", "T1"), "client", 3)
    assert (str(row.held_on), row.occasion, row.cells) == ("2026-02-01", "session", (85, None, None, None))
    assert row.reasons == {2: "declined", 3: "lost"}
    assert isinstance(bare, TableRow)
    assert (bare.case, bare.session, bare.held_on, bare.reasons) == (Case("K1"), 0, None, {})
    assert isinstance(intake, TableRow)
    assert (intake.session, intake.occasion) == (None, "intake")


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",,,client,1,,,1,1,1,1", "case", "case: '' is no code"),
        ("../K1,,,client,1,,,1,1,1,1", "case", "case: '../K1' is no code"),
        ("K1;DROP,,,client,1,,,1,1,1,1", "case", "case: 'K1;DROP' is no code"),
        ("Jane Doe,,,client,1,,,1,1,1,1", "case", "case: 'Jane Doe' is no code"),
        ("K1,<b>,,client,1,,,1,1,1,1", "client", "client: '<b>' is no code"),
        ("K1,,{{7*7}},client,1,,,1,1,1,1", "therapist", "therapist: '{{7*7}}' is no code"),
        ("K1,,,observer,1,,,1,1,1,1", "rater", "rater: 'observer' does not fit; write one of client"),
        ("K1,,,,1,,,1,1,1,1", "rater", "rater: '' does not fit; write one of client"),
        ("K1,,,client,one,,,1,1,1,1", "session", "session: 'one' is no session number; write 0 to 100000"),
        ("K1,,,client,1.5,,,1,1,1,1", "session", "session: '1.5' is no session number"),
        ("K1,,,client,-1,,,1,1,1,1", "session", "session: '-1' is no session number"),
        ("K1,,,client,100001,,,1,1,1,1", "session", "session: '100001' is no session number"),
        ("K1,,,client,１,,,1,1,1,1", "session", "session: '１' is no session number"),
        ("K1,,,client,1,2026-02-30,,1,1,1,1", "date", "'2026-02-30' is no date; write it as YYYY-MM-DD"),
        ("K1,,,client,1,01.02.2026,,1,1,1,1", "date", "'01.02.2026' is no date"),
        (
            "K1,,,client,1,,closing,1,1,1,1",
            "occasion",
            "occasion: 'closing' does not fit; write one of session, intake",
        ),
        ("K1,,,client,,,,1,1,1,1", None, "session: give its number, or an occasion"),
        ("K1,,,client,1,,intake,1,1,1,1", None, "session: give its number, or an occasion"),
        ("K1,,,client,1,,,1,1,x,1", "3", "item 3: 'x' is not an answer; it admits 0 to 10 in steps of 0.1"),
    ],
)
def test_a_row_whose_facts_do_not_hold_is_refused(
    tmp_path: Path, srs: Instrument, line: str, column: str | None, reason: str
) -> None:
    (refused,) = rows(tmp_path, srs, line)
    assert isinstance(refused, Refused)
    assert (refused.line, refused.column) == (2, column)
    assert refused.reason.startswith(reason)


def test_every_fault_of_a_row_is_named_and_the_rows_after_it_are_read(tmp_path: Path, srs: Instrument) -> None:
    found = rows(tmp_path, srs, "K 1,,,client,x,,,1,y,z,1", "K1,,,client,1,,,1,1,1,1")
    assert [entry.column for entry in found if isinstance(entry, Refused)] == ["case", "session", "2", "3"]
    assert isinstance(found[-1], TableRow)
    assert found[-1].line == 3
