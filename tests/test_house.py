"""The house keeps its own rules: sizes, one direction of imports, versions that agree, nothing that is not ours."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

import alliance_core

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "alliance_core").rglob("*.py"))
MODULES = [*CORE, *sorted(ROOT.glob("reports/*/alliance_*/*.py")), *sorted(ROOT.glob("plugins/*/*/alliance_*/*.py"))]
DEFINITIONS = sorted(ROOT.glob("plugins/instruments/*/alliance_*/*.toml"))
PROJECTS = [
    ROOT / "pyproject.toml",
    *sorted(ROOT.glob("plugins/*/*/pyproject.toml")),
    *sorted(ROOT.glob("reports/*/pyproject.toml")),
]

LOWER_FIRST = (
    {"errors", "hookspecs", "location"},
    {"response"},
    {"instrument"},
    {"answers"},
    {"scoring"},
    {"bulk", "signals", "administration"},
    {"definition"},
    {"series", "wording"},
    {"store"},
    {"reporting"},
    {"tables", "sqlite", "paper", "scaffold"},
    {"testing"},
    {"auditing", "plugins"},
    {"catalogue"},
    {"cli"},
)
"""Which part of the core may import which: only parts further up in this list, or its own."""


def floor(part: str) -> int:
    """On which floor of the house a part of the core is."""
    return next(number for number, parts in enumerate(LOWER_FIRST) if part in parts)


def imported(tree: ast.AST) -> set[str]:
    """The parts of the core that a module imports when it is run, type checking aside."""
    checking = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in checking and node.module:
            parts = node.module.split(".")
            if parts[0] == "alliance_core" and len(parts) > 1:
                found.add(parts[1])
            elif node.module == "alliance_core":
                found |= {alias.name for alias in node.names if (ROOT / "alliance_core" / alias.name).exists()}
    return found


@pytest.mark.parametrize("module", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_of_the_core_run_one_way(module: Path) -> None:
    parts = module.relative_to(ROOT / "alliance_core").with_suffix("").parts
    if parts[0] in ("__init__", "__main__"):
        return
    own = parts[0]
    above = {part for part in imported(ast.parse(module.read_text())) - {own} if floor(part) >= floor(own)}
    assert not above, f"{own} imports {above}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_400_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 400


def test_most_modules_are_shorter_than_200_lines() -> None:
    lengths = sorted(len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES)
    assert lengths[len(lengths) * 3 // 4] <= 200


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda path: path.stem)
def test_a_measure_has_at_most_60_lines_and_python_only_for_a_function(definition: Path) -> None:
    assert len(definition.read_text(encoding="utf-8").splitlines()) <= 60
    family = [file.read_text(encoding="utf-8") for file in definition.parent.glob("*.toml")]
    assert not list(definition.parent.glob("*.py")) or any("function" in text for text in family)


def test_the_core_names_no_plugin() -> None:
    names = {tomllib.loads(project.read_text())["project"]["name"].replace("-", "_") for project in PROJECTS} - {
        "alliance_core"
    }
    for module in CORE:
        found = imported_names(ast.parse(module.read_text()))
        assert not names & found, f"{module.name} imports {names & found}"


def imported_names(tree: ast.AST) -> set[str]:
    """The top-level packages that a module imports."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in names | modules}


def test_the_version_is_stated_alike_in_both_places() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == alliance_core.__version__


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_every_distribution_is_complete(project: Path) -> None:
    said = tomllib.loads(project.read_text())["project"]
    assert said["license"] == "Apache-2.0"
    assert said["requires-python"] == ">=3.11"
    assert (project.parent / "README.md").read_text(encoding="utf-8").strip()
    assert project.parent == ROOT or any((project.parent / "tests").glob("test_*.py"))


def test_every_public_name_is_there() -> None:
    for name in alliance_core.__all__:
        assert getattr(alliance_core, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        alliance_core.nothing  # noqa: B018  # asking is the point


def test_nothing_in_the_repository_names_a_host_of_a_registry() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no clone, so there is no list of the repository's files")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.suffix != ".png" and path.is_file():
            assert not any(host in path.read_text(encoding="utf-8") for host in hosts), name
