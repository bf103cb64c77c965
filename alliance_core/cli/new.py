"""What ``alliance plugins new`` does: ask for what was not given, write the plugin, say what comes next."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.errors import PluginError

CLIENT = ("client",)


def new_plugin(
    app: App,
    name: str | None,
    *,
    id: str | None,
    title: str | None,
    raters: tuple[str, ...],
    items: int | None,
    owner: str | None,
    out: str | None,
    force: bool,
) -> None:
    """Write a plugin; what is None is asked for on a terminal, and refused elsewhere where there is no default."""
    from alliance_core.scaffold.plan import PREFIX, Plan, check_plan, distribution_name
    from alliance_core.scaffold.write import write_plugin

    _need(("NAME", name), ("--title", title), ("--owner", owner), ("--items", items))
    name = name if name is not None else _ask("Name of the plugin")
    distribution = distribution_name(name)
    plan = Plan(
        distribution=distribution,
        title=(title if title is not None else _ask("Full name of the measure")).strip(),
        id=id if id is not None else _ask("Its id", distribution.removeprefix(PREFIX)),
        raters=tuple(dict.fromkeys(raters or _ask("Who fills it in (several with spaces between)", *CLIENT).split())),
        items=items if items is not None else click.prompt("How many items it has", type=int),
        owner=(owner if owner is not None else _ask("Whose measure it is")).strip(),
    )
    check_plan(plan)
    _refuse_taken(app, plan.id, distribution)
    folder = Path(out or distribution)
    for file in write_plugin(plan, folder, force=force):
        click.echo(output.printable(f"wrote {folder / file}"))
    definition = folder / plan.package / f"{plan.id}.toml"
    click.echo()
    click.echo(output.printable(f"Now edit {definition}, and look at it:"))
    for command in (f"instruments preview {definition}", f"plugins check {folder}", f"plugins readme {folder}"):
        click.echo(output.printable(f"  alliance {command}"))


def _on_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _ask(what: str, default: str | None = None) -> str:
    """What the person says; the default where there is nobody to ask."""
    if default is not None and not _on_terminal():
        return default
    return str(click.prompt(what, default=default))


def _need(*given: tuple[str, object]) -> None:
    missing = [name for name, value in given if value is None]
    if missing and not _on_terminal():
        raise PluginError(f"{', '.join(missing)}: not given, and there is no terminal to ask on; write them")


def _refuse_taken(app: App, id: str, distribution: str) -> None:
    from alliance_core.plugins.entries import normal

    for entry in app.plugins().entries:
        if entry.kind == "instruments" and entry.id == id and normal(entry.supplier.name) != normal(distribution):
            raise PluginError(f"--id {id}: is taken by {entry.supplier.name}, which is installed; choose another")
