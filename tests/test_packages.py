"""Each package stands alone: every dependency says its lowest version, and `make packages` leaves no package out."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "packages.py"
PROJECTS = sorted(
    path
    for path in ROOT.rglob("pyproject.toml")  # wherever it is: the script's own patterns might overlook one
    if not any(part.startswith(".") or part == "build" for part in path.relative_to(ROOT).parts)
)
REQUIREMENTS = sorted(ROOT.glob("*-requirements.txt"))


def lines(file: Path) -> list[str]:
    """The lines of a requirements file that name something."""
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def stated(project: Path) -> list[str]:
    """All that a pyproject.toml asks for, to run, to build or to choose."""
    written = tomllib.loads(project.read_text(encoding="utf-8"))
    said = written["project"]
    groups = [*said.get("optional-dependencies", {}).values(), *written.get("dependency-groups", {}).values()]
    return [*said.get("dependencies", []), *written["build-system"]["requires"], *(each for g in groups for each in g)]


def has_lower_bound(requirement: str) -> bool:
    """Whether a requirement excludes some old versions."""
    return any(each.operator in (">=", "==", "~=") for each in Requirement(requirement).specifier)


def packages(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_every_dependency_of_a_package_has_a_lower_bound(project: Path) -> None:
    assert [each for each in stated(project) if not has_lower_bound(each)] == []


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_of_development_has_a_lower_bound(file: Path) -> None:
    assert [each for each in lines(file) if not has_lower_bound(each)] == []


def test_an_upper_bound_or_an_exclusion_is_no_lower_bound() -> None:
    assert not has_lower_bound("click")
    assert not has_lower_bound("click<9,!=8.2")
    assert has_lower_bound("click>=8.4,<9")


def test_every_package_of_the_repository_is_on_the_list() -> None:
    listed = json.loads(packages("--list").stdout)
    names = {tomllib.loads(project.read_text(encoding="utf-8"))["project"]["name"] for project in PROJECTS}
    assert sorted(listed["distributions"]) == sorted(names)
    assert listed["distributions"][0] == "alliance-core"


def test_the_lowest_versions_are_those_that_the_packages_state() -> None:
    core = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    pins = json.loads(packages("--list").stdout)["lowest"]
    assert {f"{name}>={version}" for name, version in pins.items()} == {each.partition(",")[0] for each in core}


def test_of_two_lower_bounds_the_higher_holds_and_none_is_an_error() -> None:
    script: dict[str, Any] = runpy.run_path(str(SCRIPT))

    def needing(name: str, *requires: str) -> Any:
        return script["Distribution"](ROOT, name, tuple(map(Requirement, requires)), frozenset(), ())

    one, other = needing("one", "Some_Thing>=1.10", "other>=9"), needing("other", "some-thing>=1.9,<2")
    assert {name: str(version) for name, version in script["floors"]([one, other]).items()} == {"some-thing": "1.10"}
    with pytest.raises(script["FailedError"], match="thing<2 has no lower bound"):
        script["floors"]([needing("one", "thing<2")])


def test_an_unknown_package_is_refused_before_anything_is_built() -> None:
    done = packages("alliance-nowhere")
    assert done.returncode == 2
    assert "there is no alliance-nowhere" in done.stderr
