"""The list of what is installed, for ``alliance plugins``: each thing, where it came from, and whether it works."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from alliance_core.errors import PluginError
from alliance_core.plugins import data, sentences
from alliance_core.plugins.entries import Entry
from alliance_core.plugins.manager import Plugins

Status = Literal["ok", "broken", "contested", "not-allowed", "needs-newer-core", "off"]


class Row(NamedTuple):
    """One installed thing.

    Attributes:
        kind: ``instruments``, ``stores``, ``reports``, ``commands`` or what a newer core knows.
        id: Its id.
        title: Its title, where it could be told.
        distribution: Who supplies it.
        version: The distribution's version.
        location: The folder or URL that the distribution came from.
        contract: The version of the contract that it is written for.
        code: Whether it is code, which runs with all rights of the program; False for data alone, None if unread.
        status: How it is.
        detail: Why, in a sentence; empty if it is well.
    """

    kind: str
    id: str
    title: str
    distribution: str
    version: str
    location: str
    contract: int
    code: bool | None
    status: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON can hold it."""
        return self._asdict()


def status(plugins: Plugins) -> list[Row]:
    """Every entry with its state. Each that may be used is tried; one that is broken is a row like any other."""
    return [_row(plugins, entry) for entry in plugins.entries]


def _row(plugins: Plugins, entry: Entry) -> Row:
    state, detail = _state(plugins, entry)
    title = ""
    if state == "ok":
        try:
            with plugins.contained(entry):
                title = sentences.one_line(_try(plugins, entry))
        except PluginError as error:
            state, detail = "broken", str(error)
    supplier = entry.supplier
    code = None if state in ("not-allowed", "needs-newer-core") else not data.is_data(entry)
    return Row(
        kind=entry.kind,
        id=entry.id,
        title=title,
        distribution=supplier.name,
        version=supplier.version,
        location=supplier.location,
        contract=entry.contract_version,
        code=code,
        status=state,
        detail=detail,
    )


def _state(plugins: Plugins, entry: Entry) -> tuple[str, str]:
    refusal = plugins.refusal(entry)
    if refusal:
        return refusal
    claims = plugins.claims(entry.kind, entry.id)
    if len(claims) > 1:
        return "contested", sentences.contested(claims)
    return "ok", ""


def _try(plugins: Plugins, entry: Entry) -> str:
    """Use a thing as a command would, short of opening a store; its title."""
    if entry.kind == "instruments":
        return plugins.instrument(entry.id).title
    if entry.kind == "reports":
        return plugins.report(entry.id).title
    if entry.kind == "commands":
        command = plugins.command(entry.id)
        return command.get_short_help_str() if command else ""
    if not plugins.implements(entry, "alliance_open_store"):
        raise PluginError(f"{entry.module} does not implement alliance_open_store")
    return ""
