"""The algorithm of the PHQ-9, which no definition file can declare; the other measures here are data alone."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from alliance_core import Instrument, hookimpl, load_instrument

NONE, OTHER, MAJOR = 0, 1, 2


def syndrome(values: Mapping[str, Fraction | None]) -> int:
    """Which depressive syndrome the answers have the pattern of: 0 none, 1 another, 2 major. It diagnoses nobody.

    A symptom is there from "more than half the days" on, and the ninth from "several days" on. One of the first two
    must be among them. The missing rule of the definition lets no form through that has an answer missing.
    """
    there = {item for item, value in values.items() if _answered(item, value) >= (1 if item == "9" else 2)}
    if len(there) < 2 or not there & {"1", "2"}:
        return NONE
    return MAJOR if len(there) >= 5 else OTHER


def _answered(item: str, value: Fraction | None) -> Fraction:
    if value is None:
        msg = f"item {item} is missing, and a missing symptom is no absent one"
        raise ValueError(msg)
    return value


@hookimpl
def alliance_instruments() -> list[Instrument]:
    """The PHQ-9 with its function."""
    return [load_instrument(Path(__file__).with_name("phq-9.toml"), functions={"syndrome": syndrome})]
