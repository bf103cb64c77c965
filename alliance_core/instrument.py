"""What an instrument is: items, response formats, scales, thresholds, licence. Plain data, exact, immutable.

Instruments are not built by hand: `alliance_core.definition.load` reads them from TOML and refuses what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from attrs import field, frozen

from alliance_core.response import ResponseFormat, highest, lowest

Rater = Literal["client", "therapist", "observer", "supervisor", "supervisee", "carer"]
Audience = Literal["client", "therapist", "supervisor", "researcher"]
Direction = Literal["higher-is-better", "higher-is-worse", "neither"]
Method = Literal["sum", "mean", "any", "count", "function"]
Operator = Literal["<", "<=", ">", ">=", "="]
Confidence = Literal["V", "Vs", "H", "M", "L", "?"]
Occasion = Literal["before-session", "after-session", "between-sessions", "intake", "ending", "follow-up"]
WordingTerms = Literal["ships", "supply-your-own"]

ScoringFunction = Callable[[Mapping[str, Fraction | None]], Fraction | int | None]
"""A plugin's pure function: item id to value as answered (None if missing), to the score (None if not scorable)."""

RATERS: tuple[Rater, ...] = ("client", "therapist", "observer", "supervisor", "supervisee", "carer")
PROJECT = "project"
"""The source of a rule that nobody published."""
PUBLISHED: frozenset[Confidence] = frozenset({"V", "Vs", "H"})
"""The confidence tags of facts that may be shown as published."""
CONFIDENCE_WORDS: Mapping[Confidence, str] = {
    "V": "seen in a primary source",
    "Vs": "seen in a secondary source",
    "H": "not yet checked against the source, very likely right",
    "M": "not checked against the source",
    "L": "doubtful",
    "?": "unknown",
}


@frozen
class Licence:
    """Who owns an instrument and what may be done with its wording.

    Attributes:
        owner: The rights holder.
        wording: Whether the item wording ships with the plugin or the clinic supplies its own copy.
        terms: An SPDX expression, or the owner's terms in a few words.
        obtain: Where to get the form or a permission.
        fee: What it costs, if anything is known.
        notice: A line that must be shown with the instrument.
    """

    owner: str
    wording: WordingTerms
    terms: str | None = None
    obtain: str | None = None
    fee: str | None = None
    notice: str | None = None


@frozen
class Ages:
    """An age band in whole years, both ends included."""

    minimum: int | None = None
    maximum: int | None = None


@frozen
class Item:
    """One question.

    Attributes:
        id: Its number or short name on the form, unique in the instrument.
        topic: The project's own few words for it, so that a report reads well without the wording.
        format: The name of its response format.
        display: The order in which the form prints the options. It never changes a value.
        reverse: Whether scales use ``minimum + maximum - value``.
        unscored: Whether it is in no scale on purpose.
    """

    id: str
    topic: str
    format: str
    display: Literal["ascending", "descending"] = "ascending"
    reverse: bool = False
    unscored: bool = False


@frozen
class MissingRule:
    """How many answers a scale needs. Never is a missing answer a zero.

    Exactly one of `answered` and `allowed` is set.

    Attributes:
        source: Who set the rule; ``project`` where nobody published one.
        answered: The least share of the items that must be answered, above 0 and at most 1.
        allowed: The greatest number of items that may be missing.
        confidence: How sure the source is.
    """

    source: str
    answered: Fraction | None = None
    allowed: int | None = None
    confidence: Confidence = "H"

    def needed(self, items: int) -> int:
        """The least number of answers, of this many items, that makes a scale scorable."""
        if self.allowed is not None:
            return max(items - self.allowed, 1)
        share = self.answered if self.answered is not None else Fraction(1)
        return max(-((-share * items).__floor__()), 1)


@frozen
class Scale:
    """A scored set of items.

    Attributes:
        id: Its name in tables, columns and output.
        items: The ids of its items.
        method: ``sum`` and ``mean`` of the keyed values (prorated where the missing rule admits it); ``any`` and
            ``count`` of the items whose keyed value is at least `at_least`; ``function`` for a named pure function.
        missing: How many answers it needs.
        title: What a report calls it.
        factor: What a sum is multiplied by.
        at_least: From which keyed value on an item counts, for ``any`` and ``count``.
        function: The name of the plugin's pure function, for ``function``.
        range: The least and the greatest score of a ``function``; every other range follows from the items.
        direction: Overrides the instrument's direction.
    """

    id: str
    items: tuple[str, ...]
    method: Method
    missing: MissingRule
    title: str | None = None
    factor: Fraction = Fraction(1)
    at_least: Fraction = Fraction(1)
    function: str | None = None
    range: tuple[Fraction, ...] | None = None
    direction: Direction | None = None

    @property
    def name(self) -> str:
        """What to call the scale where a person reads."""
        return self.title or self.id.replace("-", " ")


@frozen
class Threshold:
    """A rule on one score or one answer, with its operator and its source.

    Exactly one of `scale`, `item` and `any_item` says what it looks at.

    Attributes:
        id: Its name.
        operator: How the score is compared with `value`: the rule holds where ``score operator value``.
        value: The cut-off.
        source: Where the rule stands.
        confidence: How sure that is; only V, Vs and H may be shown as published.
        scale: The id of the scale.
        item: The id of the item, compared by its value as answered.
        any_item: Whether one answer that meets the rule is enough.
        says: What it means, in the project's own words.
        raters: Whose forms it applies to; all if empty.
        ages: Whom it applies to.
        disputed: The operator that other sources give.
        dispute: Which sources those are.
    """

    id: str
    operator: Operator
    value: Fraction
    source: str
    confidence: Confidence
    scale: str | None = None
    item: str | None = None
    any_item: bool = False
    says: str = "worth talking about"
    raters: tuple[Rater, ...] = ()
    ages: Ages | None = None
    disputed: Operator | None = None
    dispute: str | None = None


