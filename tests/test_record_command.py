"""`alliance record`: one form, checked whole before anything is kept; what is refused leaves the store as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from alliance_core.answers import Answer
from alliance_core.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from tests.conftest import Alliance

FORM = ("record", "srs", "--case", "K1", "--session", "1", "--rater", "client")
OTHER = ("record", "srs", "--case", "K1", "--session", "2", "--rater", "client")
GOOD = '{"1": 8.5, "2": 9.2, "3": 7.9, "4": 9.0}'


@contextmanager
def opened(alliance: Alliance) -> Iterator[SqliteStore]:
    store = SqliteStore(str(alliance.store))
    yield store
    store.close()


def answers(alliance: Alliance) -> list[object]:
    """The answers of the only form in the store."""
    with opened(alliance) as store:
        (form,) = store.administrations()
    return [answer.value if answer.reason is None else answer.reason for answer in form.answers.values()]


@pytest.mark.parametrize(
    "given",
    [GOOD, "[8.5, 9.2, 7.9, 9]", ' {"4": "9.0", "3": "7.9", "2": "9.2", "1": "8.5"}', "[8.50, 9.2e0, 79e-1, 9.0]"],
    ids=["object", "list", "texts in another order", "other ways to write them"],
)
@pytest.mark.parametrize("way", ["text", "file", "stream"])
def test_answers_are_taken_as_an_object_or_a_list_from_anywhere(alliance: Alliance, given: str, way: str) -> None:
    alliance.write("answers.json", given)
    option = {"text": given, "file": "answers.json", "stream": "-"}[way]
    outcome = alliance(*FORM, "--answers", option, stdin=given)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Recorded srs of the client, case K1, session 1 (number 1).\n")
    assert "total   34.6\n" in outcome.out
    assert answers(alliance) == [Fraction("8.5"), Fraction("9.2"), Fraction("7.9"), 9]


@pytest.mark.parametrize("way", ["file", "stream"])
def test_a_byte_order_mark_is_no_part_of_the_answers(alliance: Alliance, way: str) -> None:
    alliance.write("answers.json", b"\xef\xbb\xbf[1, 2, 3, 4]")
    option = {"file": "answers.json", "stream": "-"}[way]
    assert alliance(*FORM, "--answers", option, stdin=b"\xef\xbb\xbf[1, 2, 3, 4]").code == 0


@pytest.mark.parametrize(
    "given", ['{"2": "declined", "3": null, "4": "lost"}', '[null, "declined", "skipped", "lost"]']
)
def test_a_missing_answer_keeps_its_reason_and_is_no_zero(alliance: Alliance, given: str) -> None:
    outcome = alliance(*FORM, "--answers", given)
    assert "not scorable: 4 of 4 missing, the rule allows 0" in outcome.out
    assert answers(alliance) == ["skipped", "declined", "skipped", "lost"]


def test_the_json_says_what_was_recorded(alliance: Alliance) -> None:
    outcome = alliance(*FORM, "--answers", GOOD, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out) == {
        "administration": 1,
        "case": "K1",
        "session": 1,
        "scores": {"total": {"value": 34.6, "answered": 4, "items": 4, "note": None}},
    }


def test_every_fact_of_a_form_is_kept(alliance: Alliance) -> None:
    facts = {
        "--client": "C-1", "--therapist": "T_1", "--date": "2026-02-01", "--given-on": "2026-02-02",
        "--setting": "video",
    }  # fmt: skip
    assert alliance(*FORM, "--answers", GOOD, *(word for pair in facts.items() for word in pair)).code == 0
    with opened(alliance) as store:
        (form,) = store.administrations()
    assert (form.case.code, form.case.client, form.case.therapist) == ("K1", "C-1", "T_1")
    assert (form.session, str(form.held_on), str(form.given_on), form.rater) == (
        1,
        "2026-02-01",
        "2026-02-02",
        "client",
    )
    assert (form.revision, form.origin) == (1, "answers")


def test_a_form_about_no_session_says_its_occasion(alliance: Alliance) -> None:
    outcome = alliance("record", "srs", "--case", "K1", "--rater", "client", "--occasion", "intake", "--answers", GOOD)
    assert outcome.out.startswith("Recorded srs of the client, case K1, intake (number 1).")


class TestAsking:
    """Without --answers, item by item at the terminal."""

    def test_an_answer_a_skip_and_a_reason(self, alliance: Alliance) -> None:
        outcome = alliance(*FORM, stdin="8.5\n\ndeclined\n 9.0 \n")
        assert (outcome.code, outcome.err) == (0, "")
        assert "Session Rating Scale: 4 items.\n" in outcome.out
        assert "\n3 of 4  approach or method\n   0 to 10 in steps of 0.1\n" in outcome.out
        assert answers(alliance) == [Fraction("8.5"), "skipped", "declined", 9]
        with opened(alliance) as store:
            assert store.administrations()[0].origin == "typed"

    def test_a_wrong_answer_is_asked_again(self, alliance: Alliance) -> None:
        outcome = alliance(*FORM, stdin="11\n9.15\nTrue\n８\n8\n9\n9\n9\n")
        assert outcome.code == 0
        assert outcome.out.count("is not an answer; it admits 0 to 10 in steps of 0.1") == 4
        assert outcome.out.count("1 of 4  relationship") == 1
        assert answers(alliance) == [8, 9, 9, 9]

    def test_back_returns_to_the_item_before(self, alliance: Alliance) -> None:
        outcome = alliance(*FORM, stdin="back\n1\n2\nback\nback\n3\n4\n5\n6\n")
        assert outcome.code == 0
        assert outcome.out.count("1 of 4  relationship") == 3
        assert answers(alliance) == [3, 4, 5, 6]

    def test_options_are_shown_as_the_form_prints_them_and_answered_by_value(self, alliance: Alliance) -> None:
        form = ("record", "wai-sr", "--case", "K1", "--session", "1", "--rater", "client")
        outcome = alliance(*form, stdin="5\n5\n" + "1\n" * 10)
        first, second = (outcome.out.split(" of 12  ")[place] for place in (1, 2))
        assert [line.split()[0] for line in first.splitlines()[1:6]] == ["1", "2", "3", "4", "5"]
        assert [line.split()[0] for line in second.splitlines()[1:6]] == ["5", "4", "3", "2", "1"]
        assert second.splitlines()[1] == "   5  Always"
        assert answers(alliance)[:3] == [5, 5, 1]

    def test_yes_no_and_text_are_asked_too(self, alliance: Alliance) -> None:
        form = ("record", "boundary-reflection", "--case", "K1", "--session", "1", "--rater", "therapist")
        outcome = alliance(*form, stdin="no\n" * 10 + "perhaps\nyes\n2\nno\na farewell card\n")
        assert outcome.code == 0, outcome.err
        assert outcome.out.count("'perhaps' is not an answer; it admits yes or no") == 1
        assert answers(alliance)[-5:] == [0, 1, 2, 0, "a farewell card"]

    def test_nothing_is_kept_of_a_form_that_was_broken_off(self, alliance: Alliance) -> None:
        outcome = alliance(*FORM, stdin="8.5\n9\n")
        assert (outcome.code, outcome.err.strip()) == (1, "Stopped; nothing more was written.")
        assert alliance.files() == {}

    def test_what_is_wrong_with_the_form_is_said_before_the_first_question(self, alliance: Alliance) -> None:
        alliance.refuses("record", "srs", "--case", "K1", "--session", "1", "--rater", "observer", stdin="8\n8\n8\n8\n")
        alliance.refuses(
            "record", "srs", "--case", "no code", "--session", "1", "--rater", "client", stdin="8\n8\n8\n8\n"
        )

    def test_with_json_the_questions_do_not_stand_in_the_way(self, alliance: Alliance) -> None:
        outcome = alliance(*FORM, "--json", stdin="8.5\n9.2\n7.9\n9\n")
        assert json.loads(outcome.out)["scores"]["total"]["value"] == 34.6
        assert "1 of 4  relationship" in outcome.err


class TestRefusals:
    """Each in one sentence, and the store stays byte for byte as it was."""

    @pytest.fixture(autouse=True, params=["no store", "a store"])
    def _store(self, request: pytest.FixtureRequest, alliance: Alliance) -> None:
        if request.param == "a store":
            assert alliance(*FORM, "--answers", GOOD).code == 0

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ("[NaN, 1, 1, 1]", "--answers: NaN is no number; write null for a skipped item"),
            ("[Infinity, 1, 1, 1]", "--answers: Infinity is no number; write null for a skipped item"),
            ("[-Infinity, 1, 1, 1]", "--answers: -Infinity is no number; write null for a skipped item"),
            ("[1e999, 1, 1, 1]", "item 1: 1E+999 is not an answer; it admits 0 to 10 in steps of 0.1"),
            ("[1e-999, 1, 1, 1]", "item 1: 1E-999 is not an answer; it admits 0 to 10 in steps of 0.1"),
            ("[9.15, 1, 1, 1]", "item 1: 9.15 is not an answer; it admits 0 to 10 in steps of 0.1"),
            ("[8.500000000000000001, 1, 1, 1]", "item 1: 8.500000000000000001 is not an answer"),
            ("[10.1, 1, 1, 1]", "item 1: 10.1 is not an answer"),
            ("[-1, 1, 1, 1]", "item 1: -1 is not an answer"),
            ('{"1": 1, "1": 2}', "--answers: item '1' is answered twice; answer it once"),
            ("[true, 1, 1, 1]", "item 1: True is not an answer"),
            ('{"1": false}', "item 1: False is not an answer"),
            ('["True", 1, 1, 1]', "item 1: 'True' is not an answer"),
            ('["３", 1, 1, 1]', "item 1: '３' is not an answer"),
            ('[" 3 ", 1, 1, 1]', "item 1: ' 3 ' is not an answer"),
            ('["1_0", 1, 1, 1]', "item 1: '1_0' is not an answer"),
            ('["0x3", 1, 1, 1]', "item 1: '0x3' is not an answer"),
            ('["\\u0000", 1, 1, 1]', "item 1: '\\x00' is not an answer"),
            ('["\\ud800", 1, 1, 1]', "item 1: '\\ud800' is not an answer"),
            ("[[1], 1, 1, 1]", "item 1: [1] is not an answer"),
            ('{"1": {"value": 1}}', "item 1: {'value': 1} is not an answer"),
            ('{"1": [], "2": {}}', "item 1: [] is not an answer"),
            ("[1" + "0" * 4000 + ", 1, 1, 1]", "item 1: "),
            ("[1" + "0" * 5000 + ", 1, 1, 1]", "--answers: is not JSON ("),
            ("[" * 100_000, "--answers: is not JSON ("),
            ("[" + "1," * 600_000 + "1]", "--answers: there is more than 1000000 characters of it; one form needs far"),
            ("[1, 2, 3]", "--answers: 3 are given, but there are 4 items"),
            ("[1, 2, 3, 4, 5]", "--answers: 5 are given, but there are 4 items"),
            ("[]", "--answers: 0 are given, but there are 4 items"),
            ('{"5": 1}', "'5' is not an item of srs; its items are 1, 2, 3, 4"),
            ('{"total": 36}', "'total' is not an item of srs"),
            ('{" 1": 1}', "' 1' is not an item of srs"),
            ('{"": 1}', "'' is not an item of srs"),
            ('{"1": 1,}', "--answers: is not JSON ("),
            ("[1, 2, 3, 4] [5]", "--answers: is not JSON ("),
            ("{'1': 1}", "--answers: is not JSON ("),
            ("[１, 1, 1, 1]", "--answers: is not JSON ("),
            ("[01, 1, 1, 1]", "--answers: is not JSON ("),
        ],
    )
    @pytest.mark.parametrize("way", ["text", "stream"])
    def test_answers_that_are_none(self, alliance: Alliance, given: str, sentence: str, way: str) -> None:
        faults = alliance.refuses(*OTHER, "--answers", given if way == "text" else "-", stdin=given)
        assert faults[0].startswith(sentence), faults
        assert max(map(len, faults)) < 250

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "--answers: is not JSON ("),
            (b"\xff[1]", "is not UTF-8 text; "),
            ("[1, 1, 1, 1]".encode("utf-16"), "is not UTF-8 text; "),
            (b"null", "--answers: is neither an object nor a list; write it as "),
            (b"36", "--answers: is neither an object nor a list; write it as "),
            (b'"1"', "--answers: is neither an object nor a list; write it as "),
            (b"hello", "--answers: is not JSON ("),
        ],
    )
    @pytest.mark.parametrize("way", ["file", "stream"])
    def test_what_is_no_json(self, alliance: Alliance, content: bytes, sentence: str, way: str) -> None:
        alliance.write("answers.json", content)
        (fault,) = alliance.refuses(*OTHER, "--answers", "answers.json" if way == "file" else "-", stdin=content)
        assert sentence in fault

    def test_what_is_no_file(self, alliance: Alliance) -> None:
        for name in ("nowhere.json", ".", "", "36", "x" * 5000):
            (fault,) = alliance.refuses(*OTHER, "--answers", name)
            assert " is neither JSON nor a file that can be read (" in fault
            assert len(fault) < 250

    def test_every_fault_at_once(self, alliance: Alliance) -> None:
        faults = alliance.refuses(
            "record", "srs", "--case", "a b", "--session", "-1", "--rater", "observer", "--setting", "pub",
            "--answers", '{"1": 11, "2": "x", "9": 1}',
        )  # fmt: skip
        assert [fault.split(":")[0] for fault in faults] == [
            "case", "rater", "session", "setting", "'9' is not an item of srs; its items are 1, 2, 3, 4", "item 1",
            "item 2",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "code",
        [
            "", ".", "..", "../K1", "/etc/passwd", "a/b", "a\\b", "C:\\x", "-K1", "_K1", "Jane Doe", "Jäger", "Ｋ1",
            "K1 ", " K1", "K1\n", "K1\0", "K1\x1b[31m", "K\u202e1", "x'; DROP TABLE cases; --", 'x" OR 1=1', "<script>",
            "{{ 7 * 7 }}", "${x}", "%s", "=1+1", "a" * 65, "\udcff",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("option", ["--case", "--client", "--therapist"])
    def test_codes_that_are_none(self, alliance: Alliance, option: str, code: str) -> None:
        given = {"--case": "K9", option: code}
        facts = [word for pair in given.items() for word in pair]
        (fault,) = alliance.refuses("record", "srs", *facts, "--session", "1", "--rater", "client", "--answers", GOOD)
        assert fault.startswith(f"{option.removeprefix('--')}: ")
        assert " is no code; write letters, digits, dots, hyphens and underscores, at most 64, " in fault
        assert fault.isprintable()

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            (("--session", "-1"), "session: -1 is no session number; write 0 to 100000"),
            (("--session", "100001"), "session: 100001 is no session number; write 0 to 100000"),
            (("--session", "9" * 30), f"session: {'9' * 30} is no session number"),
            (("--session", "1.0"), "Invalid value for '--session'"),
            (("--session", "one"), "Invalid value for '--session'"),
            ((), "session: say which session by its number, or that there is none with an occasion such as intake"),
            (
                ("--session", "2", "--occasion", "intake"),
                "session: say which session by its number, or that there is none",
            ),
            (
                ("--occasion", "closing"),
                "occasion: 'closing' is not known; write one of session, intake, ending, follow-up",
            ),
            (("--session", "2", "--setting", "pub"), "setting: 'pub' is not known; write one of in-person, video"),
            (("--session", "2", "--segment", "1"), "segment: 1 does not fit; srs rates whole sessions, not segments"),
            (("--session", "2", "--date", "2026-02-30"), "--date: '2026-02-30' is no date; write it as YYYY-MM-DD"),
            (("--session", "2", "--date", "20260201"), "--date: '20260201' is no date"),
            (("--session", "2", "--date", "2026-W05-1"), "--date: '2026-W05-1' is no date"),
            (("--session", "2", "--date", "01.02.2026"), "--date: '01.02.2026' is no date"),
            (("--session", "2", "--date", ""), "--date: '' is no date"),
            (("--session", "2", "--date", "２０２６-02-01"), "--date: '２０２６-02-01' is no date"),
            (("--session", "2", "--given-on", "2026-2-1"), "--given-on: '2026-2-1' is no date"),
        ],
    )
    def test_sessions_and_days_that_are_none(self, alliance: Alliance, facts: tuple[str, ...], sentence: str) -> None:
        arguments = ("record", "srs", "--case", "K1", "--rater", "client", *facts, "--answers", GOOD)
        (fault,) = alliance.refuses(*arguments)
        assert sentence in fault

    @pytest.mark.parametrize(
        ("rater", "sentence"),
        [
            ("observer", "rater: srs is filled in by client, not by 'observer'"),
            ("Client", "rater: srs is filled in by client, not by 'Client' ('Client' is no rater at all)"),
            ("", "rater: srs is filled in by client, not by '' ('' is no rater at all)"),
        ],
    )
    def test_raters_of_another_instrument(self, alliance: Alliance, rater: str, sentence: str) -> None:
        arguments = ("record", "srs", "--case", "K1", "--session", "2", "--answers", GOOD)
        assert alliance.refuses(*arguments, "--rater", rater) == [sentence]

    def test_what_a_form_cannot_do_without(self, alliance: Alliance) -> None:
        assert "--case" in alliance.refuses("record", "srs", "--session", "2", "--rater", "client")[0]
        assert "--rater" in alliance.refuses("record", "srs", "--session", "2", "--case", "K1")[0]
        assert "'srz'" in alliance.refuses("record", "srz", *OTHER[2:], "--answers", GOOD)[0]

    def test_a_store_where_none_can_be(self, alliance: Alliance) -> None:
        alliance.write("words.txt", "no store")
        (alliance.folder / "folder").mkdir()
        for url in ("nowhere/store.db", "folder", "words.txt", "postgres://nobody@nowhere/x"):
            alliance.refuses(*OTHER, "--answers", GOOD, "--store", url)


def test_a_form_is_recorded_once(alliance: Alliance) -> None:
    assert alliance(*FORM, "--answers", GOOD).code == 0
    (fault,) = alliance.refuses(*FORM, "--answers", "[1, 1, 1, 1]")
    assert fault == (
        "srs 3.0 by the client for case K1, session 1 is there already (administration 1); "
        "to change it, record it again with --correct REASON"
    )


@pytest.mark.parametrize("option", ["--client", "--therapist"])
def test_a_case_stays_with_its_client_and_therapist(alliance: Alliance, option: str) -> None:
    assert alliance(*FORM, "--answers", GOOD, option, "A").code == 0
    (fault,) = alliance.refuses(*OTHER, "--answers", GOOD, option, "B")
    assert fault.startswith(f"case K1 is with the {option.removeprefix('--')} A, not B")


def test_a_session_stays_on_its_day(alliance: Alliance) -> None:
    assert alliance(*FORM, "--answers", GOOD, "--date", "2026-02-01").code == 0
    check_in = ("record", "session-check-in", *FORM[2:], "--answers", "[4, 5, 3, 4, 2, 4]")
    (fault,) = alliance.refuses(*check_in, "--date", "2026-02-02")
    assert fault.startswith("session 1 of case K1 was held on 2026-02-01, not 2026-02-02")
    assert alliance(*check_in, "--date", "2026-02-01").code == 0


class TestCorrect:
    """A correction supersedes and keeps both."""

    def test_supersedes_and_keeps_the_reason(self, alliance: Alliance) -> None:
        alliance(*FORM, "--answers", GOOD)
        outcome = alliance(*FORM, "--answers", "[9, 9, 9, 9]", "--correct", "keyed in from the wrong line")
        assert (outcome.code, outcome.err) == (0, "")
        with opened(alliance) as store:
            (now,) = store.administrations()
            both = store.administrations(superseded=True)
        assert (now.revision, now.reason) == (2, "keyed in from the wrong line")
        assert now.scores["total"].value == Fraction(36)
        assert sorted(form.scores["total"].value or 0 for form in both) == [Fraction("34.6"), 36]
        assert now.answers["1"] == Answer(value=Fraction(9))

    @pytest.mark.parametrize("reason", ["", "  ", "\udcff"])
    def test_needs_a_reason_that_can_be_kept(self, alliance: Alliance, reason: str) -> None:
        alliance(*FORM, "--answers", GOOD)
        alliance.refuses(*FORM, "--answers", "[9, 9, 9, 9]", "--correct", reason)

    def test_needs_a_form_to_correct(self, alliance: Alliance) -> None:
        alliance(*FORM, "--answers", GOOD)
        (fault,) = alliance.refuses(*OTHER, "--answers", GOOD, "--correct", "wrong line")
        assert fault.startswith("there is no srs 3.0 by the client for case K1, session 2 to correct; ")
        alliance.refuses(*FORM, "--answers", "[11, 9, 9, 9]", "--correct", "wrong line")


def test_free_text_is_kept_as_it_was_written_and_never_obeyed(alliance: Alliance) -> None:
    form = ("record", "boundary-reflection", "--case", "K1", "--session", "1", "--rater", "therapist", "--answers")
    note = "=1+1 <b>'; DROP TABLE answers; -- {{ 7 * 7 }} \x1b[31m"
    assert alliance(*form, json.dumps({"note": note})).code == 0
    assert answers(alliance)[-1] == note
    for broken in ("\x00", "\ud800", "x" * 10_001):
        alliance.refuses(*form, json.dumps({"note": broken}), "--correct", "again")
