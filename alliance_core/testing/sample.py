"""What stores and reports are tried with: a measure with every kind of item, and one for the therapist's eyes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from alliance_core.administration import Administration, administer
from alliance_core.definition.load import parse_instrument
from alliance_core.instrument import Instrument
from alliance_core.scoring import Scores, score
from alliance_core.testing import hostile

MIXED = """
id = "kit-mixed"
title = "One item of each kind"
version = "1"
raters = ["client", "therapist"]
direction = "higher-is-better"
source = "project"
reverse = ["2"]
licence = { owner = "the alliance contributors", wording = "ships" }
[formats]
often = { kind = "rating", labels = { 1 = "never", 2 = "seldom", 3 = "sometimes", 4 = "often", 5 = "always" } }
line = { kind = "line", minimum = 0, maximum = 10, step = 0.1 }
box = { kind = "yes-no" }
words = { kind = "text" }
[items]
1 = { topic = "trust", format = "often" }
2 = { topic = "doubt", format = "often" }
3 = { topic = "warmth", format = "often" }
4 = { topic = "goals", format = "line" }
5 = { topic = "lateness", format = "box" }
note = { topic = "anything else", format = "words" }
[scales]
bond = { items = [1, 2, 3], method = "sum", missing = { allowed = 1, source = "project" } }
work = { items = [4], method = "mean", missing = { allowed = 0, source = "project" } }
late = { items = [5], method = "count", missing = { allowed = 0, source = "project" } }
[thresholds]
low = { scale = "bond", operator = "<", value = 6, source = "project", confidence = "M" }
[[examples]]
answers = [4, 1, 5, 8.9, "yes", "well"]
scores = { bond = 14, work = 8.9, late = 1 }
crosses = []
"""
PRIVATE = """
id = "kit-private"
title = "Kept-from-the-client title"
version = "1"
raters = ["therapist"]
audience = ["therapist", "supervisor"]
direction = "neither"
source = "project"
licence = { owner = "the alliance contributors", wording = "ships" }
formats.box = { kind = "yes-no" }
[items]
gift = "Kept-from-the-client topic"
[scales.count]
title = "Kept-from-the-client scale"
items = "all"
method = "count"
missing = { allowed = 0, source = "project" }
[[examples]]
answers = ["yes"]
scores = { count = 1 }
"""
SECRET = "Kept-from-the-client"  # noqa: S105  # a mark in a title, no password
ANSWERS: Mapping[str, Any] = {"1": 4, "2": 1, "3": 5, "4": "8.9", "5": "yes", "note": "007"}
DAY = date(2026, 1, 31)


def mixed(**changes: str) -> Instrument:
    """The measure with every kind of item; `changes` are texts of its file and what stands there instead."""
    text = MIXED
    for old, new in changes.items():
        text = text.replace(CHANGES[old], new)
    return parse_instrument(text.encode(), name="kit")


CHANGES = {"title": "One item of each kind", "version": 'version = "1"', "rule": "allowed = 1"}


def private() -> Instrument:
    """The measure that no client may be shown."""
    return parse_instrument(PRIVATE.encode(), name="kit")


def nasty() -> Instrument:
    """The measure with every kind of item, its texts full of code."""
    return hostile.hostile(mixed())


def filled(
    instrument: Instrument, answers: Mapping[str, Any] | None = None, **facts: Any
) -> tuple[Administration, Scores]:
    """A form of session 1 of case K1 by the client, unless said otherwise, with its scores."""
    given = ANSWERS if answers is None else answers
    about = {"case": "K1", "rater": "client"} | ({} if "occasion" in facts else {"session": 1}) | facts
    made = administer(instrument, given, **about)
    return made, score(instrument, made.answers)
