"""The installed plugins: each looked up by its id, loaded alone, and contained if it is broken."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from alliance_core.errors import PluginError, StoreError
from alliance_core.location import scheme_of
from alliance_core.plugins import data, sentences
from alliance_core.plugins.admission import Refusal, refusal
from alliance_core.plugins.entries import Entry, find_entries

if TYPE_CHECKING:
    import click

    from alliance_core.instrument import Instrument
    from alliance_core.plugins.allow_list import AllowList
    from alliance_core.plugins.loading import Loader
    from alliance_core.reporting.report import Report
    from alliance_core.store import Store

PASSED_ON = (KeyboardInterrupt, GeneratorExit)
Offer = TypeVar("Offer")


class Broken(NamedTuple):
    """A plugin that could not be loaded, and the error that it raised."""

    entry: Entry
    error: BaseException


class UnusablePluginError(PluginError):
    """A finished sentence: which plugin, why it cannot be used, and the mend."""


class Plugins:
    """Plugins, none of them loaded until it is used. Made explicitly and handed down; there is no global one.

    Args:
        entries: What there is; `find_entries` finds what is installed.
        safe_mode: Run no code but the core's own. Data-only instruments are no code.
        allow_list: If given, everything that it does not allow is neither imported nor read.
        strict: Raise a plugin's own error instead of the sentence about it.
        specifications: Other hook specifications than the core's, for tests of their evolution.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        safe_mode: bool = False,
        allow_list: AllowList | None = None,
        strict: bool = False,
        specifications: ModuleType | None = None,
    ) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: entry.place))
        self.safe_mode = safe_mode
        self.allow_list = allow_list
        self.strict = strict
        self._specifications = specifications
        self._loaded: dict[str, ModuleType | BaseException] = {}

    @classmethod
    def installed(cls, *, safe_mode: bool = False, allow_list: str | None = None) -> Plugins:
        """What is installed here.

        ``ALLIANCE_SAFE_MODE=1``, ``ALLIANCE_ALLOW_LIST=FILE`` and ``ALLIANCE_STRICT_PLUGINS=1`` count too.
        """
        path = allow_list or os.environ.get("ALLIANCE_ALLOW_LIST")
        trusted = None
        if path:
            from alliance_core.plugins.allow_list import AllowList

            trusted = AllowList.read(path)
        return cls(
            find_entries(),
            safe_mode=safe_mode or _switched_on("ALLIANCE_SAFE_MODE"),
            allow_list=trusted,
            strict=_switched_on("ALLIANCE_STRICT_PLUGINS"),
        )

    # What there is, without loading anything.

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of one kind that may be used, in order; a contested one too."""
        return tuple(sorted({entry.id for entry in self.entries if entry.kind == kind and self.refusal(entry) is None}))

    def has(self, kind: str, id: str) -> bool:
        """Whether anything that may be used has this id."""
        return bool(self.claims(kind, id))

    def claims(self, kind: str, id: str) -> list[Entry]:
        """The entries of this id that may be used; more than one contest it."""
        return [entry for entry in self._named(kind, id) if self.refusal(entry) is None]

    def distribution_of(self, kind: str, id: str) -> str:
        """Name and version of the distribution that supplies something. Raises `PluginError` as using it would."""
        return str(self._one(kind, id).supplier)

    def head(self, instrument_id: str) -> dict[str, Any]:
        """Title, version, raters and more of an instrument, for lists; empty where only loading it would tell."""
        claims = self.claims("instruments", instrument_id)
        return data.head(claims[0]) if len(claims) == 1 else {}

    def heads(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The ids of all instruments with their heads, as `head` gives them."""
        folders: dict[str, tuple[Path, ...]] = {}
        for id in self.ids("instruments"):
            claims = self.claims("instruments", id)
            module = claims[0].module
            if module not in folders:  # a family of measures lives in one folder
                folders[module] = tuple(data.package_folders(module)) if "." not in module else ()
            yield id, data.head(claims[0], folders[module]) if len(claims) == 1 else {}

    def refusal(self, entry: Entry) -> Refusal | None:
        """Why an entry is not used at all; None if it may be."""
        return refusal(entry, safe_mode=self.safe_mode, allow_list=self.allow_list)

    # One method for each hook. Only the plugin under that id is loaded and asked.

    def instrument(self, id: str) -> Instrument:
        """The instrument of this id, read from its data file or asked of its plugin.

        Raises:
            PluginError: In one line, if it is not there, contested, not allowed or broken.
        """
        from alliance_core.instrument import Instrument

        entry = self._one("instruments", id)
        with self.contained(entry):
            if data.is_data(entry):
                return data.load(entry)
            if not self.implements(entry, "alliance_instruments"):
                raise PluginError(f"its package has no {entry.id}.toml, and its module no alliance_instruments")
        return self._offer(entry, "alliance_instruments", Instrument, lambda instrument: instrument.id)

    def report(self, id: str) -> Report:
        """The report of this id. Raises as `instrument`."""
        from alliance_core.reporting.report import Report, Section

        entry = self._one("reports", id)
        report = self._offer(entry, "alliance_reports", Report, lambda report: report.id)
        with self.contained(entry):
            if not all(isinstance(section, Section) for section in report.sections):
                raise PluginError("its sections are not all a Section")
        return report

    def command(self, name: str) -> click.Command | None:
        """The command of this name that a plugin adds; None if there is none. Raises as `instrument`."""
        import click

        if not self._named("commands", name):
            return None
        entry = self._one("commands", name)
        return self._offer(entry, "alliance_commands", click.Command, lambda command: command.name or "")

    def open_store(self, url: str) -> Store:
        """The store at a URL or path, opened by the plugin that has the URL's scheme as its id.

        Raises:
            StoreError: As the store's plugin says it.
            PluginError: If there is no such plugin, or it is broken.
        """
        from alliance_core.store import Store

        entry = self._one("stores", scheme_of(url))
        module = self._module(entry)
        with self.contained(entry, passed_on=(*PASSED_ON, StoreError), secret=url):
            store = self._loader.call(module, "alliance_open_store", url=url)
            if store is None:
                raise PluginError(f"its plugin says that a URL of {entry.id}: is not of its kind")
            if not isinstance(store, Store):
                lacking = sorted(n for n in dir(Store) if not n.startswith("_") and not hasattr(store, n))
                raise PluginError(f"{type(store).__name__} is no Store: it lacks {', '.join(lacking)}")
            return store

    # Loading, contained.

    def load(self, entry: Entry) -> ModuleType | Broken:
        """One entry's module, imported and registered once; or what is wrong with it."""
        if entry.module not in self._loaded:
            try:
                self._loaded[entry.module] = self._loader.load(entry.module)
            except PASSED_ON:
                raise
            except BaseException as error:  # noqa: BLE001  # SystemExit at import must not end the program either
                self._loaded[entry.module] = error
        loaded = self._loaded[entry.module]
        return Broken(entry, loaded) if isinstance(loaded, BaseException) else loaded

    def implements(self, entry: Entry, hook: str) -> bool:
        """Whether an entry's module loads and implements a hook."""
        return self._loader.implements(self._module(entry), hook)

    @cached_property
    def _loader(self) -> Loader:
        from alliance_core.plugins.loading import Loader

        return Loader(self._specifications) if self._specifications else Loader()

    def _module(self, entry: Entry) -> ModuleType:
        loaded = self.load(entry)
        if isinstance(loaded, Broken):
            if self.strict:
                raise loaded.error
            raise UnusablePluginError(sentences.broken(entry, loaded.error)) from loaded.error
        return loaded

    def _offer(self, entry: Entry, hook: str, kind: type[Offer], id_of: Callable[[Offer], str]) -> Offer:
        """The one thing under an entry's id among those that its plugin's hook returns."""
        module = self._module(entry)
        with self.contained(entry):
            offered = self._loader.call(module, hook)
            return _chosen(entry, hook, offered, kind, id_of)

    @contextmanager
    def contained(
        self, entry: Entry, *, passed_on: tuple[type[BaseException], ...] = PASSED_ON, secret: str | None = None
    ) -> Iterator[None]:
        """Turn whatever a plugin raises into the one sentence about it."""
        try:
            yield
        except UnusablePluginError:
            raise
        except passed_on:
            raise
        except BaseException as error:
            if self.strict:
                raise
            sentence = sentences.broken(entry, error)
            raise UnusablePluginError(sentences.without(secret, sentence) if secret else sentence) from error

    def _named(self, kind: str, id: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind and entry.id == id]

    def _one(self, kind: str, id: str) -> Entry:
        claims = self.claims(kind, id)
        if len(claims) == 1:
            return claims[0]
        if claims:
            raise UnusablePluginError(sentences.contested(claims))
        refusals = [refusal for entry in self._named(kind, id) if (refusal := self.refusal(entry))]
        raise UnusablePluginError(refusals[0].sentence if refusals else sentences.unknown(kind, id, self.ids(kind)))


def _chosen(entry: Entry, hook: str, offered: Any, kind: type[Offer], id_of: Callable[[Offer], str]) -> Offer:
    if not isinstance(offered, list | tuple):
        raise PluginError(f"{hook} returned {type(offered).__name__}, not a list")
    things: list[Offer] = []
    for thing in offered:
        if not isinstance(thing, kind):
            raise PluginError(f"{hook} returned a list with {type(thing).__name__} in it, not only {kind.__name__}")
        things.append(thing)
    fitting = [thing for thing in things if id_of(thing) == entry.id]
    if len(fitting) != 1:
        ids = ", ".join(map(repr, map(id_of, things))) or "nothing"
        raise PluginError(f"{hook} offers {ids}, but {entry.id!r} is announced; offer it once")
    return fitting[0]


def _switched_on(variable: str) -> bool:
    return os.environ.get(variable, "") not in ("", "0")
