"""A broken plugin is a row and a sentence, never a crash; and no plugin can change what another one yields."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from alliance_core.errors import PluginError, StoreError
from alliance_core.plugins.entries import Entry
from alliance_core.plugins.listing import Row, status
from alliance_core.plugins.manager import Broken, Plugins

if TYPE_CHECKING:
    from tests.conftest import Site

REPORT = """\
from alliance_core import Report, hookimpl

@hookimpl
def alliance_reports():
    return [Report(id="{id}", title="The {id}", package="{id}", sections=())]
"""
STORE = """\
from alliance_core import Store, StoreError, hookimpl

class Kept:
    url = "kept:"
    def close(self): pass

for name in dir(Store):
    if not name.startswith("_") and not hasattr(Kept, name):
        setattr(Kept, name, lambda self, *_, **__: ())

@hookimpl
def alliance_open_store(url):
    if "locked" in url:
        raise StoreError("kept: is locked; wait")
    if "boom" in url:
        raise RuntimeError(f"cannot reach {url}\\nbecause hunter2 is wrong")
    if "text" in url:
        return "no store"
    if "none" in url:
        return None
    return Kept()
"""


def report(site: Site, text: str, id: str = "mood", name: str = "alliance-mood") -> Plugins:
    module = name.replace("-", "_")
    site.install(name, {"reports": {id: module}}, {f"{module}.py": text})
    return Plugins(site.entries())


def refused(plugins: Plugins, id: str = "mood") -> str:
    with pytest.raises(PluginError) as caught:
        plugins.report(id)
    [sentence] = caught.value.faults
    assert "\n" not in sentence
    return sentence


def rows(plugins: Plugins) -> dict[tuple[str, str], Row]:
    return {(row.distribution, row.id): row for row in status(plugins)}


def test_a_sound_report_is_loaded_once_and_only_it(site: Site) -> None:
    report(site, "raise RuntimeError\n", id="other", name="alliance-other")
    plugins = report(site, REPORT.format(id="mood") + "print('noise')\n")
    assert plugins.report("mood").title == "The mood"
    assert plugins.report("mood").title == "The mood"
    assert "alliance_other" not in sys.modules


def test_what_a_plugin_prints_while_it_is_imported_does_not_reach_standard_output(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    report(site, REPORT.format(id="mood") + "print('noise')\n").report("mood")
    assert capsys.readouterr() == ("", "noise\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nothing_of_that_name\n", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("raise SystemExit(3)\n", "SystemExit: 3"),
        ("raise RuntimeError('a\\nb\\x1b[31m')\n", "RuntimeError: a b [31m"),
        ("class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd\n", "is broken: Odd;"),
        ("def broken(:\n", "SyntaxError"),
        ("x = 1\n", "alliance_mood does not implement alliance_reports"),
        ("from alliance_core import hookimpl\n@hookimpl\ndef alliance_reports(): raise SystemExit\n", "SystemExit"),
        (
            "from alliance_core import hookimpl\n@hookimpl\ndef alliance_reports(): return None\n",
            "NoneType, not a list",
        ),
        (
            "from alliance_core import hookimpl\n@hookimpl\ndef alliance_reports(): return ['x']\n",
            "list with str in it",
        ),
        (REPORT.format(id="mood").replace("sections=()", "sections=('one',)"), "its sections are not all a Section"),
        (REPORT.format(id="food"), "offers 'food', but 'mood' is announced"),
    ],
)
def test_a_broken_report_is_one_sentence_with_the_mend_and_a_row(site: Site, text: str, why: str) -> None:
    plugins = report(site, text)
    sentence = refused(plugins)
    assert why in sentence
    assert sentence.startswith("report 'mood' of alliance-mood 1.0 is broken: ")
    assert sentence.endswith("update it (pip install -U alliance-mood) or uninstall it (pip uninstall alliance-mood)")
    row = rows(plugins)["alliance-mood", "mood"]
    assert (row.status, row.detail) == ("broken", sentence)
    json.dumps(row.as_dict())


def test_a_broken_module_is_imported_only_once(site: Site) -> None:
    plugins = report(
        site, "import sys\nsys.alliance_tries = getattr(sys, 'alliance_tries', 0) + 1\nraise ImportError\n"
    )
    try:
        refused(plugins)
        refused(plugins)
        assert vars(sys)["alliance_tries"] == 1
    finally:
        vars(sys).pop("alliance_tries", None)


@pytest.mark.parametrize("passing", ["KeyboardInterrupt", "GeneratorExit"])
def test_a_person_can_still_stop_the_program(site: Site, passing: str) -> None:
    plugins = report(site, f"raise {passing}\n")
    with pytest.raises((KeyboardInterrupt, GeneratorExit)):
        plugins.report("mood")


def test_strict_plugins_raises_the_error_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    report(site, "import nothing_of_that_name\n")
    monkeypatch.setenv("ALLIANCE_STRICT_PLUGINS", "1")
    with pytest.raises(ModuleNotFoundError):
        Plugins.installed().report("mood")
    text = "from alliance_core import hookimpl\n@hookimpl\ndef alliance_reports(): return 1 / 0\n"
    report(site, text, id="zero", name="alliance-zero")
    with pytest.raises(ZeroDivisionError):
        Plugins.installed().report("zero")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "from alliance_core import hookimpl\n@hookimpl\ndef alliance_reprots(): return []\n",
            "misspelt hook alliance_reprots; the nearest is alliance_reports",
        ),
        (
            "def alliance_instrumens(): return []\n",
            "misspelt hook alliance_instrumens; the nearest is alliance_instruments",
        ),
        ("def alliance_reports(): return []\n", "alliance_reports is not marked as a hook; write @hookimpl above it"),
        (
            "from alliance_core import hookimpl\n@hookimpl\ndef alliance_qqq(): return []\n",
            "misspelt hook alliance_qqq; the hooks are alliance_commands, alliance_instruments",
        ),
        (
            "from alliance_core import hookimpl\n@hookimpl(specname='alliance_report')\ndef mine(): return []\n",
            "misspelt hook alliance_report; the nearest is alliance_reports",
        ),
        (
            "from alliance_core import hookimpl\n@hookimpl\ndef alliance_open_store(path): return None\n",
            "alliance_open_store takes 'path', which the hook does not give; it is alliance_open_store(url)",
        ),
        (
            "from alliance_core import hookimpl\n@hookimpl(wrapper=True)\ndef alliance_reports(): return []\n",
            "not a generator function",
        ),
    ],
)
def test_a_misspelt_hook_or_argument_is_named_and_nothing_is_half_registered(site: Site, text: str, why: str) -> None:
    good = "from alliance_core import hookimpl as h\n@h\ndef alliance_commands(): return []\n"
    plugins = report(site, good + text)
    assert why in refused(plugins)
    assert not plugins._loader._manager.get_plugins()
    assert all(not hook.get_hookimpls() for hook in vars(plugins._loader._manager.hook).values())


def test_helpers_that_are_imported_or_private_are_no_hooks(site: Site) -> None:
    site.write("helpers.py", "def alliance_helper(): pass\n")
    text = REPORT.format(id="mood") + "from helpers import alliance_helper\ndef _alliance_mine(): pass\n"
    assert report(site, text).report("mood").id == "mood"


def test_loading_gives_the_module_or_what_is_broken(site: Site) -> None:
    report(site, "raise OSError\n", id="bad", name="alliance-bad")
    plugins = report(site, REPORT.format(id="mood"))
    bad, good = plugins.entries
    broken = plugins.load(bad)
    assert isinstance(broken, Broken)
    assert isinstance(broken.error, OSError)
    assert plugins.load(good) is sys.modules["alliance_mood"]


def test_two_that_claim_one_id_are_both_named_and_only_where_it_is_used(site: Site) -> None:
    report(site, REPORT.format(id="mood"), name="alliance-mood-two")
    report(site, REPORT.format(id="calm"), id="calm", name="alliance-calm")
    plugins = report(site, REPORT.format(id="mood"))
    assert plugins.report("calm").id == "calm"
    sentence = refused(plugins)
    assert "alliance-mood 1.0" in sentence
    assert "alliance-mood-two 1.0" in sentence
    assert {key: row.status for key, row in rows(plugins).items()} == {
        ("alliance-calm", "calm"): "ok",
        ("alliance-mood", "mood"): "contested",
        ("alliance-mood-two", "mood"): "contested",
    }
    assert "alliance_mood" not in sys.modules


def test_the_same_id_in_another_kind_is_no_contest(site: Site) -> None:
    files = {"alliance_calm/mood.toml": site.definition("mood")}
    site.install("alliance-calm", {"instruments": {"mood": "alliance_calm"}}, files)
    plugins = report(site, REPORT.format(id="mood"))
    assert (plugins.report("mood").id, plugins.instrument("mood").id) == ("mood", "mood")


@pytest.mark.parametrize("options", ["tryfirst=True", "wrapper=True", "hookwrapper=True"])
def test_no_plugin_can_change_what_another_one_offers(site: Site, options: str) -> None:
    body = "    yield\n    return []\n" if options == "wrapper=True" else "    return []\n"
    if options == "hookwrapper=True":
        body = "    outcome = yield\n    outcome.force_result([])\n"
    thief = f"from alliance_core import hookimpl\n@hookimpl({options})\ndef alliance_reports():\n{body}"
    report(site, thief, id="thief", name="alliance-thief")
    plugins = report(site, REPORT.format(id="mood"))
    refused(plugins, "thief")
    assert plugins.report("mood").title == "The mood"


def test_a_store_is_opened_by_the_plugin_of_its_scheme(site: Site) -> None:
    site.install("alliance-kept", {"stores": {"kept": "alliance_kept"}}, {"alliance_kept.py": STORE})
    plugins = Plugins(site.entries())
    assert plugins.open_store("kept:fine").url == "kept:"
    assert rows(plugins)["alliance-kept", "kept"].status == "ok"


def test_a_store_says_its_own_refusals(site: Site) -> None:
    site.install("alliance-kept", {"stores": {"kept": "alliance_kept"}}, {"alliance_kept.py": STORE})
    with pytest.raises(StoreError, match="kept: is locked; wait"):
        Plugins(site.entries()).open_store("kept:locked")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("kept://clinic:hunter2@host/boom", "RuntimeError: cannot reach the URL because ... is wrong"),
        ("kept:text", "str is no Store: it lacks administrations"),
        ("kept:none", "its plugin says that a URL of kept: is not of its kind"),
    ],
)
def test_any_other_error_of_a_store_is_one_sentence_without_secrets(site: Site, url: str, why: str) -> None:
    site.install("alliance-kept", {"stores": {"kept": "alliance_kept"}}, {"alliance_kept.py": STORE})
    with pytest.raises(PluginError) as caught:
        Plugins(site.entries()).open_store(url)
    [sentence] = caught.value.faults
    assert why in sentence
    assert "hunter2" not in sentence


def test_an_instrument_with_code_gets_its_functions_from_its_module(site: Site) -> None:
    text = site.definition("calm").replace('method = "sum"', 'method = "function"\nfunction = "same"\nrange = [1, 3]')
    code = (
        "from pathlib import Path\nfrom alliance_core import hookimpl, load_instrument\n"
        "@hookimpl\ndef alliance_instruments():\n"
        "    path = Path(__file__).with_name('calm.toml')\n"
        "    return [load_instrument(path, functions={'same': lambda values: values['1']})]\n"
    )
    files = {"alliance_calm/__init__.py": code, "alliance_calm/calm.toml": text}
    site.install("alliance-calm", {"instruments": {"calm": "alliance_calm"}}, files)
    plugins = Plugins(site.entries())
    assert "same" in plugins.instrument("calm").functions
    assert rows(plugins)["alliance-calm", "calm"].code is True
    safe = Plugins(site.entries(), safe_mode=True)
    with pytest.raises(PluginError, match="off in safe mode"):
        safe.instrument("calm")


def test_a_command_is_found_by_its_name(site: Site) -> None:
    code = (
        "import click\nfrom alliance_core import hookimpl\n"
        "@click.command()\ndef hello(): click.echo('hello')\n"
        "@hookimpl\ndef alliance_commands(): return [hello]\n"
    )
    site.install("alliance-hello", {"commands": {"hello": "alliance_hello"}}, {"alliance_hello.py": code})
    command = Plugins(site.entries()).command("hello")
    assert command is not None
    assert command.name == "hello"
    done = site.alliance("hello")
    assert (done.returncode, done.stdout) == (0, "hello\n"), done.stderr


def test_safe_mode_runs_no_code_but_the_cores_and_reads_data(site: Site) -> None:
    site.install("alliance-calm", {"instruments": {"calm": "calm"}}, {"calm/calm.toml": site.definition("calm")})
    report(site, "raise AssertionError('imported')\n")
    plugins = Plugins.installed(safe_mode=True)
    assert plugins.instrument("calm").id == "calm"
    assert "off in safe mode" in refused(plugins)
    assert rows(plugins)["alliance-mood", "mood"].status == "off"
    assert plugins.has("stores", "sqlite")
    assert "alliance_mood" not in sys.modules


def test_safe_mode_takes_no_strangers_word_for_being_the_core(site: Site) -> None:
    stranger = site.install("alliance-mood", {"reports": {"mood": "alliance_core.mood"}}, {})
    assert stranger.is_dir()
    [entry] = site.entries()
    assert not entry.is_core
    assert not Entry("reports", "mood", "alliance_core.mood").is_core


# The same from outside, in processes of their own.


def broken_clinic(site: Site) -> None:
    """Everything that went wrong for other hosts, at once."""
    report(site, "import nothing_of_that_name\n", id="lost", name="alliance-lost")
    report(site, "raise SystemExit(1)\n", id="quits", name="alliance-quits")
    misspelt = "from alliance_core import hookimpl\n@hookimpl\ndef alliance_reprots(): return []\n"
    report(site, misspelt, id="typo", name="alliance-typo")
    raising = "from alliance_core import hookimpl\n@hookimpl\ndef alliance_reports(): raise KeyError('x')\n"
    report(site, raising, id="raises", name="alliance-raises")
    site.install("alliance-wai-too", {"instruments": {"wai-sr": "too"}}, {"too/wai-sr.toml": site.definition("wai-sr")})


CULPRITS = {
    "alliance-lost": "broken", "alliance-quits": "broken", "alliance-typo": "broken", "alliance-raises": "broken",
    "alliance-wai-too": "contested",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["instruments"], ["plugins", "--help"]])
def test_commands_that_need_no_plugin_work_with_any_plugin_broken(site: Site, arguments: list[str]) -> None:
    broken_clinic(site)
    done = site.alliance(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_the_list_of_plugins_names_every_culprit_and_exits_well(site: Site) -> None:
    broken_clinic(site)
    done = site.alliance("plugins")
    assert done.returncode == 0, done.stderr
    for culprit, state in CULPRITS.items():
        assert re.search(rf"{culprit} .*{state}", done.stdout), culprit
    assert "misspelt hook alliance_reprots; the nearest is alliance_reports" in done.stdout
    told = json.loads(site.alliance("plugins", "--json").stdout)
    assert {row["distribution"]: row["status"] for row in told if row["distribution"] in CULPRITS} == CULPRITS


def test_the_doctor_names_every_culprit_and_exits_well(site: Site) -> None:
    broken_clinic(site)
    done = site.alliance("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(culprit in done.stdout for culprit in CULPRITS)
    facts = json.loads(site.alliance("doctor", "--json").stdout)
    assert facts["plugins"]["by_status"]["broken"] == 4
    assert facts["store"]["opens"] is None
    assert not (site.folder / "store.db").exists()


def test_the_doctor_says_that_a_store_cannot_be_opened(site: Site) -> None:
    (site.folder / "store.db").write_text("this is no database at all, and longer than a header" * 9, encoding="utf-8")
    done = site.alliance("doctor")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_command_that_needs_a_broken_plugin_says_so_in_one_line(site: Site) -> None:
    broken_clinic(site)
    (site.folder / "forms.csv").write_text("1\n3\n", encoding="utf-8")
    done = site.alliance("score", "forms.csv", "--instrument", "wai-sr")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "is claimed by alliance-wai" in line
    assert "by alliance-wai-too 1.0" in line
    strict = site.alliance("plugins", ALLIANCE_STRICT_PLUGINS="1")
    assert strict.returncode != 0
    assert "Traceback" in strict.stderr


def test_the_doctor_changes_nothing(site: Site) -> None:
    store = site.folder / "store.db"
    store.touch()
    done = site.alliance("doctor", "--json")
    assert (done.returncode, json.loads(done.stdout)["store"]["opens"]) == (0, True), done.stderr
    assert store.read_bytes() == b""
