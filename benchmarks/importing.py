"""Importing a file of forms into a fresh store, and a plain script that writes the same rows without guards."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import form
from measure import Command, taking_turns
from setting import HERE, Part, Setting, alliance, compared

HEADER = ("command", "CPU s", "wall s", "peak MB", "forms/s", "alliance ÷ this, CPU")
REMARK = (
    "The script reads the same file, scores with plain arithmetic and calls sqlite3.executemany in one transaction with"
    " synchronous = FULL, on the same tables administrations, answers and scores, without triggers, foreign keys and"
    " audit, and without checking an answer."
)


def importing(setting: Setting) -> list[Part]:
    """One part for each size of file."""
    sizes = (10_000,) if setting.quick else (10_000, 100_000)
    return [_of_size(setting, size) for size in sizes]


def _of_size(setting: Setting, size: int) -> Part:
    folder = setting.folder
    forms, definition, file_map = folder / "forms.csv", folder / "twelve.toml", folder / "map.toml"
    form.write_forms(forms, size)
    definition.write_text(form.definition(), encoding="utf-8")
    file_map.write_text(form.MAP, encoding="utf-8")
    ours, plain = folder / "imported.db", folder / "plain.db"
    call = alliance(
        "`alliance import`", "--store", ours, "import", forms, "--instrument", definition, "--map", file_map,
        folder=folder,
    )  # fmt: skip
    script = [sys.executable, str(HERE / "peers" / "plain_import.py"), str(forms), str(plain)]
    commands = [
        Command(call.name, call.argv, call.env, before=partial(forget, ours)),
        Command("a plain script, executemany", script, {}, before=partial(forget, plain)),
    ]
    costs = taking_turns(commands, setting.choose(7 if size <= 10_000 else 5, 3))
    rows = compared(dict(zip((command.name for command in commands), costs, strict=True)), size)
    mega = [f"{path.stat().st_size / 1e6:.1f} MB" for path in (ours, plain)]
    remarks = [REMARK, f"The files: {mega[0]} and {mega[1]}."]
    return Part(f"Importing {size:,} forms of twelve items", HEADER, rows, remarks)


def forget(store: Path) -> None:
    """Remove a store and what SQLite keeps beside it."""
    for path in (store, *store.parent.glob(f"{store.name}-*")):
        path.unlink(missing_ok=True)
