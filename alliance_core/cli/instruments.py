"""``alliance instruments``: what is installed or kept, what one of them says, and a clinic's own checklist added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from alliance_core.cli import output
from alliance_core.cli.context import App, actor
from alliance_core.cli.options import force_option, instrument_argument, json_option, store_option
from alliance_core.errors import AllianceError
from alliance_core.location import path_of

if TYPE_CHECKING:
    from alliance_core.instrument import Instrument

EPILOG = """\b
Examples:
  alliance instruments
  alliance instruments show wai-sr
  alliance instruments preview our-checklist.toml
  alliance instruments add our-checklist.toml
"""
PREVIEW_EPILOG = """\b
Examples:
  alliance instruments preview our-checklist.toml
  alliance instruments preview our-checklist.toml --html --out preview.html

Exit codes: 0 well, 2 something is wrong: each fault is said in a sentence. Mend the file and look again.
"""


@click.group(invoke_without_command=True, epilog=EPILOG)
@json_option
@store_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the instruments that are installed, and those that the store keeps."""
    if context.invoked_subcommand is not None:
        return
    rows = _listed(context.ensure_object(App))
    if as_json:
        click.echo(output.as_json(rows))
        return
    headers = ("id", "version", "raters", "title", "licence")
    click.echo(output.table(headers, [[_words(row[header]) for header in headers] for row in rows]))


def _listed(app: App) -> list[dict[str, Any]]:
    plugins = app.plugins()
    rows = [_row(name, head, own=False) for name, head in plugins.heads()]
    rows += [_row(name, {"title": title, "version": version}, own=True) for name, version, title in _own(app)]
    return sorted(rows, key=lambda row: str(row["id"]))


def _own(app: App) -> list[tuple[str, str, str]]:
    """The clinic's own instruments; a store that cannot be read hides no installed one."""
    path = path_of(app.store_url)
    if not app.store_exists():
        return []
    try:
        if path is not None:
            from alliance_core.sqlite.looking import own_instruments

            return own_instruments(path)
        return [(kept.id, kept.version, kept.title) for kept in app.open_store().kept() if kept.own]
    except AllianceError as error:
        output.say(f"Warning: your own instruments are not listed: {error}")
        return []


def _row(name: str, head: dict[str, Any], *, own: bool) -> dict[str, Any]:
    return {
        "id": name,
        "version": head.get("version"),
        "raters": head.get("raters") or [],
        "title": head.get("title"),
        "licence": head.get("licence"),
        "own": own,
    }


def _words(value: object) -> object:
    match value:
        case list():
            return ", ".join(map(str, value))
        case {"owner": owner, "wording": wording}:
            return f"{owner}: {str(wording).replace('-', ' ')}"
        case _:
            return value


@command.command()
@instrument_argument
@json_option
@store_option
@click.pass_obj
def show(app: App, instrument_id: str, as_json: bool) -> None:
    """Show all that a definition says: items, options, key, missing rules, thresholds, sources."""
    from alliance_core.definition.describe import describe

    instrument = app.instrument(instrument_id).instrument
    click.echo(output.as_json(describe(instrument)) if as_json else _page(instrument))


def _page(instrument: Instrument) -> str:
    from alliance_core.definition.describe import describe

    said = describe(instrument)
    lines = [
        f"{said['id']}  {said['title']}",
        f"version {said['version']}, filled in by {', '.join(said['raters'])}; {said['direction'].replace('-', ' ')}",
        f"source: {said['source']}",
        f"owner: {said['licence']['owner']}; wording: {said['licence']['wording'].replace('-', ' ')}",
        *([f"wording from: {said['licence']['obtain']}"] if said["licence"]["obtain"] else []),
        f"digest: {said['digest'][:12]}",
        *([f"partial: {said['partial']}; kept and shown, not scored"] if said["partial"] else []),
        *([f"completes: {said['completes']}"] if said["completes"] else []),
        "",
        output.table(("item", "topic", "answers", "key", "scales"), [_item_row(item) for item in said["items"]]),
        "",
        output.table(
            ("scale", "method", "items", "needed", "range", "missing rule by"),
            [_scale_row(scale) for scale in said["scales"]],
        ),
        *(["", "thresholds:"] if said["thresholds"] else []),
        *map(_threshold_line, said["thresholds"]),
    ]
    return "\n".join(map(output.printable_lines, lines))


def _item_row(item: dict[str, Any]) -> list[object]:
    ends = item["kind"] if item["minimum"] is None else f"{item['minimum']} to {_end(item['maximum'])}"
    key = "reversed" if item["reverse"] else "unscored" if not item["scales"] else ""
    return [item["id"], item["topic"], ends, key, ", ".join(item["scales"])]


def _scale_row(scale: dict[str, Any]) -> list[object]:
    ends = f"{scale['minimum']} to {_end(scale['maximum'])}"
    return [scale["id"], scale["method"], len(scale["items"]), scale["needed"], ends, scale["missing"]["source"]]


def _end(value: object) -> object:
    return "any" if value is None else value


def _threshold_line(threshold: dict[str, Any]) -> str:
    target = threshold["scale"] or (f"item {threshold['item']}" if threshold["item"] else "any item")
    status = "published" if threshold["published"] else "not a published rule"
    disputed = f"; disputed: {threshold['disputed']} ({threshold['dispute']})" if threshold["disputed"] else ""
    rule = f"{target} {threshold['operator']} {threshold['value']}: {threshold['says']}"
    return f"  {rule} ({status}, {threshold['source']}{disputed})"


@command.command("preview", epilog=PREVIEW_EPILOG)
@click.argument("file", metavar="FILE")
@click.option("--html", "as_html", is_flag=True, help="Make a page for a browser.")
@click.option("--out", metavar="FILE", default="-", help="Where to write; standard output if not given.")
@force_option
def preview_command(file: str, as_html: bool, out: str, force: bool) -> int:
    """Show the form, the key and a worked example of the definition in FILE, while you write it."""
    from alliance_core.cli.preview import show_preview

    return show_preview(file, as_html=as_html, out=out, force=force)


@command.command()
@click.argument("file", metavar="FILE")
@store_option
@click.pass_obj
def add(app: App, file: str) -> None:
    """Check the definition in FILE, a TOML file of your own, and keep it in the store, ready for use."""
    from alliance_core.catalogue import read_instrument
    from alliance_core.errors import PluginError

    instrument = read_instrument(file).instrument
    if instrument.completes is not None:
        _check_completion(app, file, instrument)
    if instrument.id != instrument.completes and app.plugins().has("instruments", instrument.id):
        supplier = app.plugins().distribution_of("instruments", instrument.id)
        raise PluginError(f"{file}: the id {instrument.id!r} is taken by {supplier}; choose another")
    app.open_store(create=True).keep(instrument, actor=actor(), own=True)
    click.echo(f"Kept {instrument.id} {instrument.version}: {len(instrument.items)} items, in {app.store_url}")


def _check_completion(app: App, file: str, instrument: Instrument) -> None:
    """Refuse a definition that is not the form of the partial one that it completes."""
    from alliance_core.definition.completion import faults
    from alliance_core.errors import DefinitionError

    partial = app.plugins().instrument(instrument.completes or "")
    if found := list(faults(instrument, partial)):
        raise DefinitionError(*(f"{file}: {fault}" for fault in found))
