"""alliance-core: measure the working alliance between client and therapist, session by session, from both chairs.

What a plugin author imports, and nothing else. Names are loaded when they are first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alliance_core.administration import Administration, Case, Session, administer
    from alliance_core.answers import Answer
    from alliance_core.definition.load import load_instrument
    from alliance_core.errors import (
        AllianceError,
        AnswerError,
        DefinitionError,
        PluginError,
        ReportError,
        StoreError,
        TableError,
    )
    from alliance_core.hookspecs import hookimpl
    from alliance_core.instrument import Instrument, Item, Licence, Scale, Threshold
    from alliance_core.reporting.report import Report, Section, View
    from alliance_core.scoring import Score, Scores, score
    from alliance_core.series import Point, Series
    from alliance_core.signals import Signal, find_signals
    from alliance_core.store import Store

__version__ = "0.1.0"

_HOMES = {
    "administration": ("Administration", "Case", "Session", "administer"),
    "answers": ("Answer",),
    "definition.load": ("load_instrument",),
    "errors": (
        "AllianceError", "AnswerError", "DefinitionError", "PluginError", "ReportError", "StoreError", "TableError",
    ),
    "hookspecs": ("hookimpl",),
    "instrument": ("Instrument", "Item", "Licence", "Scale", "Threshold"),
    "reporting.report": ("Report", "Section", "View"),
    "scoring": ("Score", "Scores", "score"),
    "series": ("Point", "Series"),
    "signals": ("Signal", "find_signals"),
    "store": ("Store",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Administration",
    "AllianceError",
    "Answer",
    "AnswerError",
    "Case",
    "DefinitionError",
    "Instrument",
    "Item",
    "Licence",
    "PluginError",
    "Point",
    "Report",
    "ReportError",
    "Scale",
    "Score",
    "Scores",
    "Section",
    "Series",
    "Session",
    "Signal",
    "Store",
    "StoreError",
    "TableError",
    "Threshold",
    "View",
    "__version__",
    "administer",
    "find_signals",
    "hookimpl",
    "load_instrument",
    "score",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module when it is first asked for (PEP 562)."""
    if name not in _HOME_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
