"""The promise of the contract: what was written for v1 works with every later core of v1, and the other way round."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from alliance_core import hookspecs
from alliance_core.errors import PluginError, StoreError
from alliance_core.hookspecs import hookspec
from alliance_core.plugins.entries import Entry
from alliance_core.plugins.loading import Loader
from alliance_core.plugins.manager import Plugins

if TYPE_CHECKING:
    from tests.conftest import Site

FROZEN = Path(__file__).with_name("frozen")
ENTRIES = [Entry(kind, "frozen", "frozen_plugin_v1") for kind in ("instruments", "stores", "reports", "commands")]
V1 = {"alliance_instruments": [], "alliance_open_store": ["url"], "alliance_reports": [], "alliance_commands": []}
FORWARD = """\
from alliance_core import StoreError, hookimpl

@hookimpl
def alliance_open_store(url, actor="nobody"):
    raise StoreError(f"{url} for {actor}")
"""


@pytest.fixture
def frozen(site: Site) -> Site:
    """The frozen plugins on the path."""
    for file in [*FROZEN.glob("*.py"), *FROZEN.glob("*.toml")]:
        shutil.copy(file, site.folder)
    return site


def newer() -> ModuleType:
    """The hook specifications of a later core of v1: every hook has gained an argument with a default."""

    def alliance_instruments(locale: str = "en") -> None: ...
    def alliance_open_store(url: str, actor: str = "somebody") -> None: ...
    def alliance_reports(audience: str = "therapist") -> None: ...
    def alliance_commands(program: str = "alliance") -> None: ...

    module = ModuleType("newer_hookspecs")
    for function in (alliance_instruments, alliance_reports, alliance_commands):
        setattr(module, function.__name__, hookspec(function))
    vars(module)["alliance_open_store"] = hookspec(firstresult=True)(alliance_open_store)
    return module


SPECIFICATIONS = pytest.mark.parametrize("specifications", [hookspecs, newer()], ids=["today", "newer"])


def test_within_v1_no_hook_is_lost_and_new_arguments_have_defaults() -> None:
    for name, arguments in V1.items():
        parameters = inspect.signature(getattr(hookspecs, name)).parameters
        assert list(parameters)[: len(arguments)] == arguments
        added = list(parameters.values())[len(arguments) :]
        assert all(parameter.default is not parameter.empty for parameter in added), name


@SPECIFICATIONS
def test_a_plugin_of_v1_works_in_every_part(frozen: Site, specifications: ModuleType) -> None:
    plugins = Plugins(ENTRIES, specifications=specifications)
    assert plugins.instrument("frozen").title == "Frozen"
    assert plugins.report("frozen").sections[0].title == "Frozen"
    assert plugins.open_store("frozen:here").url == "frozen:"
    command = plugins.command("frozen")
    assert command is not None
    assert command.name == "frozen"


@SPECIFICATIONS
def test_a_plugin_that_takes_fewer_arguments_works(frozen: Site, specifications: ModuleType) -> None:
    plugins = Plugins([Entry("stores", "subset", "frozen_subset_v1")], specifications=specifications)
    with pytest.raises(StoreError, match="was asked without any argument"):
        plugins.open_store("subset:x")


@pytest.mark.parametrize(
    ("specifications", "arguments", "told"),
    [
        (hookspecs, {}, "x:y for nobody"),  # an old core knows no actor: the plugin's own default
        (newer(), {}, "x:y for "),  # an old caller names none
        (newer(), {"actor": "me"}, "x:y for me"),  # a new core gives it
    ],
)
def test_a_plugin_that_takes_a_new_argument_with_a_default_works_on_old_and_new(
    site: Site, specifications: ModuleType, arguments: dict[str, Any], told: str
) -> None:
    site.write("forward.py", FORWARD)
    loader = Loader(specifications)
    module = loader.load("forward")
    with pytest.raises(StoreError, match=told):
        loader.call(module, "alliance_open_store", url="x:y", **arguments)


def test_a_plugin_that_needs_a_new_argument_is_broken_on_an_old_core_and_says_why(site: Site) -> None:
    site.write("forward.py", FORWARD.replace('actor="nobody"', "actor"))
    with pytest.raises(
        PluginError, match=r"takes 'actor', which the hook does not give; it is alliance_open_store\(url\)"
    ):
        Plugins([Entry("stores", "forward", "forward")]).open_store("forward:x")