@frozen
class SafetyItem:
    """An answer that asks for a person's attention whatever the score is. Kept apart from scoring.

    Attributes:
        item: The id of the item.
        operator: How its value as answered is compared with `value`.
        value: The answer from which on it speaks.
        says: What to do, in the project's own words.
        source: Where the rule stands.
    """

    item: str
    operator: Operator
    value: Fraction
    says: str
    source: str


@frozen
class Example:
    """A worked example that proves the definition. Loading the definition computes it.

    Attributes:
        answers: In form order; a missing answer is one of the four reasons, e.g. ``"skipped"``.
        scores: Scale id to score, as printed in the source, or ``"not scorable"``.
        crosses: The ids of all thresholds that the answers meet; not checked if None.
        rater: Who filled it in; the thresholds for some raters are held against it.
        age: How old the client is; the thresholds for an age band are held against it.
        source: Where the example is worked out.
    """

    answers: tuple[Any, ...]
    scores: Mapping[str, Any]
    crosses: tuple[str, ...] | None = None
    source: str | None = None
    rater: Rater | None = None
    age: int | None = None


@frozen
class Instrument:
    """A measure, complete: everything needed to ask, check, score and explain.

    Attributes:
        id: E.g. ``wai-sr``. Unique among all that is installed.
        title: Its full name.
        version: Of the measure. The same id and version always mean the same key.
        raters: Who may fill it in. One definition serves every rater whose form has the same key.
        direction: What a higher score means, unless a scale says otherwise.
        source: The publication that defines it.
        licence: Who owns it.
        items: In form order.
        formats: Name to response format.
        scales: What is scored, in the order reports show it.
        thresholds: Published rules on scores and answers.
        safety: Answers that ask for attention.
        examples: The proof.
        about: The time frame that the answers are about.
        when: When it is given.
        every: Given every so many sessions.
        confidence: How sure the key is.
        twin: The id of the parallel form for the other chair, if that is another definition. Raters of one definition
            are twins of each other.
        placeholder: What stands in the wording for the other person's name.
        ages: Whom it is for.
        segment_minutes: The length of one observed segment, where observers rate segments.
        no_total: Why no total may be computed, where the authors say so.
        audience: Who may be shown its answers and scores.
        partial: Why it has items but no key, where the key is not public. It is kept and shown, never scored.
        completes: The id of the partial definition that this one adds the key to.
        document: The definition as it was read; what a store keeps as its snapshot.
        functions: The plugin's pure functions that scales name. A snapshot has none: its old scores stay, but it can
            be scored anew only with the plugin there.
    """

    id: str
    title: str
    version: str
    raters: tuple[Rater, ...]
    direction: Direction
    source: str
    licence: Licence
    items: tuple[Item, ...]
    formats: Mapping[str, ResponseFormat]
    scales: tuple[Scale, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    safety: tuple[SafetyItem, ...] = ()
    examples: tuple[Example, ...] = ()
    about: str | None = None
    when: tuple[Occasion, ...] = ()
    every: int | None = None
    confidence: Confidence = "H"
    twin: str | None = None
    placeholder: str | None = None
    ages: Ages | None = None
    segment_minutes: int | None = None
    no_total: str | None = None
    audience: tuple[Audience, ...] = ("client", "therapist", "supervisor", "researcher")
    partial: str | None = None
    completes: str | None = None
    document: Mapping[str, Any] = field(factory=dict, eq=False, repr=False)
    functions: Mapping[str, ScoringFunction] = field(factory=dict, eq=False, repr=False)

    @cached_property
    def item_by_id(self) -> Mapping[str, Item]:
        """The items by their ids."""
        return {item.id: item for item in self.items}

    @cached_property
    def scale_by_id(self) -> Mapping[str, Scale]:
        """The scales by their ids."""
        return {scale.id: scale for scale in self.scales}

    def response(self, item: Item) -> ResponseFormat:
        """The response format of an item."""
        return self.formats[item.format]

    def keyed(self, item: Item, value: Fraction) -> Fraction:
        """What an answer counts in a scale: ``minimum + maximum - value`` where the item is reversed."""
        if not item.reverse:
            return value
        response = self.response(item)
        top = highest(response)
        if top is None:
            msg = f"item {item.id} has no highest answer, so it cannot be reversed"
            raise ValueError(msg)
        return lowest(response) + top - value

    def direction_of(self, scale: Scale) -> Direction:
        """What a higher score on this scale means."""
        return scale.direction or self.direction

    def range_of(self, scale: Scale) -> tuple[Fraction, Fraction | None]:
        """The least and the greatest possible score of a scale; the greatest is None where there is no limit."""
        if scale.range is not None:
            return scale.range[0], scale.range[1]
        if scale.method == "any":
            return Fraction(0), Fraction(1)
        if scale.method == "count":
            return Fraction(0), Fraction(len(scale.items))
        responses = [self.response(self.item_by_id[item]) for item in scale.items]
        scaling = Fraction(1, len(responses)) if scale.method == "mean" else scale.factor
        least = sum(map(lowest, responses), Fraction(0)) * scaling
        tops = [top for top in map(highest, responses) if top is not None]
        return least, sum(tops, Fraction(0)) * scaling if len(tops) == len(responses) else None
