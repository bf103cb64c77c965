"""All that a definition says, as plain values for JSON: every short form written out, every consequence worked out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import asdict

from alliance_core.definition.digest import digest
from alliance_core.instrument import PUBLISHED, Instrument, Item, Scale
from alliance_core.response import Count, highest, label, lowest

LONGEST_LIST = 101


def describe(instrument: Instrument) -> dict[str, Any]:
    """The definition with items in form order and, worked out, the range and need of each scale.

    Numbers are whole where they are whole, else the nearest double.
    """
    left_out = ("document", "functions", "formats", "items", "scales")
    said = asdict(instrument, recurse=True, filter=lambda attribute, _: attribute.name not in left_out)
    for threshold in said["thresholds"]:
        threshold["published"] = threshold["confidence"] in PUBLISHED
    described: dict[str, Any] = plain(
        {
            **said,
            "digest": digest(instrument),
            "formats": {name: asdict(response) for name, response in instrument.formats.items()},
            "items": [_item(instrument, item) for item in instrument.items],
            "scales": [_scale(instrument, scale) for scale in instrument.scales],
        }
    )
    return described


def _item(instrument: Instrument, item: Item) -> dict[str, Any]:
    response = instrument.response(item)
    numeric = response.numeric
    values = None if isinstance(response, Count) else response.values
    shown = values if values is not None and len(values) <= LONGEST_LIST else None
    return {
        **asdict(item),
        "kind": response.kind,
        "minimum": lowest(response) if numeric else None,
        "maximum": highest(response) if numeric else None,
        "options": [{"value": value, "label": label(response, value)} for value in shown or ()],
        "scales": [scale.id for scale in instrument.scales if item.id in scale.items],
    }


def _scale(instrument: Instrument, scale: Scale) -> dict[str, Any]:
    low, high = instrument.range_of(scale)
    return {
        **asdict(scale),
        "title": scale.name,
        "direction": instrument.direction_of(scale),
        "minimum": low,
        "maximum": high,
        "needed": scale.missing.needed(len(scale.items)),
    }


def plain(value: Any) -> Any:
    """The same with exact numbers as JSON has them."""
    match value:
        case Mapping():
            return {_key(key): plain(entry) for key, entry in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(entry) for entry in value]
        case Fraction():
            return value.numerator if value.denominator == 1 else float(value)
        case None | str() | int() | float():
            return value
        case _:
            return float(value)


def _key(key: Any) -> str:
    return str(plain(key)) if isinstance(key, Fraction) else str(key)
