"""Prove that each package stands alone: build the wheels once, then run each package's own tests in four ways.

alone     a new environment with the core, this one package, and pytest; nothing else may announce anything
together  all packages in one environment
lowest    all packages, with every dependency at the lowest version that its pyproject.toml allows
bare      all packages without pytest, installed from a folder with no index: the program does its main job

Called by `make packages`; ARGS="alliance-wai alliance-srs" takes only these, ARGS=--list says what there is.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
CORE = "alliance-core"
GENERATED = ("standing", "--title", "A form that stands alone", "--owner", "the project", "--items", "4")
TEST_TOOLS = ("pytest", "hypothesis", "playwright")
PYTEST = ("-q", "-rs", "--tb=short", "--import-mode=importlib", "--strict-markers", "-p", "no:cacheprovider")
MARKERS = ("-W", "error", "-o", "markers=browser: needs Chromium\ndata: needs the published data set")


class Distribution(NamedTuple):
    """One pyproject.toml."""

    folder: Path
    name: str
    requires: tuple[Requirement, ...]
    offers: frozenset[tuple[str, str]]
    packages: tuple[str, ...]

    @property
    def tools(self) -> list[str]:
        """What its tests need beside pytest."""
        tests = "".join(path.read_text(encoding="utf-8") for path in sorted((self.folder / "tests").glob("*.py")))
        return [tool for tool in TEST_TOOLS if tool == "pytest" or tool in tests]


class Result(NamedTuple):
    """What became of one distribution in one of the ways; what it printed only matters if it failed."""

    well: bool
    said: str
    printed: str = ""


class FailedError(Exception):
    """A command that had to work did not."""


def read(project: Path) -> Distribution:
    """A distribution as its pyproject.toml describes it."""
    written = tomllib.loads(project.read_text(encoding="utf-8"))
    said = written["project"]
    groups: dict[str, dict[str, str]] = said.get("entry-points", {})
    offers = frozenset((group.split(".")[1], id) for group, points in groups.items() for id in points)
    packages: list[str] = written["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    requires = tuple(map(Requirement, said.get("dependencies", [])))
    return Distribution(project.parent, said["name"], requires, offers, tuple(packages))


def distributions() -> list[Distribution]:
    """Every distribution of this repository, the core first; nobody keeps this list by hand."""
    patterns = ("plugins/*/*/pyproject.toml", "reports/*/pyproject.toml")
    return [read(ROOT / "pyproject.toml"), *(read(path) for each in patterns for path in sorted(ROOT.glob(each)))]


def floor(requirement: Requirement) -> Version | None:
    """The lowest version that a requirement allows, if it says one."""
    versions = [Version(each.version) for each in requirement.specifier if each.operator in (">=", "==", "~=")]
    return max(versions, default=None)


def floors(found: Iterable[Distribution]) -> dict[str, Version]:
    """The lowest version of each dependency that is not ours, such that every distribution admits it."""
    found = list(found)
    ours, lowest = {each.name for each in found}, dict[str, Version]()
    for requirement in (requirement for each in found for requirement in each.requires if requirement.name not in ours):
        name, version = canonicalize_name(requirement.name), floor(requirement)
        if version is None:
            raise FailedError(f"{requirement} has no lower bound")
        lowest[name] = max(version, lowest.get(name, version))
    return lowest


def run(*command: str | Path, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with both streams in one."""
    return subprocess.run(  # noqa: S603  # our own commands
        list(map(str, command)),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=900,
    )


