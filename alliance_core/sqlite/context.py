"""What everything that one call writes has in common: the transaction, who writes, when, and the audit trail."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from alliance_core import __version__

PROGRAM = f"alliance-core {__version__}"


def utc_now() -> str:
    """This moment as a store writes it: ``2026-01-31T09:30:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@frozen
class Writing:
    """One transaction that writes.

    Attributes:
        raw: The connection, inside the transaction.
        actor: Who writes.
        now: When, UTC; the same in every row that is written.
    """

    raw: sqlite3.Connection
    actor: str
    now: str = field(factory=utc_now)

    def audit(self, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Add a row to the audit trail. The detail says what was touched, never what was answered."""
        text = json.dumps({key: value for key, value in detail.items() if value is not None}, ensure_ascii=False)
        self.raw.execute(
            "INSERT INTO audit (happened_at, actor, action, subject, detail, program) VALUES (?, ?, ?, ?, ?, ?)",
            (self.now, self.actor, action, subject, text, PROGRAM),
        )
