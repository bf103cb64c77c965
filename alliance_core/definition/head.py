"""The head of a definition file: what a list of instruments shows, read without reading the rest."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

HEAD_BYTES = 4096


def read_head(path: Path) -> dict[str, Any]:
    """The keys before the first table of a definition file: id, title, version, raters and more.

    Returns:
        What could be read; empty if the file cannot be read or is not TOML. `load` says what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(HEAD_BYTES)
        lines = raw.decode("utf-8-sig", errors="ignore").splitlines(keepends=True)
        end = len(lines) - (len(raw) == HEAD_BYTES)  # the last line may have been cut in two
        tables = (index for index, line in enumerate(lines) if line.startswith("["))
        return tomllib.loads("".join(lines[: next(tables, end)]))
    except (OSError, tomllib.TOMLDecodeError):
        return {}
