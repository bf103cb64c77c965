"""Wordings from files that others made: CSV, FHIR Questionnaires, REDCap dictionaries. Made-up text, real shapes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from alliance_core.definition.load import parse_instrument
from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument
from alliance_core.wording.reading import Read, Wanted, read_wording
from alliance_core.wording.record import ItemWords, Wording

DEFINITION = """
id = "moods"
title = "Moods"
version = "1"
raters = ["client", "therapist"]
direction = "higher-is-worse"
source = "project"
reverse = [3]
missing = { allowed = 0, source = "project" }
licence = { owner = "Somebody", wording = "supply-your-own" }
[formats]
days = { kind = "rating", labels = { 0 = "Never", 1 = "Some days", 2 = "Most days", 3 = "Every day" } }
hard = { kind = "rating", labels = { 0 = "Easy", 1 = "So so", 2 = "Hard", 3 = "Impossible" } }
[items]
1 = { topic = "gloom", format = "days" }
2 = { topic = "worry", format = "days" }
3 = { topic = "cheer", format = "days" }
4 = { topic = "hindrance", format = "hard", unscored = true }
[scales.total]
items = [1, 2, 3]
method = "sum"
[[examples]]
answers = [3, 2, 0, 1]
scores = { total = 8 }
"""
LINES = """
id = "lines"
title = "Lines"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
licence = { owner = "Somebody", wording = "supply-your-own" }
[formats]
mark = { kind = "line", minimum = 0, maximum = 10, step = 0.1 }
box = { kind = "yes-no" }
note = { kind = "text" }
times = { kind = "count" }
[items]
near = { topic = "nearness", format = "mark", unscored = true }
late = { topic = "lateness", format = "box", unscored = true }
often = { topic = "how often", format = "times", unscored = true }
note = { topic = "a word", format = "note" }
"""
TEXTS = ("I felt grey.", "I fretted, and more.", "I sang.", "How hard was it?")
DAYS = ("Never", "Some days", "Most days", "Every day")
HARD = ("Easy", "So so", "Hard", "Impossible")
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
Reader = Callable[..., Read]


@pytest.fixture(scope="module")
def moods() -> Instrument:
    return parse_instrument(DEFINITION.encode(), name="moods.toml")


@pytest.fixture(scope="module")
def lines() -> Instrument:
    return parse_instrument(LINES.encode(), name="lines.toml")


@pytest.fixture
def reading(tmp_path: Path, moods: Instrument) -> Reader:
    """Read a wording from a file with this content."""

    def read(
        name: str, content: Any, instrument: Instrument = moods, language: str = "en", section: str | None = None
    ) -> Read:
        file = tmp_path / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return read_wording(str(file), Wanted(instrument, language, None, section))

    return read


def refusal(reading: Reader, *given: Any, **how: Any) -> str:
    with pytest.raises(WordingError) as error:
        reading(*given, **how)
    return error.value.faults[0]


def texts(wording: Wording) -> tuple[str, ...]:
    return tuple(words.text for words in wording.items.values())


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.csv", b" \n", "a.csv: is empty; name a file with a wording in it"),
            ("a.csv", b"\xef\xbb\xbf", "a.csv: is empty; name a file with a wording in it"),
            (
                "a.xml",
                "<Questionnaire/>",
                "a.xml: is XML or HTML, which is not read; save a FHIR Questionnaire as JSON",
            ),
            ("a.docx", b"PK\x03\x04rest", "a.docx: is no ZIP file that can be read ("),
            ("a.txt", "just words", "a.txt: has no columns item and text; write a first line item,text (or export "),
            ("a.csv", b"\x81\x8d,\xff", "a.csv: "),
        ],
    )
    def test_what_is_no_wording(self, reading: Reader, name: str, content: Any, sentence: str) -> None:
        assert sentence in refusal(reading, name, content)

    @pytest.mark.parametrize("name", ["nowhere.csv", ".", "x" * 5000, "a\0b"])
    def test_what_is_no_file(self, moods: Instrument, name: str) -> None:
        with pytest.raises(WordingError):
            read_wording(name, Wanted(moods, "en"))


class TestCsv:
    ROWS = "item,text\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(TEXTS, start=1))

    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_items_and_texts(self, reading: Reader, mark: str, delimiter: str) -> None:
        rows = f'{mark}item{delimiter}text\r\n1{delimiter}"{TEXTS[0]}"\r\n\r\n2{delimiter}"{TEXTS[1]}"\r\n'
        read = reading("a.csv", rows + f"3{delimiter}{TEXTS[2]}\r\n4{delimiter}{TEXTS[3]}\r\n")
        assert (texts(read.wording), read.kind) == (TEXTS, "CSV file")
        assert read.notes[0] == "labels.days: not in the file; the definition's are used"

    def test_labels_ends_and_what_stands_around(self, reading: Reader, lines: Instrument) -> None:
        rows = (
            "Item,Text,Left,Right\nform:title,Linien\nform:notice,© X\nnear,Nähe,fern,nah\nlate,Spät?\noften,Wie oft?\n"
            "note,Notiz\nbox:1,Ja\nbox:0,Nein\n"
        )
        wording = reading("a.csv", rows, lines, "de").wording
        assert (wording.title, wording.notice, wording.labels["box"][lines.formats["box"].values[1]]) == (  # type: ignore[index]
            "Linien", "© X", "Ja",
        )  # fmt: skip
        assert wording.items["near"] == ItemWords("Nähe", ("fern", "nah"))
        assert reading(
            "b.csv", rows.replace("fern,nah", ",") + "mark:left,a\nmark:right,b\n", lines, "de"
        ).wording.poles

    def test_the_rows_of_one_language(self, reading: Reader, lines: Instrument) -> None:
        head, *rows = self.ROWS.splitlines()
        both = [f"{head},language", *(f"{row},en" for row in rows), *(f"{row},DE" for row in rows)]
        assert texts(reading("a.csv", "\n".join(both)).wording) == TEXTS
        assert "language: has en, de, but nothing in fr" in refusal(reading, "a.csv", "\n".join(both), language="fr")
        assert "labels.days: 0 has no label" in refusal(reading, "a.csv", "\n".join(both), language="de")

    def test_windows_1252_is_read_and_noted(self, reading: Reader) -> None:
        read = reading("a.csv", self.ROWS.replace("grey", "grëy’s").encode("cp1252"))
        assert read.wording.items["1"].text == "I felt grëy’s."
        assert "was read as Windows-1252" in read.notes[0]

    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ("item,text\n1,a\n1,b\n", "line 3: '1' is there twice; write it once"),
            ("item,text\n1,a,b\n", "line 2: has 3 cells; put text with commas in it between double quotes"),
            ("item,text,color\n1,a,b\n", "its columns are item, text, color; write item, text, language, left, right"),
            ("item,text\n1,a\n", "items.2: has no text (worry)"),
            ("item,text\nmood:1,a\n", "items.1: has no text"),
        ],
    )
    def test_what_is_wrong_is_named(self, reading: Reader, rows: str, sentence: str) -> None:
        assert sentence in refusal(reading, "a.csv", rows)


def choice(link: str, text: str, labels: Sequence[str], **more: Any) -> dict[str, Any]:
    """A question as LHC-Forms writes it: LOINC-like codes, which are no numbers, and weights as extensions."""
    options = [
        {"valueCoding": {"code": f"LA{n}-{n}", "display": label}, "extension": [{"url": ORDINAL, "valueDecimal": n}]}
        for n, label in enumerate(labels)
    ]
    return {"linkId": link, "text": text, "type": "choice", "answerOption": options, **more}


def questionnaire(*items: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "status": "draft", "title": "Moods, a form", "item": list(items), **more}


def four(links: Sequence[str] = ("/10-1", "/22-7", "/31-0", "/47-9")) -> list[dict[str, Any]]:
    return [
        choice(link, text, DAYS if n < 3 else HARD) for n, (link, text) in enumerate(zip(links, TEXTS, strict=True))
    ]


class TestFhir:
    def test_by_order_with_weights(self, reading: Reader) -> None:
        total = {"linkId": "/99-9", "text": "Sum", "type": "decimal", "readOnly": True}
        read = reading("q.json", questionnaire(*four(), total, copyright="© Somebody"))
        assert (texts(read.wording), read.wording.title, read.wording.notice) == (TEXTS, "Moods, a form", "© Somebody")
        assert tuple(read.wording.labels["days"].values()) == DAYS
        assert read.notes == ("the items were matched by their order, from /10-1 on; read the wording through once",)

    @pytest.mark.parametrize(
        ("links", "by"),
        [
            (("2", "1", "3", "4"), "id or code"),
            (("/q_02", "/q_01", "/q_03", "/q_04"), "number"),
            (("mood.2.en", "mood.1.en", "mood.3.en", "mood.4.en"), "number"),
        ],
    )
    def test_by_id_or_number_whatever_the_order(self, reading: Reader, links: tuple[str, ...], by: str) -> None:
        read = reading("q.json", questionnaire(*four(links)))
        assert read.wording.items["2"].text == TEXTS[0]
        assert read.notes == (f"the items were matched by {by}",)

    def test_by_code(self, reading: Reader) -> None:
        items = [{**item, "code": [{"code": str(number)}]} for number, item in zip((3, 2, 1, 4), four(), strict=True)]
        assert reading("q.json", questionnaire(*items)).wording.items["3"].text == TEXTS[0]

    def test_groups_displays_and_a_contained_value_set(self, reading: Reader) -> None:
        concepts = [{"code": str(n), "display": label} for n, label in enumerate(DAYS)]
        first = [
            {"linkId": f"g1.q{n}", "prefix": f"{n}.", "text": text, "type": "choice", "answerValueSet": where}
            for n, (text, where) in enumerate(zip(TEXTS[:3], ("#days", "#days", "http://x/days"), strict=True), start=1)
        ]
        display = {"linkId": "g1.d", "type": "display", "text": "Over the last <b>week</b>:"}
        groups = [
            {"linkId": "g1", "type": "group", "item": [display, *first]},
            {"linkId": "g2", "type": "group", "item": [{**choice("g2.q1", TEXTS[3], HARD), "answerValueSet": "#none"}]},
        ]
        contained = {"resourceType": "ValueSet", "id": "days", "url": "http://x/days"}
        for held in ({"expansion": {"contains": concepts}}, {"compose": {"include": [{"concept": concepts}]}}):
            read = reading("q.json", questionnaire(*groups, contained=[{**contained, **held}]))
            assert (texts(read.wording), read.wording.instructions) == (TEXTS, "Over the last week:")
            assert tuple(read.wording.labels["days"].values()) == DAYS

    def test_strings_and_integers_as_options(self, reading: Reader) -> None:
        words = [{**item, "answerOption": [{"valueString": label} for label in DAYS]} for item in four()]
        words[3]["answerOption"] = [{"valueInteger": n} for n in range(4)]
        read = reading("q.json", questionnaire(*words))
        assert tuple(read.wording.labels["days"].values()) == DAYS
        assert list(read.wording.labels["hard"].values()) == ["0", "1", "2", "3"]

    def test_options_that_say_no_value_are_taken_in_order_and_noted(self, reading: Reader) -> None:
        words = [{**item, "answerOption": [{"valueString": each} for each in ("a", "b", "c", "d")]} for item in four()]
        read = reading("q.json", questionnaire(*words))
        assert list(read.wording.labels["days"].values()) == ["a", "b", "c", "d"]
        assert any(
            "4 of 4 questions: its answers have no numbers; they are taken in the order" in n for n in read.notes
        )

    def test_r5_coding_and_a_bundle(self, reading: Reader) -> None:
        items = [{**item, "type": "coding"} for item in four()]
        bundle = {"resourceType": "Bundle", "entry": [{"resource": questionnaire(*items)}, {"resource": {"id": "x"}}]}
        assert texts(reading("q.json", bundle).wording) == TEXTS

    def test_weights_that_are_reversed_as_scored_are_taken_as_answered(self, reading: Reader) -> None:
        items = four()
        for n, option in enumerate(items[2]["answerOption"]):
            option["extension"][0]["valueDecimal"] = 3 - n
        read = reading("q.json", questionnaire(*items))
        assert tuple(read.wording.labels["days"].values()) == DAYS
        assert "item 3 has its weights reversed, as it is scored; its labels were taken as answered" in read.notes

    def test_a_translation_is_taken(self, reading: Reader) -> None:
        url = "http://hl7.org/fhir/StructureDefinition/translation"

        def german(text: str) -> dict[str, Any]:
            parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": text}]
            return {"extension": [{"url": url, "extension": parts}]}

        items = four()
        for item in items:
            item["_text"] = german(f"Deutsch: {item['text']}")
            for n, option in enumerate(item["answerOption"]):
                option["valueCoding"]["_display"] = german(f"Wert {n}")
        read = reading("q.json", questionnaire(*items, language="en"), language="de")
        assert read.wording.items["3"].text == "Deutsch: I sang."
        assert list(read.wording.labels["hard"].values()) == ["Wert 0", "Wert 1", "Wert 2", "Wert 3"]
        assert "the translation into de was taken" in read.notes
        plain = questionnaire(*four(), language="en-US")
        assert "language: it is in en-US, but de is asked for" in refusal(reading, "q.json", plain, language="de")

    def test_a_slider_a_tick_a_count_and_a_text(self, reading: Reader, lines: Instrument) -> None:
        def end(which: str, text: str) -> dict[str, Any]:
            concept = {"coding": [{"code": which}]}
            return {
                "linkId": which,
                "type": "display",
                "text": text,
                "extension": [{"url": "x", "valueCodeableConcept": concept}],
            }

        ends = [end("lower", "far"), end("upper", "close")]
        read = reading(
            "q.json",
            questionnaire(
                {"linkId": "near", "type": "decimal", "text": "How near?", "item": ends},
                {"linkId": "late", "type": "boolean", "text": "Late?"},
                {"linkId": "often", "type": "integer", "text": "How often?"},
                {"linkId": "note", "type": "text", "text": "A word?"},
            ),
            lines,
        )  # fmt: skip
        assert read.wording.items["near"] == ItemWords("How near?", ("far", "close"))
        assert texts(read.wording)[1:] == ("Late?", "How often?", "A word?")

    def test_the_file_s_own_numbers_are_taken_off(self, reading: Reader) -> None:
        items = [{**item, "text": f"{n}. {item['text']}"} for n, item in enumerate(four(), start=1)]
        read = reading("q.json", questionnaire(*items))
        assert texts(read.wording) == TEXTS
        assert "the numbers before the texts were taken off, because a form prints its own" in read.notes

    @pytest.mark.parametrize(
        ("document", "sentence"),
        [
            ('{"resourceType": "Questionnaire"', "is not JSON: "),
            ("[" * 100_000, "is nested too deep to be a Questionnaire"),
            ("[1]", "is no FHIR Questionnaire; its JSON must be an object"),
            ('{"resourceType": "Patient"}', "is no FHIR Questionnaire but a Patient; name another file"),
            ("{}", "is no FHIR Questionnaire but other JSON; name another file"),
            ({"resourceType": "Questionnaire"}, "it has no questions; name another file"),
            (questionnaire({"linkId": 5, "type": []}, "x", {"item": "y"}, contained="z"), "it has no questions"),  # type: ignore[arg-type]
            (
                questionnaire(*four()[:3]),
                "it has no question for each of the 4 items of moods: 3 of its 3 questions have answers that fit",
            ),
            (
                questionnaire(*four(), choice("/55-5", "And then?", DAYS)),
                "5 questions could be the 4 items of moods; too many are /55-5; see that it is the same form",
            ),
            ({"resourceType": "Bundle", "entry": [{"resource": questionnaire()}] * 2}, "holds 2 Questionnaires"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_told_is_refused(self, reading: Reader, document: Any, sentence: str) -> None:
        assert f"q.json: {sentence}" in refusal(reading, "q.json", document)

    def test_a_scale_that_is_turned_round_is_refused(self, reading: Reader) -> None:
        items = four()
        for n, option in enumerate(items[1]["answerOption"]):
            option["extension"][0]["valueDecimal"] = 3 - n
        told = refusal(reading, "q.json", questionnaire(*items))
        assert told.startswith(
            "q.json: the scale of item 2 is turned round: 0 is 'Every day' in item 2, but 'Never' in "
        )
        everywhere = four()
        for item in everywhere:
            for n, option in enumerate(item["answerOption"]):
                option["extension"][0]["valueDecimal"] = 3 - n
        told = refusal(reading, "q.json", questionnaire(*everywhere))
        assert told.startswith(
            "q.json: labels.days: 'Every day' stands at 0, but the definition has it at 3; the scale "
        )

    def test_one_label_that_differs_is_noted(self, reading: Reader) -> None:
        items = four()
        items[1]["answerOption"][2]["valueCoding"]["display"] = "More days than not"
        read = reading("q.json", questionnaire(*items))
        assert any(
            note.startswith("2 is 'More days than not' in item 2, but 'Most days' in item 1") for note in read.notes
        )

    def test_a_group_is_named_where_several_would_do(self, reading: Reader) -> None:
        def group(name: str, links: Sequence[str]) -> dict[str, Any]:
            return {"linkId": name, "type": "group", "item": four(links)}

        twice = questionnaire(group("before", ("a", "b", "c", "d")), group("after", ("e", "f", "g", "h")))
        told = "q.json: several parts of it would do (before, after); name one with --section"
        assert refusal(reading, "q.json", twice) == told
        assert texts(reading("q.json", twice, section="after").wording) == TEXTS
        assert "section: there is no 'during' in it; there is before, after" in refusal(
            reading, "q.json", twice, section="during"
        )


NEW = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number",'
    '"Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)",'
    '"Required Field?","Custom Alignment","Question Number (surveys only)","Matrix Group Name","Matrix Ranking?",'
    '"Field Annotation"'
)
API = (
    "field_name,form_name,section_header,field_type,field_label,select_choices_or_calculations,field_note,"
    "text_validation_type_or_show_slider_number,text_validation_min,text_validation_max,identifier,branching_logic,"
    "required_field,custom_alignment,question_number,matrix_group_name,matrix_ranking,field_annotation"
)
OLD = (
    '"Variable / Field Name","Form Name","Field Units","Section Header","Field Type","Field Label",'
    '"Choices OR Calculations","Field Note","Text Validation Type","Text Validation Min","Text Validation Max",'
    'Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment","Question Number"'
)


def row(  # noqa: PLR0917  # the columns, in their order
    name: str, form: str, kind: str, label: str, choices: str = "", head: str = "", *, old: bool = False
) -> str:
    cells = [name, form, *([""] if old else []), head, kind, label, choices]
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    return ",".join([*quoted, *[""] * (16 + 2 * (not old) - len(quoted))])


def choices(labels: Sequence[str], first: int = 0) -> str:
    return " | ".join(f"{n}, {label}" for n, label in enumerate(labels, start=first))


def dictionary(header: str = NEW, form: str = "moods_form", name: str = "mood_{n}_t1", **how: Any) -> str:
    rows = [row("record_id", "start", "text", "Record", **how)]
    rows += [
        row(
            name.format(n=n),
            form,
            "radio",
            text,
            choices(DAYS if n < 4 else HARD),
            "This week" if n == 1 else "",
            **how,
        )
        for n, text in enumerate(TEXTS, start=1)
    ]
    rows += [row(f"{form}_total", form, "calc", "Sum", "sum([mood_1_t1],[mood_2_t1])", **how)]
    return "\r\n".join([header, *rows, ""])


class TestRedcap:
    @pytest.mark.parametrize(
        ("header", "how"),
        [(NEW, {}), (API, {}), (OLD, {"old": True}), (NEW.upper(), {})],
        ids=["18", "api", "16", "upper"],
    )
    def test_a_dictionary_of_any_age(self, reading: Reader, header: str, how: dict[str, Any]) -> None:
        read = reading("project_DataDictionary.csv", dictionary(header, **how))
        assert (texts(read.wording), read.wording.instructions) == (TEXTS, "This week")
        assert tuple(read.wording.labels["hard"].values()) == HARD
        assert (read.kind, read.notes) == ("REDCap data dictionary", ("the items were matched by number",))

    def test_a_mark_at_its_start_windows_1252_and_blank_rows(self, reading: Reader) -> None:
        text = dictionary().replace("I felt grey.", "I felt grëy’s.").replace("\r\n", "\r\n,,,,\r\n", 3) + "\r\n\r\n"
        for raw in (("\ufeff" + text).encode(), text.encode("cp1252")):
            read = reading("d.csv", raw)
            assert read.wording.items["1"].text == "I felt grëy’s."
            assert any(note.endswith("blank rows were passed over") for note in read.notes)

    def test_html_goes_and_descriptions_are_instructions(self, reading: Reader) -> None:
        text = dictionary().replace("I sang.", '<div class=""rich""><p>I <em>sang</em>.</p></div>')
        text = text.replace('"This week"', '""')
        about = row("about", "moods_form", "descriptive", "<p>Think of&nbsp;today.</p>")
        read = reading("d.csv", text.replace('"mood_1_t1"', f'{about}\r\n"mood_1_t1"'))
        assert (read.wording.items["3"].text, read.wording.instructions) == ("I sang.", "Think of today.")
        assert "HTML was taken out of texts and labels" in read.notes

    def test_an_instrument_zip(self, reading: Reader) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("OriginID.txt", "somewhere")
            archive.writestr("instrument.csv", dictionary())
        read = reading("moods.zip", buffer.getvalue())
        assert (texts(read.wording), read.kind) == (TEXTS, "REDCap instrument")

    @pytest.mark.parametrize("names", [[], ["other.csv"]])
    def test_a_zip_without_an_instrument(self, reading: Reader, names: list[str]) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        assert "moods.zip: " in refusal(reading, "moods.zip", buffer.getvalue())

    def test_by_order_where_names_say_nothing(self, reading: Reader) -> None:
        text = dictionary()
        for n, name in enumerate(("gloom", "worry", "cheer", "hindrance"), start=1):
            text = text.replace(f"mood_{n}_t1", name)
        assert "matched by their order, from gloom on" in reading("d.csv", text).notes[0]

    def test_two_forms_of_one_project(self, reading: Reader) -> None:
        second = dictionary(form="moods_later", name="later_{n}").split("\r\n", 2)[2]
        both = dictionary() + second
        told = refusal(reading, "d.csv", both)
        assert told == "d.csv: several parts of it would do (moods_form, moods_later); name one with --section"
        read = reading("d.csv", both, section="moods_later")
        assert texts(read.wording) == TEXTS
        other = "\r\n".join(row(f"pain_{n}", "pain", "radio", f"Pain {n}", choices(DAYS)) for n in range(1, 12))
        assert "the part 'moods_form' of the file was taken" in reading("d.csv", dictionary() + other).notes

    def test_other_codes_are_taken_in_ascending_order_and_noted(self, reading: Reader) -> None:
        text = dictionary().replace(choices(DAYS), choices(("a", "b", "c", "d"), first=1))
        read = reading("d.csv", text)
        assert list(read.wording.labels["days"].values()) == ["a", "b", "c", "d"]
        assert any(note.startswith("3 of 4 questions: its answers have other codes than the") for note in read.notes)

    def test_codes_that_turn_the_scale_round_are_refused(self, reading: Reader) -> None:
        turned = "3, Never | 2, Some days | 1, Most days | 0, Every day"
        one = dictionary().replace(f'I sang.","{choices(DAYS)}"', f'I sang.","{turned}"')
        assert "the scale of item 3 is turned round: 0 is 'Every day' in item 3" in refusal(reading, "d.csv", one)
        told = refusal(reading, "d.csv", dictionary().replace(choices(DAYS), turned))
        assert told.startswith(
            "d.csv: labels.days: 'Every day' stands at 0, but the definition has it at 3; the scale is"
        )

    def test_sliders_ticks_counts_and_texts(self, reading: Reader, lines: Instrument) -> None:
        count = row("often", "f", "text", "How often?").split(",")
        rows = [
            NEW, row("near", "f", "slider", "How near?", "far | between | close"), row("late", "f", "yesno", "Late?"),
            ",".join([*count[:7], "integer", *count[8:]]), row("note", "f", "notes", "A word?"),
            row("x", "f", "file", "x"),
        ]  # fmt: skip
        read = reading("d.csv", "\n".join(rows), lines)
        assert read.wording.items["near"] == ItemWords("How near?", ("far", "close"))
        assert texts(read.wording)[1:] == ("Late?", "How often?", "A word?")

    def test_yes_and_no_as_choices_in_any_order(self, reading: Reader, lines: Instrument) -> None:
        rows = [
            NEW, row("near", "f", "slider", "How near?", "far | close"),
            row("late", "f", "radio", "Spät?", "1, Nein | 2, Ja"),
            row("often", "f", "text", "Oft?"), row("note", "f", "notes", "Wort?"),
        ]  # fmt: skip
        assert list(reading("d.csv", "\n".join(rows), lines, "de").wording.labels["box"].values()) == ["Nein", "Ja"]

    def test_hidden_fields_are_no_questions(self, reading: Reader) -> None:
        hidden = row("mood_5_t1", "moods_form", "radio", "Hidden", choices(DAYS)) + "@HIDDEN"
        assert texts(reading("d.csv", dictionary() + hidden).wording) == TEXTS
        shown = row("mood_5_t1", "moods_form", "radio", "Not hidden", choices(DAYS))
        assert "too many are mood_5_t1" in refusal(reading, "d.csv", dictionary() + shown)
