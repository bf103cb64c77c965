"""Finding the items of a measure among the questions of a foreign file: by id or code, by number, or by order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from attrs import frozen

from alliance_core.errors import WordingError
from alliance_core.instrument import Instrument, Item
from alliance_core.wording.own_words import labels_of
from alliance_core.wording.questions import Question, Valued, valued

Pairs = Mapping[str, tuple[Question, Valued]]


@frozen
class Match:
    """Which question is which item.

    Attributes:
        pairs: Item id to its question, with its labels at the definition's values, in form order.
        by: How they were told apart.
        section: The part of the file that holds the measure, if it was not named and the file has several.
    """

    pairs: Pairs
    by: str
    section: str | None = None


def match(instrument: Instrument, questions: Sequence[Question], section: str | None) -> Match:
    """The question of each item.

    Raises:
        WordingError: If the items cannot be told from the other questions beyond doubt.
    """
    sections = list(dict.fromkeys(name for question in questions for name in question.sections))
    if section is not None:
        chosen = _within(questions, section)
        if not chosen:
            raise WordingError(
                f"section: there is no {section!r:.60} in it; there is {', '.join(sections)[:300] or 'none'}"
            )
        return _match(instrument, chosen)
    try:
        return _match(instrument, questions)
    except WordingError as whole:
        fitting = [found for name in sections if (found := _match_in(instrument, questions, name)) is not None]
        alike = [one for one in fitting if _ids(one) == _ids(fitting[0])]
        if fitting and len(alike) == len(fitting):
            return alike[-1]  # the innermost
        if fitting:
            named = ", ".join(str(one.section) for one in fitting)[:300]
            raise WordingError(f"several parts of it would do ({named}); name one with --section") from whole
        raise


def _ids(found: Match) -> list[str]:
    return [question.id for question, _ in found.pairs.values()]


def _within(questions: Sequence[Question], section: str) -> list[Question]:
    return [question for question in questions if section in question.sections]


def _match_in(instrument: Instrument, questions: Sequence[Question], section: str) -> Match | None:
    try:
        found = _match(instrument, _within(questions, section))
    except WordingError:
        return None
    return Match(found.pairs, found.by, section)


def _match(instrument: Instrument, questions: Sequence[Question]) -> Match:
    pairs = _paired(instrument, _by_name(questions))
    if pairs is not None:
        return Match(pairs, "id or code")
    pairs = _paired(instrument, _by_number(instrument, questions))
    if pairs is not None:
        return Match(_alone(instrument, questions, pairs), "number")
    pairs = _aligned(instrument, questions, sure=True) or _aligned(instrument, questions, sure=False)
    if pairs is None:
        raise WordingError(_short(instrument, questions))
    return Match(_alone(instrument, questions, pairs), "order")


def _alone(instrument: Instrument, questions: Sequence[Question], pairs: Pairs) -> Pairs:
    """The pairs, if no other question could as well be an item. What is less sure than the pairs could not."""
    taken = {question.id for question, _ in pairs.values()}
    sure = all(fit.sure for _, fit in pairs.values())
    spare = [each.id for each in questions if each.id not in taken and _fits_any(instrument, each, sure=sure)]
    if spare:
        raise WordingError(
            f"{len(taken) + len(spare)} questions could be the {len(pairs)} items of {instrument.id}; too many are "
            f"{', '.join(spare)[:200]}; see that it is the same form, or name the part of the file with --section"
        )
    return pairs


def _paired(instrument: Instrument, names: Mapping[str, Question]) -> Pairs | None:
    pairs = {}
    for item in instrument.items:
        question = names.get(_plain(item.id))
        fit = None if question is None else _fit(instrument, item, question)
        if question is None or fit is None:
            return None
        pairs[item.id] = (question, fit)
    return pairs


def _fit(instrument: Instrument, item: Item, question: Question) -> Valued | None:
    response = instrument.response(item)
    return valued(question, response, dict(labels_of(response)))


def _plain(name: str) -> str:
    return name.strip().strip("/").casefold().replace("_", "-")


def _by_name(questions: Sequence[Question]) -> dict[str, Question]:
    named: dict[str, list[Question]] = {}
    for question in questions:
        for name in {_plain(name) for name in question.names}:
            named.setdefault(name, []).append(question)
    return {name: found[0] for name, found in named.items() if len(found) == 1}


def _by_number(instrument: Instrument, questions: Sequence[Question]) -> dict[str, Question]:
    """Questions by what is left of their ids without what all have in common: ``wai_07_c`` is 7 among its kind."""
    fitting = [each for each in questions if any(_fit(instrument, item, each) for item in instrument.items)]
    ids = [_plain(question.id) for question in fitting]
    if len(ids) < 2:
        return {}
    head, tail = _common(ids), _common([name[::-1] for name in ids])
    middles = [name[head : len(name) - tail] for name in ids]
    plain = [re.sub(r"^[^a-z0-9]+|[^a-z0-9]+$", "", middle).lstrip("0") or "0" for middle in middles]
    return dict(zip(plain, fitting, strict=True)) if len(set(plain)) == len(plain) else {}


def _common(names: Sequence[str]) -> int:
    """How many characters all names begin with, no number cut in two."""
    least, most = min(names), max(names)
    same = next((place for place, pair in enumerate(zip(least, most, strict=False)) if pair[0] != pair[1]), len(least))
    return len(re.sub(r"\d+$", "", least[:same]))


def _aligned(instrument: Instrument, questions: Sequence[Question], *, sure: bool) -> Pairs | None:
    """Each item with the next question that fits it, and does so beyond doubt if `sure`."""
    left = iter(questions)
    pairs = {}
    for item in instrument.items:
        for question in left:
            fit = _fit(instrument, item, question)
            if fit is not None and (fit.sure or not sure):
                pairs[item.id] = (question, fit)
                break
        else:
            return None
    return pairs


def _fits_any(instrument: Instrument, question: Question, *, sure: bool) -> bool:
    fits = (_fit(instrument, item, question) for item in instrument.items)
    return any(fit is not None and (fit.sure or not sure) for fit in fits)


def _short(instrument: Instrument, questions: Sequence[Question]) -> str:
    fitting = [each.id for each in questions if _fits_any(instrument, each, sure=False)]
    others = [each.id for each in questions if each.id not in fitting]
    counted = f"{len(fitting)} of its {len(questions)} questions" if questions else "none of its questions"
    listed = f" (not {', '.join(others)[:200]})" if others else ""
    return (
        f"it has no question for each of the {len(instrument.items)} items of {instrument.id}: {counted} "
        f"have answers that fit an item{listed}; see that it is the same form, with as many answers"
    )
