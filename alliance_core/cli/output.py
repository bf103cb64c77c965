"""What commands print and write: tables, JSON, sentences on the error stream, files that appear whole or not at all."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from numbers import Rational
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from alliance_core.errors import AllianceError

if TYPE_CHECKING:
    from fractions import Fraction

MOST_FAULTS = 50
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Control characters that JSON does not escape by itself: those beyond ASCII, and marks that turn text around."""


def coloured(stream: IO[str]) -> bool:
    """Whether colour may be used: on a terminal, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Aligned columns, numbers to the right, for people."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(headers, *cells, strict=True)]
    right = [
        bool(rows) and all(isinstance(row[n], int | float | Rational | None) for row in rows)
        for n in range(len(headers))
    ]

    def line(parts: Sequence[str]) -> str:
        aligned = (p.rjust(w) if r else p.ljust(w) for p, w, r in zip(parts, widths, right, strict=True))
        return "  ".join(aligned).rstrip()

    return "\n".join([line(headers), line(["-" * width for width in widths]), *map(line, cells)])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Rational) and not isinstance(value, int):
        from fractions import Fraction

        from alliance_core.answers import shown

        return shown(Fraction(value))
    return printable(str(value))


def printable(text: str) -> str:
    """Text from outside, safe on a terminal: control characters are shown, not obeyed."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def as_json(value: Any) -> str:
    """One JSON document; characters that a terminal would obey are escaped."""
    import json

    narrow = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    text = json.dumps(value, ensure_ascii=narrow, indent=2, allow_nan=False)
    return UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def number(value: Fraction | None) -> int | float | None:
    """An exact number as JSON and CSV can hold it: whole where it is whole, else the nearest double."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def say(sentence: str) -> None:
    """One line on the error stream."""
    click.echo(printable(sentence), err=True)


def complain(faults: Sequence[str]) -> None:
    """The sentences of an error on the error stream, the first fifty of them."""
    label = click.style("Error:", fg="red", bold=True) if coloured(sys.stderr) else "Error:"
    for fault in faults[:MOST_FAULTS]:
        click.echo(f"{label} {printable(fault)}", err=True)
    if len(faults) > MOST_FAULTS:
        click.echo(f"... and {len(faults) - MOST_FAULTS} more", err=True)


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse to overwrite a file, or to write where a folder is.

    Raises:
        AllianceError: If `path` is there and `force` was not given.
    """
    if path.is_dir():
        raise AllianceError(f"{path}: is a directory; name a file")
    if path.exists() and not path.is_file():
        raise AllianceError(f"{path}: is a device or a pipe; name a file, or - for standard output")
    if path.exists() and not force:
        raise AllianceError(f"{path}: is there already; give another name, or --force to overwrite it")
    if not path.parent.is_dir():
        raise AllianceError(f"{path.parent}: there is no such folder; make it first")


@contextmanager
def new_file(name: str, *, force: bool = False, private: bool = False) -> Iterator[IO[str]]:
    """A text file that appears whole when the block ends well, and not at all otherwise.

    Args:
        name: A path, or ``-`` for standard output (which likewise gets everything or nothing).
        force: Overwrite what is there.
        private: Only its owner may read it.
    """
    import shutil
    import tempfile

    if name == "-":
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as spool:
            yield spool
            spool.seek(0)
            shutil.copyfileobj(spool.buffer, sys.stdout.buffer, 1 << 20)
            sys.stdout.flush()
        return
    path = Path(name)
    refuse_existing(path, force=force)
    try:
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise AllianceError(f"{path}: cannot be written ({error.strerror}); check the folder and its rights") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        if not private:
            umask = os.umask(0)
            os.umask(umask)
            Path(draft).chmod(0o666 & ~umask)
        Path(draft).replace(path)
    except OSError as error:
        raise AllianceError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()


def printable_lines(text: str) -> str:
    """As `printable`, but lines stay lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def for_spreadsheet(value: object) -> object:
    """Text from outside that a spreadsheet program will show and not run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
