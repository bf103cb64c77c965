"""From nothing to a plugin: what ``alliance plugins new`` writes passes every check as it stands, and builds."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import click
import pytest

from alliance_core.cli import new, run
from alliance_core.definition.load import load_instrument
from alliance_core.instrument import RATERS
from alliance_core.scaffold.plan import MOST_ITEMS, TEMPLATE_VERSION, Plan, distribution_name
from alliance_core.scaffold.write import files

TITLE = 'Evening "form" | <b>\\'
FLAGS = ["--title", TITLE, "--owner", "our clinic", "--items", "4"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin with four items, made by flags alone."""
    made = tmp_path / "plugin"
    raters = ["--rater", "client", "--rater", "therapist"]
    command = ["plugins", "new", "evening", "--id", "evening-form", *raters, *FLAGS, "--out", str(made)]
    assert run(command) == 0
    return made


def test_a_new_plugin_is_a_whole_distribution(folder: Path) -> None:
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert made == [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "alliance_evening/evening-form.toml",
        "pyproject.toml",
        "tests/test_kit.py",
    ]


def test_what_was_asked_for_is_in_it(folder: Path) -> None:
    instrument = load_instrument(folder / "alliance_evening/evening-form.toml")
    assert (instrument.id, instrument.title, instrument.raters) == ("evening-form", TITLE, ("client", "therapist"))
    assert (len(instrument.items), instrument.licence.owner) == (4, "our clinic")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["name"] == "alliance-evening"
    assert project["project"]["entry-points"]["alliance.instruments.v1"] == {"evening-form": "alliance_evening"}
    assert project["tool"]["hatch"]["build"]["dev-mode-dirs"] == ["."]


def test_the_version_of_the_templates_is_recorded(folder: Path) -> None:
    first = (folder / "pyproject.toml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert f"template version {TEMPLATE_VERSION} " in first


def test_its_test_file_is_three_statements(folder: Path) -> None:
    lines = (folder / "tests/test_kit.py").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line] == [
        "from pathlib import Path",
        "from alliance_core.testing import InstrumentKit",
        "class TestEveningForm(InstrumentKit):",
        '    definition = Path(__file__).parents[1] / "alliance_evening" / "evening-form.toml"',
    ]


def test_a_new_plugin_passes_the_check_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plugins", "check", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "WRONG" not in printed
    assert ", 0 skipped" in printed


def test_a_new_plugin_passes_its_own_tests_at_once(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "40 passed" in done.stdout


def test_a_new_plugin_builds_into_a_wheel(folder: Path, tmp_path: Path) -> None:
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--quiet", "--wheel-dir", str(tmp_path)]
    command = [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", *options, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "alliance_evening/evening-form.toml" in names
    assert not [name for name in names if name.endswith(".py")]
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.parametrize("items", [1, 2, 3, 5, MOST_ITEMS])
@pytest.mark.parametrize("raters", [("client",), RATERS])
def test_a_plugin_of_any_size_passes_the_kit(
    items: int, raters: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made"
    whom = [word for rater in raters for word in ("--rater", rater)]
    flags = ["--title", "A form", "--owner", "somebody", "--items", str(items), *whom, "--out", str(out)]
    assert run(["plugins", "new", "my-2-forms", *flags]) == 0
    assert run(["plugins", "check", str(out)]) == 0, capsys.readouterr().out
    assert len((out / "alliance_my_2_forms/my-2-forms.toml").read_text(encoding="utf-8").splitlines()) <= 60


def test_a_folder_that_is_there_is_left_alone_without_force(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    definition = folder / "alliance_evening/evening-form.toml"
    definition.write_text("mine", encoding="utf-8")
    (folder / "notes.txt").write_text("mine too", encoding="utf-8")
    command = ["plugins", "new", "evening", "--id", "evening-form", *FLAGS, "--out", str(folder)]
    assert run(command) == 2
    assert "is there already" in capsys.readouterr().err
    assert definition.read_text(encoding="utf-8") == "mine"
    assert run([*command, "--force"]) == 0
    assert definition.read_text(encoding="utf-8") != "mine"
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine too"


@pytest.mark.parametrize(
    ("name", "full"), [("evening", "alliance-evening"), ("Alliance-Evening", "alliance-evening"), ("7", "alliance-7")]
)
def test_a_name_becomes_that_of_a_distribution(name: str, full: str) -> None:
    assert distribution_name(name) == full


@pytest.mark.parametrize("name", ["", "a_b", "../a", "a--b", "-a", "a.b", "ä", "a b", "core", "x" * 61])
def test_what_is_no_name_is_refused(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["plugins", "new", "--out", str(tmp_path / "made"), *FLAGS, "--", name]) == 2
    said = capsys.readouterr().err
    assert "no name of a plugin" in said or (name == "core" and "the core itself" in said)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("flag", "value"),
    [("--id", "Evening Form"), ("--title", " "), ("--title", "two\nlines"), ("--owner", ""), ("--items", "0"),
     ("--items", str(MOST_ITEMS + 1)), ("--rater", "therapst"), ("--id", "srs")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_the_name_of_its_flag(
    flag: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plugins", "new", "evening", *FLAGS, flag, value, "--out", str(tmp_path / "made")]) == 2
    assert flag in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_without_a_terminal_what_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plugins", "new", "evening", "--items", "4", "--out", str(tmp_path / "made")]) == 2
    assert re.search(r"--title, --owner: not given", capsys.readouterr().err)


def test_on_a_terminal_what_is_missing_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"Name of the plugin": "evening", "Full name of the measure": "Evening form", "Its id": "evening",
            "Who fills it in (several with spaces between)": "client carer", "How many items it has": 5,
            "Whose measure it is": "us"}  # fmt: skip
    asked: list[str] = []

    def prompt(what: str, **_: object) -> object:
        asked.append(what)
        return said[what]

    monkeypatch.setattr(new, "_on_terminal", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    assert run(["plugins", "new", "--out", str(tmp_path / "made")]) == 0
    assert sorted(asked) == sorted(said)
    instrument = load_instrument(tmp_path / "made/alliance_evening/evening.toml")
    assert (len(instrument.items), instrument.raters) == (5, ("client", "carer"))


def test_hostile_text_stays_text() -> None:
    plan = Plan("alliance-x", "x", '"]\\ {{ 7 * 7 }} <!-- end of the facts --> |', ("client",), 3, "'''\" #")
    made = files(plan)
    assert tomllib.loads(made["pyproject.toml"])["project"]["description"].startswith(plan.title)
    assert tomllib.loads(made["alliance_x/x.toml"])["licence"]["owner"] == plan.owner
    assert made["README.md"].count("<!--") == 2
    assert "49" not in made["README.md"]
