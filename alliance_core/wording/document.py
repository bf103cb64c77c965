"""A wording written down: as plain tables, from which TOML and JSON are made, and back from tables to a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, get_args

from alliance_core.answers import number, shown
from alliance_core.errors import WordingError
from alliance_core.instrument import Rater
from alliance_core.wording.record import ItemWords, Poles, Wording
from alliance_core.wording.text import tidy

KEYS = ("instrument", "version", "language", "rater", "title", "instructions", "notice", "labels", "poles", "items")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*", re.ASCII)
ENDS = ("left", "right")
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def to_document(wording: Wording) -> dict[str, Any]:
    """The wording as plain tables, in the order that a person reads them; what is not there is left out."""
    said: dict[str, Any] = {
        "instrument": wording.instrument,
        "version": wording.version,
        "language": wording.language,
        "rater": wording.rater,
        "title": wording.title,
        "instructions": wording.instructions,
        "notice": wording.notice,
        "labels": {
            name: {shown(value): words for value, words in labels.items()} for name, labels in wording.labels.items()
        },
        "poles": {name: dict(zip(ENDS, poles, strict=True)) for name, poles in wording.poles.items()},
        "items": {name: _item(words) for name, words in wording.items.items()},
    }
    return {key: value for key, value in said.items() if value not in (None, {})}


def _item(words: ItemWords) -> Any:
    return words.text if words.poles is None else {"text": words.text, **dict(zip(ENDS, words.poles, strict=True))}


def to_toml(document: Mapping[str, Any]) -> str:
    """Plain tables as a TOML file that `from_document` takes back."""
    tables = {key: value for key, value in document.items() if isinstance(value, Mapping)}
    lines = [f"{key} = {_quoted(value)}" for key, value in document.items() if key not in tables]
    for key in ("labels", "poles"):
        for name, table in tables.get(key, {}).items():
            lines += ["", f"[{key}.{_key(name)}]", *(f"{_key(k)} = {_quoted(v)}" for k, v in table.items())]
    lines += ["", "[items]", *(f"{_key(name)} = {_inline(value)}" for name, value in tables.get("items", {}).items())]
    return "\n".join(lines) + "\n"


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return "{ " + ", ".join(f"{key} = {_quoted(words)}" for key, words in value.items()) + " }"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_document(document: Mapping[str, Any]) -> Wording:
    """The wording that plain tables say. What it says is held against the definition elsewhere.

    Raises:
        WordingError: With one sentence for each key that is missing, unknown or of the wrong kind.
    """
    if not isinstance(document, Mapping):
        raise WordingError("is no wording; it must be a table with instrument, version, language and items")
    faults: list[str] = []
    faults += [f"{key}: is not a key of a wording; write {', '.join(KEYS)}" for key in document if key not in KEYS]
    faults += [f"{key}: is missing; add it" for key in (*KEYS[:3], "items") if key not in document]
    words = {key: _text(document[key], key, faults) for key in KEYS[:7] if key in document}
    for key in KEYS[7:]:
        if not isinstance(document.get(key, {}), Mapping):
            faults.append(f"{key}: is no table; write [{key}] with a line for each under it")
    if faults:
        raise WordingError(*faults)
    labels = {name: _labels(name, table, faults) for name, table in document.get("labels", {}).items()}
    poles = {name: _poles(table, f"poles.{name}", faults) for name, table in document.get("poles", {}).items()}
    items = {name: _words(raw, f"items.{name}", faults) for name, raw in document["items"].items()}
    words["language"] = canonical(words["language"])
    faults += _head_faults(words)
    if faults:
        raise WordingError(*faults)
    named: dict[str, Any] = {key: text or None for key, text in words.items()}
    return Wording(
        **named, items=items, labels=labels, poles={n: ends for n, ends in poles.items() if ends and any(ends)}
    )


def _head_faults(words: Mapping[str, str]) -> Iterator[str]:
    if not LANGUAGE.fullmatch(words["language"]):
        yield language_fault(words["language"])
    if words.get("rater") and words["rater"] not in get_args(Rater):
        yield f"rater: {words['rater']!r:.40} is no rater; write one of {', '.join(get_args(Rater))}"


def canonical(language: str) -> str:
    """A language tag in the case that it is written in: ``pt-br`` is ``pt-BR``."""
    first, *rest = language.replace("_", "-").split("-")
    cases = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cases.get(len(part), str.lower)(part) for part in rest)])


def checked_language(language: str) -> str:
    """A language tag in its proper case.

    Raises:
        WordingError: If it is none.
    """
    if not LANGUAGE.fullmatch(canonical(language)):
        raise WordingError(language_fault(language))
    return canonical(language)


def language_fault(language: str) -> str:
    """The sentence for what is no language tag."""
    return f"language: {language!r:.40} is no language tag; write one such as en, de or pt-BR"


def _text(raw: Any, where: str, faults: list[str]) -> str:
    if not isinstance(raw, str):
        faults.append(f"{where}: {raw!r:.60} is no text; write it in quotes")
        return ""
    return tidy(raw)


def _labels(name: str, table: Any, faults: list[str]) -> dict[Fraction, str]:
    where = f"labels.{name}"
    if not isinstance(table, Mapping):
        faults.append(f'{where}: is no table; write [{where}] with lines such as 1 = "Seldom" under it')
        return {}
    found: dict[Fraction, str] = {}
    for key, words in table.items():
        value = number(key)
        if value is None:
            faults.append(f'{where}: {key!r:.40} is no value; write the value first, as in 1 = "Seldom"')
        elif value in found:
            faults.append(f"{where}: {shown(value)} has two labels; give it one")
        else:
            found[value] = _text(words, f"{where}.{key}", faults)
    return found


def _poles(table: Any, where: str, faults: list[str]) -> Poles | None:
    if not isinstance(table, Mapping) or set(table) != set(ENDS):
        faults.append(f'{where}: needs its two ends; write {{ left = "...", right = "..." }}')
        return None
    left, right = (_text(table[end], f"{where}.{end}", faults) for end in ENDS)
    return left, right


def _words(raw: Any, where: str, faults: list[str]) -> ItemWords:
    if not isinstance(raw, Mapping):
        return ItemWords(_text(raw, where, faults))
    if "text" not in raw:
        faults.append(f'{where}: has no text; write {{ text = "...", left = "...", right = "..." }}')
        return ItemWords("")
    ends = {key: value for key, value in raw.items() if key != "text"}
    return ItemWords(_text(raw["text"], where, faults), _poles(ends, where, faults) if ends else None)
