"""Finding plugins: what the installed distributions announce, read without importing any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import Distribution as Installed

KINDS = ("instruments", "stores", "reports", "commands")
CONTRACT_VERSIONS = frozenset({1})
CORE = "alliance-core"
GROUP = re.compile(r"alliance\.([a-z]+)\.v([0-9]{1,4})")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,99}")  # never a path: it becomes part of a file's name
MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Supplier(NamedTuple):
    """The distribution behind an entry.

    Attributes:
        name: Its name, as pip knows it.
        version: Its version; empty if it tells none.
        location: The folder or URL that it came from.
        editable: Whether it is run from a folder that somebody works in.
        known: Whether it is installed at all; False for an entry made by hand.
    """

    name: str
    version: str
    location: str
    editable: bool = False
    known: bool = True

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


class Entry:
    """One thing that a distribution announces: an instrument, a store, a report, a command.

    Attributes:
        kind: ``instruments``, ``stores``, ``reports``, ``commands``, or a kind that only a newer core knows.
        id: The id of what is announced.
        module: The module that holds the hook implementations, or the package that holds the data file.
        contract_version: The version of the contract that it is written for.
        installed: The distribution's metadata, unread; None for an entry made by hand.
    """

    def __init__(
        self, kind: str, id: str, module: str, contract_version: int = 1, *, installed: Installed | None = None
    ) -> None:
        self.kind = kind
        self.id = id
        self.module = module
        self.contract_version = contract_version
        self.installed = installed

    def __repr__(self) -> str:
        return f"Entry({self.kind!r}, {self.id!r}, {self.module!r}, {self.contract_version!r})"

    @property
    def place(self) -> tuple[str, str, str, int]:
        """Where it stands in a list; the same on every machine, whatever the order of folders."""
        return self.kind, self.id, self.module, self.contract_version

    @property
    def supported(self) -> bool:
        """Whether this core knows its kind and speaks its version of the contract."""
        return self.kind in KINDS and self.contract_version in CONTRACT_VERSIONS

    @property
    def fault(self) -> str | None:
        """What is wrong with the announcement itself, if anything."""
        if not ID.fullmatch(self.id):
            return f"{self.id!r} cannot be an id; an id has letters, digits and hyphens"
        if not MODULE.fullmatch(self.module):
            return f"its entry point names {self.module!r}, which is not a module; name one, such as alliance_wai"
        return None

    @cached_property
    def supplier(self) -> Supplier:
        """Who supplies it. Parses the distribution's metadata, so it is asked only where it is shown."""
        if self.installed is None:
            return Supplier(self.module, "", "", known=False)
        return _supplier(self.installed, otherwise=self.module.partition(".")[0])

    @property
    def is_core(self) -> bool:
        """Whether it is the core's own: its distribution and its code."""
        own_code = self.module.partition(".")[0] == CORE.replace("-", "_")
        return own_code and self.supplier.known and normal(self.supplier.name) == CORE


def normal(name: str) -> str:
    """A distribution's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def find_entries() -> tuple[Entry, ...]:
    """Everything that is announced to this program, in one order on every machine."""
    return tuple(sorted(_entries(), key=lambda entry: entry.place))


def _entries() -> Iterator[Entry]:
    from importlib.metadata import distributions, entry_points  # a third of the start-up time: only where it is needed

    try:
        found = entry_points()
        for group in found.groups:
            if match := GROUP.fullmatch(group):
                for point in found.select(group=group):
                    yield Entry(match[1], point.name, point.value, int(match[2]), installed=point.dist)
    except Exception:  # noqa: BLE001  # one damaged entry_points.txt of any distribution ends the scan: read with care
        yield from _read_with_care(distributions())


def _read_with_care(installed: Iterable[Installed]) -> Iterator[Entry]:
    """The same line by line; a line or a file that cannot be read hides no other."""
    seen: set[str] = set()
    for distribution in installed:
        name = normal(_supplier(distribution, otherwise=repr(distribution)).name)
        if name not in seen:
            seen.add(name)
            yield from _announced(distribution)


def _announced(distribution: Installed) -> Iterator[Entry]:
    try:
        text = distribution.read_text("entry_points.txt") or ""
    except Exception:  # noqa: BLE001  # not even text: nobody can say what it announces
        return
    for kind, version, name, value in parse_entry_points(text):
        yield Entry(kind, name, value, version, installed=distribution)


def parse_entry_points(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Kind, contract version, name and value of each line that is for this program; other lines are passed over."""
    match: re.Match[str] | None = None
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            match = GROUP.fullmatch(line.strip("[] "))
        elif match and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield match[1], int(match[2]), name.strip(), value.strip()


def _supplier(installed: Installed, *, otherwise: str) -> Supplier:
    try:
        name, version = installed.metadata["Name"], installed.metadata["Version"]
    except Exception:  # noqa: BLE001  # damaged metadata must not hide the plugin from the list
        name, version = None, None
    folder = str(Path(str(installed.locate_file(""))))
    try:
        direct = json.loads(installed.read_text("direct_url.json") or "{}")
        url, editable = str(direct["url"]), bool(direct.get("dir_info", {}).get("editable"))
    except Exception:  # noqa: BLE001  # most distributions have none, and a damaged one tells nothing
        url, editable = folder, False
    location = url.removeprefix("file://") if editable else url
    return Supplier(str(name or otherwise), str(version or ""), location, editable=editable)
