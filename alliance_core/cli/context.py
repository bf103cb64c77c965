"""What every command gets: where the store is, which plugins there are, who is at the keyboard."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_core.location import path_of

if TYPE_CHECKING:
    from alliance_core.catalogue import Found
    from alliance_core.plugins.manager import Plugins
    from alliance_core.store import Store


def default_store() -> str:
    """Where the store is if nobody says: one place a person, whatever folder a command is called in."""
    return os.environ.get("ALLIANCE_STORE") or _own_place()


def _own_place() -> str:
    folder = Path(click.get_app_dir("alliance"))
    if not folder.is_absolute():  # an empty XDG_CONFIG_HOME means the usual place, not the folder one happens to be in
        folder = Path.home() / ".config" / "alliance"
    return str(folder / "alliance.db")


class App:
    """The surroundings of one call of ``alliance``. Everything is made when it is first asked for."""

    def __init__(self, *, store_url: str, safe_mode: bool) -> None:
        self.store_url = store_url
        self.safe_mode = safe_mode
        self._open: Store | None = None

    @cached_property
    def _plugins(self) -> Plugins:
        from alliance_core.plugins.manager import Plugins

        return Plugins.installed(safe_mode=self.safe_mode)

    def plugins(self) -> Plugins:
        """The installed plugins, none of them loaded yet."""
        return self._plugins

    def store_exists(self) -> bool:
        """Whether there is a store to read. One that is on a server is taken to be there."""
        path = path_of(self.store_url)
        return path is None or Path(path).exists()

    def open_store(self, *, create: bool = False) -> Store:
        """The store, opened once a call.

        Raises:
            StoreError: If it cannot be opened, or is not there and `create` is not asked for.
        """
        if self._open is None:
            if not create and not self.store_exists():
                from alliance_core.errors import StoreError

                mend = "record or import something first, or name another with --store"
                raise StoreError(f"{self.store_url}: there is no store yet; {mend}")
            if create and self.store_url == _own_place():
                Path(self.store_url).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open = self.plugins().open_store(self.store_url)
        return self._open

    def instrument(self, name: str) -> Found:
        """An instrument by its id, installed or kept in the store, or by the path of its TOML file."""
        from alliance_core.catalogue import find_instrument, read_instrument

        if name.endswith(".toml"):
            return read_instrument(name)
        return find_instrument(name, self.plugins(), self.open_store if self.store_exists() else None)

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        if self._open is not None:
            self._open.close()
            self._open = None


def actor() -> str:
    """Who is at work, for the audit: ``ALLIANCE_USER``, else the name that the system knows."""
    import getpass  # it brings the terminal's settings along

    try:
        return os.environ.get("ALLIANCE_USER") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
