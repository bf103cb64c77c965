"""Distributions that only pretend: what pip would leave behind for each, in a folder for PYTHONPATH.

Half of them are data-only instruments. The others are code of every kind, and importing one imports much besides.
"""

from __future__ import annotations

from pathlib import Path

import form

HEAVY = "import asyncio, decimal, email.mime.multipart, xml.dom.minidom\n"
CODE = ("instruments", "stores", "reports", "commands")


def install(folder: Path, count: int) -> None:
    """Put that many distributions into a folder."""
    folder.mkdir()
    for number in range(count):
        if number % 2:
            _code(folder, number, CODE[number // 2 % len(CODE)])
        else:
            _data(folder, number)


def _data(folder: Path, number: int) -> None:
    package = f"fake_data_{number}"
    (folder / package).mkdir()
    (folder / package / f"fake-{number}.toml").write_text(form.definition(f"fake-{number}"), encoding="utf-8")
    _announce(folder, package, "instruments", number)


def _code(folder: Path, number: int, kind: str) -> None:
    module = f"fake_{kind}_{number}"
    (folder / f"{module}.py").write_text(HEAVY, encoding="utf-8")
    _announce(folder, module, kind, number)


def _announce(folder: Path, module: str, kind: str, number: int) -> None:
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    name = module.replace("_", "-")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[alliance.{kind}.v1]\nfake-{number} = {module}\n", encoding="utf-8")
