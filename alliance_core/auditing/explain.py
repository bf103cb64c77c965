"""Finding the one mistake that reproduces every score of a file."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from alliance_core.auditing.compare import Claim
from alliance_core.auditing.suspects import Scorer, Suspect, suspects
from alliance_core.instrument import Instrument

SAMPLE = 25
FIRST_LOOK = 5
"""At every how manieth row of the sample each of the many suspects is looked at first."""
NEAR_MISSES = 3


@frozen
class Explanation:
    """A mistake and how far it goes.

    Attributes:
        what: The mistake in words.
        rows: How many rows of the file it reproduces.
        of: How many rows the file has.
    """

    what: str
    rows: int
    of: int

    @property
    def whole(self) -> bool:
        """Whether it reproduces every row."""
        return self.rows == self.of


def explain(instrument: Instrument, claims: Sequence[Claim]) -> tuple[Explanation, ...]:
    """The single mistakes that reproduce every row of a file; if there are none, those that come nearest.

    A mistake comes near only if it mends more rows than it spoils. Where several reproduce every row, the file cannot
    tell them apart, and all are given.

    Args:
        instrument: The right definition.
        claims: Every row of the file.
    """
    wrong = [claim for claim in claims if claim.wrong]
    if not wrong:
        return ()
    sample = wrong[:: max(len(wrong) // SAMPLE, 1)][:SAMPLE]
    tried = [(suspect, _in_sample(suspect, sample)) for suspect in suspects(instrument)]
    whole = [_over_all(suspect, claims) for suspect, rows in tried if rows == len(sample)]
    found = tuple(explanation for explanation in whole if explanation.whole)
    if found:
        return found
    nearest = sorted((entry for entry in tried if entry[1]), key=lambda entry: -entry[1])[:NEAR_MISSES]
    near = [_over_all(suspect, claims) for suspect, _ in nearest]
    useful = [explanation for explanation in near if explanation.rows > len(claims) - len(wrong)]
    return tuple(sorted(useful, key=lambda explanation: -explanation.rows))


def _in_sample(suspect: Suspect, sample: Sequence[Claim]) -> int:
    """How many rows of the sample it reproduces; one that reproduces none of the first look is not looked at again."""
    scorer = suspect.scorer()
    return _reproduced(scorer, sample) if _reproduced(scorer, sample[::FIRST_LOOK]) else 0


def _over_all(suspect: Suspect, claims: Sequence[Claim]) -> Explanation:
    return Explanation(suspect.what, _reproduced(suspect.scorer(), claims), len(claims))


def _reproduced(scorer: Scorer, claims: Sequence[Claim]) -> int:
    return sum(_reproduces(scorer, claim) for claim in claims)


def _reproduces(scorer: Scorer, claim: Claim) -> bool:
    values = scorer(claim.cells)
    return all(name in values and stated.agrees(values[name]) for name, stated in claim.stated.items())
