"""The words that a definition itself brings: all of them for a measure that ships its wording, else the labels."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve

from alliance_core.instrument import Instrument
from alliance_core.response import Bipolar, Line, Rating, ResponseFormat, YesNo
from alliance_core.wording.record import ItemWords, Poles, Wording

LANGUAGE = "en"
"""The language of definitions."""


def shipped(instrument: Instrument) -> Wording | None:
    """The wording of a measure whose topics are its wording; None if its owner keeps the text."""
    if instrument.licence.wording != "ships":
        return None
    return Wording(
        instrument=instrument.id,
        version=instrument.version,
        language=LANGUAGE,
        items={item.id: ItemWords(item.topic) for item in instrument.items},
        labels=_labels(instrument),
        poles=_poles(instrument),
        title=instrument.title,
        notice=instrument.licence.notice,
    )


def completed(wording: Wording, instrument: Instrument) -> tuple[Wording, list[str]]:
    """The wording with labels and ends that it lacks taken from the definition, where the language is the same.

    Returns:
        The wording, and a note on each response format that was completed.
    """
    if wording.language.split("-")[0] != LANGUAGE:
        return wording, []
    labels = {name: table for name, table in _labels(instrument).items() if not wording.labels.get(name)}
    own_ends = {
        item.format for item in instrument.items if (words := wording.items.get(item.id)) is None or not words.poles
    }
    poles = {
        n: ends for n, ends in _poles(instrument).items() if n not in wording.poles and n in own_ends and any(ends)
    }
    notes = [f"labels.{name}: not in the file; the definition's are used" for name in labels]
    notes += [f"poles.{name}: not in the file; the definition's are used" for name in poles]
    return evolve(wording, labels={**wording.labels, **labels}, poles={**wording.poles, **poles}), notes


def _labels(instrument: Instrument) -> dict[str, Mapping[Fraction, str]]:
    return {name: own for name, response in instrument.formats.items() if (own := labels_of(response))}


def labels_of(response: ResponseFormat) -> Mapping[Fraction, str]:
    """The labels that a definition has for a format; none where it has no labels."""
    match response:
        case Rating(labels=labels):
            return dict(labels)
        case YesNo():
            return {Fraction(0): "No", Fraction(1): "Yes"}
        case _:
            return {}


def _poles(instrument: Instrument) -> dict[str, Poles]:
    """The ends of lines and bipolar formats; empty words where the definition has none."""
    found: dict[str, Poles] = {}
    for name, response in instrument.formats.items():
        if isinstance(response, Line | Bipolar):
            left, right = response.poles if len(response.poles) == 2 else ("", "")
            found[name] = left, right
    return found
