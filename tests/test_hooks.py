"""Every hook is documented, its example runs, and it has a test of its own. The page is written from the docstrings."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from alliance_core import hookspecs
from alliance_core.instrument import Instrument
from alliance_core.plugins.entries import Entry
from alliance_core.plugins.loading import Loader
from alliance_core.plugins.manager import Plugins
from alliance_core.reporting.report import Report

if TYPE_CHECKING:
    from tests.conftest import Site

ROOT = Path(__file__).parents[1]
REFERENCE: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "hook_reference.py"))
HOOKS = sorted(REFERENCE["hooks"]())


def example(site: Site, hook: str, more: str = "") -> str:
    """Install the example of a hook's docstring as a module; its name."""
    name = f"example_of_{hook}"
    site.write(f"{name}.py", REFERENCE["example"](getattr(hookspecs, hook)) + more)
    return name


def test_the_page_is_in_date() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "hook_reference.py"), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_at_most_eight_hooks() -> None:
    assert 0 < len(HOOKS) <= 8


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_in_all_parts(hook: str) -> None:
    function = getattr(hookspecs, hook)
    parts = REFERENCE["sections"](function)
    arguments = set(function.__annotations__) - {"return"}
    assert "Called when" in parts[""]
    assert {"Returns", "On error", "Example"} <= set(parts)
    assert all(f"{argument}:" in parts["Arguments"] for argument in arguments)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_test_of_its_own(hook: str) -> None:
    assert f"test_hook_{hook}" in globals()


@pytest.mark.parametrize("hook", HOOKS)
def test_every_example_compiles_and_registers(site: Site, hook: str) -> None:
    loader = Loader()
    assert loader.implements(loader.load(example(site, hook)), hook)


def test_hook_alliance_instruments(site: Site) -> None:
    text = site.definition("thing").replace(
        'method = "sum"', 'method = "function"\nfunction = "doubled"\nrange = [2, 6]'
    )
    site.write("thing.toml", text.replace("total = 3", "total = 6"))
    thing = Plugins([Entry("instruments", "thing", example(site, "alliance_instruments"))]).instrument("thing")
    assert isinstance(thing, Instrument)
    assert "doubled" in thing.functions


def test_hook_alliance_open_store(site: Site) -> None:
    store = (
        "\nfrom alliance_core import Store\n"
        "names = (name for name in dir(Store) if not name.startswith('_'))\n"
        "MyStore = type('MyStore', (), {name: lambda *_, **__: () for name in names})\n"
        "MyStore.__init__ = lambda self, url: None\n"
    )
    plugins = Plugins([Entry("stores", "mystore", example(site, "alliance_open_store", store))])
    assert type(plugins.open_store("mystore:here")).__name__ == "MyStore"


def test_hook_alliance_reports(site: Site) -> None:
    forms = Plugins([Entry("reports", "forms", example(site, "alliance_reports"))]).report("forms")
    assert isinstance(forms, Report)
    assert [section.template for section in forms.sections] == ["forms.html"]


def test_hook_alliance_commands(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    hello = Plugins([Entry("commands", "hello", example(site, "alliance_commands"))]).command("hello")
    assert isinstance(hello, click.Command)
    hello.main([], standalone_mode=False)
    assert capsys.readouterr().out == "hello\n"
