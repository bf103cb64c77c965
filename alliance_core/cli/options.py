"""Options that several commands share, so that each means the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from alliance_core.cli.context import App

Command = TypeVar("Command", bound=Callable[..., Any])


def store_option(command: Command) -> Command:
    """Let a command take ``--store`` after its name too."""

    def choose(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.ensure_object(App).store_url = value

    option = click.option(
        "--store", metavar="URL", expose_value=False, callback=choose, help="The store: a path or a URL."
    )
    return option(command)


def _complete_instrument(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    from alliance_core.plugins.entries import find_entries

    return [entry.id for entry in find_entries() if entry.kind == "instruments" and entry.id.startswith(incomplete)]


instrument_option = click.option(
    "--instrument", "instrument_id", required=True, metavar="ID", shell_complete=_complete_instrument,
    help="The id of the instrument, or the path of its TOML file.",
)  # fmt: skip
instrument_argument = click.argument("instrument_id", metavar="INSTRUMENT", shell_complete=_complete_instrument)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
force_option = click.option("--force", is_flag=True, help="Overwrite what is there.")
delimiter_option = click.option(
    "--delimiter", default=",", metavar="CHAR", show_default=True, callback=lambda _, __, value: _one_character(value),
    help="What parts the columns.",
)  # fmt: skip


def _one_character(value: str) -> str:
    text = value.replace("\\t", "\t")
    if len(text) != 1 or text in '"\r\n\\':
        raise click.BadParameter("write one character, such as ';' or '\\t'")
    return text
