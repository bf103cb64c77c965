"""A check and what it finds. Checks are plain functions, so that pytest and the command line run the same battery."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Protocol

from attrs import frozen

from alliance_core.errors import AllianceError
from alliance_core.testing.subject import Subject


@frozen
class Finding:
    """What one check found.

    Attributes:
        name: The name of the check.
        ok: Whether what it looks at is as it should be.
        faults: One sentence for each thing that is wrong.
        holds: What must hold, in a sentence.
        skipped: Why it could not be tried; empty if it was.
        advice: Whether a fault is worth a look only where a clinic checks a file of its own.
    """

    name: str
    ok: bool
    faults: tuple[str, ...]
    holds: str
    skipped: str = ""
    advice: bool = False

    @property
    def sentence(self) -> str:
        """All that there is to say, in one line."""
        return self.skipped or " ".join(_closed(fault) for fault in self.faults) or self.holds


class _Look(Protocol):
    """The function of a check."""

    __name__: str
    __doc__: str | None

    def __call__(self, subject: Subject, /) -> Iterable[str]:
        """One sentence for each fault."""


@frozen
class Check:
    """One check of the battery.

    Attributes:
        look: What looks at an instrument and yields a sentence for each fault.
        scores: Whether it computes scores, which only the plugin can where a definition names a function.
        advice: See `Finding`.
    """

    look: _Look
    scores: bool = False
    advice: bool = False

    @property
    def name(self) -> str:
        """Its name, as tests and output have it."""
        return self.look.__name__

    @property
    def doc(self) -> str:
        """What must hold, and what to do if it does not."""
        return inspect.cleandoc(self.look.__doc__ or "")

    @property
    def holds(self) -> str:
        """What must hold."""
        return " ".join(self.doc.partition("\n\n")[0].split())

    def run(self, subject: Subject) -> Finding:
        """Try it."""
        if self.scores and subject.lacks_functions:
            reason = "not tried: the definition names a function, which only its plugin supplies"
            return Finding(self.name, ok=True, faults=(), holds=self.holds, skipped=reason, advice=self.advice)
        try:
            faults = tuple(self.look(subject))
        except AllianceError as error:
            faults = error.faults
        except Exception as error:  # noqa: BLE001  # a plugin's function can fail in any way
            faults = (f"it could not be tried: {type(error).__name__}: {error}",)
        return Finding(self.name, not faults, faults, self.holds, advice=self.advice)


def check(*, scores: bool = False, advice: bool = False) -> Callable[[_Look], Check]:
    """Make a check of a function; see `Check` for the arguments."""
    return lambda look: Check(look, scores, advice)


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "]", "}")) else f"{sentence}."
