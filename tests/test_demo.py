"""The demo does the main job: a synthetic clinic recorded through the real path, and every report rendered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from alliance_core.cli import run

SCRIPT = Path(__file__).parents[1] / "examples" / "synthetic_clinic.py"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the demo makes."""
    folder = tmp_path_factory.mktemp("demo") / "clinic"
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("--store") == 3, "the next three commands to try are printed"
    return folder


def test_every_case_has_a_report(demo: Path) -> None:
    reports = sorted(path.stem for path in (demo / "reports").glob("*.html"))
    assert reports == [f"K0{number}" for number in range(1, 9)]
    assert all(
        path.read_text(encoding="utf-8").lower().startswith("<!doctype html>") for path in (demo / "reports").iterdir()
    )


def test_the_clinic_has_a_rupture_and_its_repair(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = scores(demo, capsys, "K01", "session-check-in")
    client = {row["session"]: row["score"] for row in rows if row["rater"] == "client"}
    assert client[6] < client[5] - 1
    assert client[8] > client[6] + 1


def test_the_clinic_has_missing_answers_and_scores_that_are_not_scorable(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = scores(demo, capsys, "K04", "srs")
    assert any(row["score"] is None and row["note"].startswith("not scorable") for row in rows)
    assert any(row["score"] is not None for row in rows)


def test_the_clinic_has_gaps(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sessions = {row["session"] for row in scores(demo, capsys, "K07", "srs")}
    assert not {3, 7} & sessions
    assert {2, 4, 6, 8} <= sessions


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "was not made by this program" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def scores(demo: Path, capsys: pytest.CaptureFixture[str], case: str, instrument: str) -> list[dict[str, Any]]:
    """The scores of a case, as the command line lists them."""
    import json

    capsys.readouterr()
    assert (
        run(["--store", str(demo / "clinic.db"), "scores", "--case", case, "--instrument", instrument, "--json"]) == 0
    )
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows
