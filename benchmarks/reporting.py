"""Reports of every case of a store, and plain Jinja2 pages of the same size rendered as often."""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

from measure import Command, run, taking_turns
from setting import HERE, Part, Setting, alliance, compared

HEADER = ("command", "CPU s", "wall s", "peak MB", "pages/s", "alliance ÷ this, CPU")
ITEMS = ("goal", "task", "bond", "heard", "unsaid", "overall")
REMARK = "The plain pages are tables of escaped text as long as those, and read no store."
CASES, SESSIONS = 200, 10
MAP = """\
[columns]
case = "case"
session = "session"
rater = "rater"

[items]
each = "{item}"
"""


def reporting(setting: Setting) -> list[Part]:
    """One part for the synthetic clinic, one for a larger store."""
    clinic = setting.folder / "clinic"
    example = [sys.executable, str(HERE.parent / "examples" / "synthetic_clinic.py"), "--out", str(clinic)]
    run(Command("synthetic_clinic.py", example, {}))
    cases = setting.choose(CASES, 40)
    return [
        _of_store(setting, clinic / "clinic.db", "the synthetic clinic"),
        _of_store(setting, _filled(setting.folder, cases), f"{cases} cases of {SESSIONS} sessions, both chairs"),
    ]


def _of_store(setting: Setting, store: Path, which: str) -> Part:
    out, plain = setting.folder / f"{store.stem}-reports", setting.folder / f"{store.stem}-plain"
    ours = alliance(
        "`alliance report progress --all`", "--store", store, "report", "progress", "--all", "--out", out, "--force",
        folder=setting.folder,
    )  # fmt: skip
    run(ours)
    sizes = [page.stat().st_size for page in out.glob("*.html")]
    size = sum(sizes) // len(sizes)
    script = [sys.executable, str(HERE / "peers" / "plain_pages.py"), str(len(sizes)), str(size), str(plain)]
    commands = [ours, Command("plain Jinja2 pages", script, {})]
    costs = taking_turns(commands, setting.choose(7, 3))
    rows = compared(dict(zip((command.name for command in commands), costs, strict=True)), len(sizes))
    remark = f"{len(sizes)} pages of {size / 1000:.0f} kB on average. {REMARK}"
    return Part(f"Reports: {which}", HEADER, rows, [remark])


def _filled(folder: Path, cases: int) -> Path:
    """A store of so many cases, imported."""
    forms, file_map, store = folder / "check-ins.csv", folder / "check-ins.toml", folder / "cases.db"
    chance = random.Random(7)  # noqa: S311  # a seed, not a secret
    with forms.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("case", "session", "rater", *ITEMS))
        for case in range(cases):
            for session in range(1, SESSIONS + 1):
                for rater in ("client", "therapist"):
                    writer.writerow((f"K{case:03}", session, rater, *chance.choices(range(1, 6), k=len(ITEMS))))
    file_map.write_text(MAP, encoding="utf-8")
    run(
        alliance(
            "fill", "--store", store, "import", forms, "--instrument", "session-check-in", "--map", file_map,
            folder=folder,
        )
    )  # fmt: skip
    return store
