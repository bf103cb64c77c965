"""Every instrument that can be used now: those that plugins supply, and those that the clinic keeps in its store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from alliance_core.errors import PluginError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alliance_core.instrument import Instrument
    from alliance_core.plugins.manager import Plugins
    from alliance_core.store import Store


@frozen
class Found:
    """An instrument and where it came from.

    Attributes:
        instrument: The instrument.
        distribution: The name and version of the distribution that supplies it; None for a clinic's own.
    """

    instrument: Instrument
    distribution: str | None


def read_instrument(path: str) -> Found:
    """An instrument from a TOML file of one's own. Raises `DefinitionError` if it is wrong."""
    from alliance_core.definition.load import load_instrument

    return Found(load_instrument(path), None)


def find_instrument(name: str, plugins: Plugins, open_store: Callable[[], Store] | None) -> Found:
    """An instrument by its id.

    A store that cannot be opened hides no installed instrument: a command that needs the store will say what is wrong.
    An installed definition that is partial gives way to the clinic's own of the same id that completes it.

    Raises:
        DefinitionError: If its definition is wrong.
        PluginError: If there is none of that id, or a plugin and the clinic both claim it.
    """
    installed = plugins.has("instruments", name)
    try:
        own = _own(name, open_store() if open_store else None)
    except StoreError:
        if not installed:
            raise
        own = None
    if own is None:
        return Found(plugins.instrument(name), plugins.distribution_of("instruments", name))
    if installed and not (own.completes == name and "partial" in plugins.head(name)):
        supplier = plugins.distribution_of("instruments", name)
        raise PluginError(
            f"{name}: both {supplier} and an instrument of your own in the store claim this id; "
            "uninstall the one or use another store"
        )
    return Found(own, None)


def _own(name: str, store: Store | None) -> Instrument | None:
    if store is None or not any(kept.own and kept.id == name for kept in store.kept()):
        return None
    return store.instrument(name)
