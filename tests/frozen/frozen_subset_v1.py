"""A v1-era plugin whose hook names fewer arguments than the core gives: it takes only what it needs."""

from __future__ import annotations

from alliance_core import Store, StoreError, hookimpl


@hookimpl
def alliance_open_store() -> Store | None:
    """Never opens; the sentence shows that it was called."""
    raise StoreError("subset: was asked without any argument")
