"""Text that would run as code if a page did not escape it, put wherever a definition has text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import escape

from alliance_core.definition.load import from_document, snapshot
from alliance_core.instrument import Instrument

BARE = "<script>alert('kit')</script>"
ESCAPED = str(escape(BARE))
TEXT = f"""{BARE}"><img src=x onerror=alert(1)>{{{{ 7 * 7 }}}}"""


def escaped(text: str) -> str:
    """Text as it stands on a page."""
    return str(escape(text))


def hostile(instrument: Instrument) -> Instrument:
    """The same measure with hostile titles, topics, labels and sources."""
    document: dict[str, Any] = json.loads(snapshot(instrument), parse_float=Decimal)
    for key in ("title", "source"):
        document[key] = f"{document[key]} {TEXT}"
    document["items"] = {name: _topic(value) for name, value in document["items"].items()}
    for response in document.get("formats", {}).values():
        if "labels" in response:
            response["labels"] = {value: f"{label} {TEXT}" for value, label in response["labels"].items()}
    for part in (*document.get("scales", {}).values(), *document.get("thresholds", {}).values()):
        part["title" if "items" in part else "says"] = TEXT
    return from_document(document, name="hostile", functions=instrument.functions)


def _topic(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {**value, "topic": f"{value['topic']} {TEXT}"}
    return f"{value} {TEXT}"
