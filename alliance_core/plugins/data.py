"""Data-only instruments: their definition files, found and read without importing anything."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_core.definition.head import read_head
from alliance_core.errors import DefinitionError, PluginError

if TYPE_CHECKING:
    from alliance_core.instrument import Instrument
    from alliance_core.plugins.entries import Entry


def definition_file(entry: Entry, folders: Iterable[Path] | None = None) -> Path | None:
    """The file ``<id>.toml`` in the package that an instrument's entry point names; None if there is none.

    Args:
        entry: The entry.
        folders: The folders of its package, where they are known already.
    """
    if entry.kind != "instruments" or entry.fault or "." in entry.module:  # a dotted name is found by importing
        return None
    files = (folder / f"{entry.id}.toml" for folder in folders or package_folders(entry.module))
    return next((file for file in files if file.is_file()), None)


def package_folders(package: str) -> Iterator[Path]:
    """The folders of a top-level package, which may be without ``__init__.py``. Nothing is imported."""
    try:
        spec = find_spec(package)
        yield from map(Path, (spec.submodule_search_locations or ()) if spec else ())
    except (ImportError, ValueError):  # a finder that cannot say, or a half-imported module
        return


def needs_code(file: Path) -> bool:
    """Whether a definition names a function, which only its plugin's module can supply."""
    try:
        scales = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("scales", {})
    except (OSError, ValueError):  # `load_instrument` says what is wrong with it
        return False
    tables = scales.values() if isinstance(scales, dict) else ()
    return any(isinstance(scale, dict) and "function" in scale for scale in tables)


def is_data(entry: Entry) -> bool:
    """Whether an entry is an instrument that needs no code."""
    file = definition_file(entry)
    return file is not None and not needs_code(file)


def load(entry: Entry) -> Instrument:
    """The instrument of a data-only entry.

    Raises:
        PluginError: With the first fault of its file, in one line.
    """
    from alliance_core.definition.load import load_instrument

    file = definition_file(entry)
    if file is None:
        raise PluginError(f"{entry.id}.toml is not there")
    try:
        instrument = load_instrument(file)
    except DefinitionError as error:
        more = f" (and {len(error.faults) - 1} more)" if len(error.faults) > 1 else ""
        raise PluginError(f"{error.faults[0]}{more}; `alliance plugins check {entry.id}` says all") from error
    if instrument.id != entry.id:
        raise PluginError(f"{file.name} has the id {instrument.id!r}, but its entry point is {entry.id!r}")
    return instrument


def head(entry: Entry, folders: Iterable[Path] | None = None) -> dict[str, Any]:
    """Title, version, raters and licence of a data-only instrument, for a list; empty if its file does not tell."""
    file = definition_file(entry, folders)
    return read_head(file) if file else {}
