"""What a wording is: checked against its definition, kept in a store, shown to a person; never in the way of data."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping
from contextlib import closing
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from alliance_core.administration import administer
from alliance_core.definition.load import parse_instrument
from alliance_core.errors import StoreError, WordingError
from alliance_core.instrument import Instrument
from alliance_core.scoring import score
from alliance_core.sqlite.store import SqliteStore
from alliance_core.store import Store, Wordings
from alliance_core.wording import checks, own_words
from alliance_core.wording.document import canonical, checked_language, from_document, to_document, to_toml
from alliance_core.wording.from_toml import read as read_toml
from alliance_core.wording.reading import Wanted, check, read_wording
from alliance_core.wording.record import ItemWords, Wording, digest
from alliance_core.wording.shown import shown_items
from alliance_core.wording.template import template
from alliance_core.wording.text import plain, tidy, without_html

DEFINITION = b"""
id = "diary"
title = "A diary"
version = "2"
raters = ["client", "therapist"]
direction = "higher-is-better"
source = "project"
reverse = [2]
missing = { allowed = 0, source = "project" }
licence = { owner = "Somebody", wording = "supply-your-own", obtain = "somebody.example" }
[formats]
often = { kind = "rating", labels = { 1 = "Never", 2 = "Sometimes", 3 = "Always" } }
mark = { kind = "line", minimum = 0, maximum = 10, step = 0.1 }
box = { kind = "yes-no" }
[items]
1 = { topic = "rain", format = "often" }
2 = { topic = "wind", format = "often", display = "descending" }
3 = { topic = "warmth", format = "mark" }
4 = { topic = "umbrella", format = "box", unscored = true }
[scales.weather]
items = [1, 2]
method = "sum"
[scales.warmth]
items = [3]
method = "sum"
[[examples]]
answers = [3, 1, 5, "yes"]
scores = { weather = 6, warmth = 5 }
"""
ENGLISH: dict[str, Any] = {
    "instrument": "diary",
    "version": "2",
    "language": "en",
    "title": "Weather diary",
    "instructions": "Think of this week.\nAnswer quickly.",
    "notice": "© Somebody",
    "labels": {"often": {"1": "Never", "2": "Sometimes", "3": "Always"}, "box": {"0": "No", "1": "Yes"}},
    "poles": {"mark": {"left": "cold", "right": "warm"}},
    "items": {
        "1": "It rained.",
        "2": "The wind blew.",
        "3": {"text": "How warm was it?", "left": "freezing", "right": "boiling"},
        "4": "I had an umbrella.",
    },
}


@pytest.fixture(scope="module")
def diary() -> Instrument:
    return parse_instrument(DEFINITION, name="diary.toml")


def wording(**changed: Any) -> Wording:
    return from_document({**ENGLISH, **changed})


def faults(diary: Instrument, **changed: Any) -> list[str]:
    return list(checks.faults(wording(**changed), diary))


class TestDocument:
    """A wording written down says the same when it is read again."""

    def test_tables_and_back(self) -> None:
        assert to_document(wording()) == ENGLISH
        assert from_document(to_document(wording(rater="client"))) == wording(rater="client")

    def test_toml_and_back(self) -> None:
        odd = {
            **ENGLISH,
            "title": 'a "quoted" \\ title \x7f # no comment',
            "labels": {"often": {"-0.5": "ä [b] = {c}"}},
        }
        first = from_document(odd)
        assert from_document(tomllib.loads(to_toml(to_document(first)))) == first

    def test_the_digest_is_of_what_a_person_reads(self) -> None:
        changes: list[dict[str, Any]] = [
            {}, {"language": "de"}, {"version": "3"}, {"rater": "client"}, {"title": "x"}, {"notice": "x"},
            {"items": {**ENGLISH["items"], "1": "It poured."}}, {"labels": {}}, {"poles": {}},
        ]  # fmt: skip
        marks = {digest(wording(**changed)) for changed in changes}
        assert len(marks) == 9
        assert digest(wording(items=dict(reversed(ENGLISH["items"].items())))) == digest(wording())

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"item": {}}, "item: is not a key of a wording; write instrument, version, "),
            ({"items": ["It rained."]}, "items: is no table; write [items] with a line for each under it"),
            ({"items": {"1": 5}}, "items.1: 5 is no text; write it in quotes"),
            ({"items": {"1": {"left": "a", "right": "b"}}}, "items.1: has no text; write { text = "),
            ({"items": {"1": {"text": "a", "left": "b"}}}, "items.1: needs its two ends; write { left = "),
            ({"labels": {"often": "Never"}}, "labels.often: is no table; write [labels.often] with lines such as 1 = "),
            ({"labels": {"often": {"Never": "1"}}}, "labels.often: 'Never' is no value; write the value first"),
            ({"labels": {"often": {"1": "a", "1.0": "b"}}}, "labels.often: 1 has two labels; give it one"),
            ({"poles": {"mark": {"left": "a"}}}, "poles.mark: needs its two ends; write { left = "),
            ({"language": "English"}, "language: 'english' is no language tag; write one such as en, de or pt-BR"),
            ({"rater": "parent"}, "rater: 'parent' is no rater; write one of client, therapist, observer"),
            ({"version": 2}, "version: 2 is no text; write it in quotes"),
        ],
    )
    def test_what_is_none_is_refused_in_a_sentence(self, changed: Mapping[str, Any], sentence: str) -> None:
        with pytest.raises(WordingError) as error:
            from_document({**ENGLISH, **changed})
        assert error.value.faults[0].startswith(sentence)

    def test_every_key_that_is_missing_is_named(self) -> None:
        with pytest.raises(WordingError) as error:
            from_document({})
        assert [fault.split(":")[0] for fault in error.value.faults] == ["instrument", "version", "language", "items"]

    @pytest.mark.parametrize(
        ("raw", "sentence"),
        [
            (b"\xff", "is not UTF-8 text (byte 0); save it as UTF-8"),
            (b"items = ", "is not TOML: "),
            (b'[items]\n1 = "a"\n1 = "b"\n', "is not TOML: Cannot overwrite a value"),
        ],
    )
    def test_what_is_no_toml(self, diary: Instrument, raw: bytes, sentence: str) -> None:
        with pytest.raises(WordingError) as error:
            read_toml(raw, Wanted(diary, "en"))
        assert error.value.faults[0].startswith(sentence)

    @pytest.mark.parametrize(("given", "tag"), [("EN", "en"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW")])
    def test_a_language_is_written_in_its_proper_case(self, given: str, tag: str) -> None:
        assert canonical(given) == checked_language(given) == tag

    @pytest.mark.parametrize("given", ["", "e", "deutsch", "en-", "en us", "../x", "<b>"])
    def test_what_is_no_language(self, given: str) -> None:
        with pytest.raises(WordingError, match="is no language tag"):
            checked_language(given)


class TestText:
    def test_html_becomes_what_a_reader_sees(self) -> None:
        html = '<div class="rich"><p>How <b>often</b>&nbsp;did<br/>you&hellip;</p></div><style>p {}</style>'
        assert plain(html) == "How often did you…"

    @pytest.mark.parametrize("text", ["3 < 5", "a & b", "x <3", "R&D; no"])
    def test_what_only_looks_like_html_stays(self, text: str) -> None:
        assert without_html(text) == text

    def test_control_characters_go_and_lines_stay(self) -> None:
        assert tidy(" a\x00\x1b[31m\tb \r\n\r\n\r\n\r\nc\ud800 ") == "a[31m b\n\nc"


class TestChecks:
    """What does not fit the definition is named, and the mend with it."""

    def test_a_good_wording_has_no_faults(self, diary: Instrument) -> None:
        assert faults(diary) == []
        assert list(checks.notes(wording(), diary)) == []

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"instrument": "dairy"}, "instrument: this is the wording of 'dairy', not of diary"),
            ({"version": "1"}, "version: this is the wording of version '1', but the definition is version 2; "),
            ({"rater": "observer"}, "rater: diary is filled in by client or therapist, not by observer"),
            ({"items": {**ENGLISH["items"], "4": ""}}, "items.4: has no text (umbrella); write what the form says"),
            ({"items": {**ENGLISH["items"], "5": "x"}}, "items.5: is not an item of diary, whose items are 1, 2, "),
            (
                {"items": {**ENGLISH["items"], "4": {"text": "a", "left": "b", "right": "c"}}},
                "items.4: is a yes-no, which has no ends; take left and right out",
            ),
            (
                {"poles": {}, "items": {**ENGLISH["items"], "3": "How warm?"}},
                "items.3: the words at its two ends are missing; write them with the text, or once for all items as ",
            ),
            ({"poles": {"line": {"left": "a", "right": "b"}}}, "poles.line: is no response format with two ends; "),
            ({"labels": {**ENGLISH["labels"], "oft": {"1": "a"}}}, "labels.oft: is no response format with labels; "),
            ({"labels": {"often": {}, "box": ENGLISH["labels"]["box"]}}, "labels.often: 1 has no label; write 1 = "),
            (
                {"labels": {**ENGLISH["labels"], "often": {"1": "a", "2": "b", "3": "c", "4": "d"}}},
                "labels.often: 4 is no answer; the answers are 1, 2, 3",
            ),
            (
                {"labels": {**ENGLISH["labels"], "often": {"1": "a", "2": "A.", "3": "c"}}},
                "labels.often: 'a' stands for two values; make the labels differ",
            ),
            ({"title": "x" * 4001}, "title: has 4001 characters; at most 4000 are admitted"),
        ],
    )  # fmt: skip
    def test_each_fault_is_named(self, diary: Instrument, changed: Mapping[str, Any], sentence: str) -> None:
        found = faults(diary, **changed)
        assert found[0].startswith(sentence), found

    @pytest.mark.parametrize(
        ("labels", "sentence"),
        [
            (
                ("Always", "Sometimes", "Never"),
                "'Always' stands at 1, but the definition has it at 3; the scale is ",
            ),
            (
                ("Sometimes", "Never", "Always"),
                "'Sometimes' stands at 1, but the definition has it at 2; the ",
            ),
            (
                ("immer", "manchmal", "nie"),
                "'immer' stands at 1, but the definition has 'Never' there, ",
            ),
            (("Toujours", "Parfois", "Jamais"), "'Toujours' stands at 1, but the definition has 'Never' there"),
            (("3 - x", "2 - y", "1 - z"), "'3 - x' stands at 1, but it says 3; the scale is turned round"),
        ],
    )
    def test_a_scale_that_is_turned_round_is_found(
        self, diary: Instrument, labels: tuple[str, ...], sentence: str
    ) -> None:
        found = faults(diary, labels={**ENGLISH["labels"], "often": dict(zip("123", labels, strict=True))})
        assert found[0].startswith(f"labels.often: {sentence}"), found

    @pytest.mark.parametrize(
        "labels", [("nie", "manchmal", "immer"), ("1 - x", "2 - y", "3 - z"), ("ei", "joskus", "aina"), ("a", "b", "c")]
    )
    def test_a_scale_that_is_right_or_unknown_is_let_through(self, diary: Instrument, labels: tuple[str, ...]) -> None:
        assert faults(diary, labels={**ENGLISH["labels"], "often": dict(zip("123", labels, strict=True))}) == []

    def test_yes_and_no_are_found_turned_round(self, diary: Instrument) -> None:
        assert "stands at 0" in faults(diary, labels={**ENGLISH["labels"], "box": {"0": "Yes", "1": "No"}})[0]

    def test_a_line_that_was_copied_twice_is_noted(self, diary: Instrument) -> None:
        twice = wording(items={**ENGLISH["items"], "2": "It rained"})
        assert list(checks.notes(twice, diary)) == [
            "items 1 and 2 have the same text; see whether a line was copied twice"
        ]

    def test_english_labels_of_another_form_are_noted(self, diary: Instrument) -> None:
        other = wording(labels={**ENGLISH["labels"], "often": {"1": "low", "2": "middling", "3": "high"}})
        (note,) = checks.notes(other, diary)
        assert note.startswith(
            "labels.often: low, middling, high are not the answers that the definition knows (Never, "
        )

    def test_labels_are_taken_from_the_definition_in_its_own_language_only(self, diary: Instrument) -> None:
        read = check(wording(labels={}), Wanted(diary, "en"), "TOML file", [])
        assert read.wording.labels["often"] == {1: "Never", 2: "Sometimes", 3: "Always"}
        assert "labels.often: not in the file; the definition's are used" in read.notes
        with pytest.raises(WordingError, match=r"labels\.often: 1 has no label"):
            check(wording(labels={}, language="de"), Wanted(diary, "de"), "TOML file", [])

    def test_language_and_rater_are_as_asked_for(self, diary: Instrument) -> None:
        with pytest.raises(WordingError, match="language: the file is in en, but de is asked for"):
            check(wording(), Wanted(diary, "de"), "TOML file", [])
        with pytest.raises(WordingError, match="rater: the file is for the client, not for the therapist"):
            check(wording(rater="client"), Wanted(diary, "en", "therapist"), "TOML file", [])
        assert check(wording(), Wanted(diary, "en", "therapist"), "TOML file", []).wording.rater == "therapist"


class TestTemplate:
    def test_it_is_a_wording_but_for_its_texts(self, diary: Instrument) -> None:
        text = template(diary, "de", "client")
        with pytest.raises(WordingError) as error:
            check(from_document(tomllib.loads(text)), Wanted(diary, "de"), "TOML file", [])
        assert [fault.split(":")[0] for fault in error.value.faults] == [
            "items.1", "items.2", "items.3", "items.4", "labels.often", "labels.often", "labels.often", "labels.box",
            "labels.box", "items.3",
        ]  # fmt: skip
        assert '2 = ""  # wind\n' in text
        assert '3 = ""  # Always\n' in text
        assert "Owner: Somebody. To be had from: somebody.example." in text

    def test_filled_in_it_is_one(self, diary: Instrument, tmp_path: Any) -> None:
        text = template(diary, "en")
        for number in range(1, 5):
            text = text.replace(f'{number} = ""  # ', f'{number} = "text {number}"  # ')
        file = tmp_path / "diary.toml"
        file.write_text(text.replace('left = ""', 'left = "cold"').replace('right = ""', 'right = "warm"'))
        with pytest.raises(WordingError, match=r"diary\.toml: labels\.box: 0 has no label"):
            read_wording(str(file), Wanted(diary, "en"))
        file.write_text(file.read_text().replace('0 = ""', '0 = "No"'))
        file.write_text(file.read_text().replace('1 = ""', '1 = "Yes"'))
        assert read_wording(str(file), Wanted(diary, "en")).wording.items["4"].text == "text 4"


class TestShown:
    def test_options_stand_in_printed_order_and_keep_their_values(self, diary: Instrument) -> None:
        first, second, third, fourth = shown_items(diary, wording())
        assert [option.label for option in first.options] == ["Never", "Sometimes", "Always"]
        assert [option.value for option in second.options] == [3, 2, 1]
        assert (third.left, third.right, third.options) == ("freezing", "boiling", ())
        assert [option.label for option in fourth.options] == ["Yes", "No"]

    def test_without_a_wording_topics_are_shown(self, diary: Instrument) -> None:
        first, *_ = shown_items(diary, None)
        assert (first.text, first.options[0].label) == ("rain", "Never")

    def test_items_without_numbers_are_counted(self, mixed: Instrument) -> None:
        assert [item.number for item in shown_items(mixed, None)] == [str(place) for place in range(1, 11)]

    def test_a_measure_of_the_project_brings_its_words(self, mixed: Instrument, diary: Instrument) -> None:
        own = own_words.shipped(mixed)
        assert own is not None
        assert (own.language, own.items["1"], own.labels["often"][Fraction(5)]) == ("en", ItemWords("trust"), "always")
        assert own_words.shipped(diary) is None


class TestStore:
    """The store keeps wordings; answers and scores need none of them."""

    def test_the_embedded_store_keeps_wordings(self, store: SqliteStore) -> None:
        assert isinstance(store, Wordings)
        assert isinstance(store, Store)
        assert store.wordings() == []
        assert store.wording("0" * 64) is None

    def test_a_wording_comes_back_as_it_was_kept(self, store: SqliteStore) -> None:
        store.keep_wording(wording(), actor="ada")
        (kept,) = store.wordings()
        assert (kept.instrument, kept.version, kept.language, kept.rater) == ("diary", "2", "en", None)
        assert (kept.removed_at, kept.administrations) == (None, 0)
        assert store.wording(kept.digest) == wording()
        (row,) = store.audit()
        assert (row["actor"], row["action"], row["subject"]) == ("ada", "keep", "wording of diary 2 in en")

    def test_keeping_it_again_changes_nothing(self, store: SqliteStore) -> None:
        for _ in range(2):
            store.keep_wording(wording(), actor="ada")
        assert len(store.wordings()) == len(store.audit()) == 1

    def test_languages_raters_and_versions_stand_side_by_side(self, store: SqliteStore) -> None:
        for changed in ({}, {"language": "de"}, {"rater": "client"}, {"rater": "therapist"}, {"version": "3"}):
            store.keep_wording(wording(**changed), actor="ada")
        assert sum(kept.removed_at is None for kept in store.wordings()) == 5

    def test_what_is_replaced_can_still_be_read(self, store: SqliteStore) -> None:
        newer = wording(title="Another title")
        store.keep_wording(wording(), actor="ada")
        store.keep_wording(newer, actor="ada")
        used, old = store.wordings()
        assert (used.digest, used.removed_at) == (digest(newer), None)
        assert old.removed_at is not None
        assert store.wording(old.digest) == wording()
        store.keep_wording(wording(), actor="ada")
        assert [kept.digest for kept in store.wordings() if kept.removed_at is None] == [digest(wording())]

    @pytest.fixture
    def answered(self, store: SqliteStore, diary: Instrument) -> SqliteStore:
        store.keep_wording(wording(), actor="ada")
        answers = {"1": 3, "2": 1, "3": 5, "4": "yes"}
        form = administer(diary, answers, case="C1", rater="client", session=1, wording=digest(wording()))
        store.record(form, score(diary, form.answers), actor="ada", origin="typed")
        return store

    def test_a_form_says_in_which_words_it_was_answered(self, answered: SqliteStore, diary: Instrument) -> None:
        form = administer(diary, {"1": 2}, case="C1", rater="client", session=1)
        answered.correct(form, score(diary, form.answers), reason="misread", actor="ada", origin="typed")
        new, old = sorted(answered.administrations(superseded=True), key=lambda form: -form.revision)
        assert (old.wording, new.wording) == (digest(wording()), None)
        assert answered.wordings()[0].administrations == 1

    def test_removal_takes_the_text_and_leaves_the_data(self, answered: SqliteStore) -> None:
        answered.keep_wording(wording(title="Newer"), actor="ada")
        before = [answered.administrations(), answered.series("C1")]
        assert answered.remove_wording("diary", "en", None, actor="ada") == 2
        assert [answered.administrations(), answered.series("C1")] == before
        assert all(kept.removed_at and answered.wording(kept.digest) is None for kept in answered.wordings())
        with closing(sqlite3.connect(answered.url)) as raw:
            assert raw.execute("SELECT document FROM wordings").fetchall() == [(None,), (None,)]
        assert answered.remove_wording("diary", "en", None, actor="ada") == 0
        assert [row["action"] for row in answered.audit()] == ["keep", "keep", "record", "keep", "remove"]

    def test_what_was_removed_can_be_kept_again(self, answered: SqliteStore) -> None:
        answered.remove_wording("diary", "en", None, actor="ada")
        answered.keep_wording(wording(), actor="ada")
        (kept,) = answered.wordings()
        assert (kept.removed_at, kept.administrations, answered.wording(kept.digest)) == (None, 1, wording())

    @pytest.mark.parametrize("of", [{}, {"rater": "therapist"}, {"version": "3"}, {"instrument": "other"}])
    def test_a_form_cannot_be_in_words_that_are_not_its_own(
        self, store: SqliteStore, diary: Instrument, of: Mapping[str, Any]
    ) -> None:
        other = wording(**of)
        if of:
            store.keep_wording(other, actor="ada")
        form = administer(diary, {}, case="C1", rater="client", session=1, wording=digest(other))
        with pytest.raises(StoreError, match="is not kept here; add it with: alliance wording add"):
            store.record(form, score(diary, form.answers), actor="ada", origin="typed")
        assert store.administrations() == []

    def test_a_damaged_text_is_not_shown(self, store: SqliteStore) -> None:
        store.keep_wording(wording(), actor="ada")
        for damage in ("'{'", "'[]'", "replace(document, 'rained', 'poured')"):
            with store._connection.transaction() as raw:
                raw.execute(f"UPDATE wordings SET document = {damage}")  # noqa: S608  # a constant
            with pytest.raises(
                StoreError, match=r"the wording of diary 2 in en (is damaged|was changed in the store); re"
            ):
                store.wording(digest(wording()))
            with store._connection.transaction() as raw:
                raw.execute("DELETE FROM wordings")
            store.keep_wording(wording(), actor="ada")

    def test_a_rater_of_its_own_may_use_the_words_for_all(self, store: SqliteStore, diary: Instrument) -> None:
        store.keep_wording(wording(), actor="ada")
        form = administer(diary, {}, case="C1", rater="therapist", session=1)
        form = evolve(form, wording=digest(wording()))
        assert store.record(form, score(diary, form.answers), actor="ada", origin="typed") == 1