def must(done: subprocess.CompletedProcess[str]) -> str:
    """What a command printed, if it did what it should."""
    if done.returncode:
        raise FailedError(f"{' '.join(done.args)}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Yard:
    """A temporary folder: a house of wheels, the environments made from it, and an empty folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.house, self.elsewhere = folder, folder / "house", folder / "elsewhere"
        self.house.mkdir()
        self.elsewhere.mkdir()
        self.wheels: dict[str, Path] = {}
        self.newest, self.lowest = ROOT / "constraints.txt", folder / "lowest.txt"

    @property
    def clean(self) -> dict[str, str]:
        """An environment in which no setting of this machine has a say, and pip knows no index."""
        inherited = {k: v for k, v in os.environ.items() if k.split("_")[0].rstrip("0123456789") not in UNHEARD}
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        ours = {"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "ALLIANCE_USER": "packages"}
        return inherited | pip | ours | {"PIP_FIND_LINKS": str(self.house)}

    def build(self, found: Sequence[Distribution]) -> None:
        """The wheel of each distribution, by the hatchling that runs this."""
        before = set(self.house.iterdir())
        command = (sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", self.house)
        must(run(*command, *(each.folder for each in found), cwd=ROOT, env=dict(os.environ)))
        made = {canonicalize_name(path.name.split("-")[0]): path for path in set(self.house.iterdir()) - before}
        self.wheels |= {each.name: made[canonicalize_name(each.name)] for each in found}

    def fetch(self, found: Sequence[Distribution]) -> None:
        """What the environments need from elsewhere, at the newest and the lowest versions; the only download."""
        pins = floors(found)
        others = [line for line in self.newest.read_text().splitlines() if line.partition("==")[0] not in pins]
        self.lowest.write_text("\n".join([*others, *(f"{name}=={version}" for name, version in pins.items())]) + "\n")
        tools = sorted({tool for each in found for tool in each.tools})
        for constraints in (self.newest, self.lowest):
            command = (sys.executable, "-m", "pip", "download", "-q", "-d", self.house, "-c", constraints)
            must(run(*command, *self.wheels.values(), *tools, cwd=self.folder, env=dict(os.environ)))

    def environment(
        self, name: str, found: Iterable[Distribution], tools: Iterable[str] = (), constraints: Path | None = None
    ) -> Path:
        """The Python of a new environment with these distributions, installed from their wheels."""
        folder = self.folder / "environments" / name
        venv.create(folder, with_pip=False, symlinks=True)
        python = folder / "bin" / "python"
        pip = (sys.executable, "-m", "pip", "--python", python)
        chosen = [each.name for each in found]  # by name, as from an index: the house has nobody else's
        settings = ("-q", "--no-compile", "-c", constraints or self.newest)
        must(run(*pip, "install", *settings, *chosen, *tools, cwd=self.elsewhere, env=self.clean))
        must(run(*pip, "check", cwd=self.elsewhere, env=self.clean))
        return python

    def ask(self, python: Path, *arguments: str) -> str:
        """What the program prints in an environment."""
        return must(run(python.with_name("alliance"), *arguments, cwd=self.elsewhere, env=self.clean))


UNHEARD = {"ALLIANCE", "PIP", "PYTEST", "PYTHON", "PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "HYPOTHESIS"}


def announced(yard: Yard, python: Path, found: Iterable[Distribution]) -> None:
    """Insist that an environment announces what these distributions offer, soundly, and nothing else."""
    listed: list[dict[str, Any]] = json.loads(yard.ask(python, "plugins", "--json"))
    wanted = {(each.name, *offer) for each in found for offer in each.offers}
    seen = {(each["distribution"], each["kind"], each["id"]) for each in listed}
    if wanted != seen:
        raise FailedError(f"not announced: {sorted(wanted - seen)}; announced besides: {sorted(seen - wanted)}")
    for each in listed:
        if each["status"] != "ok" or not Path(each["location"]).is_relative_to(python.parents[1]):
            raise FailedError(f"{each['id']} is {each['status']}, in {each['location']}: {each['detail']}")


def stage(each: Distribution, python: Path, folder: Path, yard: Yard) -> None:
    """A copy of a distribution's folder in which its packages are those of the wheel: the tests read what was built."""
    asked = run(python, "-c", "import alliance_core as it; print(it.__file__)", cwd=yard.elsewhere, env=yard.clean)
    site = Path(must(asked).strip()).parents[1]
    if not site.is_relative_to(python.parents[1]):
        raise FailedError(f"the core does not come from its wheel but from {site}")
    shutil.copytree(each.folder, folder, ignore=shutil.ignore_patterns(*each.packages, "__pycache__", ".*"))
    for package in each.packages:
        (folder / package).symlink_to(site / package)


def tested(each: Distribution, python: Path, yard: Yard, way: str) -> Result:
    """Run a distribution's own tests in an environment."""
    folder = yard.folder / way / each.name
    stage(each, python, folder, yard)
    command = (python, "-m", "pytest", *PYTEST, *MARKERS, "--rootdir", folder, folder / "tests")
    done = run(*command, cwd=yard.elsewhere, env=yard.clean)
    counts = re.findall(r"\d+ (?:passed|failed|skipped|errors?|xfailed)", "".join(done.stdout.splitlines()[-1:]))
    return Result(done.returncode == 0, ", ".join(counts) or f"pytest ended with {done.returncode}", done.stdout)


def guarded(work: Callable[[Distribution], Result]) -> Callable[[Distribution], Result]:
    """The same, but a command that failed is a result."""

    def result(each: Distribution) -> Result:
        try:
            return work(each)
        except FailedError as error:
            return Result(well=False, said="FAILED", printed=str(error))

    return result


def alone(yard: Yard, core: Distribution) -> Callable[[Distribution], Result]:
    """The core and one distribution."""

    def work(each: Distribution) -> Result:
        found = [core] if each == core else [core, each]
        python = yard.environment(f"alone-{each.name}", found, () if each == core else each.tools)
        announced(yard, python, found)
        return Result(well=True, said="listed") if each == core else tested(each, python, yard, "alone")

    return guarded(work)


def crowd(yard: Yard, way: str, found: Sequence[Distribution], constraints: Path) -> Callable[[Distribution], Result]:
    """All distributions in one environment; for the core, whose tests need the repository, the main job is done."""
    tools = sorted({tool for each in found for tool in each.tools})
    python = yard.environment(way, found, tools, constraints)
    pinned(yard, python, constraints)

    def work(each: Distribution) -> Result:
        if each.name == CORE:
            return Result(well=True, said="does its job", printed=main_job(yard, python, found))
        return tested(each, python, yard, f"tests-{way}")

    return guarded(work)


def pinned(yard: Yard, python: Path, constraints: Path) -> None:
    """Insist that an environment holds the versions that it was asked for."""
    wanted = dict(line.split("==") for line in constraints.read_text().splitlines() if line and line[0] != "#")
    for name, version in present(yard, python).items():
        if name in wanted and Version(version) != Version(wanted[name]):
            raise FailedError(f"{name} is at {version}, not at {wanted[name]}")


def present(yard: Yard, python: Path) -> dict[str, str]:
    """The version of each distribution in an environment."""
    code = "from importlib.metadata import distributions as d; print(*(f'{x.name}=={x.version}' for x in d()))"
    printed = must(run(python, "-c", code, cwd=yard.elsewhere, env=yard.clean))
    return {canonicalize_name(name): version for name, version in (word.split("==") for word in printed.split())}


def bare(yard: Yard, found: Sequence[Distribution]) -> Callable[[Distribution], Result]:
    """An environment with nothing for development; what is not there cannot be imported either."""
    python = yard.environment("bare", found)
    lines = (ROOT / "dev-requirements.txt").read_text().splitlines()
    if for_development := {Requirement(line).name for line in lines if line[0] != "#"} & set(present(yard, python)):
        raise FailedError(f"these are for development and came along: {for_development}")
    return guarded(lambda _: Result(well=True, said=main_job(yard, python, found)))


def main_job(yard: Yard, python: Path, found: Sequence[Distribution]) -> str:
    """Have the program list, check, record and report, all from its own command line; say what came of it."""
    announced(yard, python, found)
    version = yard.ask(python, "--version").strip()
    measures = {id for each in found for kind, id in each.offers if kind == "instruments"}
    if unlisted := measures - {each["id"] for each in json.loads(yard.ask(python, "instruments", "--json"))}:
        raise FailedError(f"`alliance instruments` does not list {sorted(unlisted)}")
    checked = yard.ask(python, "plugins", "check").strip().splitlines()[-1]
    store = ("--store", f"{python.parents[1].name}.db")
    form = ("--case", "K1", "--session", "1", "--rater", "client", "--answers", "[4, 5, 3, 4, 2, 4]")
    yard.ask(python, *store, "record", "session-check-in", *form)
    page = yard.ask(python, *store, "report", "progress", "--case", "K1")
    if not page.lower().startswith("<!doctype html>") or "Session check-in" not in page:
        raise FailedError(f"this is no report:\n{page[:500]}")
    return f"{version}; {len(measures)} measures; one form recorded and reported; {checked}"


def generated(yard: Yard, core: Distribution) -> list[Distribution]:
    """What `alliance plugins new` writes, by a core that was installed from its wheel; nothing where it cannot."""
    python, folder = yard.environment("generating", [core]), yard.folder / "generated"
    if "\n  new " not in yard.ask(python, "plugins", "--help"):
        print("`alliance plugins new` is not there yet: no generated plugin among these")
        return []
    folder.mkdir()
    must(run(python.with_name("alliance"), "plugins", "new", *GENERATED, cwd=folder, env=yard.clean))
    return [read(project) for project in folder.rglob("pyproject.toml")]


def in_one_way(
    rows: Sequence[Distribution], prepare: Callable[[], Callable[[Distribution], Result]]
) -> dict[str, Result]:
    """The result of each distribution in one way; without an environment, the first one says why."""
    try:
        work = prepare()
    except FailedError as error:
        reasons = [str(error), *("" for _ in rows[1:])]
        failed = (Result(well=False, said="FAILED", printed=reason) for reason in reasons)
        return dict(zip((each.name for each in rows), failed, strict=True))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((each.name for each in rows), pool.map(work, rows), strict=True))


