"""From plain tables to typed records with cattrs, and from what cattrs refuses to sentences.

Nothing is converted in silence: ``"1"`` is no number and ``1`` is no text where the record says otherwise.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from types import GenericAlias
from typing import Any, Literal, get_args, get_origin

import cattrs
from attrs import fields
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from alliance_core.answers import number
from alliance_core.errors import DefinitionError
from alliance_core.instrument import Instrument
from alliance_core.response import FORMATS, ResponseFormat

SHORT_FORMS = {"Instrument": ("missing", "reverse"), "Item": ("repeat",)}
ADDED = ("document", "functions")
LISTED = ("items", "scales", "thresholds")


class _Refusal(Exception):  # noqa: N818  # it never leaves this module
    """A value that is not of its kind, in words."""


def structure(full: Mapping[str, Any]) -> Instrument:
    """The typed instrument of a written-out definition.

    Raises:
        DefinitionError: With one sentence for each unknown, missing or mistyped key.
    """
    try:
        return _converter.structure(full, Instrument)
    except (ClassValidationError, IterableValidationError) as error:
        raise DefinitionError(*dict.fromkeys(_sentences(error, "", full))) from error


def _text(raw: Any, _: type) -> str:
    if not isinstance(raw, str) or not raw.strip():
        msg = f"{raw!r:.60} is no text; write it in quotes"
        raise _Refusal(msg)
    return raw


def _whole(raw: Any, _: type) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        msg = f"{raw!r:.60} is no whole number; write digits without quotes"
        raise _Refusal(msg)
    return raw


def _truth(raw: Any, _: type) -> bool:
    if not isinstance(raw, bool):
        msg = f"{raw!r:.60} is neither true nor false; write one of them without quotes"
        raise _Refusal(msg)
    return raw


def _exact(raw: Any, _: type) -> Fraction:
    value = None if isinstance(raw, str) else number(raw)
    if value is None:
        msg = f"{raw!r:.60} is no number; write it without quotes"
        raise _Refusal(msg)
    return value


def _literal(raw: Any, kind: Any) -> Any:
    choices = get_args(kind)
    if not isinstance(raw, str) or raw not in choices:
        msg = f"{raw!r:.60} is not known here; write one of {', '.join(choices)}"
        raise _Refusal(msg)
    return raw


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _labels(raw: Any, _: Any) -> dict[Fraction, str]:
    if not isinstance(raw, Mapping):
        msg = 'labels need values; write them as { 1 = "Seldom", 2 = "Often" }'
        raise _Refusal(msg)
    wrong = [key for key in raw if number(key) is None]
    if wrong:
        msg = f'the label {wrong[0]!r:.60} has no value; write the value first, as in 1 = "{wrong[0]:.40}"'
        raise _Refusal(msg)
    if len({number(key) for key in raw}) < len(raw):
        msg = "two labels have the same value; give each option its own"
        raise _Refusal(msg)
    return {Fraction(key): _text(words, str) for key, words in raw.items()}


def _response(raw: Any, _: Any) -> ResponseFormat:
    kind = raw.get("kind") if isinstance(raw, Mapping) else None
    if not isinstance(kind, str) or kind not in FORMATS:
        msg = f"the kind {kind!r:.60} is not known; write one of {', '.join(FORMATS)}"
        raise _Refusal(msg)
    response: ResponseFormat = _converter.structure(raw, FORMATS[kind])
    return response


def _list(raw: Any, kind: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        msg = f"{raw!r:.60} is no list; write it between [ and ]"
        raise _Refusal(msg)
    entries: Any = GenericAlias(list, (get_args(kind)[0],))
    return tuple(_converter.structure(raw, entries))


def _answers(raw: Any, _: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        msg = "is no list; write one answer for each item, in form order, between [ and ]"
        raise _Refusal(msg)
    return tuple(raw)


def _table(raw: Any, _: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        msg = "is no table; write it as { task = 15, total = 46 }"
        raise _Refusal(msg)
    return dict(raw)


def _make_converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(bool, _truth)
    converter.register_structure_hook(Fraction, _exact)
    converter.register_structure_hook_func(_is_literal, _literal)
    converter.register_structure_hook_func(_is_tuple, _list)
    converter.register_structure_hook_func(lambda kind: kind == Mapping[Fraction, str], _labels)
    converter.register_structure_hook_func(lambda kind: kind == ResponseFormat, _response)
    converter.register_structure_hook_func(lambda kind: kind == tuple[Any, ...], _answers)
    converter.register_structure_hook_func(lambda kind: kind == Mapping[str, Any], _table)
    left_out = {name: override(omit=True) for name in ADDED}
    whole = make_dict_structure_fn(Instrument, converter, _cattrs_forbid_extra_keys=True, **left_out)  # type: ignore[arg-type]  # its keywords are not typed
    converter.register_structure_hook(Instrument, whole)
    return converter


def nearest(word: str, choices: tuple[str, ...]) -> str | None:
    """The choice that a misspelt word most likely meant, in quotes, or None."""
    found = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return f'"{found[0]}"' if found else None


def _sentences(error: BaseException, path: str, full: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(error, ClassValidationError | IterableValidationError):
        for inner in error.exceptions:
            yield from _sentences(inner, path + _step(inner), full)
        return
    where = _readable(path, full)
    if isinstance(error, ForbiddenExtraKeysError):
        known = (*(each.name for each in fields(error.cl)), *SHORT_FORMS.get(error.cl.__name__, ()))
        for key in sorted(error.extra_fields):
            guess = nearest(key, tuple(name for name in known if name not in ADDED))
            place = f"{where}.{key}" if where else key
            yield f"{place}: is not a key of a definition; " + (f"did you mean {guess}?" if guess else "take it out")
    elif isinstance(error, KeyError):
        yield f"{where or 'the file'}: {error.args[0]} is missing; add it"
    elif isinstance(error, _Refusal):
        yield f"{where}: {error}"
    elif isinstance(error, AttributeError):  # what should be a table has no keys
        yield f"{where or 'the file'}: is no table; write its keys between {{ and }}, or under a line [{where}]"
    else:
        yield f"{where or 'the file'}: is not of the right kind ({error}); see the guide to definitions"


def _step(error: BaseException) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return "" if isinstance(error, KeyError) else f".{note.name}"
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]" if isinstance(note.index, int) else f".{note.index}"
    return ""


def _readable(path: str, full: Mapping[str, Any]) -> str:
    """``.scales[2].method`` with the scale's own name in it: ``scales.task.method``."""
    found = re.match(r"\.(\w+)\[(\d+)\](.*)", path)
    if not found or found[1] not in LISTED:
        return path.lstrip(".")
    return f"{found[1]}.{full[found[1]][int(found[2])]['id']}{found[3]}"


def plain(value: Any, where: str = "") -> Any:
    """A definition's tables as JSON can hold them: decimals as the shortest float that prints alike.

    Raises:
        DefinitionError: If a number has so many digits that JSON would keep another.
    """
    match value:
        case Mapping():
            return {str(key): plain(entry, f"{where}.{key}") for key, entry in value.items()}
        case list() | tuple():
            return [plain(entry, f"{where}[{position}]") for position, entry in enumerate(value)]
        case Decimal():
            if number(float(value)) != number(value):
                raise DefinitionError(f"{where.lstrip('.')}: {value} has too many digits; write at most 15")
            return float(value)
        case _:
            return value


_converter = _make_converter()
