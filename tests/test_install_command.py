"""Installing and uninstalling plugins: pip does it, and no broken plugin is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Site

FAKE_PIP = "import sys\nprint('pip', *sys.argv[1:])\nsys.exit(3 if 'nothing' in sys.argv else 0)\n"


@pytest.fixture
def clinic(site: Site) -> Site:
    """A machine on which a plugin is broken and pip says what it is told."""
    site.write("pip/__init__.py", "")
    site.write("pip/__main__.py", FAKE_PIP)
    site.install(
        "alliance-broken", {"instruments": {"broken": "broken_plugin"}}, {"broken_plugin.py": "import nowhere"}
    )
    return site


def test_a_plugin_is_installed_with_pip_although_another_is_broken(clinic: Site) -> None:
    done = clinic.alliance("install", "--upgrade", "alliance-srs")
    assert (done.returncode, done.stdout) == (0, "pip install --upgrade -- alliance-srs\n")


def test_a_broken_plugin_can_be_uninstalled(clinic: Site) -> None:
    done = clinic.alliance("uninstall", "--yes", "alliance-broken")
    assert (done.returncode, done.stdout) == (0, "pip uninstall --yes -- alliance-broken\n")


def test_what_looks_like_an_option_of_pip_is_a_name(clinic: Site) -> None:
    done = clinic.alliance("install", "--", "--index-url=elsewhere")
    assert done.stdout == "pip install -- --index-url=elsewhere\n"


def test_what_pip_refuses_is_refused(clinic: Site) -> None:
    assert clinic.alliance("install", "nothing").returncode == 2


def test_without_pip_one_sentence_says_so(clinic: Site) -> None:
    clinic.write("pip/__init__.py", "raise ImportError('no pip')")
    done = clinic.alliance("install", "alliance-srs")
    assert done.returncode == 2
    assert done.stderr == "Error: pip is not in this environment; use the tool that made it, such as uv or pipx\n"
