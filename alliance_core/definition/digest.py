"""The digest of a definition: equal exactly where answers and numbers mean the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import asdict

from alliance_core.instrument import Instrument, Scale


def digest(instrument: Instrument) -> str:
    """SHA-256 over all that can change an answer or a number, in hexadecimal.

    Id, version, raters, items with their formats, display order and reversing, and scales with method, items, factors
    and missing rules are in it. Titles, topics, sources, thresholds, examples, licence and audience are not: they can
    be mended without making old scores incomparable.
    """
    matter = {
        "id": instrument.id,
        "version": instrument.version,
        "raters": sorted(instrument.raters),
        "formats": {name: asdict(response) for name, response in instrument.formats.items()},
        "items": [[item.id, item.format, item.display, item.reverse] for item in instrument.items],
        "scales": {scale.id: _matter(instrument, scale) for scale in instrument.scales},
    }
    text = json.dumps(_plain(matter), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _matter(instrument: Instrument, scale: Scale) -> dict[str, Any]:
    return {
        "items": sorted(scale.items),
        "method": scale.method,
        "factor": scale.factor,
        "at_least": scale.at_least,
        "function": scale.function,
        "range": scale.range,
        "needed": scale.missing.needed(len(scale.items)),
        "direction": instrument.direction_of(scale),
    }


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case Fraction():
            return str(value)
        case _:
            return value
