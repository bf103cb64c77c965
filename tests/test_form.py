"""A form on paper: complete, escaped, with a code by which it is matched back when it is keyed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from alliance_core.definition.load import parse_instrument
from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument
from alliance_core.paper.code import SIGNS, code_of, read_code, recognise
from alliance_core.paper.form import render_form
from alliance_core.paper.words import direction, words_of
from alliance_core.sqlite.store import SqliteStore
from alliance_core.wording.own_words import shipped
from alliance_core.wording.record import ItemWords, Wording, digest

if TYPE_CHECKING:
    from tests.conftest import Alliance

SRS = """
instrument = "srs"
version = "3.0"
language = "en"
title = "Four made-up lines"
[poles.mark]
left = "not at all"
right = "wholly"
[items]
1 = "We met."
2 = "We spoke."
3 = { text = "We <b>laughed</b>.", left = "little", right = "much" }
4 = "All in all."
"""
FORM = ("record", "srs", "--case", "K1", "--session", "1", "--rater", "client")


@pytest.fixture(scope="module")
def words(mixed: Instrument) -> Wording:
    own = shipped(mixed)
    assert own is not None
    return evolve(own, poles={"line": ("far", "near"), "pole": ("away", "towards")}, notice="© <Somebody>")


def page(mixed: Instrument, words: Wording, **how: object) -> str:
    return render_form(mixed, words, "client", **how)  # type: ignore[arg-type]


class TestPage:
    def test_it_is_one_file_without_script_or_network(self, mixed: Instrument, words: Wording) -> None:
        html = page(mixed, words)
        assert "<script" not in html
        assert "http" not in html.replace("http-equiv", "")
        assert "default-src 'none'" in html

    def test_every_item_and_answer_is_there(self, mixed: Instrument, words: Wording) -> None:
        html = page(mixed, words)
        assert re.findall(r'class="words">(.*?)<', html) == [item.topic for item in mixed.items]
        assert html.count("<li>") == 3 * 5 + 2 * 2 + 7
        assert html.count('width="100mm"') == 2
        assert html.count('class="blank') == 4

    def test_it_says_which_form_it_is(self, mixed: Instrument, words: Wording) -> None:
        html = page(mixed, words)
        code = code_of(mixed, digest(words), "en", "client")
        assert f"mixed 1.0 · wording en {digest(words)[:12]} · form" in html
        assert f'<span class="code">{code}</span>' in html
        assert '<dd class="known">client</dd>' in html

    def test_case_and_session_are_printed_or_left_blank(self, mixed: Instrument, words: Wording) -> None:
        assert "<dt>Case</dt><dd></dd>" in page(mixed, words)
        html = page(mixed, words, case="K1", session=0)
        assert "<dt>Case</dt><dd>K1</dd>" in html
        assert "<dt>Session</dt><dd>0</dd>" in html

    def test_text_is_escaped_and_never_a_template(self, mixed: Instrument, words: Wording) -> None:
        nasty = '<script>alert(1)</script>"{{ 7 * 7 }}'
        said = evolve(
            words,
            title=nasty,
            instructions=nasty,
            notice=nasty,
            items={name: ItemWords(nasty, (nasty, nasty)) for name in words.items},
            labels={name: dict.fromkeys(labels, nasty) for name, labels in words.labels.items()},
        )
        html = page(mixed, said)
        assert "<script" not in html
        assert "49" not in re.sub(r"[0-9a-f]{8,}", "", html.split("</style>")[1])
        assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;{{ 7 * 7 }}") > 20

    def test_options_stand_in_the_order_of_the_form(self, mixed_text: bytes) -> None:
        text = mixed_text.replace(
            b'1 = { topic = "trust", format = "often" }',
            b'1 = { topic = "trust", format = "often", display = "descending" }',
        )
        other = parse_instrument(text, name="mixed.toml")
        own = shipped(other)
        assert own is not None
        html = render_form(other, own, "client")
        first, second = re.findall(r"<ul.*?</ul>", html)[:2]
        assert re.findall(r"<span>(.*?)</span>", first) == ["always", "often", "sometimes", "seldom", "never"]
        assert re.findall(r"<span>(.*?)</span>", second) == ["never", "seldom", "sometimes", "often", "always"]

    def test_a_line_that_is_turned_round_has_its_ends_turned_round(self, mixed: Instrument, words: Wording) -> None:
        items = tuple(evolve(item, display="descending") if item.id == "4" else item for item in mixed.items)
        html = page(evolve(mixed, items=items), words)
        assert re.findall(r'class="left" dir="auto">(.*?)<', html) == ["near", "far", "away"]

    def test_a_longer_line_has_its_ends_under_it_and_a_too_long_one_is_refused(
        self, mixed_text: bytes, words: Wording
    ) -> None:
        def lined(length: int) -> Instrument:
            step = b"step = 0.1"
            text = mixed_text.replace(step, step + f", length_mm = {length}".encode())
            return parse_instrument(text, name="mixed.toml")

        assert 'class="scale under"' in page(lined(150), words)
        with pytest.raises(WordingError, match="item 4: its line is 171 mm long, but A4 has room for 170; print it"):
            page(lined(171), words)

    def test_its_own_words_are_in_the_language_of_the_form(self, mixed: Instrument, words: Wording) -> None:
        german = page(mixed, evolve(words, language="de"))
        assert '<html lang="de" dir="ltr">' in german
        assert "<dt>Sitzung</dt>" in german
        hebrew = page(mixed, evolve(words, language="he"))
        assert '<html lang="he" dir="rtl">' in hebrew
        assert '<dl lang="en">' in hebrew
        assert direction("pa-Arab") == "rtl"
        assert all(len(words_of(tag)[1]) == 10 for tag in ("en", "de-CH", "fr", "es", "it", "nl", "pt-BR", "fi"))


class TestCode:
    @pytest.fixture
    def code(self, mixed: Instrument, words: Wording) -> str:
        return code_of(mixed, digest(words), "pt-BR", "therapist")

    def test_it_is_read_whatever_its_case(self, code: str) -> None:
        assert read_code(f" {code.upper()} ") == read_code(code.lower()) == read_code(code)
        assert read_code(code).language == "pt-BR"

    def test_every_single_wrong_character_is_noticed(self, code: str) -> None:
        for place in range(len(code)):
            for sign in "0129ABKZ-/.":
                if code[place].casefold() != sign.casefold() and {code[place].upper(), sign} not in (
                    {"0", "O"},
                    {"1", "I"},
                ):
                    with pytest.raises(WordingError, match=r"was misread somewhere|is no form code"):
                        read_code(code[:place] + sign + code[place + 1 :])

    def test_every_exchange_of_neighbours_is_noticed(self, code: str) -> None:
        for place in range(len(code) - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            if swapped.casefold() != code.casefold():
                with pytest.raises(WordingError):
                    read_code(swapped)

    @pytest.mark.parametrize(
        "text", ["", "srs", "a/b/c/d", "a/b/c/d/e/f", "////", "srs/3.0/en//K7", "\x00/\x00/\x00/\x00/\x00"]
    )
    def test_what_is_no_code(self, text: str) -> None:
        with pytest.raises(WordingError, match=r"--form: .* (is no form code|was misread)"):
            read_code(text)

    def test_it_tells_raters_versions_wordings_and_definitions_apart(self, mixed: Instrument, words: Wording) -> None:
        mark = digest(words)
        code = read_code(code_of(mixed, mark, "en", "client"))
        assert recognise(code, mixed, "client", {"en": ["0" * 64, mark]}) == mark
        for instrument, rater, known, sentence in (
            (mixed, "therapist", {"en": [mark]}, "this is the form of the client, not of the therapist; mend --rater"),
            (mixed, "client", {"en": ["0" * 64]}, "was printed from a wording or a definition that is not known here"),
            (mixed, "client", {"de": [mark]}, "this form of mixed in en was printed from a wording or a definition"),
            (evolve(mixed, id="other"), "client", {"en": [mark]}, "this is a form of mixed, not of other"),
            (
                evolve(mixed, version="2"),
                "client",
                {"en": [mark]},
                "this is a form of mixed 1.0, but version 2 is installed",
            ),
            (
                evolve(mixed, scales=mixed.scales[1:]),
                "client",
                {"en": [mark]},
                "printed from a wording or a definition",
            ),
        ):
            with pytest.raises(WordingError, match=re.escape(sentence)):
                recognise(code, instrument, rater, known)

    def test_its_check_characters_cannot_be_mistaken(self) -> None:
        assert not {"I", "L", "O", "U"} & set(SIGNS)


@pytest.fixture
def clinic(alliance: Alliance) -> Alliance:
    """A clinic with a wording of the SRS."""
    alliance.write("srs.toml", SRS)
    assert alliance("wording", "add", "srs", "en", "srs.toml").code == 0
    return alliance


@pytest.fixture
def code(clinic: Alliance) -> str:
    html = clinic("form", "srs").out
    (found,) = re.findall(r'class="code">(.*?)<', html)
    return str(found)


def recorded(alliance: Alliance) -> Iterator[str | None]:
    store = SqliteStore(str(alliance.store))
    yield from [form.wording for form in store.administrations()]
    store.close()


class TestCommand:
    def test_a_form_is_written(self, clinic: Alliance) -> None:
        outcome = clinic("form", "srs", "--language", "en", "--case", "K1", "--session", "3", "--out", "form.html")
        assert (outcome.code, outcome.out) == (
            0,
            "Wrote form.html: srs 3.0 in en, for the client. Print it on A4 at 100 %.\n",
        )
        html = (clinic.folder / "form.html").read_text(encoding="utf-8")
        assert html.count('width="100mm"') == 4
        assert "We &lt;b&gt;laughed&lt;/b&gt;." in html
        assert clinic.refuses("form", "srs", "--out", "form.html") == [
            "form.html: is there already; give another name, or --force to overwrite it"
        ]

    def test_a_measure_of_the_project_needs_no_wording(self, alliance: Alliance) -> None:
        assert "I could say what today was for." in alliance("form", "session-check-in", "--rater", "therapist").out
        assert alliance.files() == {}

    @pytest.mark.parametrize("language", [(), ("--language", "en"), ("--language", "de")])
    def test_without_wording_it_says_where_to_get_it(self, alliance: Alliance, language: tuple[str, ...]) -> None:
        (fault,) = alliance.refuses("form", "srs", *language)
        assert fault.startswith("srs: its wording")
        assert "The text belongs to Scott D. Miller, Barry L. Duncan and Lynn D. Johnson" in fault
        assert "get the form from scottdmiller.com; betteroutcomesnow.com, then: alliance wording add srs " in fault

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (("srs", "--rater", "therapist"), "--rater: srs is filled in by client, not by 'therapist'"),
            (("srs", "--case", "Jane Doe"), "case: 'Jane Doe' is no code"),
            (("srs", "--language", "english"), "language: 'english' is no language tag"),
            (("srs", "--session", "-1"), "Invalid value for '--session'"),
            (("srz",), "'srz'"),
            (
                ("session-check-in", "--language", "de"),
                "session-check-in: has its words in en only; translate them and add",
            ),
        ],
    )
    def test_what_is_wrong_is_said(self, clinic: Alliance, given: tuple[str, ...], sentence: str) -> None:
        assert sentence in clinic.refuses("form", *given)[0]

    def test_of_several_languages_one_must_be_named(self, clinic: Alliance) -> None:
        clinic.write("de.toml", SRS.replace('"en"', '"de"'))
        assert clinic("wording", "add", "srs", "de", "de.toml").code == 0
        assert clinic.refuses("form", "srs") == ["srs: is there in de, en; say in which with --language"]
        assert '<html lang="de"' in clinic("form", "srs", "--language", "DE").out


class TestKeyingIn:
    """From paper into the store: by keyboard only, with corrections before anything is kept."""

    def test_the_words_of_the_form_are_shown_and_recorded(self, clinic: Alliance, code: str) -> None:
        outcome = clinic(*FORM, "--form", code, stdin="8.5\n9\n9\n9\n\n")
        assert (outcome.code, outcome.err) == (0, "")
        assert "Four made-up lines: 4 items.\n" in outcome.out
        assert "3 of 4  We <b>laughed</b>.\n   0 to 10 in steps of 0.1   (little … much)\n" in outcome.out
        (wording,) = recorded(clinic)
        assert wording is not None

    @pytest.mark.parametrize("language", [(), ("--language", "en")])
    @pytest.mark.parametrize("answers", [(), ("--answers", "[8, 9, 9, 9]")])
    def test_the_only_wording_is_recorded(
        self, clinic: Alliance, language: tuple[str, ...], answers: tuple[str, ...]
    ) -> None:
        assert clinic(*FORM, *language, *answers, stdin="8\n9\n9\n9\n\n").code == 0
        assert None not in recorded(clinic)

    def test_of_several_none_is_recorded_unless_it_is_named(self, clinic: Alliance) -> None:
        clinic.write("de.toml", SRS.replace('"en"', '"de"'))
        clinic("wording", "add", "srs", "de", "de.toml")
        assert clinic(*FORM, "--answers", "[8, 9, 9, 9]").code == 0
        assert "We met." not in clinic("record", "srs", *FORM[2:5], "2", *FORM[6:], stdin="8\n9\n9\n9\n\n").out
        assert list(recorded(clinic)) == [None, None]
        assert "We met." in clinic("record", "srs", *FORM[2:5], "3", *FORM[6:], "--language", "de", stdin="8\n" * 4).out
        assert clinic.refuses(*FORM[:5], "4", *FORM[6:], "--language", "fr")[0].startswith(
            "srs: its wording in fr is not installed; there is de, en. The text belongs to "
        )

    def test_a_form_that_was_printed_before_the_wording_changed_is_still_known(
        self, clinic: Alliance, code: str
    ) -> None:
        clinic.write("newer.toml", SRS.replace("We met.", "We met again."))
        clinic("wording", "add", "srs", "en", "newer.toml")
        outcome = clinic(*FORM, "--form", code, stdin="8\n9\n9\n9\n\n")
        assert "1 of 4  We met.\n" in outcome.out
        clinic("wording", "remove", "srs", "en")
        other = clinic(*FORM[:5], "2", *FORM[6:], "--form", code, stdin="8\n9\n9\n9\n\n")
        assert "1 of 4  relationship\n" in other.out
        first, second = recorded(clinic)
        assert first == second is not None

    def test_a_form_of_the_project_is_known_too(self, alliance: Alliance) -> None:
        form = ("record", "session-check-in", *FORM[2:])
        (code,) = re.findall(r'class="code">(.*?)<', alliance("form", "session-check-in").out)
        assert alliance(*form, "--form", code, "--answers", "[4, 5, 3, 4, 2, 4]").code == 0
        assert list(recorded(alliance)) == [None]
        (fault,) = alliance.refuses(*form[:-1], "therapist", "--form", code, "--answers", "[4, 5, 3, 4, 2, 4]")
        assert fault == "--form: this is the form of the client, not of the therapist; mend --rater"

    def test_a_form_that_does_not_fit_is_refused_before_the_first_question(self, clinic: Alliance, code: str) -> None:
        assert "was misread somewhere" in clinic.refuses(*FORM, "--form", code[:-3] + "0/" + code[-2:])[0]
        assert "is a form of srs" in clinic.refuses("record", "ors", *FORM[2:], "--form", code)[0]
        assert "this form is in en, not in de" in clinic.refuses(*FORM, "--form", code, "--language", "de")[0]

    def test_answers_are_corrected_by_their_number_before_they_are_kept(self, clinic: Alliance) -> None:
        outcome = clinic(*FORM, stdin="8\n9\n9\n9\n5\nx\n2\n1.5\n3\nback\n4\n\n\n")
        assert outcome.code == 0
        assert "'5' is no item; write 1 to 4, or Enter to save" in outcome.out
        assert "'x' is no item; write 1 to 4, or Enter to save" in outcome.out
        assert "2     We spoke.  1.5" in outcome.out
        store = SqliteStore(str(clinic.store))
        (form,) = store.administrations()
        store.close()
        assert [answer.value for answer in form.answers.values()] == [8, form.answers["2"].value, 9, None]
        assert form.revision == 1

    def test_no_total_is_shown_before_all_is_kept(self, clinic: Alliance) -> None:
        before, kept = clinic(*FORM, stdin="8\n9\n9\n9\n\n").out.split("Recorded srs")
        assert "35" not in before
        assert "35" in kept

    def test_the_summary_says_labels_and_why_there_is_no_answer(self, alliance: Alliance) -> None:
        out = alliance("record", "session-check-in", *FORM[2:], stdin="4\n\ndeclined\n5\n1\n2\n\n").out
        rows = [" ".join(line.split()) for line in out.splitlines()]
        assert "1 I could say what today was for. 4 Mostly" in rows
        assert "2 What we did today moved something. (skipped)" in rows
        assert "3 It was good to do this with each other. (declined)" in rows
