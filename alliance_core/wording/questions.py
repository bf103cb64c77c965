"""A question of a foreign file, whatever the format: what matching needs to know of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from alliance_core.response import Bipolar, Count, Line, Rating, ResponseFormat, Text, YesNo
from alliance_core.wording.record import Poles
from alliance_core.wording.text import folded

Kind = Literal["choice", "yes-no", "number", "text"]

YES = frozenset(map(folded, ["yes", "true", "y", "ja", "oui", "sí", "si", "sì", "sim", "tak", "ano", "kyllä", "on"]))
NO = frozenset(
    map(folded, ["no", "false", "n", "nein", "non", "não", "nao", "nee", "nej", "nei", "nie", "ne", "ei", "off"])
)


@frozen
class Option:
    """One answer that a question offers.

    Attributes:
        label: Its words.
        code: Its code, where that is a number.
        weight: What it is worth in a score, if the file says so.
    """

    label: str
    code: Fraction | None = None
    weight: Fraction | None = None


@frozen
class Question:
    """One question of a foreign file.

    Attributes:
        names: What it may be called by: its id first, then its codes.
        text: Its text, clean.
        kind: What kind of answer it takes.
        options: What it offers, in the order of the file; none for a list of answers that the file does not hold.
        sections: The forms or groups that it stands in, the outermost first.
        heading: Text that stands before it: a section's head, an instruction.
        poles: The words at its two ends, if it is a line.
    """

    names: tuple[str, ...]
    text: str
    kind: Kind
    options: tuple[Option, ...] = ()
    sections: tuple[str, ...] = ()
    heading: str = ""
    poles: Poles | None = field(default=None)

    @property
    def id(self) -> str:
        """What the file calls it."""
        return self.names[0]


@frozen
class Valued:
    """A question's labels, each at the value that it has in the definition.

    Attributes:
        labels: Value to label; empty where the file does not hold the labels.
        sure: Whether the file itself says which label has which value.
        by_weight: Whether the values are weights in a score, which may be reversed.
        note: What was taken for granted.
    """

    labels: dict[Fraction, str]
    sure: bool = True
    by_weight: bool = False
    note: str = ""


NUMERIC = Line | Bipolar | Count


def valued(question: Question, response: ResponseFormat, known: dict[Fraction, str]) -> Valued | None:
    """How a question's answers answer an item; None if they cannot.

    Args:
        question: The question.
        response: The item's response format.
        known: The definition's own labels, by which the values of unnumbered options can be told.
    """
    match response:
        case Text():
            return Valued({}) if question.kind == "text" else None
        case YesNo():
            return _yes_no(question)
        case Rating():
            return _rating(question, response, known)
        case Bipolar() if question.kind == "choice":
            return _rating(question, Rating(dict.fromkeys(response.values, "")), {})
        case _ if question.kind == "number":
            return Valued({})
        case _:
            return Valued({}, sure=False) if question.kind == "text" and isinstance(response, Count) else None


def _yes_no(question: Question) -> Valued | None:
    if question.kind == "yes-no":
        return Valued({option.code: option.label for option in question.options if option.code is not None})
    if question.kind != "choice" or len(question.options) != 2:
        return None
    for yes, no in (question.options, question.options[::-1]):
        if folded(yes.label) in YES and folded(no.label) in NO:
            return Valued({Fraction(0): no.label, Fraction(1): yes.label})
    codes = {option.code: option.label for option in question.options}
    return Valued({k: v for k, v in codes.items() if k is not None}) if set(codes) == {0, 1} else None


def _rating(question: Question, response: Rating, known: dict[Fraction, str]) -> Valued | None:
    values, options = response.values, question.options
    if question.kind != "choice":
        return None
    if not options:
        return Valued({}, sure=False, note="its answers are in a list that is not in the file")
    if len(options) != len(values):
        return None
    for by_weight, numbers in ((False, [o.code for o in options]), (True, [o.weight for o in options])):
        if set(numbers) == set(values):
            return Valued(_at(numbers, options), by_weight=by_weight)
    home = {folded(words): value for value, words in known.items() if words}
    if len(home) == len(values) and {folded(option.label) for option in options} == set(home):
        return Valued(_at([home[folded(option.label)] for option in options], options))
    return _in_order(values, options)


def _in_order(values: tuple[Fraction, ...], options: tuple[Option, ...]) -> Valued:
    for numbers, by_weight, what in (
        ([o.code for o in options], False, "codes"),
        ([o.weight for o in options], True, "weights"),
    ):
        given = [number for number in numbers if number is not None]
        if len(set(given)) == len(options):
            ranked = dict(zip(sorted(given), values, strict=True))
            note = f"its answers have other {what} than the definition; they are taken in ascending order"
            return Valued(
                _at([ranked[number] for number in given], options), sure=False, by_weight=by_weight, note=note
            )
    note = "its answers have no numbers; they are taken in the order of the file, the first as the lowest"
    return Valued(_at(values, options), sure=False, note=note)


def _at(values: object, options: tuple[Option, ...]) -> dict[Fraction, str]:
    pairs = zip(values, options, strict=True)  # type: ignore[call-overload]  # the callers give as many values as options
    return dict(sorted((value, option.label) for value, option in pairs))
