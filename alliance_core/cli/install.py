"""``alliance install`` and ``alliance uninstall``: pip, in the environment that this program runs in.

They load no plugin, so they work whatever is broken.
"""

from __future__ import annotations

import subprocess
import sys

import click

from alliance_core.errors import PluginError

INSTALL_EPILOG = """\b
Examples:
  alliance install alliance-srs
  alliance install --upgrade alliance-wai alliance-srs
"""
UNINSTALL_EPILOG = """\b
Examples:
  alliance uninstall alliance-srs

Forms and scores that were recorded with a measure stay in the store, listed and reported.
"""


@click.command(epilog=INSTALL_EPILOG)
@click.argument("packages", nargs=-1, required=True, metavar="PACKAGE...")
@click.option("--upgrade", is_flag=True, help="Take the newest version, even if one is there.")
def install(packages: tuple[str, ...], upgrade: bool) -> int:
    """Install plugins from the package index, or from a folder or wheel."""
    return _pip("install", *(["--upgrade"] if upgrade else []), "--", *packages)


@click.command(epilog=UNINSTALL_EPILOG)
@click.argument("packages", nargs=-1, required=True, metavar="PACKAGE...")
@click.option("--yes", is_flag=True, help="Do not ask.")
def uninstall(packages: tuple[str, ...], yes: bool) -> int:
    """Uninstall plugins. What was recorded with them stays."""
    if not yes:
        click.confirm(f"Uninstall {', '.join(packages)}?", abort=True)
    return _pip("uninstall", "--yes", "--", *packages)


def _pip(*arguments: str) -> int:
    if subprocess.run([sys.executable, "-c", "import pip"], capture_output=True, check=False).returncode:
        raise PluginError("pip is not in this environment; use the tool that made it, such as uv or pipx")
    done = subprocess.run([sys.executable, "-m", "pip", *arguments], check=False)  # noqa: S603  # a list, not a shell
    return 0 if done.returncode == 0 else 2
