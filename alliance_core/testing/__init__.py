"""The kits that plugin authors inherit: one for measures, one for stores, one for reports.

Each check begins with what must hold, and says in plain words what it means if it fails. Only the kits need pytest;
the battery behind them is plain functions, which ``alliance plugins check`` runs too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alliance_core.testing.instrument import InstrumentKit
    from alliance_core.testing.report import ReportKit
    from alliance_core.testing.store import StoreKit

_HOMES = {"InstrumentKit": "instrument", "ReportKit": "report", "StoreKit": "store"}

__all__ = ["InstrumentKit", "ReportKit", "StoreKit"]


def __getattr__(name: str) -> Any:
    """Load a kit, and pytest with it, when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    import sys
    from importlib import import_module

    import pytest

    # So that a failed assertion of a kit shows what was compared; too late for a module that is there already.
    modules = [f"{__name__}.{module}" for module in (_HOMES[name], "bulk_kit")]
    pytest.register_assert_rewrite(*(module for module in modules if module not in sys.modules))
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
