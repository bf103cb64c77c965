"""Reading a CSV file strictly: UTF-8, one header, every row as long as the header. What is not so is refused."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from alliance_core.errors import TableError

LONGEST_CELL, MOST_COLUMNS = 100_000, 5_000
NEW_LINE = re.compile(r"\r\n|\r|\n")


@frozen
class Table:
    """An open CSV file.

    Attributes:
        name: What to call it in sentences.
        header: The names of its columns, all different.
        size: Its size in bytes, or None for a stream.
    """

    name: str
    header: tuple[str, ...]
    size: int | None
    _file: IO[bytes]
    _reader: Any

    def rows(self) -> Iterator[list[str]]:
        """The rows after the header, each as long as it.

        Raises:
            TableError: At the first row that cannot be read, with its line.
        """
        width = len(self.header)
        with self._explained():
            for row in self._reader:
                if len(row) != width:
                    raise TableError(_ragged(self.name, self.line, row, width))
                yield row

    def chunks(self, size: int) -> Iterator[list[list[str]]]:
        """The rows after the header, so many at a time. Raises as `rows`."""
        widths = {len(self.header)}
        with self._explained():
            while chunk := list(islice(self._reader, size)):
                if set(map(len, chunk)) != widths:
                    self._refuse_ragged(chunk)
                yield chunk

    def lines(self, chunk: Sequence[Sequence[str]]) -> list[int]:
        """The lines on which the rows of the chunk that was read last ended."""
        heights = [1 + sum(len(NEW_LINE.findall(cell)) for cell in row) for row in chunk]
        return [self.line - below for below in accumulate(reversed(heights[1:]), initial=0)][::-1]

    def _refuse_ragged(self, chunk: Sequence[Sequence[str]]) -> None:
        for line, row in zip(self.lines(chunk), chunk, strict=True):
            if len(row) != len(self.header):
                raise TableError(_ragged(self.name, line, row, len(self.header)))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except UnicodeDecodeError as error:
            raise TableError(_not_utf8(self.name, error)) from error
        except csv.Error as error:
            raise TableError(f"{self.name}, line {self.line}: is not CSV ({error}); mend the quotes") from error

    @property
    def line(self) -> int:
        """The line of the file on which the last row ended, the header being line 1."""
        line: int = self._reader.line_num
        return line

    def position(self) -> int:
        """How many bytes have been read, for a progress bar."""
        return self._file.tell() if self.size is not None else 0


def _ragged(name: str, line: int, row: Sequence[str], width: int) -> str:
    if not row:
        return f"{name}, line {line}: is empty; take it out"
    cells = f"has {len(row)} cells, but the header has {width}"
    return f"{name}, line {line}: {cells}; mend the row (a comma too many or too few?)"


def _not_utf8(name: str, error: UnicodeDecodeError) -> str:
    return f"{name}: is not UTF-8 text (near byte {error.start}); save it as CSV UTF-8"


@contextmanager
def open_table(name: str, *, delimiter: str = ",") -> Iterator[Table]:
    """Open a CSV file, or standard input for ``-``.

    Raises:
        TableError: If it is not there, no file, empty, not UTF-8, or its header is not usable.
    """
    if name == "-" and sys.stdin is None:
        raise TableError("standard input: is closed; name a file, or pass one in")
    try:
        file = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115  # closed below
    except IsADirectoryError:
        raise TableError(f"{name}: is a directory; name a CSV file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise TableError(f"{name}: cannot be read ({reason}); check the name and the rights") from error
    try:
        yield _table("standard input" if name == "-" else name, file, delimiter)
    finally:
        if name != "-":
            file.close()


def _table(name: str, file: IO[bytes], delimiter: str) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        header = next(reader, None)
    except UnicodeDecodeError as error:
        raise TableError(_not_utf8(name, error)) from error
    except csv.Error as error:
        raise TableError(f"{name}: the header is not CSV ({error})") from error
    finally:
        if name == "standard input":
            _keep_open(text)
    size = None if name == "standard input" else Path(name).stat().st_size
    return Table(name, _header(name, header, delimiter), size, file, reader)


def _keep_open(text: TextIOWrapper) -> None:
    """Standard input belongs to the process: the wrapper must not close it when it goes."""
    _KEPT.append(text)


_KEPT: list[TextIOWrapper] = []


def _header(name: str, header: list[str] | None, delimiter: str) -> tuple[str, ...]:
    if not header:
        raise TableError(f"{name}: is empty; its first line must name the columns")
    if len(header) == 1 and delimiter == "," and (";" in header[0] or "\t" in header[0]):
        other = "';'" if ";" in header[0] else "a tab (write it as $'\\t')"
        raise TableError(f"{name}: its columns seem to be parted by {other}; say so with --delimiter")
    if len(header) > MOST_COLUMNS:
        raise TableError(f"{name}: has {len(header)} columns; at most {MOST_COLUMNS} are read")
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise TableError(
            *(f"{name}: the column {column!r:.60} is there twice; rename or remove one" for column in twice)
        )
    if "" in header:
        raise TableError(f"{name}: column {header.index('') + 1} has no name; name it or remove it")
    return tuple(header)
