"""The whole contract between the core and its plugins, on one page.

A plugin is announced by entry points. The group names the kind of thing and the version of this contract
(``alliance.instruments.v1``), the name is the id of what is provided (``wai-sr``), the value is the module that holds
the hook implementations. An instrument that is data alone needs no module: the core reads ``<id>.toml`` from the
package that the entry point names.

Within v1 a hook never loses an argument and only gains ones with a default.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from alliance_core.instrument import Instrument
    from alliance_core.reporting.report import Report
    from alliance_core.store import Store

PROJECT = "alliance"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def alliance_instruments() -> Sequence[Instrument]:  # type: ignore[empty-body]  # a specification has no body
    """The instruments that this plugin offers.

    Called when one of them is used, and only in the plugin that was installed under its id. Needed only by a plugin
    whose scales name a pure function; all others are read from their data files without any code.

    Returns:
        One `Instrument` for each id that the distribution announces in the group ``alliance.instruments.v1``.

    On error:
        The plugin is listed as broken, and a command that needs the instrument says so in one line.

    Example:
        .. code-block:: python

            from pathlib import Path
            from alliance_core import hookimpl, load_instrument


            def doubled(values):
                return None if values["1"] is None else 2 * values["1"]


            @hookimpl
            def alliance_instruments():
                return [load_instrument(Path(__file__).with_name("thing.toml"), functions={"doubled": doubled})]
    """


@hookspec(firstresult=True)
def alliance_open_store(url: str) -> Store | None:
    """Open a store.

    Called when a command needs the store, only in the plugin whose entry point in ``alliance.stores.v1`` has the URL's
    scheme as its name (``postgresql`` for ``postgresql://...``; a plain path means ``sqlite``).

    Arguments:
        url: What the person gave: a URL, or a path.

    Returns:
        An open `Store`, or None if the URL is not its kind.

    On error:
        A `StoreError` is shown as its sentence. Anything else stops the command: saving is never contained.

    Example:
        .. code-block:: python

            from alliance_core import hookimpl


            @hookimpl
            def alliance_open_store(url):
                return MyStore(url) if url.startswith("mystore:") else None
    """


@hookspec
def alliance_reports() -> Sequence[Report]:  # type: ignore[empty-body]  # a specification has no body
    """The reports that this plugin offers.

    Called when one of them is asked for, only in the plugin that was installed under its id.

    Returns:
        One `Report` for each id that the distribution announces in the group ``alliance.reports.v1``.

    On error:
        The plugin is listed as broken. A section that fails while a report is made becomes a visible box in it.

    Example:
        .. code-block:: python

            from alliance_core import Report, Section, hookimpl


            def latest(view):
                return {"count": len(view.store.administrations(case=view.case))}


            @hookimpl
            def alliance_reports():
                section = Section(title="Forms", template="forms.html", context=latest)
                return [Report(id="forms", title="Forms", package="my_forms_report", sections=(section,))]
    """


@hookspec
def alliance_commands() -> Sequence[click.Command]:  # type: ignore[empty-body]  # a specification has no body
    """Commands that this plugin adds to ``alliance``.

    Called when a command is asked for that the core does not have, only in the plugin that was installed under its
    name in ``alliance.commands.v1``.

    Returns:
        One `click.Command` for each name that the distribution announces.

    On error:
        The plugin is listed as broken; every other command works.

    Example:
        .. code-block:: python

            import click
            from alliance_core import hookimpl


            @click.command()
            def hello():
                click.echo("hello")


            @hookimpl
            def alliance_commands():
                return [hello]
    """
