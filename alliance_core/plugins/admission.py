"""Which entries may be used at all: made for this core, allowed by the clinic, and no code in safe mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from alliance_core.errors import PluginError
from alliance_core.plugins import sentences
from alliance_core.plugins.data import is_data

if TYPE_CHECKING:
    from alliance_core.plugins.allow_list import AllowList
    from alliance_core.plugins.entries import Entry


class Refusal(NamedTuple):
    """Why an entry is not used: one word for lists, and the sentence."""

    status: str
    sentence: str


def refusal(entry: Entry, *, safe_mode: bool, allow_list: AllowList | None) -> Refusal | None:
    """Why an entry is not used at all; None if it may be. Nothing of it is imported, or read before it is allowed."""
    if not entry.supported:
        return Refusal("needs-newer-core", sentences.too_new(entry))
    if entry.fault:
        return Refusal("broken", sentences.broken(entry, PluginError(entry.fault)))
    objection = allow_list.objection(entry) if allow_list else None
    if objection:
        return Refusal("not-allowed", f"{sentences.named(entry)} is not allowed: {objection}")
    if safe_mode and not entry.is_core and not is_data(entry):
        return Refusal("off", f"{sentences.named(entry)} is off in safe mode; leave safe mode to use it")
    return None
