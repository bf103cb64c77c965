"""What is said about a plugin that cannot be used: which, why, and the mend, in one line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from alliance_core.errors import AllianceError

if TYPE_CHECKING:
    from alliance_core.plugins.entries import Entry, Supplier

LONGEST_CAUSE = 300


def one_line(text: str) -> str:
    """Text from elsewhere on one line, without control characters that a terminal would obey."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())


def named(entry: Entry) -> str:
    """The entry as a sentence begins: ``report 'progress' of alliance-report-progress 0.1.0``."""
    return f"{entry.kind.removesuffix('s')} {entry.id!r} of {entry.supplier}"


def cause(error: BaseException) -> str:
    """What an error says, whatever a stranger's error may do when it is asked."""
    try:
        text = one_line(str(error))
    except Exception:  # noqa: BLE001  # an error that cannot even be printed
        text = ""
    if len(text) > LONGEST_CAUSE:
        text = text[: LONGEST_CAUSE - 3] + "..."
    if isinstance(error, AllianceError) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def mend(supplier: Supplier) -> str:
    """What to do about a broken distribution."""
    from alliance_core.plugins.entries import CORE, normal

    if not supplier.known:
        return f"mend the module {supplier.name}"
    if normal(supplier.name) == CORE:
        return f"reinstall it: pip install --force-reinstall {supplier.name}"
    return f"update it (pip install -U {supplier.name}) or uninstall it (pip uninstall {supplier.name})"


def broken(entry: Entry, error: BaseException) -> str:
    """Which plugin is broken, why, and the mend."""
    return f"{named(entry)} is broken: {cause(error)}; {mend(entry.supplier)}"


def too_new(entry: Entry) -> str:
    """That an entry is made for another core."""
    return (
        f"{named(entry)} needs a newer alliance-core: it is made for version {entry.contract_version} of the "
        f"contract for {entry.kind}, which this one does not know; update it: pip install -U alliance-core"
    )


def without(url: str, sentence: str) -> str:
    """A sentence without the URL of a store and the password in it."""
    from urllib.parse import urlsplit

    try:
        password = urlsplit(url).password
    except ValueError:
        password = None
    shorter = sentence.replace(url, "the URL")
    return shorter.replace(password, "...") if password else shorter


def contested(entries: Iterable[Entry]) -> str:
    """Who claims the same id."""
    claims = list(entries)
    names = [f"{entry.supplier} (module {entry.module})" for entry in claims]
    return (
        f"{claims[0].kind.removesuffix('s')} {claims[0].id!r} is claimed by {' and by '.join(names)}, "
        f"so neither is used; uninstall one: pip uninstall {claims[-1].supplier.name}"
    )


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    return next(iter(get_close_matches(name, sorted(set(names)), n=1)), None)


def unknown(kind: str, name: str, names: Iterable[str]) -> str:
    """That nothing is installed under a name, with the nearest that is and where to look."""
    if kind == "stores":
        return (
            f"no plugin opens stores of {name!r}; install the one that does (`alliance plugins` lists what is there), "
            f"or write a path with a colon in it as ./{name}:..."
        )
    near = " or ".join(map(repr, get_close_matches(name, sorted(set(names)), n=2)))
    where = "alliance instruments" if kind == "instruments" else "alliance plugins"
    return (
        f"there is no {kind.removesuffix('s')} {one_line(name)!r}; "
        + (f"did you mean {near}? " if near else "install the plugin that offers it; ")
        + f"`{where}` lists what is installed"
    )
