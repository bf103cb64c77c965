"""Rendering: containment, escaping, and what every page carries, whatever report is on it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from alliance_core import Report, ReportError, Section, View, __version__
from alliance_core.reporting.render import css_string, render
from alliance_core.sqlite import alliance_open_store
from alliance_core.store import Store

HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}}",
    "{% raw %}",
    "{{ cycler.__init__.__globals__ }}",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--",
    "]]>",
)
MADE = datetime(2026, 5, 18, 16, 5, tzinfo=UTC)
BY = "alliance-report-things 1.0"
Templates = Callable[[Mapping[str, str]], str]


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def active(self) -> list[str]:
        """Whatever could run or fetch something."""
        handlers = [name for _, attributes in self.found for name in attributes if name.startswith("on")]
        fetching = ("script", "img", "iframe", "object", "embed", "link", "base", "form", "audio", "video")
        return handlers + [tag for tag, _ in self.found if tag in fetching]


@pytest.fixture
def store() -> Iterator[Store]:
    opened = alliance_open_store(":memory:")
    assert opened is not None
    yield opened
    opened.close()


@pytest.fixture
def view(store: Store) -> View:
    return View(store, "C-1")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Templates:
    """Make a package whose code cannot even be imported, with these templates; its name."""

    def make(templates: Mapping[str, str]) -> str:
        folder = tmp_path / "things_report" / "templates"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("raise RuntimeError('imported')")
        for name, text in templates.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return "things_report"

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delenv("ALLIANCE_STRICT_PLUGINS", raising=False)
    return make


def nothing(_: View) -> Mapping[str, Any]:
    return {}


def one(package: str, template: str, context: Callable[[View], Mapping[str, Any]], title: str = "Things") -> Report:
    return Report("things", "All things", package, (Section(title, template, context),))


def fails(_: View) -> Mapping[str, Any]:
    raise ValueError("no <b>bold</b> {{7*7}}")


def leaves(_: View) -> Mapping[str, Any]:
    sys.exit(3)


def test_a_page_says_case_reader_moment_and_versions(package: Templates, view: View) -> None:
    page = render(one(package({"a.html": "<p>Here</p>"}), "a.html", nothing), view, provided_by=BY, made_at=MADE).html
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en">' in page
    for said in (
        "Case C-1",
        "the therapist",
        "2026-05-18, 16:05 UTC",
        f"alliance-core {__version__}",
        BY,
        "<p>Here</p>",
    ):
        assert said in page


def test_the_moment_is_printed_in_utc(package: Templates, view: View) -> None:
    report = one(package({"a.html": ""}), "a.html", nothing)
    summer = MADE.astimezone(timezone(timedelta(hours=2)))
    assert "2026-05-18, 16:05 UTC" in render(report, view, provided_by=BY, made_at=summer).html
    assert f"{datetime.now(UTC):%Y-%m-%d}" in render(report, view, provided_by=BY).html


def test_the_footer_states_the_intended_purpose(package: Templates, view: View) -> None:
    text = " ".join(
        Tags(render(one(package({"a.html": ""}), "a.html", nothing), view, provided_by=BY).html).text.split()
    )
    assert "records and shows ratings of the working relationship for discussion by a professional" in text
    assert "not for diagnosis, risk assessment or choice of treatment" in text
    assert "not a crisis channel" in text


def test_a_page_is_self_contained_and_forbids_everything_else(package: Templates, view: View) -> None:
    page = render(one(package({"a.html": ""}), "a.html", nothing), view, provided_by=BY).html
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert Tags(page).active == []
    assert not re.search(r"https?:|url\(|@import|src=", page)


def test_the_package_of_the_templates_is_not_imported(package: Templates, view: View) -> None:
    render(one(package({"a.html": ""}), "a.html", nothing), view, provided_by=BY)
    assert "things_report" not in sys.modules


@pytest.mark.parametrize("context", [fails, leaves, lambda _: None, lambda _: 1 / 0])
def test_a_section_that_fails_leaves_a_box_and_the_rest_stands(
    package: Templates, view: View, context: Callable[[View], Mapping[str, Any]]
) -> None:
    name = package({"a.html": "<p>stands</p>"})
    sections = (
        Section("Before", "a.html", nothing),
        Section("Bad", "a.html", context),
        Section("After", "a.html", nothing),
    )
    rendered = render(Report("things", "All things", name, sections), view, provided_by=BY)
    assert rendered.failed == ("Bad",)
    assert rendered.html.count("<p>stands</p>") == 2
    assert rendered.html.count('class="fault"') == 1
    assert f"This section is unavailable: {BY}, " in rendered.html


def test_the_box_names_the_error_and_escapes_it(package: Templates, view: View) -> None:
    page = render(one(package({"a.html": ""}), "a.html", fails), view, provided_by="alliance-report-<x> 1").html
    said = "This section is unavailable: alliance-report-&lt;x&gt; 1, ValueError: no &lt;b&gt;bold&lt;/b&gt; {{7*7}}"
    assert said in page


@pytest.mark.parametrize(
    "template",
    [
        "{{ nowhere }}",
        "{{ nowhere.name }}",
        "{% if nowhere %}{% endif %}",
        "{% broken",
        "{% include 'none.html' %}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_that_fails_is_contained(package: Templates, view: View, template: str) -> None:
    rendered = render(one(package({"a.html": template}), "a.html", nothing), view, provided_by=BY)
    assert rendered.failed == ("Things",)
    assert "This section is unavailable" in rendered.html


def test_a_template_that_is_not_there_is_contained(package: Templates, view: View) -> None:
    assert render(one(package({"a.html": ""}), "b.html", nothing), view, provided_by=BY).failed == ("Things",)


def test_a_template_outside_the_folder_is_not_read(package: Templates, view: View) -> None:
    name = package({"a.html": ""})
    for outside in ("../__init__.py", "/etc/hostname", "theme/../render.py"):
        assert render(one(name, outside, nothing), view, provided_by=BY).failed == ("Things",)


def test_strict_plugins_raise(package: Templates, view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    report = one(package({"a.html": ""}), "a.html", fails)
    monkeypatch.setenv("ALLIANCE_STRICT_PLUGINS", "1")
    with pytest.raises(ValueError, match="bold"):
        render(report, view, provided_by=BY)


def test_a_report_without_its_templates_is_an_error_that_names_it(view: View) -> None:
    for missing in ("no_such_package_here", "no_such.package", "json"):
        with pytest.raises(ReportError, match=f"report things: the package {missing} has no folder templates"):
            render(one(missing, "a.html", nothing), view, provided_by=BY)


@pytest.mark.parametrize("template", ["a.html", "a.txt", "a.html.j2", "a.svg", "a", "deep/a.jinja"])
@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_escaped_in_every_template_whatever_its_name(
    package: Templates, view: View, template: str, text: str
) -> None:
    source = '<p title="{{ text }}">{{ text }}</p>{% for t in [text] %}<b>{{ t ~ "!" }}</b>{% endfor %}'
    page = render(one(package({template: source}), template, lambda _: {"text": text}), view, provided_by=BY).html
    tags = Tags(page)
    assert tags.active == []
    assert ("p", {"title": text}) in tags.found
    assert tags.text.count(text) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_titles_case_and_versions_are_text_wherever_they_stand(package: Templates, store: Store, text: str) -> None:
    name = package({"a.html": "<p>Here</p>"})
    sections = (Section(text, "a.html", nothing), Section(text, "a.html", fails))
    page = render(Report("things", text, name, sections), View(store, text), provided_by=text, made_at=MADE).html
    tags = Tags(page)
    assert tags.active == []
    assert [tag for tag, _ in tags.found].count("style") == 1
    assert tags.text.count(text) >= 6
    assert page.count("<p>Here</p>") == 1


def test_text_from_data_is_never_a_template(package: Templates, view: View) -> None:
    text = "{{7*7}}{% for i in range(3) %}x{% endfor %}{# gone #}"
    page = render(
        one(package({"a.html": "<i>{{ text }}</i>"}), "a.html", lambda _: {"text": text}), view, provided_by=BY
    )
    assert f"<i>{text}</i>" in page.html


def test_a_report_cannot_replace_the_theme(package: Templates, view: View) -> None:
    name = package({"a.html": "", "theme/page.html": "mine", "theme/style.css": "mine"})
    page = render(one(name, "a.html", nothing), view, provided_by=BY).html
    assert "mine" not in page


def test_a_mapping_with_a_key_like_a_method_shows_its_value(package: Templates, view: View) -> None:
    source = "{{ row.items }}/{{ row.keys }}/{% for key, value in other.items() %}{{ key }}{{ value }}{% endfor %}"
    values = {"row": {"items": "3 of 4", "keys": "k"}, "other": {"a": 1}}
    assert (
        "3 of 4/k/a1" in render(one(package({"a.html": source}), "a.html", lambda _: values), view, provided_by=BY).html
    )


def test_sections_are_listed_and_named(package: Templates, view: View) -> None:
    name = package({"a.html": ""})
    sections = (Section("One & all", "a.html", nothing), Section("Two", "a.html", nothing))
    tags = Tags(render(Report("things", "All things", name, sections), view, provided_by=BY).html).found
    ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    named = [attributes["aria-labelledby"] for tag, attributes in tags if tag == "section"]
    assert set(named) <= set(ids)
    targets = [str(attributes["href"]).removeprefix("#") for tag, attributes in tags if tag == "a"]
    assert set(targets) <= set(ids)


@pytest.mark.parametrize("text", [*HOSTILE, "a\\b", 'a"b', "a\nb", "a;}b"])
def test_text_in_the_style_sheet_cannot_end_its_string(text: str) -> None:
    quoted = css_string(text)
    assert re.fullmatch(r'"([A-Za-z0-9]|\\[0-9a-f]+ )*"', quoted)
    assert re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), quoted[1:-1]) == text
