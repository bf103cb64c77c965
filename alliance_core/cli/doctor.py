"""``alliance doctor``: what this program runs on, and what is not well. It changes nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from alliance_core import __version__
from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import json_option, store_option
from alliance_core.errors import AllianceError
from alliance_core.plugins.sentences import cause

if TYPE_CHECKING:
    from alliance_core.plugins.manager import Plugins

EPILOG = """\b
Exit codes: 0 well, or nothing but plugins is broken; 1 the store cannot be opened.
"""


@click.command(epilog=EPILOG)
@json_option
@store_option
@click.pass_obj
def command(app: App, as_json: bool) -> int:
    """Say what is well and what is not."""
    facts: dict[str, Any] = {
        "alliance": __version__,
        "python": sys.version.split()[0],
        "sqlite": _sqlite(),
        "store": _store(app),
        "plugins": _plugins(app.plugins()),
    }
    if as_json:
        click.echo(output.as_json(facts))
    else:
        for label, text in _lines(facts):
            click.echo(f"{label:12}{output.printable(text)}")
    return 0 if facts["store"]["opens"] is not False else 1


def _sqlite() -> dict[str, Any]:
    import sqlite3

    from alliance_core.sqlite.connection import keeps_wal

    safe = keeps_wal(sqlite3.sqlite_version_info)
    return {"version": sqlite3.sqlite_version, "wal_is_safe": safe, "journal": "wal" if safe else "rollback"}


def _store(app: App) -> dict[str, Any]:
    from alliance_core.location import path_of, scheme_of
    from alliance_core.sqlite.looking import looking

    told: dict[str, Any] = {"url": None, "opens": None, "supplier": None, "detail": ""}
    try:
        told["supplier"] = app.plugins().distribution_of("stores", scheme_of(app.store_url))
        path = path_of(app.store_url)
        if path is None:
            told["url"] = app.open_store().url  # not the one that was given: it may hold a password
        else:
            told["url"] = path
            if not app.store_exists():
                return told | {"detail": "there is none yet; recording or importing makes it"}
            with looking(path):
                pass
    except AllianceError as error:
        return told | {"opens": False, "detail": " ".join(error.faults)}
    except Exception as error:  # noqa: BLE001  # the doctor has to tell what is wrong, whatever it is
        return told | {"opens": False, "detail": cause(error)}
    return told | {"opens": True}


def _plugins(plugins: Plugins) -> dict[str, Any]:
    from alliance_core.plugins.listing import status

    rows = status(plugins)
    states = {state: sum(row.status == state for row in rows) for state in sorted({row.status for row in rows})}
    return {
        "found": len(rows),
        "by_status": states,
        "details": list(dict.fromkeys(row.detail for row in rows if row.status in ("broken", "contested"))),
        "allow_list": plugins.allow_list.path if plugins.allow_list else None,
        "allow_list_fault": plugins.allow_list.fault if plugins.allow_list else None,
        "safe_mode": plugins.safe_mode,
    }


def _lines(facts: dict[str, Any]) -> list[tuple[str, str]]:
    sqlite, store, plugins = facts["sqlite"], facts["store"], facts["plugins"]
    safe = "safe" if sqlite["wal_is_safe"] else "not safe in this version"
    states = ", ".join(f"{count} {state}" for state, count in plugins["by_status"].items())
    shown = (
        f"{store['url']}: opens, by {store['supplier']}" if store["opens"] else _first(store["url"], store["detail"])
    )
    return [
        ("alliance", facts["alliance"]),
        ("Python", facts["python"]),
        ("SQLite", f"{sqlite['version']}; the write-ahead log is {safe}, the {sqlite['journal']} journal is used"),
        ("store", shown),
        ("plugins", f"{plugins['found']} found: {states}" if states else "none found"),
        *(("", detail) for detail in plugins["details"]),
        (
            "allow-list",
            plugins["allow_list_fault"] or plugins["allow_list"] or "none: everything installed may be used",
        ),
        ("safe mode", "on: no code of any plugin runs" if plugins["safe_mode"] else "off"),
    ]


def _first(url: str | None, detail: str) -> str:
    return detail if url is None or detail.startswith(url) else f"{url}: {detail}"