def prove(yard: Yard, names: Sequence[str]) -> bool:
    """All four ways, what failed in them, and the table."""
    clock, found = [("wheels", time.monotonic())], distributions()
    core = found[0]
    yard.build(found)
    yard.fetch(found)
    if new := generated(yard, core):
        yard.build(new)
        found += new
    rows = [each for each in found if not names or each.name in names]
    ways = dict[str, dict[str, Result]]()
    for way, members, prepare in (
        ("alone", rows, lambda: alone(yard, core)),
        ("together", rows, lambda: crowd(yard, "together", found, yard.newest)),
        ("lowest", rows, lambda: crowd(yard, "lowest", found, yard.lowest)),
        ("bare", [core], lambda: bare(yard, found)),
    ):
        clock.append((way, time.monotonic()))
        ways[way] = in_one_way(members, prepare)
    clock.append(("", time.monotonic()))
    print(failures(ways), table(rows, ways), "", sep="\n")
    print(f"bare:   {ways['bare'][CORE].said}")
    print(f"lowest: {', '.join(f'{name} {version}' for name, version in floors(found).items())}")
    print("took:   " + ", ".join(f"{way} {end - begin:.0f} s" for (way, begin), (_, end) in pairwise(clock)))
    return all(result.well for results in ways.values() for result in results.values())


def failures(ways: dict[str, dict[str, Result]]) -> str:
    """What each failure printed."""
    failed = [(way, name, it.printed) for way, results in ways.items() for name, it in results.items() if not it.well]
    return "\n".join(f"== {way}, {name}:\n{printed}\n" for way, name, printed in failed if printed)


def table(rows: Sequence[Distribution], ways: dict[str, dict[str, Result]]) -> str:
    """A row for each distribution, a column for each way in which its tests ran."""
    head = [way for way in ways if way != "bare"]
    cells = [["", *head], *([each.name, *(ways[way][each.name].said for way in head)] for each in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="distributions; all, if none is named")
    parser.add_argument("--list", action="store_true", help="only say what there is, and the lowest versions, as JSON")
    asked = parser.parse_args()
    found = distributions()
    if unknown := set(asked.names) - {each.name for each in found}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if asked.list:
        pins = {name: str(version) for name, version in floors(found).items()}
        print(json.dumps({"distributions": [each.name for each in found], "lowest": pins}, indent=2))
        return 0
    with tempfile.TemporaryDirectory(prefix="alliance-packages-") as folder:
        return 0 if prove(Yard(Path(folder).resolve()), asked.names) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FailedError as failure:
        sys.exit(str(failure))
