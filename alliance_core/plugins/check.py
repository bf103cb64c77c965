"""What ``alliance plugins check`` finds: everything about a plugin that can be seen without its own tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from alliance_core.definition.head import read_head
from alliance_core.errors import DefinitionError, PluginError
from alliance_core.plugins import data, sentences
from alliance_core.plugins.entries import GROUP, Entry, normal
from alliance_core.plugins.manager import Plugins

if TYPE_CHECKING:
    from alliance_core.instrument import Instrument

PROBE_SECONDS = 60


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        check: What was looked at.
        ok: Whether it is as it should be. A warning is ok.
        detail: What was found, in a sentence.
        about: Which thing it is about.
        warning: Whether it is worth a look all the same.
        kit: Whether it is one of the checks of `alliance_core.testing`, of which there are many.
        skipped: Whether it could not be tried.
    """

    check: str
    ok: bool
    detail: str
    about: str = ""
    warning: bool = False
    kit: bool = False
    skipped: bool = False


def check(name_or_path: str | None = None, plugins: Plugins | None = None) -> list[Finding]:
    """Check a distribution, an id, a definition file, a plugin's folder, or everything that is installed.

    The code of a plugin is run in a process of its own, so that nothing of it stays here.

    Raises:
        PluginError: If there is nothing of that name.
    """
    plugins = plugins or Plugins.installed()
    if name_or_path is None:
        return [finding for entry in plugins.entries for finding in _entry(entry, plugins)]
    wanted = normal(name_or_path)
    entries = [entry for entry in plugins.entries if entry.id == name_or_path or normal(entry.supplier.name) == wanted]
    if entries:
        return [finding for entry in entries for finding in _entry(entry, plugins)]
    path = Path(name_or_path)
    if path.is_dir():
        return list(_folder(path, plugins))
    if path.is_file() or path.suffix == ".toml":
        return list(_definition(path, path.name, None, plugins))
    known = {entry.id for entry in plugins.entries} | {entry.supplier.name for entry in plugins.entries}
    near = sentences.nearest(name_or_path, known)
    hint = f"did you mean {near!r}?" if near else "name a distribution, an id, a TOML file or a folder"
    raise PluginError(f"there is nothing to check under {sentences.one_line(name_or_path)!r}; {hint}")


def _entry(entry: Entry, plugins: Plugins) -> Iterator[Finding]:
    """An installed entry."""
    about = f"{entry.kind.removesuffix('s')} {entry.id}"
    refusal = plugins.refusal(entry)
    if refusal:
        yield Finding("usable", refusal.status == "off", refusal.sentence, about, warning=True)
        return
    claims = plugins.claims(entry.kind, entry.id)
    yield _contested(claims, about)
    file = data.definition_file(entry)
    if file is not None and not data.needs_code(file):
        yield from _definition(file, about, entry.id, plugins)
    else:
        yield from _in_a_child(entry, about, ())


def _contested(claims: list[Entry], about: str) -> Finding:
    if len(claims) > 1:
        return Finding("id", ok=False, detail=sentences.contested(claims), about=about)
    return Finding("id", ok=True, detail="no other distribution claims it", about=about)


def _definition(file: Path, about: str, id: str | None, plugins: Plugins) -> Iterator[Finding]:
    """A definition file: every fault in it."""
    from alliance_core.definition.load import from_document, load_instrument

    alone = id is None and data.needs_code(file)
    try:
        instrument = from_document(_document(file), name=file.name) if alone else load_instrument(file)
    except DefinitionError as error:
        yield from (Finding("definition", ok=False, detail=fault, about=about) for fault in error.faults)
        return
    if alone:
        detail = f"{file.name} names a function, so only its plugin can prove the examples; check the plugin's folder"
        yield Finding("examples", ok=True, detail=detail, about=about, warning=True)
    yield Finding("definition", ok=True, detail=_summary(instrument, proved=not alone), about=about)
    yield from (Finding(**found, about=about) for found in kit(instrument, file))
    if instrument.completes is not None:
        yield from _completion(instrument, instrument.completes, about, plugins)
    if instrument.id != (id or instrument.id):
        detail = f"{file.name} has the id {instrument.id!r}, but its entry point is {id!r}; make them equal"
        yield Finding("id", ok=False, detail=detail, about=about)


def _completion(instrument: Instrument, partial: str, about: str, plugins: Plugins) -> Iterator[Finding]:
    """Whether a clinic's own key fits the partial definition that it completes."""
    from alliance_core.definition.completion import faults

    try:
        found = list(faults(instrument, plugins.instrument(partial)))
    except PluginError as error:
        detail = f"not compared with {partial}, which it completes: {error}"
        yield Finding("completion", ok=True, detail=detail, about=about, warning=True)
        return
    yield from (Finding("completion", ok=False, detail=fault, about=about) for fault in found)
    if not found:
        yield Finding("completion", ok=True, detail=f"it is {partial} with the key added", about=about)


