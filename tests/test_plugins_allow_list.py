"""A clinic's allow-list: what is not on it, or has changed since, is neither imported nor read."""

from __future__ import annotations

import re
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from alliance_core.errors import PluginError
from alliance_core.plugins import data
from alliance_core.plugins.allow_list import AllowList, fingerprint, write_allow_list
from alliance_core.plugins.listing import status
from alliance_core.plugins.manager import Plugins

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

REPORT = """\
from alliance_core import Report, hookimpl

@hookimpl
def alliance_reports():
    return [Report(id="mood", title="Mood", package="mood", sections=())]
"""


def mood(site: Site, *, editable: bool = False) -> str:
    """Install one report; its fingerprint."""
    files = {"alliance_mood/__init__.py": REPORT, "alliance_mood/templates/a.html": "a"}
    site.install("alliance-mood", {"reports": {"mood": "alliance_mood"}}, files, editable=editable)
    return "" if editable else fingerprint(site.entries()[0])


def allowing(site: Site, pins: dict[str, str]) -> Plugins:
    return Plugins(site.entries(), allow_list=AllowList(pins, path="allowed.toml"))


def test_the_fingerprint_is_the_same_wherever_and_in_whatever_order_it_is_installed(site: Site) -> None:
    first = mood(site)
    record = site.folder / "alliance_mood-1.0.dist-info" / "RECORD"
    record.write_text("\n".join(reversed(record.read_text(encoding="utf-8").splitlines())), encoding="utf-8")
    (record.parent / "REQUESTED").touch()
    (record.parent / "INSTALLER").write_text("uv", encoding="utf-8")
    site.write("alliance_mood/__pycache__/x.cpython-311.pyc", "made while running")
    assert fingerprint(site.entries()[0]) == first
    assert re.fullmatch("sha256:[0-9a-f]{64}", first)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("alliance_mood/__init__.py", REPORT + "# and more\n"),
        ("alliance_mood/templates/a.html", "b"),
        ("alliance_mood/added.py", "nobody recorded this"),
        ("alliance_mood-1.0.dist-info/entry_points.txt", "[alliance.reports.v1]\nmood = alliance_mood\nmore = x\n"),
    ],
)
def test_a_file_that_was_changed_or_added_is_refused_with_both_hashes(site: Site, path: str, text: str) -> None:
    before = mood(site)
    site.write(path, text)
    now = fingerprint(site.entries()[0])
    plugins = allowing(site, {"alliance-mood": before})
    with pytest.raises(PluginError, match="have changed") as caught:
        plugins.report("mood")
    assert before[7:19] in str(caught.value)
    assert now[7:19] in str(caught.value)
    assert {row.status for row in status(plugins)} == {"not-allowed"}
    assert "alliance_mood" not in sys.modules


def test_a_file_that_is_gone_changes_the_fingerprint(site: Site) -> None:
    before = mood(site)
    (site.folder / "alliance_mood" / "templates" / "a.html").unlink()
    assert fingerprint(site.entries()[0]) != before


def test_what_is_allowed_is_used(site: Site) -> None:
    pin = mood(site)
    assert allowing(site, {"Alliance_Mood": pin}).report("mood").title == "Mood"


def test_what_is_not_listed_is_neither_imported_nor_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    mood(site)
    site.install("alliance-calm", {"instruments": {"calm": "calm"}}, {"calm/calm.toml": site.definition("calm")})
    monkeypatch.setattr(data, "read_head", lambda _: pytest.fail("was read"))
    plugins = allowing(site, {})
    assert plugins.ids("reports") == plugins.ids("instruments") == ()
    assert plugins.head("calm") == {}
    for use in (lambda: plugins.report("mood"), lambda: plugins.instrument("calm")):
        with pytest.raises(PluginError, match=r"is not in allowed\.toml"):
            use()
    assert [(row.id, row.status, row.title, row.code) for row in status(plugins)] == [
        ("calm", "not-allowed", "", None), ("mood", "not-allowed", "", None),
    ]  # fmt: skip


def test_what_is_not_allowed_contests_nothing(site: Site) -> None:
    pin = mood(site)
    site.install("alliance-thief", {"reports": {"mood": "thief"}}, {"thief.py": "raise AssertionError\n"})
    assert allowing(site, {"alliance-mood": pin}).report("mood").title == "Mood"


def test_the_core_needs_no_line(site: Site) -> None:
    plugins = Plugins.installed(allow_list=str(site.write("allowed.toml", "[plugins]\n")))
    assert plugins.ids("stores") == ("sqlite",)
    assert plugins.ids("instruments") == ()


def test_a_namesake_elsewhere_on_the_path_is_not_covered_by_the_pin(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = mood(site)
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "alliance_mood.py").write_text("raise AssertionError('imported')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(shadow))
    with pytest.raises(PluginError, match="remove the one in the way"):
        allowing(site, {"alliance-mood": pin}).report("mood")


def test_an_editable_install_cannot_be_pinned_and_says_so(site: Site) -> None:
    mood(site, editable=True)
    with pytest.raises(PluginError, match="alliance-mood is installed editable, so it cannot be pinned"):
        fingerprint(site.entries()[0])
    with pytest.raises(PluginError, match="is installed editable"):
        allowing(site, {"alliance-mood": "sha256:0"}).report("mood")


def test_one_without_a_record_cannot_be_pinned(site: Site) -> None:
    mood(site)
    (site.folder / "alliance_mood-1.0.dist-info" / "RECORD").unlink()
    with pytest.raises(PluginError, match="has no record of its files"):
        fingerprint(site.entries()[0])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file"), ("not toml", "so nothing is allowed"), ("plugins = 3", "not a table"),
        ("[plugins]\nalliance-mood = 'yes'", "is not pinned"),
    ],
)  # fmt: skip
def test_an_allow_list_that_cannot_be_read_allows_nothing_and_stops_no_list(
    site: Site, text: str | None, why: str
) -> None:
    mood(site)
    path = site.folder / "allowed.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    plugins = Plugins(site.entries(), allow_list=AllowList.read(path))
    with pytest.raises(PluginError, match=why):
        plugins.report("mood")
    assert {row.status for row in status(plugins)} == {"not-allowed"}


def test_what_is_written_is_read_back_and_allows_what_is_there(site: Site) -> None:
    pin = mood(site)
    site.install("alliance-dev", {"reports": {"dev": "dev"}}, {}, editable=True)
    text = write_allow_list(site.entries())
    assert tomllib.loads(text) == {"plugins": {"alliance-mood": pin}}
    assert "# alliance-dev is installed editable" in text
    assert Plugins(site.entries(), allow_list=AllowList.read(site.write("a.toml", text))).report("mood").id == "mood"


def test_from_the_command_line_pin_allows_and_a_change_is_refused(site: Site) -> None:
    mood(site)
    done = site.alliance("plugins", "pin", "--out", "allowed.toml")
    assert done.returncode == 0, done.stderr
    assert site.alliance("plugins", "pin", "--out", "allowed.toml").returncode == 2
    assert site.alliance("plugins", "pin", "--out", "allowed.toml", "--force").returncode == 0
    listed = site.alliance("plugins", ALLIANCE_ALLOW_LIST="allowed.toml").stdout
    assert re.search(r"mood .* ok ", listed), listed
    site.write("alliance_mood/__init__.py", "raise AssertionError\n")
    listed = site.alliance("plugins", ALLIANCE_ALLOW_LIST="allowed.toml").stdout
    assert re.search(r"mood .* not-allowed ", listed), listed
    assert "the files of alliance-mood have changed" in listed
