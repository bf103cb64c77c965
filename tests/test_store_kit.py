"""The embedded store keeps every promise of the contract; and a store that breaks one is found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from alliance_core.sqlite.store import SqliteStore
from alliance_core.store import Recorded, Store
from alliance_core.testing import StoreKit
from alliance_core.testing.guard import dropped, names


class TestSqlite(StoreKit):
    def make_store(self, tmp_path: Path) -> Store:
        return SqliteStore(str(tmp_path / "clinic.db"))


class Forgetful(SqliteStore):
    """A store that tells of no form, and takes a form twice."""

    def record(self, *given: Any, **facts: Any) -> int:
        return 1

    def administrations(self, *, case: str | None = None, superseded: bool = False) -> Sequence[Recorded]:
        return []


class OfForgetful(StoreKit):
    def make_store(self, tmp_path: Path) -> Store:
        return Forgetful(str(tmp_path / "clinic.db"))


@pytest.mark.parametrize("name", ["a_form_comes_back_as_it_was_recorded", "a_form_is_recorded_once"])
def test_a_store_that_breaks_a_promise_is_found(tmp_path: Path, name: str) -> None:
    kit = OfForgetful()
    found = pytest.raises((AssertionError, ValueError, pytest.fail.Exception))
    with closing(kit.make_store(tmp_path)) as store, found:
        getattr(kit, f"test_{name}")(store)


def test_no_promise_can_be_dropped() -> None:
    class Careless(TestSqlite):
        test_a_form_is_recorded_once = None  # type: ignore[assignment]  # on purpose

    assert dropped(TestSqlite) == []
    (fault,) = dropped(Careless)
    assert "Careless drops or replaces test_a_form_is_recorded_once" in fault


def test_every_promise_says_what_it_means_if_it_fails() -> None:
    for name in names(StoreKit):
        assert "If this fails, " in (getattr(StoreKit, name).__doc__ or ""), name
