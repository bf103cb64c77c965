"""Writing a new plugin: every file is made first, and only then is any of them written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from alliance_core import __version__
from alliance_core.definition.load import parse_instrument
from alliance_core.errors import PluginError
from alliance_core.scaffold import readme
from alliance_core.scaffold.plan import TEMPLATE_VERSION, Plan
from alliance_core.scaffold.rendering import as_text

ANSWERS = (1, 2, 4, 5, 2)
"""No two neighbours alike, and never the middle: an item that is reversed or left out by mistake shows."""


def files(plan: Plan) -> Mapping[str, str]:
    """The files of a plugin by their paths in its folder."""
    answers = [ANSWERS[place % len(ANSWERS)] for place in range(plan.items)]
    values = {
        "plan": plan,
        "answers": answers,
        "template_version": TEMPLATE_VERSION,
        "core_version": __version__,
        "year": datetime.now(UTC).year,
    }
    definition = as_text("package/definition.toml.jinja", **values)
    instrument = parse_instrument(definition.encode(), name=f"{plan.id}.toml")
    page = as_text("package/README.md.jinja", **values)
    return {
        "pyproject.toml": as_text("package/pyproject.toml.jinja", **values),
        f"{plan.package}/{plan.id}.toml": definition,
        "tests/test_kit.py": as_text("package/test_kit.py.jinja", **values),
        "README.md": readme.with_facts(page, readme.facts([instrument])),
        "CHANGELOG.md": as_text("package/CHANGELOG.md.jinja", **values),
        "LICENSE": as_text("package/LICENSE.jinja", **values),
    }


def write_plugin(plan: Plan, folder: Path, *, force: bool = False) -> tuple[str, ...]:
    """Write a plugin into a folder.

    Args:
        plan: What it is to be.
        folder: Where it is to stand.
        force: Write into a folder that is there already; of what is in it, only the files of the same names change.

    Returns:
        The paths of the files in the folder.

    Raises:
        PluginError: If the folder is there already, or there is no place for it.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise PluginError(f"{folder}: is no folder; name another with --out")
    if folder.exists() and not force:
        raise PluginError(f"{folder}: is there already; name another with --out, or --force to overwrite its files")
    made = files(plan)
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return tuple(made)
