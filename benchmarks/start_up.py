"""What a command costs before it does anything to speak of, with few and with many plugins installed."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import fake_plugins
from measure import Command, Costs, beside_python, run, taking_turns
from setting import Part, Setting, alliance, hidden

PLUGINS = 50
FORM = ("session-check-in", "--case", "K1", "--rater", "client", "--answers", json.dumps([4, 5, 3, 4, 2, 4]))
HEADER = ("command", "extra plugins", "CPU ms", "peak MB", "÷ `python -c pass`", "÷ `sqlite-utils --version`")
REMARK = (
    f"Extra plugins: {PLUGINS} distributions, every other one a data-only instrument; the others are code of all kinds"
    " that imports asyncio, email and more."
)


def start_up(setting: Setting) -> list[Part]:
    """One part: every command with none and with many extra plugins."""
    extra = setting.folder / "plugins"
    fake_plugins.install(extra, PLUGINS)
    filled = setting.folder / "filled.db"
    run(alliance("fill", "--store", filled, "record", *FORM, "--session", "1", folder=setting.folder))
    peers = [
        Command("`python -c pass`", [sys.executable, "-c", "pass"], {}),
        Command("`sqlite-utils --version`", [beside_python("sqlite-utils"), "--version"], hidden()),
    ]
    without, withal = (_commands(setting.folder, filled, path) for path in (None, extra))
    costs = taking_turns([*peers, *without, *withal], setting.choose(15, 5))
    few, many = costs[2 : 2 + len(without)], costs[2 + len(without) :]
    rows = [_row(peer, "", cost, costs) for peer, cost in zip(peers, costs, strict=False)]
    for command, with_few, with_many in zip(without, few, many, strict=True):
        rows += [_row(command, "0", with_few, costs), _row(command, str(PLUGINS), with_many, costs)]
    return [Part("Start-up", HEADER, rows, [REMARK])]


def _row(command: Command, plugins: str, cost: Costs, peers: Sequence[Costs]) -> list[str]:
    ratios = [f"{cost.times(peer):.2f}" for peer in peers[:2]]
    return [command.name, plugins, f"{cost.cpu * 1000:.0f}", f"{cost.peak:.0f}", *ratios]


def _commands(folder: Path, filled: Path, extra: Path | None) -> list[Command]:
    env = hidden(extra) if extra else {}
    report = folder / "start-up.html"

    def plain(*words: str) -> Command:
        return alliance(f"`alliance {' '.join(words)}`", *words, folder=folder, env=env)

    return [
        plain("--version"),
        plain("--help"),
        plain("instruments"),
        _record(folder, filled, env),
        alliance(
            "`alliance report progress`", "--store", filled, "report", "progress", "--case", "K1", "--out", report,
            "--force", folder=folder, env=env,
        ),
    ]  # fmt: skip


def _record(folder: Path, filled: Path, env: dict[str, str]) -> Command:
    """A second form into a store that has one, always the same."""
    store = folder / "record.db"
    call = alliance("`alliance record`", "--store", store, "record", *FORM, "--session", "2", folder=folder, env=env)
    return Command(call.name, call.argv, call.env, before=lambda: shutil.copyfile(filled, store))
