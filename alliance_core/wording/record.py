"""What a wording is: the words of one measure, in one language, for one rater or for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from alliance_core.instrument import Rater

Poles = tuple[str, str]
"""The words at the two ends of a line, or of numbers between two poles: at the lowest value, at the highest."""


@frozen
class ItemWords:
    """The words of one item.

    Attributes:
        text: The question or statement as the form has it.
        poles: The words at its two ends, where they differ from item to item.
    """

    text: str
    poles: Poles | None = None


@frozen
class Wording:
    """The words of one measure in one language.

    Attributes:
        instrument: The id of the measure.
        version: The version of its definition.
        language: A BCP 47 tag, such as ``en`` or ``pt-BR``.
        items: Item id to its words.
        labels: Name of a response format to value to label.
        poles: Name of a response format to the words at its two ends.
        rater: Whose form it is; None if all raters read the same words.
        title: What the form is headed with.
        instructions: What stands above the items.
        notice: A line at the foot, such as the owner's copyright.
    """

    instrument: str
    version: str
    language: str
    items: Mapping[str, ItemWords]
    labels: Mapping[str, Mapping[Fraction, str]] = field(factory=dict)
    poles: Mapping[str, Poles] = field(factory=dict)
    rater: Rater | None = None
    title: str | None = None
    instructions: str | None = None
    notice: str | None = None

    def __str__(self) -> str:
        """What a sentence calls it: ``wai-sr 2006 in en for the client``."""
        whose = f" for the {self.rater}" if self.rater else ""
        return f"{self.instrument} {self.version} in {self.language}{whose}"


def digest(wording: Wording) -> str:
    """SHA-256 over everything that a person who answers reads, in hexadecimal."""
    matter = {
        "of": [wording.instrument, wording.version, wording.language, wording.rater],
        "around": [wording.title, wording.instructions, wording.notice],
        "items": [[name, words.text, words.poles] for name, words in sorted(wording.items.items())],
        "labels": [
            [name, [[str(value), words] for value, words in sorted(labels.items())]]
            for name, labels in sorted(wording.labels.items())
        ],
        "poles": sorted(wording.poles.items()),
    }
    text = json.dumps(matter, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
