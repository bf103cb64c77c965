"""Trust: which installed plugins a clinic allows, each pinned by the hash of its files.

A plugin runs with all rights of this program. An allow-list does not sandbox one; it keeps out what nobody approved and
notices what was changed since.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackagePath
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from alliance_core.errors import PluginError
from alliance_core.plugins.entries import Entry, normal
from alliance_core.plugins.sentences import one_line

if TYPE_CHECKING:
    from importlib.metadata import Distribution as Installed

WRITTEN_BY_INSTALLERS = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
SHOWN = 12  # hexadecimal digits of a hash, in sentences


class AllowList:
    """The plugins that may be used; all others are neither imported nor read.

    Attributes:
        path: The file that it was read from, for sentences.
        pins: Distribution name to ``sha256:...``.
        fault: Why the file could not be read. Then nothing is allowed, but lists and the doctor still work.
    """

    def __init__(self, pins: Mapping[str, str], *, path: str = "the allow-list", fault: str | None = None) -> None:
        self.path = path
        self.pins = {normal(name): pin for name, pin in pins.items()}
        self.fault = fault
        self._objections: dict[str, str | None] = {}

    @classmethod
    def read(cls, path: Path | str) -> AllowList:
        """The allow-list in a TOML file: a table ``[plugins]`` of names and hashes."""
        try:
            return cls(_pins(Path(path)), path=str(path))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or " ".join(str(error).split())
            return cls(
                {}, path=str(path), fault=f"the allow-list {path} cannot be used ({reason}), so nothing is allowed"
            )

    def objection(self, entry: Entry) -> str | None:
        """Why an entry's distribution may not be used, in words; None if it may. Its files are hashed once."""
        if entry.is_core:
            return None
        name = normal(entry.supplier.name)
        if name not in self._objections:
            self._objections[name] = self._judge(name, entry)
        return self._objections[name] or _elsewhere(entry)

    def _judge(self, name: str, entry: Entry) -> str | None:
        if self.fault:
            return self.fault
        if name not in self.pins:
            return f"{name} is not in {self.path}; look at it first, then add the line of `alliance plugins pin`"
        try:
            now = fingerprint(entry)
        except PluginError as error:
            return str(error)
        if now == self.pins[name]:
            return None
        return (
            f"the files of {name} have changed: allowed is {_short(self.pins[name])}, installed is {_short(now)}; "
            "reinstall it, or look at it and pin it again with `alliance plugins pin`"
        )


def _pins(path: Path) -> dict[str, str]:
    table = tomllib.loads(path.read_text(encoding="utf-8")).get("plugins", {})
    if not isinstance(table, dict):
        raise ValueError("plugins is not a table")  # noqa: TRY004  # caught above, as what the file says
    for name, pin in table.items():
        if not isinstance(pin, str) or not pin.startswith("sha256:"):
            raise ValueError(f'{name} is not pinned; write {name} = "sha256:..."')
    return table


def _short(pin: str) -> str:
    return pin.removeprefix("sha256:")[:SHOWN]


def _elsewhere(entry: Entry) -> str | None:
    """A pin covers a distribution's own files, so the module must be one of them and not its namesake elsewhere."""
    from importlib.util import find_spec

    top = entry.module.partition(".")[0]
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None  # importing will say so
    if spec is None or entry.installed is None:
        return None
    home = Path(str(entry.installed.locate_file(""))).resolve()
    places = [spec.origin] if spec.has_location and spec.origin else list(spec.submodule_search_locations or ())
    for place in places:
        if home not in Path(place).resolve().parents:
            return f"{top} is found in {place}, not in {home} where its distribution is; remove the one in the way"
    return None


def fingerprint(entry: Entry) -> str:
    """The hash over all files of an entry's distribution: ``sha256:`` over its sorted paths and content hashes.

    Raises:
        PluginError: If its files cannot be told or are not its own, as with an editable install.
    """
    name, mend = normal(entry.supplier.name), "so it cannot be pinned; install it with pip from a wheel"
    if entry.installed is None:
        raise PluginError(f"{name} belongs to no installed distribution, {mend}")
    files = _recorded(entry.installed)
    if not files:
        raise PluginError(f"{name} has no record of its files, {mend}")
    if entry.supplier.editable or any(str(file).endswith(".pth") for file in files):
        raise PluginError(f"{name} is installed editable, {mend}")
    lines = (f"{path}\0{_hash(file)}\n" for path, file in sorted(_own_files(entry.installed, files)))
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def _recorded(installed: Installed) -> list[PackagePath]:
    try:
        return list(installed.files or ()) if installed.read_text("RECORD") else []
    except Exception:  # noqa: BLE001  # a damaged record is no record
        return []


def _own_files(installed: Installed, recorded: Iterable[PackagePath]) -> set[tuple[str, Path]]:
    """What was recorded, and what somebody added to its folders since. Scripts outside depend on the machine."""
    home = Path(str(installed.locate_file("")))
    paths = {PurePosixPath(str(file)) for file in recorded}
    inside = {path for path in paths if not path.is_absolute() and ".." not in path.parts}
    packages = {path.parts[0] for path in inside if len(path.parts) > 1 and not path.parts[0].endswith(".dist-info")}
    for package in packages:
        below = (file for file in (home / package).rglob("*") if file.is_file())
        inside.update(PurePosixPath(file.relative_to(home).as_posix()) for file in below)
    return {(str(path), home / path) for path in inside if not _passed_over(path)}


def _passed_over(path: PurePosixPath) -> bool:
    installers = path.name in WRITTEN_BY_INSTALLERS and path.parts[0].endswith(".dist-info")
    return installers or "__pycache__" in path.parts or path.suffix == ".pyc"


def _hash(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return "missing"


def write_allow_list(entries: Iterable[Entry]) -> str:
    """The text of an allow-list that allows what is installed now; what cannot be pinned is a comment that says why."""
    lines = [
        "# What alliance may use, pinned by the hash of its files: export ALLIANCE_ALLOW_LIST=/path/to/this/file",
        "# A plugin runs with all rights of the program and can read every answer. Keep only what you looked at.",
        "[plugins]",
    ]
    by_name = {normal(entry.supplier.name): entry for entry in entries if not entry.is_core}
    for name, entry in sorted(by_name.items()):
        try:
            lines.append(f"{json.dumps(name)} = {json.dumps(fingerprint(entry))}  # {one_line(str(entry.supplier))}")
        except PluginError as error:
            lines.append(f"# {one_line(str(error))}")
    return "\n".join(lines) + "\n"