def kit(instrument: Instrument, file: Path | None) -> Iterator[dict[str, Any]]:
    """What the kit's checks find, one finding a fault, and last how many checks ran."""
    from alliance_core.testing import battery
    from alliance_core.testing.subject import Subject

    findings = battery.run(Subject(instrument, file))
    for each in findings:
        facts = {"check": each.name, "ok": each.ok or each.advice, "kit": True, "skipped": bool(each.skipped)}
        for detail in each.faults or (each.sentence,):
            yield {**facts, "detail": detail, "warning": not each.ok and each.advice}
    yield {"check": "kit", "ok": True, "detail": battery.counted(findings)}


def _document(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)


def _summary(instrument: Instrument, *, proved: bool) -> str:
    counts = ((len(instrument.items), "item"), (len(instrument.scales), "scale"), (len(instrument.examples), "example"))
    told = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)
    return f"{instrument.title}: {told}" + (", all of which come out as stated" if proved else "")


def _folder(folder: Path, plugins: Plugins) -> Iterator[Finding]:
    """A plugin's source folder, which need not be installed."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        name, groups = str(project["name"]), dict(project["entry-points"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        detail = f"{folder}: its pyproject.toml tells no name and entry points ({sentences.cause(error)})"
        yield Finding("entry points", ok=False, detail=detail, about=folder.name)
        return
    entries = list(_announced(groups))
    if not entries:
        detail = (
            f'{name} announces nothing; write [project.entry-points."alliance.instruments.v1"] and a line for each id'
        )
        yield Finding("entry points", ok=False, detail=detail, about=name)
    for entry in entries:
        yield from _uninstalled(entry, name, folder, plugins)
    yield from _unannounced(folder, entries)


def _announced(groups: dict[str, Any]) -> Iterator[Entry]:
    for group, points in sorted(groups.items()):
        match = GROUP.fullmatch(group)
        if match and isinstance(points, dict):
            yield from (Entry(match[1], id, str(module), int(match[2])) for id, module in sorted(points.items()))


def _uninstalled(entry: Entry, name: str, folder: Path, plugins: Plugins) -> Iterator[Finding]:
    about = f"{entry.kind.removesuffix('s')} {entry.id}"
    if entry.fault or not entry.supported:
        yield Finding("entry point", ok=False, detail=entry.fault or sentences.too_new(entry), about=about)
        return
    others = [c for c in plugins.claims(entry.kind, entry.id) if normal(c.supplier.name) != normal(name)]
    yield _contested([*others, entry] if others else [], about)
    roots = [root for root in (folder, folder / "src") if (root / entry.module.partition(".")[0]).exists()]
    files = [file for root in roots if (file := root / entry.module / f"{entry.id}.toml").is_file()]
    if files and entry.kind == "instruments" and not data.needs_code(files[0]):
        yield from _definition(files[0], about, entry.id, plugins)
    elif plugins.safe_mode:
        yield Finding(
            "loads", ok=True, detail="not tried: it is code, and this is safe mode", about=about, warning=True
        )
    else:
        yield from _in_a_child(entry, about, roots or (folder,))


def _unannounced(folder: Path, entries: Iterable[Entry]) -> Iterator[Finding]:
    ids = {entry.id for entry in entries}
    modules = sorted({entry.module.partition(".")[0] for entry in entries})
    for file in sorted(file for module in modules for file in folder.glob(f"**/{module}/*.toml")):
        head = read_head(file)
        if "raters" in head and file.stem not in ids:
            detail = f"{file.name} is a definition that no entry point announces; add a line {file.stem} = ..."
            yield Finding("entry points", ok=True, detail=detail, about=file.stem, warning=True)


def _in_a_child(entry: Entry, about: str, folders: Iterable[Path]) -> Iterator[Finding]:
    """What `alliance_core.plugins.probe` finds when it runs a plugin's code."""
    paths = [*(str(folder.resolve()) for folder in folders), *filter(None, sys.path)]
    command = [sys.executable, "-P", "-m", "alliance_core.plugins.probe", entry.kind, entry.id, entry.module]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603  # the plugin that the person asked to be tried
            command,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        detail = f"{entry.module} did not load within {PROBE_SECONDS} seconds"
        yield Finding("loads", ok=False, detail=detail, about=about)
        return
    try:
        yield from (Finding(**finding, about=about) for finding in json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        last = next(reversed(done.stderr.strip().splitlines()), "it said nothing")
        detail = f"{entry.module} ended the program while it was tried: {sentences.one_line(last)}"
        yield Finding("loads", ok=False, detail=detail, about=about)
