"""What `alliance plugins check` finds, without a kit and without installing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliance_core.errors import PluginError
from alliance_core.plugins.check import Finding, check
from alliance_core.plugins.entries import Entry
from alliance_core.plugins.manager import Plugins
from alliance_core.testing.checks_papers import MOST_LINES

if TYPE_CHECKING:
    from tests.conftest import Site

REPORT = """\
from alliance_core import Report, Section, hookimpl
{first}
@hookimpl
def alliance_reports():
    section = Section(title="One", template="{template}", context=lambda view: {{}})
    return [Report(id="mood", title="Mood", package="alliance_mood", sections=(section,))]
"""


def report(site: Site, *, first: str = "", template: str = "one.html") -> list[Finding]:
    code = REPORT.format(first=first, template=template)
    files = {
        "alliance_mood/__init__.py": code,
        "alliance_mood/templates/one.html": "x",
        "alliance_mood/templates/a.txt": "",
    }
    site.install("alliance-mood", {"reports": {"mood": "alliance_mood"}}, files)
    return check("mood", Plugins(site.entries()))


def wrong(findings: list[Finding]) -> list[str]:
    return [finding.detail for finding in findings if not finding.ok]


def warnings(findings: list[Finding]) -> list[str]:
    return [finding.detail for finding in findings if finding.warning]


def test_a_sound_report_is_well_and_is_not_loaded_here(site: Site) -> None:
    findings = report(site)
    assert wrong(findings) == warnings(findings) == []
    assert {finding.check for finding in findings} == {"id", "loads", "offers"}
    assert "alliance_mood" not in sys.modules


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("def alliance_instrumens(): pass", "misspelt hook alliance_instrumens; the nearest is alliance_instruments"),
        ("@hookimpl\ndef alliance_open_store(uri): pass", "alliance_open_store takes 'uri'"),
        ("import os; os._exit(3)", "ended the program while it was tried"),
    ],
)
def test_what_is_wrong_with_code_is_found(site: Site, first: str, why: str) -> None:
    [detail] = wrong(report(site, first=first))
    assert why in detail


@pytest.mark.parametrize(
    ("template", "why"), [("a.txt", "ends in .html"), ("b.html", "is not in the folder templates")]
)
def test_templates_are_html_files_that_are_there(site: Site, template: str, why: str) -> None:
    [detail] = wrong(report(site, template=template))
    assert why in detail


def test_heavy_imports_are_worth_a_look(site: Site) -> None:
    site.write("numpy.py", "")
    [detail] = warnings(report(site, first="import numpy"))
    assert "imports numpy when it is loaded" in detail


def test_slow_imports_are_worth_a_look(site: Site) -> None:
    [detail] = warnings(report(site, first="import time; time.sleep(0.35)"))
    assert "loads in " in detail


def test_a_store_and_a_command_are_tried(site: Site) -> None:
    code = (
        "import click\nfrom alliance_core import hookimpl\n"
        "@hookimpl\ndef alliance_commands(): return [click.Command('hi')]\n"
    )
    site.install(
        "alliance-hi", {"commands": {"hi": "alliance_hi"}, "stores": {"hi": "alliance_hi"}}, {"alliance_hi.py": code}
    )
    [detail] = wrong(check("alliance_hi", Plugins(site.entries())))
    assert "alliance_hi does not implement alliance_open_store" in detail


def test_every_fault_of_a_definition_is_found_by_id_and_by_path(site: Site) -> None:
    text = site.definition("calm").replace('version = "1"', 'version = "no good"').replace("[1]", "[1, 7]")
    site.install("alliance-calm", {"instruments": {"calm": "calm"}}, {"calm/calm.toml": text})
    by_id = wrong(check("calm", Plugins(site.entries())))
    assert len(by_id) == 2
    assert wrong(check(str(site.folder / "calm" / "calm.toml"), Plugins([]))) == by_id


def test_a_definition_with_another_id_than_its_entry_point_is_found(site: Site) -> None:
    site.install("alliance-calm", {"instruments": {"calm": "calm"}}, {"calm/calm.toml": site.definition("other")})
    [detail] = wrong(check("alliance-calm", Plugins(site.entries())))
    assert "'other', but its entry point is 'calm'" in detail


def test_a_long_definition_is_worth_a_look_only(site: Site) -> None:
    path = site.write("calm.toml", site.definition("calm") + "#\n" * MOST_LINES)
    findings = check(str(path), Plugins([]))
    assert wrong(findings) == []
    [detail] = warnings(findings)
    assert f"{MOST_LINES} are the most" in detail


def test_a_definition_with_a_function_is_sound_as_far_as_can_be_seen(site: Site) -> None:
    text = site.definition("calm").replace('method = "sum"', 'method = "function"\nfunction = "f"\nrange = [1, 3]')
    findings = check(str(site.write("calm.toml", text)), Plugins([]))
    assert wrong(findings) == []
    assert "check the plugin's folder" in warnings(findings)[0]


def test_contested_ids_and_unusable_entries_are_found(site: Site) -> None:
    for name in ("one", "two"):
        site.install(name, {"instruments": {"calm": name}}, {f"{name}/calm.toml": site.definition("calm")})
    site.install("late", {"alliance.reports.v9": {"late": "late"}, "reports": {"bad": "no module"}}, {})
    details = wrong(check(None, Plugins(site.entries())))
    assert sum("is claimed by one 1.0" in detail for detail in details) == 2
    assert sum("needs a newer alliance-core" in detail for detail in details) == 1
    assert sum("names 'no module', which is not a module" in detail for detail in details) == 1


def folder(site: Site, toml: str, files: dict[str, str]) -> str:
    for path, text in files.items():
        site.write(f"source/{path}", text)
    site.write("source/pyproject.toml", toml)
    return str(site.folder / "source")


PROJECT = (
    '[project]\nname = "alliance-calm"\n[project.entry-points."alliance.instruments.v1"]\ncalm = "alliance_calm"\n'
)


@pytest.mark.parametrize("root", ["", "src/"])
def test_a_folder_is_checked_without_being_installed(site: Site, root: str) -> None:
    files = {f"{root}alliance_calm/calm.toml": site.definition("calm")}
    findings = check(folder(site, PROJECT, files), Plugins([]))
    assert wrong(findings) == warnings(findings) == []
    assert any(finding.detail.startswith("A thing of calm: 1 item, 1 scale, 2 examples") for finding in findings)


def test_code_in_a_folder_is_tried_from_there(site: Site) -> None:
    code = REPORT.format(first="", template="none.html")
    text = (
        PROJECT.replace("instruments", "reports")
        .replace("calm = ", "mood = ")
        .replace("alliance_calm", "alliance_mood")
    )
    source = folder(site, text, {"alliance_mood/__init__.py": code})
    [detail] = wrong(check(source, Plugins([])))
    assert "none.html" in detail
    safe = check(source, Plugins([], safe_mode=True))
    assert wrong(safe) == []
    assert "this is safe mode" in warnings(safe)[0]


def test_a_folder_that_claims_an_installed_id_is_told(site: Site) -> None:
    files = {"alliance_calm/calm.toml": site.definition("calm")}
    [detail] = wrong(check(folder(site, PROJECT, files), Plugins([Entry("instruments", "calm", "stranger")])))
    assert "is claimed by stranger" in detail


def test_a_definition_that_no_entry_point_announces_is_worth_a_look(site: Site) -> None:
    files = {f"alliance_calm/{id}.toml": site.definition(id) for id in ("calm", "forgotten")}
    [detail] = warnings(check(folder(site, PROJECT, files), Plugins([])))
    assert "forgotten.toml is a definition that no entry point announces" in detail


@pytest.mark.parametrize(
    "toml", ["", "[project]\nname = 'x'\n", "[project]\nname = 'x'\nentry-points = {}\n", "not toml"]
)
def test_a_folder_that_announces_nothing_is_told(site: Site, toml: str) -> None:
    assert len(wrong(check(folder(site, toml, {}), Plugins([])))) == 1


def test_a_name_of_nothing_is_refused_with_the_nearest() -> None:
    with pytest.raises(PluginError, match="did you mean 'calm'"):
        check("clam", Plugins([Entry("instruments", "calm", "alliance_calm")]))


def test_the_plugins_of_this_repository_are_well() -> None:
    root = Path(__file__).parents[1]
    for project in sorted(root.glob("plugins/*/*/pyproject.toml")):
        assert wrong(check(str(project.parent), Plugins([]))) == [], project


def test_the_command_exits_by_what_it_found(site: Site) -> None:
    site.install("alliance-calm", {"instruments": {"calm": "calm"}}, {"calm/calm.toml": site.definition("calm")})
    well = site.alliance("plugins", "check", "calm")
    assert (well.returncode, "0 of them wrong" in well.stdout) == (0, True), well.stderr
    site.write("calm/calm.toml", "id = 3")
    broken = site.alliance("plugins", "check", "calm", "--json")
    assert broken.returncode == 1
    assert not all(finding["ok"] for finding in json.loads(broken.stdout))
    assert site.alliance("plugins", "check", "qqqq").returncode == 2
