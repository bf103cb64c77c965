"""Running commands as child processes, taking turns, and taking what the kernel says that each cost.

Numbers of one machine at one moment say little; the ratio of two commands that took turns says more. So commands that
are to be compared run as A B A B, and a ratio is the median of the ratios of the turns.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LAUNCH = str(Path(__file__).with_name("launch.py"))


@dataclass(frozen=True)
class Command:
    """Something to run.

    Attributes:
        name: What to call it.
        argv: The program and its arguments.
        env: Variables set on top of the surroundings.
        before: Called before each run, outside of what is measured; it undoes what the run before left behind.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds of processor time (user and system) and of wall time, and the peak in MB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Costs:
    """What the turns of one command cost."""

    turns: tuple[Cost, ...]

    @property
    def cpu(self) -> float:
        """The median of the processor time."""
        return median(turn.cpu for turn in self.turns)

    @property
    def wall(self) -> float:
        """The median of the wall time."""
        return median(turn.wall for turn in self.turns)

    @property
    def peak(self) -> float:
        """The median of the peak memory."""
        return median(turn.peak for turn in self.turns)

    def times(self, peer: Costs) -> float:
        """How many times the processor time of its peer this took: the median over the turns."""
        return median(own.cpu / other.cpu for own, other in zip(self.turns, peer.turns, strict=True))


def surroundings() -> dict[str, str]:
    """The environment without anything that would change what ``alliance`` or Python does."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ALLIANCE_", "PYTHON"))}
    return ours | {"PYTHONHASHSEED": "0"}


def run(command: Command) -> Cost:
    """Run a command once. Ends the program with what the command said if it fails."""
    command.before()
    launched = subprocess.run(  # noqa: S603  # our own commands
        [sys.executable, "-I", "-S", LAUNCH, *command.argv],
        env=surroundings() | dict(command.env),
        capture_output=True,
        check=False,
    )
    code, *cost = launched.stdout.split() or [b"1"]
    if int(code):
        sys.exit(f"{command.name}: exit code {int(code)}\n{launched.stderr.decode(errors='replace')}")
    cpu, wall, peak = map(float, cost)
    return Cost(cpu, wall, peak / 1e6)


def taking_turns(commands: Sequence[Command], turns: int, *, warm_up: bool = True) -> list[Costs]:
    """Run commands in turns, each that often; once more before that, unmeasured, so that files are in the cache."""
    if warm_up:
        for command in commands:
            run(command)
    rounds = [[run(command) for command in commands] for _ in range(turns)]
    return [Costs(turns=costs) for costs in zip(*rounds, strict=True)]


def floor() -> float:
    """The peak in MB below which none can be seen: that of the launcher."""
    return run(Command("true", ["true"], {})).peak


def beside_python(name: str) -> str:
    """The path of a command that is installed beside this Python."""
    return str(Path(sys.executable).with_name(name))
