"""The documentation is run: every command of the README, every snippet of the guides."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from alliance_core.cli import run
from alliance_core.definition.load import parse_instrument
from alliance_core.definition.structure import ADDED
from alliance_core.instrument import Ages, Instrument, Item, Licence, MissingRule, SafetyItem, Scale, Threshold
from alliance_core.response import Bipolar, Count, Line, Rating
from alliance_core.tables.mapping import Columns, make_map

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page: what stands after the language, and the text."""
    for found, words, text in FENCE.findall((ROOT / page).read_text(encoding="utf-8")):
        if found == language:
            yield words, text


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the output that the page shows."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    for part in parts:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, shown


def agree(shown: list[str], printed: list[str]) -> bool:
    """Whether a command printed what the page shows; ``...`` stands for any lines."""
    pattern = "\n".join(".*" if line == "..." else re.escape(line) for line in shown)
    return re.fullmatch(pattern, "\n".join(printed), flags=re.DOTALL) is not None


def test_every_command_of_the_readme_runs_and_prints_what_the_page_shows(tmp_path: Path) -> None:
    for folder in ("examples", "plugins/instruments/alliance-boundaries/examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    ran = 0
    for words, text in blocks("README.md", "console"):
        expected = int(words.removeprefix("exit=")) if words else 0
        for command, shown in commands(text):
            if command.startswith("make "):
                done = subprocess.run(
                    ["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stderr
                continue
            if command.startswith("export "):
                name, _, value = command.removeprefix("export ").partition("=")
                environment[name] = value
                continue
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == expected, f"{command}\n{done.stdout}{done.stderr}"
            printed = [line.rstrip() for line in done.stdout.rstrip("\n").split("\n")]
            assert not shown or agree(shown, printed), f"{command} printed\n{done.stdout}"
            ran += 1
    assert ran >= 12


def test_the_guide_to_definitions_is_a_definition() -> None:
    ((_, text),) = blocks("docs/definitions.md", "toml")
    assert parse_instrument(text.encode(), name="guide").id == "evening-form"


@pytest.mark.parametrize(
    "record", [Instrument, Item, Scale, Threshold, SafetyItem, Licence, MissingRule, Ages, Rating, Line, Bipolar, Count]
)
def test_the_guide_to_definitions_names_every_key(record: type) -> None:
    page = (ROOT / "docs/definitions.md").read_text(encoding="utf-8")
    keys = {field.name for field in attrs.fields(record)} - set(ADDED)
    inner = {"formats", "items", "scales", "thresholds", "safety", "examples", "licence", "id", "topic"}
    missing = [key for key in sorted(keys - inner) if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", page)]
    assert not missing


def test_the_guide_to_maps_is_a_map() -> None:
    ((_, text),) = blocks("docs/maps.md", "toml")
    document = tomllib.loads(text)
    instrument = parse_instrument(
        (ROOT / "plugins/instruments/alliance-wai/alliance_wai/wai-sr.toml").read_bytes(), name="w"
    )
    items = [f"q{number}" for number in range(1, 12)]
    header = (
        "client_code",
        "client_code_2",
        "session",
        "therapist",
        "day",
        "started_at",
        *items,
        "question_twelve",
        "their_total",
    )
    read = make_map(document, name="guide", instrument=instrument, header=header)
    assert read.items["12"] == "question_twelve"
    assert all(field.name in text for field in attrs.fields(Columns))


def test_the_measure_of_the_plugin_guide_passes_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for page, language in (("docs/plugins.md", "toml"),):
        for words, text in blocks(page, language):
            file = tmp_path / words.removeprefix("file=")
            if file.name != "pyproject-report.toml":
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, encoding="utf-8")
    assert run(["plugins", "check", str(tmp_path)]) == 0, capsys.readouterr()


def test_the_report_of_the_plugin_guide_renders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "site"
    for language in ("python", "html"):
        for words, text in blocks("docs/plugins.md", language):
            file = package / words.removeprefix("file=")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    info = package / "alliance_report_forms-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: alliance-report-forms\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[alliance.reports.v1]\nforms = alliance_report_forms\n")
    monkeypatch.syspath_prepend(str(package))
    store = str(tmp_path / "store.db")
    record = ["record", "session-check-in", "--case", "K1", "--session", "1", "--rater", "client"]
    assert run(["--store", store, *record, "--answers", "[4, 5, 3, 4, 2, 4]"]) == 0
    assert run(["--store", store, "report", "forms", "--case", "K1", "--out", str(tmp_path / "page.html")]) == 0, (
        capsys.readouterr()
    )
    assert "1 forms are kept." in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_every_page_that_is_linked_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
