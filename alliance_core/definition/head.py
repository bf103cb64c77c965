"""The head of a definition file: what a list of instruments shows, read without reading the rest."""

from __future__ import annotations

import re
import tomllib
from itertools import takewhile
from pathlib import Path
from typing import Any

HEAD_BYTES = 4096
SHOWN = re.compile(r"(id|title|version|raters|licence|partial)\s*=|\[licence\]|(owner|wording|terms)\s*=")


def read_head(path: Path) -> dict[str, Any]:
    """Id, title, version, raters and licence of a definition file, and whether it is partial.

    They stand before the first table, or the licence in a table of its own right after them. Other keys may be there.

    Returns:
        What could be read; empty if the file cannot be read or is not TOML. `load` says what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(HEAD_BYTES)
    except OSError:
        return {}
    lines = raw.decode("utf-8-sig", errors="ignore").splitlines(keepends=True)
    whole = lines if len(raw) < HEAD_BYTES else lines[:-1]  # the last line may have been cut in two
    head = list(takewhile(lambda line: not line.startswith("[") or line.startswith("[licence]"), whole))
    for text in ("".join(filter(SHOWN.match, head)), "".join(head)):  # reading less is faster, and mostly possible
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
    return {}
