"""The progress report as a browser shows and prints it: nothing fetched, readable by everybody, whole on paper."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alliance_report_progress import PROGRESS

from alliance_core import Section, View, administer, score
from alliance_core.definition.load import parse_instrument
from alliance_core.reporting.render import render
from alliance_core.sqlite import alliance_open_store

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; see dev-requirements.txt")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.browser

DEFINITION = """
id = "{id}"
title = "A measure of {id}"
version = "1"
raters = ["client", "therapist", "observer"]
every = 1
about = "this session"
direction = "higher-is-better"
source = "Somebody 2003"
licence = {{ owner = "Somebody", wording = "supply-your-own" }}
formats.often = {{ kind = "rating", labels = {{ 1 = "Seldom", 2 = "Sometimes", 3 = "Often", 4 = "Always" }} }}
formats.note = {{ kind = "text" }}
missing = {{ allowed = 1, source = "project" }}
[items]
1 = {{ topic = "being heard and understood as one meant it", format = "often" }}
2 = {{ topic = "aims", format = "often", unscored = {unscored} }}
3 = {{ topic = "way of working", format = "often", unscored = {unscored} }}
4 = {{ topic = "a word", format = "note" }}
"""
SCALES = """
[scales.total]
items = "all"
method = "sum"
[thresholds.low]
scale = "total"
operator = "<"
value = 9
source = "Somebody 2003, in a journal with a rather long name"
confidence = "V"
disputed = "<="
dispute = "https://example.org/a/page/with/an/address/that/is/longer/than/a/telephone/is/wide"
[[examples]]
answers = [3, 3, 3, "skipped"]
scores = { total = 9 }
"""
SCALED = DEFINITION.format(id="scaled", unscored="false") + SCALES
PLAIN = DEFINITION.format(id="plain", unscored="true").replace(
    'one meant it", format = "often"', 'x", format="often", unscored=true'
)
PLAIN = re.sub(r"missing = .*\n", "", PLAIN)

CONTRAST = """
() => {
  const channels = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const background = (element) => {
    for (; element; element = element.parentElement) {
      const color = channels(getComputedStyle(element).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('title, desc, style')) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const ink = channels(element.closest('svg') ? style.fill : style.color);
    const [one, two] = [luminance(ink), luminance(background(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)}: ${node.data.trim().slice(0, 40)}`);
  }
  return { texts, found };
}
"""
STROKES = """
() => {
  const style = getComputedStyle(document.documentElement);
  const probe = document.body.appendChild(document.createElement('i'));
  const rgb = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
  return Object.fromEntries(['--paper', ...[1, 2, 3, 4, 5, 6].map((n) => `--series-${n}`)].map((n) => [n, rgb(n)]));
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        if os.environ.get("ALLIANCE_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium on the path, and ALLIANCE_REQUIRE_BROWSER=1 asks for one")
        pytest.skip("no Chromium on the path (on Debian: apt-get install chromium)")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with everything on it: three chairs, gaps, corrections, checklists, text and a section that failed."""
    store = alliance_open_store(":memory:")
    assert store is not None
    scaled, plain = (parse_instrument(text.encode(), name="test.toml") for text in (SCALED, PLAIN))
    kept = {"actor": "test", "origin": "typed", "distribution": "alliance-test 0.1.0"}
    for session in range(1, 24):
        for rater, level in (("client", 3), ("therapist", 2), ("observer", 4)):
            if (session + level) % 7 == 0:
                continue
            late = session % 9 == 0
            given = {
                "1": level,
                "2": None if late else (session % 4) + 1,
                "3": None if late else level,
                "4": "word " * 9,
            }
            held = date(2026, 1, 5) + timedelta(weeks=session)
            for measure in (scaled, plain):
                form = administer(measure, given, case="C-1", client="K-1", rater=rater, session=session, held_on=held)
                store.record(form, score(measure, form.answers), **kept)
    form = administer(scaled, {"1": 3, "2": 3, "3": 3}, case="C-1", client="K-1", rater="client", session=23)
    store.correct(form, score(scaled, form.answers), reason="typed wrongly", **kept)
    failing = Section("A section that fails", "nowhere.html", lambda _: {})
    whole = type(PROGRESS)(PROGRESS.id, PROGRESS.title, PROGRESS.package, (*PROGRESS.sections, failing))
    rendered = render(whole, View(store, "C-1"), provided_by="alliance-report-progress 0.1.0")
    store.close()
    assert rendered.failed == ("A section that fails",)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(rendered.html, encoding="utf-8")
    return path


@pytest.fixture
def shown(browser: Any, report: Path) -> Iterator[Any]:
    """Open the report in a window as described; a function."""
    contexts = []

    def show(**options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(report.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


def test_nothing_is_fetched_and_nothing_complains(shown: Any, report: Path) -> None:
    page = shown()
    page.wait_for_load_state("networkidle")
    assert page.requests == [report.as_uri()]
    assert page.complaints == []


@pytest.mark.parametrize("width", [320, 375, 768, 1200])
def test_the_page_never_scrolls_sideways(shown: Any, width: int) -> None:
    page = shown(viewport={"width": width, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_wider_text_spacing_does_not_push_the_page_sideways(shown: Any) -> None:
    page = shown(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(shown: Any, scheme: str) -> None:
    seen = shown(color_scheme=scheme).evaluate(CONTRAST)
    assert seen["texts"] > 500
    assert seen["found"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_line_has_enough_contrast(shown: Any, scheme: str) -> None:
    colors = shown(color_scheme=scheme).evaluate(STROKES)
    paper = luminance(colors.pop("--paper"))
    for name, color in colors.items():
        one, two = sorted((luminance(color), paper))
        assert (two + 0.05) / (one + 0.05) >= 4.5, name


def luminance(color: str) -> float:
    channels = [int(value) / 255 for value in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_dark_is_dark(shown: Any) -> None:
    colors = [shown(color_scheme=scheme).evaluate(STROKES)["--paper"] for scheme in ("light", "dark")]
    assert luminance(colors[0]) > 0.8
    assert luminance(colors[1]) < 0.1


def test_every_picture_has_a_name_or_is_hidden_decoration(shown: Any) -> None:
    page = shown()
    named = page.get_by_role("img").all()  # an svg without a role counts as one, unless it is hidden
    assert len(named) == 1
    ids = named[0].get_attribute("aria-labelledby").split()
    words = [page.locator(f"#{name}").text_content() for name in ids]
    assert words[0] == "A measure of scaled, version 1: total over the sessions"
    assert "Client: " in words[1]


def test_headings_go_down_one_step_at_a_time(shown: Any) -> None:
    levels = shown().evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_language_and_ids(shown: Any) -> None:
    page = shown()
    assert page.evaluate("document.documentElement.lang") == "en"
    for role in ("banner", "main", "contentinfo", "navigation"):
        assert page.get_by_role(role).count() == 1, role
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_every_table_header_says_what_it_heads(shown: Any) -> None:
    page = shown()
    assert page.locator("table").count() > 10
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("table:not(:has(thead th[scope=col]))").count() == 0
    assert (
        page.locator("tbody tr:not(:has(th))").count()
        == page.locator("tbody tr:not(:first-child):not(:has(th))").count()
    )


def test_the_skip_link_is_first_and_seen_when_it_has_the_focus(shown: Any) -> None:
    page = shown()
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the report"
    assert skip.bounding_box()["x"] >= 0
    assert skip.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator("main").evaluate("e => e === document.activeElement")


def test_links_are_large_enough_to_hit(shown: Any) -> None:
    heights = shown(viewport={"width": 320, "height": 640}).evaluate(
        "[...document.querySelectorAll('nav a')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24


def test_what_scrolls_sideways_can_be_reached_by_keyboard(shown: Any) -> None:
    page = shown(viewport={"width": 320, "height": 640})
    unreachable = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.tabIndex < 0).length"
    )
    assert unreachable == 0


def test_less_motion_is_no_motion(shown: Any) -> None:
    page = shown(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_forced_colors_keep_lines_and_marks(shown: Any) -> None:
    page = shown(forced_colors="active")
    strokes = page.evaluate("[...document.querySelectorAll('.chart .line')].map(e => getComputedStyle(e).stroke)")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert strokes
    assert paper not in strokes


def test_everything_is_there_without_scripts(shown: Any) -> None:
    pictures = [shown(java_script_enabled=enabled).screenshot() for enabled in (True, False)]
    assert pictures[0] == pictures[1]


def test_it_prints_on_a4(shown: Any, tmp_path: Path) -> None:
    page = shown(color_scheme="dark")
    path = tmp_path / "report.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    raw = path.read_bytes()
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", raw)
    assert len(sizes) >= 3
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}


def test_on_paper_it_is_light_whole_and_without_navigation(shown: Any) -> None:
    page = shown(color_scheme="dark", viewport={"width": 665, "height": 980})  # the width between A4's margins
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(STROKES)["--paper"] == "rgb(255, 255, 255)"
    assert page.evaluate(CONTRAST)["found"] == []
    assert not page.locator("nav").is_visible()
    cut = page.evaluate("[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth + 1).length")
    assert cut == 0
    for selector in ("tbody tr", "figure"):
        assert page.locator(selector).first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).display") == "table-header-group"
