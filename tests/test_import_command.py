"""`alliance import`: a whole file in one transaction, or nothing of it unless its good rows are asked for."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliance_core.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from alliance_core.store import Recorded
    from tests.conftest import Alliance

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT.parent / "shared" / "data" / "ai-psychotherapy-eval"
EXAMPLES = ROOT / "examples"

HEADER = "code,meeting,q1,q2,q3,q4"
MAP = 'rater = "client"\n[columns]\ncase = "code"\nsession = "meeting"\n[items]\neach = "q{item}"\n'
IMPORT = ("import", "forms.csv", "--instrument", "srs", "--map", "map.toml")
Scored = dict[tuple[str, str], dict[str, Fraction]]
GOOD = ("K1,1,8.5,9.2,7.9,9.0", "K1,2,9.1,8.9,9.0,9.0", "K2,1,9,,declined,9")


def write(alliance: Alliance, *rows: str, file_map: str = MAP, header: str = HEADER) -> tuple[str, ...]:
    alliance.write("forms.csv", "\n".join([header, *rows, ""]))
    alliance.write("map.toml", file_map)
    return IMPORT


@contextmanager
def opened(alliance: Alliance) -> Iterator[SqliteStore]:
    store = SqliteStore(str(alliance.store))
    yield store
    store.close()


def forms(alliance: Alliance) -> list[Recorded]:
    with opened(alliance) as store:
        return list(store.administrations())


def holds_nothing(alliance: Alliance) -> bool:
    """Whether the store has no row in any table but its own book of schema steps."""
    if not alliance.store.exists():
        return True
    with closing(sqlite3.connect(alliance.store)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
    return not any(count for name, count in found.items() if not name.startswith(("_", "sqlite_")))


def refuses_all(alliance: Alliance, *arguments: str, stdin: str | bytes = b"") -> list[str]:
    """Import, and see that it refused and kept nothing; an empty store may have been made on the way."""
    before = alliance.files()
    outcome = alliance(*arguments, stdin=stdin)
    assert outcome.code == 2
    assert outcome.out == "" or outcome.out.startswith("Nothing was written; ")
    assert "Traceback" not in outcome.err
    assert "something went wrong that should not" not in outcome.err
    after = alliance.files()
    if alliance.store.name not in before:
        assert holds_nothing(alliance)
        after.pop(alliance.store.name, None)
    assert after == before
    assert outcome.faults
    return outcome.faults


def test_a_sound_file_is_imported_scored_and_kept(alliance: Alliance) -> None:
    outcome = alliance(*write(alliance, *GOOD))
    assert outcome == (0, f"Imported 3 forms, 2 new cases, into {alliance.store}.\n", "")
    kept = forms(alliance)
    assert [(form.case.code, form.session, form.rater, form.origin) for form in kept] == [
        ("K1", 1, "client", "forms.csv"), ("K1", 2, "client", "forms.csv"), ("K2", 1, "client", "forms.csv"),
    ]  # fmt: skip
    assert [form.scores["total"].value for form in kept] == [Fraction("34.6"), 36, None]
    assert [answer.reason for answer in kept[2].answers.values()] == [None, "skipped", "declined", None]
    assert json.loads(alliance("cases", "--json").out) == [
        {"case": "K1", "client": None, "therapist": None}, {"case": "K2", "client": None, "therapist": None},
    ]  # fmt: skip


def test_what_was_imported_is_listed_and_reported(alliance: Alliance) -> None:
    alliance(*write(alliance, *GOOD))
    listed = json.loads(alliance("scores", "--json").out)
    assert [(row["case"], row["session"], row["score"], row["exact"]) for row in listed] == [
        ("K1", 1, 34.6, "173/5"), ("K1", 2, 36, "36"), ("K2", 1, None, None),
    ]  # fmt: skip
    assert listed[2]["note"] == "not scorable: 2 of 4 missing, the rule allows 0"
    assert alliance("report", "progress", "--all", "--out", "reports").out == "Wrote 2 reports into reports\n"
    assert sorted(path.name for path in (alliance.folder / "reports").iterdir()) == ["K1.html", "K2.html"]
    alliance.refuses("report", "progress", "--all", "--out", "reports")
    (fault,) = alliance.refuses("report", "progress", "--case", "../K1")
    assert fault.startswith("there is no case '../K1' in ")


def test_a_file_may_come_from_standard_input(alliance: Alliance) -> None:
    write(alliance)
    content = b"\xef\xbb\xbf" + "\r\n".join([HEADER, *GOOD, ""]).encode()
    assert alliance("import", "-", *IMPORT[2:], stdin=content).code == 0
    assert {form.origin for form in forms(alliance)} == {"standard input"}
    assert len(forms(alliance)) == 3


def test_every_fact_of_a_row_is_kept(alliance: Alliance) -> None:
    facts = ("case", "client", "therapist", "rater", "session", "date", "occasion")
    file_map = "[columns]\n" + "".join(f'{fact} = "{fact}"\n' for fact in facts)
    rows = ("K1,C1,T1,client,1,2026-02-01,,9,9,9,9", "K1,,,client,,,intake,8,8,8,8")
    write(alliance, *rows, file_map=file_map, header=",".join([*facts, "1", "2", "3", "4"]))
    assert alliance(*IMPORT).code == 0
    intake, first = sorted(forms(alliance), key=lambda form: form.session or 0)
    assert (first.case.client, first.case.therapist, str(first.held_on)) == ("C1", "T1", "2026-02-01")
    assert (intake.occasion, intake.session) == ("intake", None)


BAD_ROWS = {
    "K3,1,9.15,9,9,9": "column q1: item 1: '9.15' is not an answer; it admits 0 to 10 in steps of 0.1",
    "K3,1,9,9,9,NaN": "column q4: item 4: 'NaN' is not an answer; it admits 0 to 10 in steps of 0.1",
    "K 3,1,9,9,9,9": "column code: case: 'K 3' is no code; write letters, digits, dots, hyphens and underscores",
    "../K3,1,9,9,9,9": "column code: case: '../K3' is no code",
    "K3';--,1,9,9,9,9": 'column code: case: "K3\';--" is no code',
    "<b>,1,9,9,9,9": "column code: case: '<b>' is no code",
    "=K3,1,9,9,9,9": "column code: case: '=K3' is no code",
    "K3\x1b[2J,1,9,9,9,9": "column code: case: 'K3\\x1b[2J' is no code",
    "K3,first,9,9,9,9": "column meeting: session: 'first' is no session number; write 0 to 100000",
    "K3,,9,9,9,9": ": session: give its number, or an occasion",
    "K1,1,9,9,9,9": ": srs 3.0 by the client for case K1, session 1 is there already",
}


@pytest.mark.parametrize("row", BAD_ROWS)
class TestOneBadRow:
    """Keeps all rows out, unless the good ones are asked for."""

    def test_keeps_all_out(self, alliance: Alliance, row: str) -> None:
        (fault,) = refuses_all(alliance, *write(alliance, *GOOD, row))
        assert fault.startswith("forms.csv, line 5")
        assert BAD_ROWS[row] in fault
        assert fault.isprintable()

    def test_leaves_a_store_byte_for_byte_as_it_was(self, alliance: Alliance, row: str) -> None:
        alliance(*write(alliance, *GOOD[:1]))
        before = alliance.store.read_bytes()
        refuses_all(alliance, *write(alliance, *GOOD[1:], row))
        assert alliance.store.read_bytes() == before

    def test_is_left_out_and_listed_with_keep_good(self, alliance: Alliance, row: str) -> None:
        outcome = alliance(*write(alliance, *GOOD, row), "--keep-good", "--refused", "refused.csv")
        assert outcome.code == 1
        assert outcome.out == f"Imported 3 forms, 2 new cases, into {alliance.store}; 1 row refused.\n"
        (fault,) = outcome.faults
        assert BAD_ROWS[row] in fault
        assert len(forms(alliance)) == 3
        header, refused = csv.reader(io.StringIO(alliance.files()["refused.csv"].decode()))
        assert header == ["line", "column", "value", "reason"]
        assert refused[0] == "5"
        assert fault.endswith(refused[3])

    def test_is_foretold_by_a_dry_run(self, alliance: Alliance, row: str) -> None:
        before = alliance.files() | {"forms.csv": b"", "map.toml": b""}
        outcome = alliance(*write(alliance, *GOOD, row), "--dry-run")
        assert outcome.code == 2
        assert outcome.out == "Nothing was written. 0 forms, 0 new cases would be; 1 row refused.\n"
        assert set(alliance.files()) == set(before)


def test_every_cell_at_fault_is_named(alliance: Alliance) -> None:
    faults = refuses_all(alliance, *write(alliance, "K 1,x,11,9,9,y", GOOD[0], "K1,2,9,9,9,z"))
    assert [fault.split(": ")[0] for fault in faults] == [
        *(f"forms.csv, line 2, column {column}" for column in ("code", "meeting", "q1", "q4")),
        "forms.csv, line 4, column q4",
    ]


def test_a_row_that_is_there_twice_is_refused_within_the_file_and_against_the_store(alliance: Alliance) -> None:
    (fault,) = refuses_all(alliance, *write(alliance, *GOOD, GOOD[1]))
    assert fault.startswith("forms.csv, line 5: srs 3.0 by the client for case K1, session 2 is there already")
    assert alliance(*write(alliance, *GOOD)).code == 0
    faults = refuses_all(alliance, *IMPORT)
    assert [fault.split(": ")[0] for fault in faults] == [f"forms.csv, line {line}" for line in (2, 3, 4)]
    outcome = alliance(*write(alliance, *GOOD, "K3,1,9,9,9,9"), "--keep-good")
    assert outcome.code == 1
    assert outcome.out.startswith("Imported 1 forms, 1 new cases, ")
    assert "; 3 rows refused." in outcome.out
    assert len(forms(alliance)) == 4


def test_if_no_row_is_good_nothing_is_kept(alliance: Alliance) -> None:
    outcome = alliance(*write(alliance, "K 1,1,9,9,9,9"), "--keep-good")
    assert (outcome.code, outcome.out) == (1, "Nothing was written; 1 row refused.\n")
    assert holds_nothing(alliance)


class TestDryRun:
    """Checks everything and writes nothing."""

    def test_of_a_sound_file(self, alliance: Alliance) -> None:
        write(alliance, *GOOD)
        before = alliance.files()
        outcome = alliance(*IMPORT, "--dry-run")
        assert outcome == (0, "Nothing was written. 3 forms, 2 new cases would be.\n", "")
        assert alliance.files() == before

    def test_against_a_store_that_is_there(self, alliance: Alliance) -> None:
        alliance(*write(alliance, GOOD[0]))
        before = alliance.store.read_bytes()
        write(alliance, *GOOD)
        outcome = alliance(*IMPORT, "--dry-run", "--keep-good", "--json")
        assert outcome.code == 1
        told = json.loads(outcome.out)
        assert (told["administrations"], told["cases"], told["written"]) == (2, 1, False)
        assert [row["line"] for row in told["refused"]] == [2]
        assert alliance.store.read_bytes() == before


def test_the_json_says_what_was_refused(alliance: Alliance) -> None:
    outcome = alliance(*write(alliance, *GOOD, "K3,1,9.15,9,9,9"), "--json")
    assert outcome.code == 2
    assert json.loads(outcome.out) == {
        "administrations": 0,
        "cases": 0,
        "written": False,
        "refused": [
            {
                "line": 5,
                "column": "q1",
                "value": "9.15",
                "reason": "item 1: '9.15' is not an answer; it admits 0 to 10 in steps of 0.1",
            }
        ],
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("@SUM(A1)", "'@SUM(A1)"), ("+1", "'+1"), ("-cmd", "'-cmd"),
        ("-99", "-99"), ("x", "x"),
    ],
)  # fmt: skip
def test_in_the_list_of_refused_rows_nothing_is_a_formula(alliance: Alliance, value: str, shown: str) -> None:
    alliance(*write(alliance, f"K1,1,{value},9,9,9"), "--refused", "refused.csv")
    (_, refused) = csv.reader(io.StringIO(alliance.files()["refused.csv"].decode()))
    assert refused[2] == shown


class TestWhatIsWrongBeforeTheFirstRow:
    """Makes no store."""

    def test_the_map(self, alliance: Alliance) -> None:
        write(alliance, *GOOD, file_map=MAP.replace("client", "observer"))
        assert alliance.refuses(*IMPORT) == ["map.toml: rater: srs is not filled in by 'observer'; write one of client"]
        write(alliance, *GOOD, file_map=MAP.replace("code", "kode"))
        assert len(alliance.refuses(*IMPORT)) == 2
        write(alliance, *GOOD, file_map="rater = client")
        assert alliance.refuses(*IMPORT)[0].startswith("map.toml: is not TOML: ")
        assert "cannot be read" in alliance.refuses(*IMPORT[:5], "nowhere.toml")[0]
        assert "--map" in alliance.refuses(*IMPORT[:4])[0]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "is empty; its first line must name the columns"),
            (HEADER.replace("q4", "q3").encode(), "the column 'q3' is there twice"),
            (HEADER.encode() + b",extra\n", "the column 'extra' is not known; list it under ignore"),
            (HEADER.replace(",", ";").encode(), "its columns seem to be parted by ';'; say so with --delimiter"),
            (b"\xff\xfe", "is not UTF-8 text"),
        ],
    )
    def test_the_header(self, alliance: Alliance, content: bytes, sentence: str) -> None:
        write(alliance)
        alliance.write("forms.csv", content)
        assert any(sentence in fault for fault in alliance.refuses(*IMPORT))
        assert any(sentence in fault for fault in alliance.refuses("import", "-", *IMPORT[2:], stdin=content))

    def test_the_list_of_refused_rows(self, alliance: Alliance) -> None:
        write(alliance, *GOOD)
        alliance.write("refused.csv", "precious")
        assert "is there already" in alliance.refuses(*IMPORT, "--refused", "refused.csv")[0]
        assert "there is no such folder" in alliance.refuses(*IMPORT, "--refused", "nowhere/refused.csv")[0]
        assert alliance(*IMPORT, "--refused", "refused.csv", "--force").code == 0

    def test_the_instrument(self, alliance: Alliance) -> None:
        write(alliance, *GOOD)
        assert "there is no instrument 'srz'" in alliance.refuses(*IMPORT[:3], "srz", *IMPORT[4:])[0]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (b"K3,1,9,9,9", "line 5: has 5 cells, but the header has 6; mend the row"),
        (b"", "line 5: is empty; take it out"),
        (b'K3,1,9,9,9,"9', "is not CSV (unexpected end of data); mend the quotes"),
        (b"K3,1,9,9,9,\xff", "is not UTF-8 text"),
        (b"K3,1,9,9,9," + b"9" * 100_001, "line 5: is not CSV (field larger than field limit (100000))"),
    ],
)
@pytest.mark.parametrize("option", [(), ("--keep-good",)], ids=["all or nothing", "keep good"])
def test_a_file_that_breaks_off_keeps_all_out(
    alliance: Alliance, row: bytes, sentence: str, option: tuple[str, ...]
) -> None:
    write(alliance)
    alliance.write("forms.csv", "\n".join([HEADER, *GOOD, ""]).encode() + row + b"\n")
    (fault,) = refuses_all(alliance, *IMPORT, *option)
    assert sentence in fault


def test_a_case_stays_with_its_client(alliance: Alliance) -> None:
    file_map = MAP.replace('session = "meeting"', 'session = "meeting"\nclient = "client"')
    rows = ("K1,1,9,9,9,9,C1", "K1,2,9,9,9,9,C2")
    (fault,) = refuses_all(alliance, *write(alliance, *rows, file_map=file_map, header=f"{HEADER},client"))
    assert fault.startswith("forms.csv, line 3: case K1 is with the client C1, not C2")


def test_labels_and_words_of_the_file_are_understood(alliance: Alliance) -> None:
    ids = range(1, 13)
    cells = ["never", "ALMOST NEVER", "-99", *["Often"] * 8, ""]
    alliance.write("forms.csv", f"code,meeting,{','.join(map(str, ids))}\nK1,1,{','.join(cells)}\n")
    alliance.write(
        "map.toml",
        'rater = "client"\nanswers = "labels"\n[columns]\ncase = "code"\nsession = "meeting"\n'
        '[words]\n"Almost never" = 2\n[missing]\n"-99" = "declined"\n',
    )
    assert alliance("import", "forms.csv", "--instrument", "wai-s", "--map", "map.toml").code == 0
    (form,) = forms(alliance)
    assert [answer.value or answer.reason for answer in form.answers.values()] == [
        1,
        2,
        "declined",
        *[5] * 8,
        "skipped",
    ]


def test_the_example_of_a_small_lab_is_imported(alliance: Alliance) -> None:
    lab = EXAMPLES / "small-lab"
    arguments = ("import", str(lab / "forms.csv"), "--instrument", "wai-sr", "--map", str(lab / "wai-sr.toml"))
    outcome = alliance(*arguments)
    rows = len((lab / "forms.csv").read_text().splitlines()) - 1
    assert (outcome.code, outcome.out.split(", ")[0]) == (0, f"Imported {rows} forms")


@pytest.mark.data
def test_two_instruments_of_the_published_data_go_into_one_store(alliance: Alliance) -> None:
    if not PUBLISHED.is_dir():
        pytest.skip(f"the published data set is not there; it belongs into {PUBLISHED}")
    maps = EXAMPLES / "ai-psychotherapy-eval"
    files = {"wai-36": "survey_wai_logs.csv", "srs": "survey_srs_logs_with_total.csv"}
    news = {"wai-36": 150, "srs": 0}
    for instrument, file in files.items():
        outcome = alliance(
            "import", str(PUBLISHED / file), "--instrument", instrument, "--map", str(maps / f"{instrument}.toml")
        )
        assert outcome.out == f"Imported 277 forms, {news[instrument]} new cases, into {alliance.store}.\n"
    assert len(json.loads(alliance("cases", "--json").out)) == 150
    kept = forms(alliance)
    assert [sum(form.instrument == name for form in kept) for name in files] == [277, 277]
    for instrument, values in _scored_apart(alliance, files).items():
        mine = {
            (form.case.code, str(form.session)): {name: one.value for name, one in form.scores.items()}
            for form in kept
            if form.instrument == instrument
        }
        assert mine == values


def _scored_apart(alliance: Alliance, files: dict[str, str]) -> dict[str, Scored]:
    """What `alliance score` gives for the same forms."""
    labels = {"Never": 1, "Rarely": 2, "Occasionally": 3, "Sometimes": 4, "Often": 5, "Very Often": 6, "Always": 7}
    srs = ("relationship", "goals_and_topics", "approach_or_method", "overall")
    columns = {"wai-36": [f"question{n}" for n in range(1, 37)], "srs": list(srs)}
    scored = {}
    for instrument, file in files.items():
        with (PUBLISHED / file).open(encoding="utf-8", newline="") as opened_file:
            rows = list(csv.DictReader(opened_file))
        lines = ["case,session," + ",".join(str(n) for n, _ in enumerate(columns[instrument], start=1))]
        for row in rows:
            cells = [str(labels.get(row[column], row[column])) for column in columns[instrument]]
            lines.append(",".join([row["pairing_id"], row["session_id"], *cells]))
        alliance.write(f"{instrument}.csv", "\n".join([*lines, ""]))
        outcome = alliance(
            "score", f"{instrument}.csv", "--instrument", instrument, "--keep", "case", "--keep", "session", "--json"
        )
        scored[instrument] = {
            (entry["kept"]["case"], entry["kept"]["session"]): {
                name: Fraction(one["exact"]) for name, one in entry["scores"].items()
            }
            for entry in json.loads(outcome.out)
        }
    return scored
