"""The form that is scored and imported: twelve items, three of them reversed, three scales of four, and a total."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

ITEMS = tuple(f"q{number}" for number in range(1, 13))
REVERSED = ("q4", "q8", "q11")
SCALES = {"task": ITEMS[0::3], "bond": ITEMS[1::3], "goal": ITEMS[2::3], "total": ITEMS}
MISSING = 0.03
SEED = 12

DEFINITION = """\
id = "{id}"
title = "A form of twelve items"
version = "1"
raters = ["client", "therapist"]
direction = "higher-is-better"
source = "made up for a benchmark"
reverse = {reverse}
missing = {{ answered = 0.75, source = "project" }}

[licence]
owner = "nobody"
wording = "ships"

[formats.extent]
kind = "rating"
labels = {{ 1 = "Not at all", 2 = "A little", 3 = "Partly", 4 = "Mostly", 5 = "Fully" }}

[items]
{items}

[scales]
{scales}

[[examples]]
answers = [5, 4, 3, 2, 5, 4, 3, 2, 5, 4, 3, 2]
scores = {{ task = 4, bond = 4, goal = 3.5, total = 3.8333 }}

[[examples]]
answers = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]
scores = {{ task = 4, bond = 3, goal = 5, total = 4 }}

[[examples]]
answers = [5, 4, 3, "skipped", 5, 4, "skipped", 2, 5, 4, 3, 2]
scores = {{ task = "not scorable", bond = 4, goal = 3.5, total = 3.9 }}
"""

MAP = """\
rater = "client"

[columns]
case = "case"
session = "session"
date = "date"

[items]
each = "{item}"
"""


def definition(instrument_id: str = "twelve") -> str:
    """The definition of the form."""
    listed = {name: ", ".join(f'"{item}"' for item in items) for name, items in SCALES.items()}
    return DEFINITION.format(
        id=instrument_id,
        reverse=str(list(REVERSED)).replace("'", '"'),
        items="\n".join(f'{item} = "topic of {item}"' for item in ITEMS),
        scales="\n".join(f'{name} = {{ method = "mean", items = [{items}] }}' for name, items in listed.items()),
    )


def answers(count: int) -> Iterator[list[str]]:
    """Forms filled in at random, each around a level of its own, so that the items hang together as real ones do."""
    chance = random.Random(SEED)  # noqa: S311  # a seed, not a secret
    options = ["1", "2", "3", "4", "5", ""]
    turned = dict(zip(options, ["5", "4", "3", "2", "1", ""], strict=True))
    places = [n for n, item in enumerate(ITEMS) if item in REVERSED]
    weights = [_weights(level) for level in (2, 3, 4, 5)]
    for _ in range(count):
        row = chance.choices(options, cum_weights=chance.choice(weights), k=len(ITEMS))
        for place in places:
            row[place] = turned[row[place]]
        yield row


def _weights(level: int) -> list[float]:
    """Cumulated weights of the five answers and of none."""
    near = [0.5 ** abs(value - level) for value in range(1, 6)]
    shares = [weight / sum(near) * (1 - MISSING) for weight in near]
    return [sum(shares[: n + 1]) for n in range(5)] + [1.0]


def write_answers(path: Path, count: int) -> None:
    """A CSV file whose columns are the items."""
    _write(path, ITEMS, answers(count))


def write_forms(path: Path, count: int, sessions: int = 10) -> None:
    """A CSV file of cases with so many sessions each."""
    rows = (
        [f"K{n // sessions:06}", str(n % sessions + 1), f"2026-01-{n % sessions + 1:02}", *row]
        for n, row in enumerate(answers(count))
    )
    _write(path, ("case", "session", "date", *ITEMS), rows)


def _write(path: Path, header: Sequence[str], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
