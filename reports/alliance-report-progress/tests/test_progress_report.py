"""The progress report: what it shows of a case, to whom, and what it never shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import alliance_report_progress
import pytest
from alliance_report_progress import PROGRESS, words
from alliance_report_progress.answers import answers
from alliance_report_progress.corrections import corrections
from alliance_report_progress.figures import figures
from alliance_report_progress.missing import missing
from alliance_report_progress.provenance import provenance
from alliance_report_progress.reading import series
from alliance_report_progress.summary import summary

from alliance_core import Instrument, ReportError, Store, View, administer, score
from alliance_core.definition.load import parse_instrument
from alliance_core.instrument import Audience
from alliance_core.reporting.render import Rendered, render
from alliance_core.sqlite import alliance_open_store

FIRST = date(2026, 3, 2)
LINES = """
id = "lines"
title = "Four lines"
version = "1"
raters = ["client", "therapist"]
every = 1
about = "this session"
direction = "higher-is-better"
source = "Somebody 2003"
confidence = "V"
licence = { owner = "Somebody", wording = "supply-your-own", notice = "Shown as agreed." }
formats.line = { kind = "line", minimum = 0, maximum = 10, step = 0.1 }
scales.total = { items = "all", method = "sum", missing = { allowed = 0, source = "project" } }
[items]
1 = "being heard"
2 = "aims"
3 = "way of working"
4 = "as a whole"
[thresholds.low]
scale = "total"
operator = "<"
value = 36
source = "Somebody 2003"
confidence = "V"
disputed = "<="
dispute = "a page elsewhere"
[thresholds.guess]
item = 1
operator = "<"
value = 9
source = "hearsay"
confidence = "M"
[thresholds.own]
item = 2
operator = "<"
value = 5
source = "project"
confidence = "H"
[thresholds.rumour]
scale = "total"
operator = "<"
value = 20
source = "hearsay"
confidence = "L"
[thresholds.young]
scale = "total"
operator = "<"
value = 28
source = "Somebody 2003"
confidence = "V"
ages = { maximum = 12 }
[[examples]]
answers = [9, 8, 9, 8.6]
scores = { total = 34.6 }
"""
RATED = """
id = "rated"
title = "Rated things"
version = "{version}"
raters = ["client", "therapist"]
direction = "higher-is-better"
source = "project"
licence = {{ owner = "the alliance contributors", wording = "ships" }}
formats.often = {{ kind = "rating", labels = {{ 1 = "Seldom", 2 = "Sometimes", 3 = "Often" }} }}
formats.note = {{ kind = "text" }}
reverse = ["b"]
[items]
a = {{ topic = "first", format = "often" }}
b = {{ topic = "second", format = "often" }}
c = {{ topic = "third", format = "often" }}
d = {{ topic = "a word", format = "note" }}
[scales.mean]
items = ["a", "b", "c"]
method = "mean"
missing = {{ allowed = 1, source = "project" }}
[[examples]]
answers = [3, 1, 2, "some words"]
scores = {{ mean = 2.67 }}
"""
CHECKLIST = """
id = "checklist"
title = "A private list"
version = "1"
raters = ["therapist"]
audience = ["therapist", "supervisor"]
direction = "neither"
source = "project"
licence = { owner = "the alliance contributors", wording = "ships" }
formats.yes = { kind = "yes-no" }
[items]
gift = { topic = "a gift", format = "yes", unscored = true }
time = { topic = "more time", format = "yes", unscored = true }
"""


def instrument(text: str) -> Instrument:
    return parse_instrument(text.encode(), name="test.toml")


LINES_1, RATED_1, RATED_2, LIST_1 = map(
    instrument, (LINES, RATED.format(version="1"), RATED.format(version="2"), CHECKLIST)
)


class Clinic:
    """A store with one case, filled by a line a form."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def fill(self, measure: Instrument, session: int | None, given: Mapping[str, Any], **facts: Any) -> None:
        """Record a form, or correct it if there is a reason."""
        reason = facts.pop("reason", None)
        facts = {"case": "C-1", "client": "K-1", "therapist": "T-1", "rater": "client"} | facts
        if session is not None:
            facts["held_on"] = FIRST + timedelta(weeks=session - 1)
        form = administer(measure, given, session=session, **facts)
        kept = {"actor": "test", "origin": "typed", "distribution": f"alliance-{measure.id} 0.1.0"}
        if reason is None:
            self.store.record(form, score(measure, form.answers), **kept)
        else:
            self.store.correct(form, score(measure, form.answers), reason=reason, **kept)

    def lines(self, session: int | None, *values: Any, **facts: Any) -> None:
        """The four lines."""
        self.fill(LINES_1, session, dict(zip("1234", values, strict=True)), **facts)

    def view(self, audience: Audience = "therapist") -> View:
        """The case as this person may see it."""
        return View(self.store, "C-1", audience)

    def page(self, audience: Audience = "therapist") -> Rendered:
        """The report for this person."""
        made = datetime(2026, 5, 18, 16, 5, tzinfo=UTC)
        return render(PROGRESS, self.view(audience), provided_by="alliance-report-progress 0.1.0", made_at=made)


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setenv("ALLIANCE_STRICT_PLUGINS", "1")
    store = alliance_open_store(":memory:")
    assert store is not None
    yield Clinic(store)
    store.close()


