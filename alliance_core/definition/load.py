"""Reading a definition whole: from a TOML file, or from the snapshot that a store kept of one."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve

from alliance_core.definition import checks, proof
from alliance_core.definition.shape import write_out
from alliance_core.definition.structure import plain, structure
from alliance_core.errors import DefinitionError
from alliance_core.instrument import Instrument, ScoringFunction

LARGEST_FILE = 1_000_000


def load_instrument(path: Path | str, functions: Mapping[str, ScoringFunction] | None = None) -> Instrument:
    """The instrument that a TOML file defines, proved by its own examples.

    Args:
        path: The file.
        functions: The plugin's pure functions that scales of the file name.

    Raises:
        DefinitionError: With one sentence for each fault, naming file, key and mend.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise DefinitionError(f"{path}: is a directory; name a TOML file") from None
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read ({error.strerror}); check the name and the rights") from error
    if len(raw) > LARGEST_FILE:
        raise DefinitionError(f"{path}: has {len(raw)} bytes; a definition has at most {LARGEST_FILE}")
    return parse_instrument(raw, name=path.name, functions=functions)


def parse_instrument(raw: bytes, *, name: str, functions: Mapping[str, ScoringFunction] | None = None) -> Instrument:
    """The instrument that TOML text defines; `name` stands for the file in sentences. Raises as `load_instrument`."""
    try:
        document = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{name}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except ValueError as error:  # not TOML, or a whole number of thousands of digits
        hint = "; an id is used twice, give each its own" if "overwrite" in str(error) or "twice" in str(error) else ""
        raise DefinitionError(f"{name}: is not TOML: {error}{hint}") from error
    except RecursionError as error:
        raise DefinitionError(f"{name}: is nested too deep to be a definition") from error
    return from_document(document, name=name, functions=functions or {})


def from_document(
    document: Mapping[str, Any], *, name: str, functions: Mapping[str, ScoringFunction] | None = None
) -> Instrument:
    """The instrument of a definition already read into tables. Raises as `load_instrument`."""
    try:
        instrument = evolve(structure(write_out(document)), document=plain(document), functions=functions or {})
        found = list(checks.faults(instrument))
        if not found and _provable(instrument, functions):
            found = list(proof.faults(instrument))
    except DefinitionError as error:
        raise DefinitionError(*(f"{name}: {fault}" for fault in error.faults)) from error
    if found:
        raise DefinitionError(*(f"{name}: {fault}" for fault in found))
    return instrument


def _provable(instrument: Instrument, functions: Mapping[str, ScoringFunction] | None) -> bool:
    """Only a plugin can prove a definition whose function it supplies; a snapshot is proved already."""
    return functions is not None or all(scale.method != "function" for scale in instrument.scales)


def snapshot(instrument: Instrument) -> str:
    """The definition as JSON, as a store keeps it. `from_snapshot` reads it back."""
    return json.dumps(instrument.document, ensure_ascii=False, separators=(",", ":"))


def from_snapshot(text: str) -> Instrument:
    """The instrument that `snapshot` wrote. Raises `DefinitionError` if the text was damaged."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"stored definition: is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise DefinitionError("stored definition: is no definition; restore the store from a backup")
    return from_document(document, name=f"stored definition of {document.get('id')}")
