"""Scoring a file, whole processes from CSV to CSV: ``alliance score``, pandas, R with psych."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import form
from agreement import agree
from measure import Command, run, taking_turns
from setting import HERE, Part, Setting, alliance, compared

NO_R = "R with psych is not installed, so it is not compared."
HEADER = ("command", "CPU s", "wall s", "peak MB", "rows/s", "alliance ÷ this, CPU")


def scoring(setting: Setting) -> list[Part]:
    """One part for each size of file."""
    sizes = (10_000, 100_000) if setting.quick else (10_000, 100_000, 1_000_000)
    return [_of_size(setting, size) for size in sizes]


def _of_size(setting: Setting, size: int) -> Part:
    answers, definition = setting.folder / "answers.csv", setting.folder / "twelve.toml"
    form.write_answers(answers, size)
    definition.write_text(form.definition(), encoding="utf-8")
    commands = _commands(setting.folder, answers, definition)
    for command in commands:  # the run that is not measured
        run(command)
    _check(setting.folder)
    turns = setting.choose({10_000: 11, 100_000: 7}.get(size, 3), 3)
    costs = taking_turns(commands, turns, warm_up=False)
    rows = compared(dict(zip((command.name for command in commands), costs, strict=True)), size)
    remarks = ["psych has no rule for how many items must be answered; scoreItems estimates reliabilities as well."]
    return Part(f"Scoring a CSV file of {size:,} forms", HEADER, rows, remarks if psych() else [NO_R])


def _commands(folder: Path, answers: Path, definition: Path) -> list[Command]:
    out = folder / "alliance.scores.csv"
    ours = alliance(
        "`alliance score`", "score", answers, "--instrument", definition, "--out", out, "--force", folder=folder
    )
    return [ours, *_pandas(folder, answers), *(_psych(folder, answers) if psych() else [])]


def _pandas(folder: Path, answers: Path) -> list[Command]:
    script = [sys.executable, str(HERE / "peers" / "pandas_scores.py"), str(answers)]
    return [
        Command("pandas, scores only", [*script, str(folder / "pandas.scores.csv")], {}),
        Command("pandas, the same columns", [*script, str(folder / "pandas.all.csv"), "--notes"], {}),
    ]


def _psych(folder: Path, answers: Path) -> list[Command]:
    script = ["Rscript", "--vanilla", str(HERE / "peers" / "psych_scores.R"), str(answers)]
    return [
        Command(f"R, psych::{name}", [*script, str(folder / f"{name}.csv"), name], {})
        for name in ("scoreItems", "scoreFast")
    ]


def _check(folder: Path) -> None:
    ours = folder / "alliance.scores.csv"
    agree(ours, folder / "pandas.scores.csv")
    agree(ours, folder / "pandas.all.csv", notes=True)
    if psych():
        agree(ours, folder / "scoreItems.csv", rule=False)
        agree(ours, folder / "scoreFast.csv", rule=False)


@cache
def psych() -> str | None:
    """The versions of R and psych, if both are installed."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    asked = "cat(as.character(getRversion()), 'with psych', as.character(packageVersion('psych')))"
    answer = subprocess.run(  # noqa: S603  # our own words
        [program, "--vanilla", "-e", asked], capture_output=True, text=True, check=False
    )
    return f"R {answer.stdout}" if answer.returncode == 0 else None
