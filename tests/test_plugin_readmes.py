"""The facts in each plugin's README are those of its definitions, and are written without touching other words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from alliance_core.cli import run
from alliance_core.scaffold.readme import BEGIN, END, definition_files, written_anew

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/instruments/*/pyproject.toml"))
SRS = ROOT / "plugins/instruments/alliance-srs"


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda path: path.name)
def test_the_facts_in_every_readme_are_up_to_date(folder: Path) -> None:
    now, wanted = written_anew(folder)
    assert now.count(BEGIN) == now.count(END) == 1
    assert now == wanted, f"run: alliance plugins readme {folder.relative_to(ROOT)}"


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda path: path.name)
def test_every_measure_of_a_plugin_has_its_facts(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    for file in definition_files(folder):
        assert f"\n### `{file.stem}`: " in text


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A copy of the plugin with the SRS."""
    return Path(shutil.copytree(SRS, tmp_path / "alliance-srs"))


def test_the_facts_say_all_that_a_person_must_know(plugin: Path) -> None:
    text = written_anew(plugin)[1]
    for fact in (
        "| what | 4 items about this session, filled in by: client, aged 13 and over; given: after-session |",
        "| owner | Scott D. Miller, Barry L. Duncan and Lynn D. Johnson |",
        "| terms | free on paper for individual practitioners;",
        "| wording | not in this package; to be had from: scottdmiller.com; betteroutcomesnow.com |",
        "| how sure the key is | seen in a primary source |",
        "| reversed | none |",
        "| scale `total` | the sum of all 4 items: 0 to 40, higher is better |",
        "| missing answers | every item must be answered (our own rule) |",
        "| threshold `total-low` | total below 36: worth talking about (Duncan et al. 2003 as quoted;",
        "disputed, at or below by others: hiboop.com",
        "never shown as published",
    ):
        assert fact in text, fact


def test_a_changed_definition_is_noticed_and_written(plugin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plugins", "readme", "--check", str(plugin)]) == 0
    file, page = plugin / "alliance_srs/srs.toml", plugin / "README.md"
    before = page.read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace('owner = "Scott', 'owner = "S|cott'), encoding="utf-8")
    assert run(["plugins", "readme", "--check", str(plugin)]) == 1
    assert "is out of date" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == before
    assert run(["plugins", "readme", str(plugin)]) == 0
    assert page.read_text(encoding="utf-8") == before.replace("| owner | Scott D. Miller, Barry L. Duncan and Lynn", "| owner | S\\|cott D. Miller, Barry L. Duncan and Lynn")  # fmt: skip  # noqa: E501
    assert run(["plugins", "readme", "--check", str(plugin)]) == 0


def test_the_words_around_the_facts_stay(plugin: Path) -> None:
    page = plugin / "README.md"
    page.write_text(f"# Mine\n\n{BEGIN}\nold\n{END}\n\nMine too: \\1 \\g<0>\n", encoding="utf-8")
    text = written_anew(plugin)[1]
    assert text.startswith("# Mine\n\n<!-- facts")
    assert text.endswith(f"{END}\n\nMine too: \\1 \\g<0>\n")
    assert "\nold\n" not in text


def test_a_readme_without_the_comments_gets_the_facts_at_its_end(plugin: Path) -> None:
    (plugin / "README.md").write_text("# Mine", encoding="utf-8")
    text = written_anew(plugin)[1]
    assert text.startswith(f"# Mine\n\n{BEGIN}\n")
    assert text.endswith(f"{END}\n")


@pytest.mark.parametrize(
    ("absent", "said"),
    [
        ("README.md", "there is none"),
        ("pyproject.toml", "announces no measure"),
        ("alliance_srs/srs.toml", "not there"),
    ],
)
def test_a_folder_that_is_no_plugin_is_refused(
    absent: str, said: str, plugin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (plugin / absent).unlink()
    assert run(["plugins", "readme", str(plugin)]) == 2
    assert said in capsys.readouterr().err
