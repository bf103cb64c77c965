"""The form as a browser prints it: a line of 100 mm measures 100 mm in the PDF."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alliance_core.definition.load import parse_instrument
from alliance_core.paper.form import render_form
from alliance_core.wording.record import ItemWords, Wording

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; see dev-requirements.txt")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.browser

LINES = """
id = "four-lines"
title = "Four lines"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
licence = { owner = "Somebody", wording = "supply-your-own" }
formats.mark = { kind = "line", minimum = 0, maximum = 10, step = 0.1 }
formats.often = { kind = "rating", labels = { 1 = "a", 2 = "b", 3 = "c", 4 = "d", 5 = "e", 6 = "f", 7 = "g" } }
[items]
1 = { topic = "one", format = "mark", unscored = true }
2 = { topic = "two", format = "mark", unscored = true }
3 = { topic = "three", format = "mark", unscored = true }
4 = { topic = "four", format = "mark", unscored = true }
5 = { topic = "five", format = "often", unscored = true }
"""
POINTS_PER_MM = 72 / 25.4
LONG = "a rather long description of what this end of the line stands for, in the words of whoever wrote it"


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


@pytest.fixture(scope="module", params=["few words", "many words"])
def form(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form like the SRS: four lines of 100 mm, and one rating."""
    instrument = parse_instrument(LINES.encode(), name="lines.toml")
    end = LONG if request.param == "many words" else "x"
    wording = Wording(
        instrument="four-lines",
        version="1",
        language="en",
        items={item.id: ItemWords(item.topic, (end, end)) for item in instrument.items},
        labels={"often": dict.fromkeys(instrument.formats["often"].values or (), end)},
    )
    path = tmp_path_factory.mktemp("form") / "form.html"
    path.write_text(render_form(instrument, wording, "client"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(browser: Any, form: Path) -> Iterator[Any]:
    context = browser.new_context()
    opened = context.new_page()
    opened.requests = []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.goto(form.as_uri())
    yield opened
    context.close()


def lines_in(pdf: bytes) -> list[float]:
    """The lengths in millimetres of all single horizontal strokes in a PDF, its scalings applied."""
    lengths = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(found[1]).decode("latin-1")
        except zlib.error:
            continue
        for stroke in re.finditer(r"(\S+) (\S+) m\n(\S+) \2 l\nS", text):
            drawn = float(stroke[3]) - float(stroke[1])
            lengths.append(drawn * _scale_at(text[: stroke.start()]) / POINTS_PER_MM)
    return lengths


def _scale_at(text: str) -> float:
    """By how much the drawing is scaled after these operations."""
    scale, scales = 1.0, []
    for operation in text.split("\n"):
        if operation == "q":
            scales.append(scale)
        elif operation == "Q":
            scale = scales.pop()
        elif scaling := re.fullmatch(r"(\S+) 0 0 \S+ \S+ \S+ cm", operation):
            scale *= float(scaling[1])
    return scale


def test_a_line_measures_100_mm_in_the_pdf(page: Any) -> None:
    lengths = lines_in(page.pdf(prefer_css_page_size=True))
    assert len(lengths) == 4
    assert all(abs(length - 100) < 0.05 for length in lengths), lengths


def test_the_page_is_a4_and_nothing_runs_off_it(page: Any) -> None:
    pdf = page.pdf(prefer_css_page_size=True)
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 (\S+) (\S+)\]", pdf)[0])
    assert (round(width / POINTS_PER_MM), round(height / POINTS_PER_MM)) == (210, 297)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(170 / 25.4 * 96), "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= round(170 / 25.4 * 96)
    boxes = page.evaluate(
        "[...document.querySelectorAll('svg line')].map((line) => line.getBoundingClientRect().width)"
    )
    assert all(abs(box - 100 / 25.4 * 96) < 0.1 for box in boxes)


def test_ends_stay_clear_of_the_line(page: Any) -> None:
    page.emulate_media(media="print")
    gaps = page.evaluate(
        """[...document.querySelectorAll('.scale')].map((scale) => {
          const box = (name) => scale.querySelector(name).getBoundingClientRect();
          return [box('svg').left - box('.left').right, box('.right').left - box('svg').right];
        })"""
    )
    assert len(gaps) == 4
    assert all(gap >= 5 for pair in gaps for gap in pair)


def test_nothing_is_fetched(page: Any, form: Path) -> None:
    page.wait_for_load_state("networkidle")
    assert page.requests == [form.as_uri()]
