"""What is installed is found without importing it, in one order, whatever state it is in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliance_core.errors import PluginError
from alliance_core.location import scheme_of
from alliance_core.plugins import data
from alliance_core.plugins.entries import Entry, parse_entry_points
from alliance_core.plugins.manager import Plugins

if TYPE_CHECKING:
    from tests.conftest import Site

BOOM = "raise RuntimeError('imported')\n"


def data_only(site: Site, id: str = "calm", name: str = "alliance-calm", package: str = "alliance_calm") -> None:
    site.install(name, {"instruments": {id: package}}, {f"{package}/{id}.toml": site.definition(id)})


def test_entries_are_sorted_whatever_the_order_of_installation(site: Site) -> None:
    site.install("z-dist", {"reports": {"b": "one"}, "instruments": {"z": "two"}}, {})
    site.install("a-dist", {"reports": {"a": "one"}, "instruments": {"y": "two"}}, {})
    assert [entry.place[:2] for entry in site.entries()] == [
        ("instruments", "y"), ("instruments", "z"), ("reports", "a"), ("reports", "b"),
    ]  # fmt: skip


def test_other_groups_are_passed_over_and_unknown_kinds_and_versions_are_found(site: Site) -> None:
    groups = {"alliance.instruments.v2": {"a": "m"}, "alliance.detectors.v1": {"b": "m"}, "alliance.x": {"c": "m"}}
    site.install("mixed", groups | {"console_scripts.x": {"d": "m"}}, {})
    found = site.entries()
    assert [(entry.kind, entry.contract_version, entry.supported) for entry in found] == [
        ("detectors", 1, False), ("instruments", 2, False),
    ]  # fmt: skip


def test_finding_parses_no_metadata_and_imports_no_plugin(site: Site) -> None:
    site.install("alliance-boom", {"reports": {"boom": "alliance_boom"}}, {"alliance_boom.py": BOOM})
    code = (
        "import email, sys\n"
        "email.message_from_string = None\n"
        "from alliance_core.plugins.manager import Plugins\n"
        "plugins = Plugins.installed()\n"
        "assert 'boom' in plugins.ids('reports')\n"
        "assert not {'attr', 'attrs', 'pluggy', 'click', 'alliance_boom'} & set(sys.modules), sys.modules\n"
        "try:\n    plugins.entries[0].supplier.version\nexcept TypeError:\n    pass\n"
    )
    done = site.python("-c", code)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_supplier_is_told_when_it_is_asked(site: Site) -> None:
    data_only(site)
    [entry] = site.entries()
    assert "supplier" not in vars(entry)
    assert str(entry.supplier) == "alliance-calm 1.0"
    assert Path(entry.supplier.location) == site.folder


def test_an_editable_install_is_shown_with_its_folder(site: Site) -> None:
    site.install("alliance-dev", {"reports": {"dev": "dev"}}, {}, editable=True)
    [entry] = site.entries()
    assert (entry.supplier.editable, entry.supplier.location) == (True, "/somewhere")


def test_damaged_metadata_does_not_hide_a_plugin(site: Site) -> None:
    info = site.install("alliance-odd", {"reports": {"odd": "alliance_odd.hooks"}}, {})
    (info / "METADATA").unlink()
    [entry] = site.entries()
    assert str(entry.supplier) == "alliance_odd"


def test_a_damaged_entry_points_file_hides_no_other_plugin(site: Site) -> None:
    data_only(site)
    damaged = site.install("damaged", {}, {})
    (damaged / "entry_points.txt").write_text("[alliance.reports.v1]\nnonsense\nlate = m\n", encoding="utf-8")
    not_text = site.install("nottext", {}, {})
    (not_text / "entry_points.txt").write_bytes(b"[alliance.reports.v1]\n\xff = x\n")
    assert [entry.id for entry in site.entries()] == ["calm", "late"]


def test_reading_with_care_keeps_to_our_groups() -> None:
    text = "[console_scripts]\na = b\n[alliance.stores.v1]\n# x = y\nmem = alliance_mem\nnonsense\n"
    assert list(parse_entry_points(text)) == [("stores", 1, "mem", "alliance_mem")]


def test_a_data_only_instrument_in_a_package_without_init_is_read_and_nothing_imported(site: Site) -> None:
    data_only(site)
    plugins = Plugins(site.entries())
    assert plugins.head("calm")["title"] == "A thing of calm"
    assert plugins.instrument("calm").id == "calm"
    assert plugins.distribution_of("instruments", "calm") == "alliance-calm 1.0"
    assert "alliance_calm" not in sys.modules


def test_a_data_file_is_preferred_to_code_which_is_then_never_imported(site: Site) -> None:
    files = {"alliance_calm/__init__.py": BOOM, "alliance_calm/calm.toml": site.definition("calm")}
    site.install("alliance-calm", {"instruments": {"calm": "alliance_calm"}}, files)
    assert Plugins(site.entries()).instrument("calm").id == "calm"
    assert "alliance_calm" not in sys.modules


def test_looking_for_data_imports_no_parent_of_a_dotted_module(site: Site) -> None:
    files = {"alliance_calm/__init__.py": BOOM, "alliance_calm/inner/calm.toml": site.definition("calm")}
    site.install("alliance-calm", {"instruments": {"calm": "alliance_calm.inner"}}, files)
    assert Plugins(site.entries()).head("calm") == {}
    assert "alliance_calm" not in sys.modules


def test_an_id_is_never_a_path(site: Site) -> None:
    secret = site.write("secret.toml", site.definition("secret"))
    entry = Entry("instruments", "../secret", "alliance_calm")
    site.write("alliance_calm/x.toml", "")
    assert secret.is_file()
    assert data.definition_file(entry) is None
    with pytest.raises(PluginError, match=r"'\.\./secret' cannot be an id"):
        Plugins([entry]).instrument("../secret")


def test_the_id_of_a_definition_must_be_that_of_its_entry_point(site: Site) -> None:
    files = {"alliance_calm/calm.toml": site.definition("other")}
    site.install("alliance-calm", {"instruments": {"calm": "alliance_calm"}}, files)
    with pytest.raises(PluginError, match=r"calm\.toml has the id 'other', but its entry point is 'calm'"):
        Plugins(site.entries()).instrument("calm")


def test_a_package_without_its_data_file_says_so(site: Site) -> None:
    site.install("alliance-calm", {"instruments": {"calm": "alliance_calm"}}, {"alliance_calm/note.txt": ""})
    with pytest.raises(PluginError, match=r"has no calm\.toml, and its module no alliance_instruments"):
        Plugins(site.entries()).instrument("calm")


def test_faults_of_a_definition_are_one_line_that_says_where_to_see_all(site: Site) -> None:
    text = site.definition("calm").replace("total = 3", "total = 4").replace('version = "1"', 'version = "no good"')
    site.install("alliance-calm", {"instruments": {"calm": "alliance_calm"}}, {"alliance_calm/calm.toml": text})
    with pytest.raises(PluginError) as caught:
        Plugins(site.entries()).instrument("calm")
    [sentence] = caught.value.faults
    assert "\n" not in sentence
    assert "instrument 'calm' of alliance-calm 1.0 is broken" in sentence
    assert "`alliance plugins check calm` says all" in sentence


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("postgresql://clinic/db", "postgresql"), ("clinic.db", "sqlite"), ("/var/clinic.db", "sqlite"),
        ("C:\\clinic.db", "sqlite"), ("c:/clinic.db", "sqlite"), ("./a:b.db", "sqlite"), ("folder/a:b", "sqlite"),
        ("sqlite:clinic.db", "sqlite"), ("mem+x:", "mem+x"), ("", "sqlite"), ("Ä:b", "sqlite"),
        ("PostgreSQL://x", "postgresql"), (":memory:", "sqlite"),
    ],
)  # fmt: skip
def test_a_url_means_a_store_by_its_scheme_and_a_path_means_sqlite(url: str, scheme: str) -> None:
    assert scheme_of(url) == scheme


def test_what_is_not_there_is_said_with_the_nearest_that_is(site: Site) -> None:
    data_only(site)
    plugins = Plugins(site.entries())
    with pytest.raises(PluginError, match=r"no instrument 'clam'; did you mean 'calm'\? `alliance instruments`"):
        plugins.instrument("clam")
    with pytest.raises(PluginError, match="no report 'xyz'; install the plugin that offers it; `alliance plugins`"):
        plugins.report("xyz")
    with pytest.raises(PluginError, match="no plugin opens stores of 'notes'"):
        plugins.open_store("notes:2026.db")
    assert plugins.command("nothing") is None
    assert not plugins.has("instruments", "clam")


def test_one_for_a_newer_contract_is_listed_and_never_loaded(site: Site) -> None:
    site.install("alliance-next", {"alliance.reports.v2": {"next": "alliance_next"}}, {"alliance_next.py": BOOM})
    plugins = Plugins(site.entries())
    assert plugins.ids("reports") == ()
    with pytest.raises(PluginError, match=r"alliance-next 1\.0 needs a newer alliance-core"):
        plugins.report("next")
    assert "alliance_next" not in sys.modules


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["instruments"]])
def test_a_listing_command_imports_no_plugin(site: Site, arguments: list[str]) -> None:
    data_only(site)
    site.install("alliance-boom", {"reports": {"boom": "alliance_boom"}}, {"alliance_boom.py": BOOM})
    files = {"alliance_code.py": BOOM}
    site.install(
        "alliance-code", {"instruments": {"code": "alliance_code"}, "commands": {"cc": "alliance_code"}}, files
    )
    code = (
        "import sys\nfrom alliance_core.cli import run\n"
        f"code = run({arguments!r})\n"
        "loaded = {'alliance_boom', 'alliance_calm', 'alliance_code'} & set(sys.modules)\n"
        "assert not loaded, loaded\nassert code == 0, code\n"
    )
    done = site.python("-c", code)
    assert (done.returncode, done.stderr) == (0, "")
