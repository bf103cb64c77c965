"""Trying a plugin's code in a process of its own: ``python -m alliance_core.plugins.probe KIND ID MODULE``.

It prints its findings as JSON on the last line. `alliance_core.plugins.check` calls it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from time import perf_counter
from typing import Any

from alliance_core.errors import PluginError
from alliance_core.plugins import data, sentences
from alliance_core.plugins.check import kit
from alliance_core.plugins.entries import Entry
from alliance_core.plugins.manager import Broken, Plugins

HEAVY = frozenset({"matplotlib", "numpy", "pandas", "polars", "scipy", "torch"})
CORE_MODULES = ("click", "alliance_core.plugins.loading", "alliance_core.definition.load", "alliance_core.store")
SLOW = 0.3  # seconds; half of what a person notices as waiting


def probe(entry: Entry) -> Iterator[dict[str, Any]]:
    """Load an entry's module and ask its hook; what there is to say about it."""
    plugins = Plugins([entry])
    for module in CORE_MODULES:  # what the core imports is not the plugin's fault
        import_module(module)
    before, start = set(sys.modules), perf_counter()
    loaded = plugins.load(entry)
    seconds = perf_counter() - start
    if isinstance(loaded, Broken):
        yield _finding("loads", sentences.cause(loaded.error), ok=False)
        return
    yield _finding("loads", f"{entry.module} loads in {seconds * 1000:.0f} ms", warning=seconds > SLOW)
    heavy = sorted(HEAVY & (set(sys.modules) - before))
    if heavy:
        detail = f"{entry.module} imports {', '.join(heavy)} when it is loaded; import it where it is used"
        yield _finding("start-up", detail, warning=True)
    try:
        with plugins.contained(entry):
            yield from _offered(plugins, entry)
    except PluginError as error:
        yield _finding("offers", str(error), ok=False)


def _offered(plugins: Plugins, entry: Entry) -> Iterator[dict[str, Any]]:
    if entry.kind == "instruments":
        instrument = plugins.instrument(entry.id)
        detail = f"{instrument.title}, whose examples hold"
        yield from kit(instrument, data.definition_file(entry))
    elif entry.kind == "reports":
        report = plugins.report(entry.id)
        detail = str(report.title)
        yield from _templates(report)
    elif entry.kind == "commands":
        plugins.command(entry.id)
        detail = f"the command {entry.id}"
    else:
        if not plugins.implements(entry, "alliance_open_store"):
            raise PluginError(f"{entry.module} does not implement alliance_open_store")
        detail = f"stores of {entry.id}"
    yield _finding("offers", detail)


def _templates(report: Any) -> Iterator[dict[str, Any]]:
    folders = [folder / "templates" for folder in data.package_folders(report.package)]
    for section in report.sections:
        if not section.template.endswith(".html"):
            detail = f"template {section.template} of {section.title!r} must have a name that ends in .html"
            yield _finding("templates", detail, ok=False)
        elif not any((folder / section.template).is_file() for folder in folders):
            detail = (
                f"template {section.template} of {section.title!r} is not in the folder templates of {report.package}"
            )
            yield _finding("templates", detail, ok=False)


def _finding(check: str, detail: str, *, ok: bool = True, warning: bool = False) -> dict[str, Any]:
    return {"check": check, "ok": ok, "detail": detail, "warning": warning}


if __name__ == "__main__":
    kind, name, module = sys.argv[1:4]
    findings = list(probe(Entry(kind, name, module)))
    sys.stdout.write("\n" + json.dumps(findings) + "\n")
