"""A synthetic clinic: three therapists, eight cases, both chairs, gaps, a rupture and its repair, missing answers.

Nothing in it is real. Every form goes through the same door as a clinic's: ``alliance record``. The same seed always
gives the same clinic.

    python examples/synthetic_clinic.py --out demo
"""

from __future__ import annotations

import argparse
import io
import json
import random
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from alliance_core.cli import run
from alliance_core.instrument import Instrument, Item
from alliance_core.plugins.manager import Plugins

SEED = 20260105
FIRST_DAY = date(2026, 1, 5)
MARK = ".synthetic-clinic"


class Course(NamedTuple):
    """How one case goes: levels from 0 (worst) to 1 (best), as each chair sees it."""

    case: str
    client: str
    therapist: str
    sessions: int
    level: float
    slope: float
    gap_of_views: float
    rupture_at: int | None = None
    missing: float = 0.0
    no_shows: tuple[int, ...] = ()


COURSES = (
    Course("K01", "C101", "T1", 12, 0.62, 0.020, -0.08, rupture_at=6),
    Course("K02", "C102", "T1", 10, 0.80, 0.005, -0.10),
    Course("K03", "C103", "T1", 8, 0.45, 0.040, 0.05, no_shows=(4,)),
    Course("K04", "C104", "T2", 12, 0.70, 0.010, -0.05, missing=0.12),
    Course("K05", "C105", "T2", 9, 0.85, -0.030, -0.02),
    Course("K06", "C106", "T2", 6, 0.95, 0.010, -0.15),
    Course("K07", "C107", "T3", 11, 0.55, 0.025, 0.00, no_shows=(3, 7)),
    Course("K08", "C108", "T3", 7, 0.72, 0.000, -0.06),
)


def level(course: Course, session: int, rater: str) -> float:
    """Where the alliance stands in one session, from 0 to 1, as one chair sees it."""
    height = course.level + course.slope * (session - 1)
    if course.rupture_at is not None:
        height -= {0: 0.42, 1: 0.22, 2: 0.05}.get(session - course.rupture_at, 0.0)
    if rater == "therapist":
        height += course.gap_of_views
    return min(max(height, 0.02), 0.98)


def answer(instrument: Instrument, item: Item, height: float, chance: random.Random) -> object:
    """An answer near a height from 0 to 1; None if it was skipped."""
    values = instrument.response(item).values
    if not values:
        return None
    place = min(max(height + chance.gauss(0, 0.07), 0.0), 1.0)
    if item.reverse:
        place = 1 - place
    value = values[round(place * (len(values) - 1))]
    return int(value) if value.denominator == 1 else float(Fraction(value))


def answers(
    instrument: Instrument, course: Course, session: int, rater: str, chance: random.Random
) -> Mapping[str, object]:
    """One form, filled in."""
    height = level(course, session, rater)
    filled = {item.id: answer(instrument, item, height, chance) for item in instrument.items}
    if rater == "client":
        for name in filled:
            if chance.random() < course.missing:
                filled[name] = chance.choice([None, None, "declined"])
    return filled


def reflection(instrument: Instrument, chance: random.Random) -> Mapping[str, object]:
    """A boundary reflection: mostly nothing to report."""
    filled: dict[str, object] = {}
    for item in instrument.items:
        match instrument.response(item).kind:
            case "yes-no":
                filled[item.id] = chance.random() < 0.06
            case "text":
                filled[item.id] = None
            case _:
                filled[item.id] = int((instrument.response(item).values or (Fraction(0),))[0])
    return filled


def forms(course: Course) -> Iterator[tuple[str, int, str]]:
    """Which forms a case has: the instrument, the session, the rater."""
    for session in range(1, course.sessions + 1):
        if session in course.no_shows:
            continue
        yield "srs", session, "client"
        yield "session-check-in", session, "client"
        if session != 2 or course.case != "K08":  # a therapist forgets one
            yield "session-check-in", session, "therapist"
        if session in (3, 5) or session % 4 == 0:
            yield "wai-sr", session, "client"
        if session % 5 == 0:
            yield "boundary-reflection", session, "therapist"


def record(store: Path, course: Course, given: Mapping[str, object], form: tuple[str, int, str]) -> None:
    """Record one form as a clinic does."""
    name, session, rater = form
    day = FIRST_DAY + timedelta(weeks=session - 1, days=int(course.case[1:]) % 5)
    command = [
        "--store", str(store), "record", name, "--case", course.case, "--session", str(session), "--rater", rater,
        "--client", course.client, "--therapist", course.therapist, "--date", day.isoformat(),
        "--setting", "video" if session % 3 == 0 else "in-person", "--answers", json.dumps(given),
    ]  # fmt: skip
    with redirect_stdout(io.StringIO()):
        code = run(command)
    if code:
        sys.exit(code)


def fill(store: Path) -> int:
    """Record every form of every case; how many there were."""
    plugins, chance, count = Plugins.installed(), random.Random(SEED), 0  # noqa: S311  # a seed, not a secret
    instruments = {
        name: plugins.instrument(name) for name in ("srs", "session-check-in", "wai-sr", "boundary-reflection")
    }
    for course in COURSES:
        for form in forms(course):
            name, session, rater = form
            instrument = instruments[name]
            given = (
                reflection(instrument, chance)
                if name == "boundary-reflection"
                else answers(instrument, course, session, rater, chance)
            )
            record(store, course, given, form)
            count += 1
    return count


def fresh(folder: Path) -> None:
    """An empty folder, unless it holds something that this program did not make."""
    if folder.exists():
        if not (folder / MARK).exists() and any(folder.iterdir()):
            sys.exit(f"{folder}: is there already and was not made by this program; name another with --out")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def main() -> None:
    """Make the clinic, render its reports, and say what to try next."""
    parser = argparse.ArgumentParser(description="Make a synthetic clinic and its reports.")
    parser.add_argument("--out", default="demo", help="the folder to make (default: demo)")
    folder = Path(parser.parse_args().out)
    fresh(folder)
    store, reports = folder / "clinic.db", folder / "reports"
    print(f"Recorded {fill(store)} forms of {len(COURSES)} cases into {store}")
    code = run(["--store", str(store), "report", "progress", "--all", "--out", str(reports)])
    if code:
        sys.exit(code)
    alliance = Path(sys.executable).with_name("alliance")
    shown = alliance.relative_to(Path.cwd()) if alliance.is_relative_to(Path.cwd()) else alliance
    print(
        f"\nOpen {reports / 'K01.html'} in a browser: a rupture in session 6, and its repair.\n\nTry next:\n"
        f"  {shown} --store {store} scores --case K01 --instrument session-check-in\n"
        f"  {shown} --store {store} instruments show srs\n"
        f"  {shown} --store {store} record session-check-in --case K01 --session 13 --rater client"
    )


if __name__ == "__main__":
    main()
