"""`alliance wording` and `alliance licences`: text in, text out, and data that never notice."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Alliance

GUIDE = Path(__file__).parents[1] / "docs" / "wording.md"
FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SRS = """
instrument = "srs"
version = "3.0"
language = "en"
[poles.mark]
left = "not at all"
right = "wholly"
[items]
1 = "We met."
2 = "We spoke."
3 = "We laughed."
4 = "All in all."
"""
FORM = ("record", "srs", "--case", "K1", "--session", "1", "--rater", "client", "--answers", "[8, 9, 9, 9]")


@pytest.fixture
def clinic(alliance: Alliance) -> Alliance:
    """A clinic with a wording of the SRS."""
    alliance.write("srs.toml", SRS)
    assert alliance("wording", "add", "srs", "en", "srs.toml").code == 0
    return alliance


def listed(alliance: Alliance, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(alliance("wording", "list", "--json", *options).out)
    return found


class TestAdd:
    def test_it_says_what_was_kept(self, alliance: Alliance) -> None:
        alliance.write("srs.toml", SRS)
        outcome = alliance("wording", "add", "srs", "en", "srs.toml")
        assert (outcome.code, outcome.err) == (0, "")
        assert re.fullmatch(
            r"Kept the wording of srs 3\.0 in en \([0-9a-f]{12}\): 4 items, from a TOML file\.\n", outcome.out
        )
        (row,) = listed(alliance)
        assert [row[key] for key in ("instrument", "version", "language", "rater", "forms")] == [
            "srs",
            "3.0",
            "en",
            None,
            0,
        ]

    def test_notes_are_told_and_stand_in_the_json(self, alliance: Alliance) -> None:
        alliance.write("check-in.csv", "item,text\ngoal,a\ntask,b\nbond,c\nheard,d\nunsaid,e\noverall,f\n")
        add = ("wording", "add", "session-check-in", "en", "check-in.csv", "--rater", "client")
        outcome = alliance(*add)
        assert outcome.err == "Note: labels.extent: not in the file; the definition's are used\n"
        said = json.loads(alliance(*add, "--json").out)
        assert (said["kind"], said["rater"], said["kept"]) == ("CSV file", "client", True)
        assert said["notes"] == ["labels.extent: not in the file; the definition's are used"]
        assert said["labels"]["extent"]["5"] == "Fully"
        assert listed(alliance)[0]["digest"] == said["digest"]

    def test_a_dry_run_keeps_nothing(self, alliance: Alliance) -> None:
        alliance.write("srs.toml", SRS)
        before = alliance.files()
        outcome = alliance("wording", "add", "srs", "en", "srs.toml", "--dry-run")
        assert (outcome.code, outcome.out.endswith(" that fits; nothing was kept.\n")) == (0, True)
        assert alliance.files() == before

    def test_every_fault_is_one_sentence(self, alliance: Alliance) -> None:
        alliance.write("srs.toml", SRS.replace('4 = "All in all."', '5 = "All in all."').replace("3.0", "2.0"))
        assert alliance.refuses("wording", "add", "srs", "en", "srs.toml") == [
            (
                "srs.toml: version: this is the wording of version '2.0', but the definition is version 3.0; "
                "see that the form is the same, then mend the line"
            ),
            "srs.toml: items.5: is not an item of srs, whose items are 1, 2, 3, 4; take it out or mend its id",
            "srs.toml: items.4: has no text (overall); write what the form says there",
        ]

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (("srz", "en", "srs.toml"), "'srz'"),
            (("srs", "english", "srs.toml"), "language: 'english' is no language tag"),
            (("srs", "de", "srs.toml"), "srs.toml: language: the file is in en, but de is asked for"),
            (("srs", "en", "nowhere.toml"), "nowhere.toml: cannot be read (No such file or directory)"),
            (("srs", "en", "."), ".: is a directory; name a file"),
            (
                ("srs", "en", "srs.toml", "--rater", "therapist"),
                "--rater: srs is filled in by client, not by 'therapist'",
            ),
            (("srs", "en", "srs.toml", "--store", "postgres://x/y"), "postgres"),
        ],
    )
    def test_what_is_wrong_is_said(self, alliance: Alliance, given: tuple[str, ...], sentence: str) -> None:
        alliance.write("srs.toml", SRS)
        assert sentence in alliance.refuses("wording", "add", *given)[0]

    def test_a_fhir_questionnaire_and_a_redcap_dictionary(self, alliance: Alliance) -> None:
        days = ("Not at all", "Several days", "More than half the days", "Nearly every day")
        options = [{"valueCoding": {"code": str(n), "display": label}} for n, label in enumerate(days)]
        items = [
            {"linkId": f"/{n}", "text": f"Text {n}", "type": "choice", "answerOption": options} for n in range(1, 8)
        ]
        alliance.write("gad.json", json.dumps({"resourceType": "Questionnaire", "item": items}))
        assert alliance("wording", "add", "gad-7", "en", "gad.json").code == 0
        choices = " | ".join(f"{n}, {label}" for n, label in enumerate(days))
        rows = [f'gad7_{n},gad7,radio,"Text {n}","{choices}"' for n in range(1, 8)]
        header = 'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"'
        alliance.write("dictionary.csv", "\n".join([header, *rows]))
        outcome = alliance("wording", "add", "gad-7", "en", "dictionary.csv", "--section", "gad7")
        assert "Note: the items were matched by number\n" in outcome.err
        (row,) = listed(alliance)
        assert (row["language"], row["instrument"]) == ("en", "gad-7")


class TestListAndShow:
    def test_an_empty_list_is_a_list(self, alliance: Alliance) -> None:
        assert listed(alliance) == []
        assert alliance("wording", "list").out.splitlines()[0].split() == [
            "instrument", "version", "language", "rater", "since", "forms", "digest",
        ]  # fmt: skip
        assert alliance.files() == {}

    def test_forms_are_counted(self, clinic: Alliance) -> None:
        clinic(*FORM)
        assert listed(clinic)[0]["forms"] == 1
        assert clinic("wording", "list").out.splitlines()[2].split()[-2] == "1"

    def test_what_is_shown_can_be_added_again(self, clinic: Alliance) -> None:
        text = clinic("wording", "show", "srs", "en").out
        assert tomllib.loads(text) == tomllib.loads(SRS)
        digest = listed(clinic)[0]["digest"]
        clinic("wording", "remove", "srs", "en")
        clinic.write("again.toml", text)
        assert clinic("wording", "add", "srs", "en", "again.toml").code == 0
        assert listed(clinic)[0]["digest"] == digest
        assert json.loads(clinic("wording", "show", "srs", "EN", "--json").out)["digest"] == digest

    def test_of_several_raters_one_must_be_named(self, alliance: Alliance) -> None:
        rows = "item,text\ngoal,{0} a\ntask,b\nbond,c\nheard,d\nunsaid,e\noverall,f\n"
        for rater in ("client", "therapist"):
            alliance.write(f"{rater}.csv", rows.format(rater))
            assert alliance("wording", "add", "session-check-in", "en", f"{rater}.csv", "--rater", rater).code == 0
        (fault,) = alliance.refuses("wording", "show", "session-check-in", "en")
        assert fault == "session-check-in in en: is there for client, therapist; say whose with --rater"
        assert '"therapist a"' in alliance("wording", "show", "session-check-in", "en", "--rater", "therapist").out
        assert "client a" in alliance("form", "session-check-in").out
        assert alliance("wording", "remove", "session-check-in", "en", "--rater", "client").code == 0
        assert "therapist a" in alliance("wording", "show", "session-check-in", "en").out


class TestRemove:
    def test_the_text_goes_and_the_data_stay(self, clinic: Alliance) -> None:
        clinic(*FORM)
        before = [clinic("scores", "--json").out, clinic("cases", "--json").out]
        report = clinic("report", "progress", "--case", "K1").out
        outcome = clinic("wording", "remove", "srs", "en")
        assert (outcome.code, outcome.out) == (0, "Took the wording of srs in en out; what was recorded stays.\n")
        assert [clinic("scores", "--json").out, clinic("cases", "--json").out] == before
        made = re.compile(r"\d{4}-\d\d-\d\d[ ,T]+\d\d:\d\d")
        assert made.sub("", clinic("report", "progress", "--case", "K1").out) == made.sub("", report)
        assert listed(clinic) == []
        (row,) = listed(clinic, "--all")
        assert row["until"] is not None
        assert not any(b"We laughed." in content for name, content in clinic.files().items() if name != "srs.toml")

    def test_what_is_not_there_cannot_be_removed_or_shown(self, clinic: Alliance) -> None:
        for command in ("remove", "show"):
            assert clinic.refuses("wording", command, "srs", "de") == [
                "srs: no wording in de is installed; `alliance wording list` shows those that are"
            ]


class TestTemplate:
    def test_filled_in_it_can_be_added(self, alliance: Alliance) -> None:
        outcome = alliance("wording", "template", "srs", "de", "--out", "srs-de.toml")
        assert outcome.out == "Wrote srs-de.toml: fill in its 4 items, then: alliance wording add srs de srs-de.toml\n"
        text = (alliance.folder / "srs-de.toml").read_text(encoding="utf-8")
        assert '1 = ""  # relationship\n' in text
        alliance.refuses("wording", "add", "srs", "de", "srs-de.toml")
        alliance.write("srs-de.toml", re.sub(r'^(\w+) = ""', r'\1 = "Wort \1"', text, flags=re.MULTILINE))
        assert alliance("wording", "add", "srs", "de", "srs-de.toml").code == 0

    @pytest.mark.parametrize("instrument", ["wai-36", "phq-9", "seq-5", "gas", "psychlops", "perma-profiler", "3rs"])
    def test_it_is_toml_for_every_kind_of_measure(self, alliance: Alliance, instrument: str) -> None:
        document = tomllib.loads(alliance("wording", "template", instrument, "pt-br").out)
        assert (document["instrument"], document["language"]) == (instrument, "pt-BR")


class TestLicences:
    def test_each_measure_says_owner_terms_source_and_wording(self, clinic: Alliance) -> None:
        rows = {row["instrument"]: row for row in json.loads(clinic("licences", "--json").out)}
        assert rows["srs"]["obtain"] == "scottdmiller.com; betteroutcomesnow.com"
        (installed,) = rows["srs"]["installed"]
        assert (installed["language"], installed["rater"]) == ("en", None)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", installed["since"])
        assert rows["wai-sr"]["installed"] == []
        assert rows["session-check-in"]["wording"] == "ships"

    def test_the_table_says_the_same(self, clinic: Alliance) -> None:
        out = clinic("licences").out
        assert re.search(r"^srs +Scott D\. Miller, .* en since \d{4}-\d\d-\d\d$", out, re.MULTILINE)
        assert re.search(r"^session-check-in +The alliance .* its own, en$", out, re.MULTILINE)
        assert re.search(r"^wai-sr +Adam O\. Horvath .* none$", out, re.MULTILINE)

    def test_without_a_store_it_is_the_same_list(self, alliance: Alliance) -> None:
        assert alliance("licences").code == 0
        assert alliance.files() == {}


def test_each_command_has_examples_that_name_it(alliance: Alliance) -> None:
    for command in (
        "wording add",
        "wording list",
        "wording show",
        "wording remove",
        "wording template",
        "licences",
        "form",
    ):
        out = alliance(*command.split(), "--help").out
        assert f"  alliance {command}" in out.split("Examples:")[1]


def test_every_file_and_command_of_the_guide_works(alliance: Alliance) -> None:
    ran = 0
    for language, words, text in FENCE.findall(GUIDE.read_text(encoding="utf-8")):
        if words.startswith("file="):
            alliance.write(words.removeprefix("file="), text)
        if language != "console":
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            outcome = alliance(*shlex.split(command)[1:])
            expected = int(words.removeprefix("exit=")) if words else 0
            assert outcome.code == expected, f"{command}\n{outcome.out}{outcome.err}"
            printed = [line.rstrip() for line in (outcome.err + outcome.out).rstrip("\n").split("\n")]
            pattern = "\n".join(".*" if line == "..." else re.escape(line) for line in shown)
            assert not shown or re.fullmatch(pattern, "\n".join(printed), re.DOTALL), f"{command} printed\n{printed}"
            ran += 1
    assert ran >= 8
