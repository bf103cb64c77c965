"""Writing what was answered and scored: for each form one statement with all its answers, and one with all its scores.

A statement with a row for each item takes a third of the time of as many statements with one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from alliance_core.answers import Answer
from alliance_core.scoring import Score
from alliance_core.sqlite.context import Writing
from alliance_core.sqlite.definitions import KeptId

Stored = int | float | str | None
FormAnswers = tuple[int, Sequence[Stored], Sequence[str | None]]
"""The number of a form, and for each item its stored value or None, and its reason or None."""
ScoreRow = tuple[str, float | None, int | None, int | None, int, int, str]
"""Scale, value, numerator, denominator, answered, items, note."""
ScoreFacts = tuple[str | float | int | None, ...]
"""The rows of all scores of a form, one after the other."""
SCORE_COLUMNS = "scale, value, numerator, denominator, answered, items, note"


def stored(value: Fraction | str) -> int | float | str:
    """An answer as a store keeps it: whole numbers as such, others as the double that prints as the same decimal."""
    if isinstance(value, str):
        return value
    return value.numerator if value.denominator == 1 else float(value)


def read_back(value: float | str) -> Fraction | str:
    """What `stored` was given."""
    return value if isinstance(value, str) else Fraction(repr(value))


def score_facts(rows: Iterable[ScoreRow]) -> ScoreFacts:
    """The scores of a form, one row after the other in the order of the table's key."""
    return tuple(fact for row in sorted(rows) for fact in row)


def score_row(score: Score) -> ScoreRow:
    """A score as a store keeps it."""
    if score.value is None:
        return score.scale, None, None, None, score.answered, score.items, score.note
    exact = score.value.as_integer_ratio()
    return score.scale, float(score.value), *exact, score.answered, score.items, score.note


def answers_of(number: int, answers: Sequence[Answer]) -> FormAnswers:
    """The answers of one form as a store keeps them."""
    values = [None if answer.value is None else stored(answer.value) for answer in answers]
    return number, values, [answer.reason for answer in answers]


class FormWriter:
    """Writes the answers and scores of forms of one instrument.

    Args:
        writing: The transaction.
        kept: Where the instrument is kept.
        scales: How many scales it has.
    """

    def __init__(self, writing: Writing, kept: KeptId, scales: int) -> None:
        self._writing, self._kept, self._scales = writing, kept, scales
        self._insert_answers, self._insert_scores = _insert_answers(kept.items), _insert_scores(scales)

    def answers(self, forms: Iterable[FormAnswers]) -> None:
        """Write the answers of forms."""
        rows = ((number, *values, *reasons) for number, values, reasons in forms)
        self._writing.raw.executemany(self._insert_answers, rows)

    def scores(self, forms: Iterable[tuple[int, ScoreFacts]]) -> None:
        """Write the scores of forms, every form with all scales."""
        if self._scales:
            key, now = self._kept.instrument, self._writing.now
            rows = ((number, key, now, *facts) for number, facts in forms)
            self._writing.raw.executemany(self._insert_scores, rows)


def _insert_answers(items: Sequence[int]) -> str:
    count = len(items)
    rows = ", ".join(f"(?1, {int(item)}, ?{n}, ?{n + count})" for n, item in enumerate(items, start=2))
    return f"INSERT INTO answers (administration_id, item_id, value, reason) VALUES {rows}"  # noqa: S608  # numbers only


def _insert_scores(scales: int) -> str:
    width = len(SCORE_COLUMNS.split(","))
    facts = [", ".join(f"?{n + 4 + width * scale}" for n in range(width)) for scale in range(scales)]
    rows = ", ".join(f"(?1, ?2, ?3, {each})" for each in facts)
    columns = f"administration_id, instrument_id, scored_at, {SCORE_COLUMNS}"
    return f"INSERT INTO scores ({columns}) VALUES {rows}"  # noqa: S608  # numbers only
