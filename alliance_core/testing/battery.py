"""The battery: every check of an instrument, in the order in which a person would go through a form."""

from __future__ import annotations

from alliance_core.testing import (
    checks_examples,
    checks_form,
    checks_key,
    checks_missing,
    checks_papers,
    checks_places,
    checks_thresholds,
)
from alliance_core.testing.finding import Check, Finding
from alliance_core.testing.subject import Subject

_MODULES = (
    checks_form, checks_key, checks_missing, checks_thresholds, checks_examples, checks_places, checks_papers,
)  # fmt: skip

CHECKS: tuple[Check, ...] = tuple(
    value for module in _MODULES for value in vars(module).values() if isinstance(value, Check)
)
COUNT = 39
"""How many there are, a second time, so that one that gets lost is missed."""


def run(subject: Subject) -> list[Finding]:
    """What every check finds.

    Raises:
        RuntimeError: If a check is not there any more.
    """
    if len(CHECKS) != COUNT:
        msg = f"the battery has {len(CHECKS)} checks, but should have {COUNT}"
        raise RuntimeError(msg)
    return [each.run(subject) for each in CHECKS]


def counted(findings: list[Finding]) -> str:
    """How many checks ran, in words."""
    skipped = sum(bool(finding.skipped) for finding in findings)
    wrong = sum(not finding.ok for finding in findings)
    return f"{len(findings) - skipped} checks run, {skipped} skipped" + (f", {wrong} wrong" if wrong else "")