class Words(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.handlers = "", [""], [""]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(rendered: Rendered) -> str:
    return " ".join(Words(rendered.html).text.split())


def test_the_plugin_offers_the_report_that_its_entry_point_names() -> None:
    assert [report.id for report in alliance_report_progress.alliance_reports()] == ["progress"]


def test_nothing_recorded_makes_a_quiet_page(clinic: Clinic) -> None:
    rendered = clinic.page()
    assert rendered.failed == ()
    assert "There is nothing to show." in rendered.html
    assert "<table" not in rendered.html


def test_the_summary_says_who_when_and_what(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9.5)
    clinic.lines(3, 9, 9, 9, 9.5, rater="therapist")
    clinic.fill(RATED_1, None, {"a": 3, "b": 1, "c": 3}, occasion="intake")
    facts = summary(clinic.view())["facts"]
    assert (facts["client"], facts["therapist"]) == ("K-1", "T-1")
    assert (facts["sessions"], facts["forms"], facts["others"]) == ("sessions 1 to 3", "3 forms", ["intake"])
    said = text_of(clinic.page())
    assert "Sessions 1 to 3, 2 March 2026 to 16 March 2026: 3 forms from 2 sessions, and from intake." in said
    rows = {row["title"]: row for row in summary(clinic.view())["instruments"]}
    assert rows["Four lines"]["chairs"] == ["client: 1 form", "therapist: 1 form"]


def test_the_latest_form_of_each_chair_gives_the_latest_scores(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9.5)
    clinic.lines(2, 9, 9, 9, 9.9)
    clinic.lines(1, 8, 8, 8, 8, rater="therapist")
    cells = summary(clinic.view())["scores"][0]["rows"][0]["cells"]
    assert (cells["client"]["value"], cells["client"]["when"]) == ("36.9", "session 2")
    assert (cells["therapist"]["value"], cells["therapist"]["when"]) == ("32", "session 1")


def test_a_follow_up_is_later_than_any_session_and_an_intake_earlier(clinic: Clinic) -> None:
    clinic.lines(None, 5, 5, 5, 5, occasion="intake")
    clinic.lines(2, 9, 9, 9, 9.9)
    assert summary(clinic.view())["scores"][0]["rows"][0]["cells"]["client"]["when"] == "session 2"
    clinic.lines(None, 7, 7, 7, 7, occasion="follow-up")
    assert summary(clinic.view())["scores"][0]["rows"][0]["cells"]["client"]["when"] == "follow-up"


def test_a_signal_shows_rule_number_operator_value_source_and_confidence(clinic: Clinic) -> None:
    clinic.lines(1, 9, 8, 9, 8.6)
    (signal,) = summary(clinic.view())["signals"]
    assert signal["what"] == "total 34.6"
    assert signal["formula"] == "total < 36"
    assert signal["source"] == "Somebody 2003"
    assert signal["confidence"] == "seen in a primary source"
    assert signal["caution"] == ""
    said = text_of(clinic.page())
    assert "total 34.6" in said
    assert "total < 36: worth talking about" in said
    assert "Somebody 2003 (seen in a primary source)" in said


def test_an_unverified_rule_is_not_shown_as_published(clinic: Clinic) -> None:
    clinic.lines(1, 8.9, 9.9, 9.9, 9.9)
    (signal,) = summary(clinic.view())["signals"]
    assert signal["caution"] == "Not verified, so not to be read as a published rule."
    assert "hearsay (not checked against the source)" in text_of(clinic.page())


def test_a_rule_of_the_project_is_not_shown_as_published(clinic: Clinic) -> None:
    clinic.lines(1, 10, 4.9, 10, 10)
    cautions = {signal["formula"]: signal["caution"] for signal in summary(clinic.view())["signals"]}
    assert cautions["item 2 (aims) < 5"] == "Not a published rule: this project’s own."


def test_thirty_six_is_at_the_edge(clinic: Clinic) -> None:
    clinic.lines(1, 9.1, 8.9, 9.0, 9.0)
    (signal,) = summary(clinic.view())["signals"]
    assert signal["edge"] == (
        "36 is at the edge: sources disagree whether the rule is “below 36” (Somebody 2003) "
        "or “36 or below” (a page elsewhere)."
    )
    assert "36 is at the edge: sources disagree whether" in text_of(clinic.page())


def test_only_the_latest_form_speaks(clinic: Clinic) -> None:
    clinic.lines(1, 9, 8, 9, 8.6)
    clinic.lines(2, 9.5, 9.5, 9.5, 9.5)
    assert summary(clinic.view())["signals"] == []
    assert "meet none of the rules that could be checked" in text_of(clinic.page())


def test_rules_that_could_not_look_are_named(clinic: Clinic) -> None:
    clinic.lines(1, 9.5, None, 9.5, 9.5)
    sentences = summary(clinic.view())["unchecked"]
    assert [sentence.split("the rule ")[1] for sentence in sentences] == [
        "“total < 36” could not be checked: there is no score.",
        "“item 2 (aims) < 5” could not be checked: not answered: item 2.",
        "“total < 20” could not be checked: there is no score.",
        "“total < 28” could not be checked: it is for ages up to 12, and ages are not kept here.",
    ]


def test_two_chairs_stand_on_one_figure(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    clinic.lines(2, 9, 9, 9, 9.1)
    clinic.lines(1, 8, 8, 8, 8, rater="therapist")
    (measure,) = figures(clinic.view())["measures"]
    (figure,) = measure["figures"]
    assert measure["raters"] == ["client", "therapist"]
    assert "client" in figure["chart"]
    assert "therapist" in figure["chart"]
    assert [row["when"] for row in figure["rows"]] == ["1", "2"]
    assert figure["rows"][0]["cells"]["therapist"] == [{"value": "32", "items": "4 of 4"}]
    assert figure["rows"][1]["cells"]["therapist"] == []


def test_versions_and_instruments_never_share_a_figure(clinic: Clinic) -> None:
    clinic.fill(RATED_1, 1, {"a": 3, "b": 1, "c": 3})
    clinic.fill(RATED_2, 2, {"a": 1, "b": 3, "c": 1})
    clinic.lines(1, 9, 9, 9, 9)
    measures = figures(clinic.view())["measures"]
    assert [(each["title"], each["version"]) for each in measures] == [
        ("Four lines", "1"), ("Rated things", "1"), ("Rated things", "2"),
    ]  # fmt: skip
    for each in measures:
        assert [len(figure["rows"]) for figure in each["figures"]] == [1]
    ids = re.findall(r'id="(progress-figure-\d+-title)"', clinic.page().html)
    assert len(ids) == len(set(ids)) == 3


def test_only_published_thresholds_that_may_apply_are_drawn(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    (figure,) = figures(clinic.view())["measures"][0]["figures"]
    assert figure["sources"] == ["< 36: Somebody 2003"]
    assert "below 36: worth talking about; other sources: 36 or below" in figure["legend"]


def test_a_score_that_is_not_scorable_is_never_a_number(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    clinic.lines(2, 9, None, 9, 9)
    (figure,) = figures(clinic.view())["measures"][0]["figures"]
    row = figure["rows"][1]
    assert row["cells"]["client"] == [{"value": "", "items": "3 of 4"}]
    assert row["notes"] == ["client: not scorable: 1 of 4 missing, the rule allows 0"]
    assert missing(clinic.view())["unscored"][0]["reason"] == "not scorable: 1 of 4 missing, the rule allows 0"
    assert "client: not scorable: 1 of 4 missing" in figure["chart"]


def test_a_prorated_score_says_so(clinic: Clinic) -> None:
    clinic.fill(RATED_1, 1, {"a": 3, "b": 1, "c": None})
    (figure,) = figures(clinic.view())["measures"][0]["figures"]
    assert figure["rows"][0]["notes"] == ["client: prorated: 2 of 3 answered"]
    (form,) = provenance(clinic.view())["measures"][0]["forms"]
    assert form["scores"] == [{"scale": "mean", "value": "3", "used": "2 of 3", "missing": "c", "prorated": "yes"}]


def test_forms_outside_sessions_are_in_the_table_and_not_in_the_figure(clinic: Clinic) -> None:
    clinic.lines(None, 5, 5, 5, 5, occasion="intake")
    clinic.lines(None, 6, 6, 6, 6, occasion="ending")
    clinic.lines(1, 9, 9, 9, 9)
    (figure,) = figures(clinic.view())["measures"][0]["figures"]
    assert [row["when"] for row in figure["rows"]] == ["intake", "1", "ending"]
    assert "20" not in re.findall(r"<title>session \d+, client: (\S+)</title>", figure["chart"])
    clinic_only_intake = [row["cells"]["client"][0]["value"] for row in figure["rows"]]
    assert clinic_only_intake == ["20", "36", "24"]


def test_a_case_with_no_session_still_has_its_numbers(clinic: Clinic) -> None:
    clinic.lines(None, 5, 5, 5, 5, occasion="intake")
    rendered = clinic.page()
    assert "no scores from sessions yet" in rendered.html
    assert "<strong>20</strong>" in rendered.html


def test_ratings_are_shown_with_their_label(clinic: Clinic) -> None:
    clinic.fill(RATED_1, 1, {"a": 3, "b": 1, "c": "declined", "d": "Slower, please."})
    measure = answers(clinic.view())["measures"][0]
    cells = [row["cells"][0] for row in measure["tables"][0]["rows"]]
    assert cells == [
        {"value": "3", "label": "Often", "reason": ""},
        {"value": "1", "label": "Seldom", "reason": ""},
        {"value": "", "label": "", "reason": "declined"},
    ]
    assert measure["texts"] == [{"when": "session 1", "rater": "client", "topic": "a word", "text": "Slower, please."}]
    assert "<strong>3</strong> Often" in clinic.page().html


def test_forms_without_scales_are_tables_of_answers(clinic: Clinic) -> None:
    for session in range(1, 8):
        clinic.fill(LIST_1, session, {"gift": "yes" if session == 3 else "no", "time": "no"}, rater="therapist")
    (measure,) = answers(clinic.view())["measures"]
    assert [len(table["columns"]) for table in measure["tables"]] == [5, 2]
    assert [cell["label"] for cell in measure["tables"][0]["rows"][0]["cells"]] == ["no", "no", "yes", "no", "no"]
    assert figures(clinic.view())["measures"] == []


@pytest.mark.parametrize("audience", ["client", "researcher"])
def test_an_instrument_that_is_not_for_the_reader_leaves_no_trace(clinic: Clinic, audience: Audience) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    before = clinic.page(audience)
    clinic.fill(LIST_1, 1, {"gift": "yes"}, rater="therapist")
    clinic.fill(LIST_1, 2, {"gift": "yes"}, rater="therapist")
    clinic.fill(LIST_1, 2, {"gift": "no"}, rater="therapist", reason="the wrong box")
    assert clinic.page(audience).html == before.html
    assert "A private list" in clinic.page("therapist").html
    assert "the wrong box" in clinic.page("supervisor").html


def test_a_series_that_is_not_for_the_reader_is_not_read(clinic: Clinic) -> None:
    hidden = instrument(LINES.replace('about = "this session"', 'audience = ["supervisor"]'))
    clinic.fill(hidden, 1, {"1": 9, "2": 9, "3": 9, "4": 9})
    assert series(clinic.view("client")) == []
    assert len(series(clinic.view("supervisor"))) == 1
    assert figures(clinic.view("client"))["measures"] == []


def test_if_everything_is_for_others_there_is_nothing_to_show(clinic: Clinic) -> None:
    empty = clinic.page("client").html
    clinic.fill(LIST_1, 1, {"gift": "yes"}, rater="therapist")
    assert clinic.page("client").html == empty


def test_missing_items_keep_their_reasons(clinic: Clinic) -> None:
    clinic.lines(1, "declined", None, "lost", "not-asked")
    rows = missing(clinic.view())["unanswered"]
    assert [(row["items"], row["reason"], row["count"]) for row in rows] == [
        ("1 (being heard)", "declined", "1 of 4"),
        ("2 (aims)", "skipped", "1 of 4"),
        ("3 (way of working)", "lost", "1 of 4"),
        ("4 (as a whole)", "not asked", "1 of 4"),
    ]


def test_sessions_without_a_form_of_a_rater_who_otherwise_answers(clinic: Clinic) -> None:
    for session in (1, 2, 5, 6):
        clinic.lines(session, 9, 9, 9, 9)
    for session in (2, 3, 4):
        clinic.lines(session, 9, 9, 9, 9, rater="therapist")
    assert missing(clinic.view())["absent"] == [
        {"instrument": "Four lines", "rater": "client", "sessions": "3, 4", "note": ""},
        {"instrument": "Four lines", "rater": "therapist", "sessions": "5, 6", "note": ""},
    ]


def test_an_instrument_without_a_rhythm_says_that_it_may_not_have_been_due(clinic: Clinic) -> None:
    for session in (1, 2, 3, 4):
        clinic.lines(session, 9, 9, 9, 9)
    for session in (1, 3):
        clinic.fill(RATED_1, session, {"a": 3, "b": 1, "c": 3})
    (row,) = missing(clinic.view())["absent"]
    assert (row["instrument"], row["sessions"]) == ("Rated things", "2, 4")
    assert row["note"] == "no rhythm is set for it, so it may not have been due"


def test_a_correction_keeps_what_stood_there_and_why(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    clinic.lines(1, 9, 9, 9, 3.5, reason="measured from the wrong end")
    (form,) = corrections(clinic.view())["corrected"]
    first, second = form["revisions"]
    assert (first["number"], first["reason"], first["scores"]) == (1, None, ["total 36"])
    assert (second["number"], second["reason"]) == (2, "measured from the wrong end")
    assert second["changes"] == ["item 4 (as a whole): 9 → 3.5"]
    assert second["scores"] == ["total 30.5"]
    assert [
        row["cells"]["client"][0]["value"] for row in figures(clinic.view())["measures"][0]["figures"][0]["rows"]
    ] == ["30.5"]
    assert "measured from the wrong end" in text_of(clinic.page())


def test_every_number_can_be_traced(clinic: Clinic) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    (measure,) = provenance(clinic.view())["measures"]
    assert (measure["id"], measure["version"], measure["owner"]) == ("lines", "1", "Somebody")
    assert re.fullmatch(r"[0-9a-f]{12}", measure["digest"])
    assert clinic.store.kept()[0].digest.startswith(measure["digest"])
    assert (measure["source"], measure["confidence"]) == ("Somebody 2003", "seen in a primary source")
    assert measure["origin"] == "alliance-lines 0.1.0"
    (scale,) = measure["scales"]
    assert scale["missing"] == "all items must be answered"
    assert scale["missing_source"] == "this project: no published rule is known"
    assert scale["direction"] == "A higher score is a stronger or better rating."
    assert (scale["method"], scale["range"], scale["items"]) == ("sum", "0 to 40", "1, 2, 3, 4")
    said = text_of(clinic.page())
    assert "Shown as agreed." in said
    assert "Sources disagree: “below 36” (Somebody 2003) or “36 or below” (a page elsewhere)." in said


def test_a_lost_definition_is_an_error_and_no_guess(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.lines(1, 9, 9, 9, 9)
    monkeypatch.setattr(type(clinic.store), "instrument", lambda *_: None)
    with pytest.raises(ReportError, match="no definition of lines, version 1"):
        summary(clinic.view())


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "{{7*7}}", "{% raw %}", '"><img src=x onerror=alert(1)>', "' onfocus='alert(1)",
        "</title></style><script>",
    ],
)  # fmt: skip
def test_hostile_words_are_words_wherever_they_stand(clinic: Clinic, hostile: str) -> None:
    quoted = '"' + hostile.replace("\\", "\\\\").replace('"', '\\"') + '"'
    text = RATED.format(version="1") + (
        f'[thresholds.low]\nscale = "mean"\noperator = "<="\nvalue = 3\nsource = {quoted}\nconfidence = "V"\n'
        f'says = {quoted}\ndisputed = "<"\ndispute = {quoted}\n'
    )
    for word in ('"Rated things"', '"first"', '"Often"', '"the alliance contributors"'):
        text = text.replace(word, quoted)
    text = text.replace('source = "project"\n', f"source = {quoted}\nabout = {quoted}\nno_total = {quoted}\n", 1)
    text = text.replace('method = "mean"', f'method = "mean"\ntitle = {quoted}')
    measure = instrument(text)
    clinic.fill(measure, 1, {"a": 3, "b": 1, "c": 3, "d": hostile})
    clinic.fill(measure, 1, {"a": 3, "b": 1, "c": None, "d": hostile + "!"}, reason=hostile)
    page = clinic.page()
    seen = Words(page.html)
    assert page.failed == ()
    assert not set(seen.tags) & {"script", "img"}
    assert [name for name in seen.handlers if name] == []
    assert seen.text.count(hostile) > 20
    assert seen.tags.count("style") == 1


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([], ""), ([3], "3"), ([3, 4], "3, 4"), ([5, 3, 4, 9], "3 to 5, 9"), ([1, 1, 2], "1, 2")],
)
def test_session_numbers_read_as_people_write_them(numbers: list[int], said: str) -> None:
    assert words.runs(numbers) == said


@pytest.mark.parametrize(
    ("operator", "said"),
    [("<", "below 3.5"), ("<=", "3.5 or below"), (">", "above 3.5"), (">=", "3.5 or above"), ("=", "exactly 3.5")],
)
def test_operators_in_words(operator: Any, said: str) -> None:
    assert words.compared(operator, Fraction(7, 2)) == said
