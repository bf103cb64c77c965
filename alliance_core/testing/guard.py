"""What the kits share: no check can be dropped silently, and the kit says how many ran."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

import pytest


class Kit:
    """The base of every kit. A class that states how many checks it has is a kit; its subclasses must keep them all.

    To live with a check that fails for a reason, override it and mark it, so that the reason stands in the output:

    .. code-block:: python

        @pytest.mark.xfail(reason="the owner's form really has two items of the same topic")
        def test_items_have_topics(self) -> None:
            super().test_items_have_topics()
    """

    kit: ClassVar[type[Kit]]
    count: ClassVar[int]

    def __init_subclass__(cls, *, checks: int | None = None, **rest: Any) -> None:
        """Remember which class is the kit, and how many checks it must have."""
        super().__init_subclass__(**rest)
        if checks is not None:
            cls.kit, cls.count = cls, checks

    def test_no_check_is_dropped(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every check of the kit is there and is the kit's own, unless it is marked as failing with a reason.

        If this fails, a check was deleted or replaced, and a green result would say less than it seems to. Take the
        override out, or mark it ``@pytest.mark.xfail(reason=...)``.
        """
        faults = dropped(type(self))
        with capsys.disabled():
            print(f"\n{type(self).__name__}: {self.told()}")  # noqa: T201  # how many ran must be seen
        if faults:
            pytest.fail("\n".join(faults), pytrace=False)

    def told(self) -> str:
        """How many checks there are, in words."""
        return f"{len(names(self.kit))} checks, 0 left out"


def names(kit: type[Kit]) -> list[str]:
    """The checks of a kit, in the order in which they stand; the guard itself is none."""
    found = {name: None for each in reversed(kit.__mro__) for name in vars(each) if name.startswith("test_")}
    return [name for name in found if name != Kit.test_no_check_is_dropped.__name__]


def dropped(tested: type[Kit]) -> list[str]:
    """One sentence for each check of a kit that a subclass does not keep."""
    kit, faults = tested.kit, []
    found = names(kit)
    if len(found) != kit.count:
        faults.append(f"{kit.__name__} has {len(found)} checks, but should have {kit.count}")
    for name in found:
        here = inspect.getattr_static(tested, name, None)
        if here is not inspect.getattr_static(kit, name) and not _excused(here):
            faults.append(
                f"{tested.__name__} drops or replaces {name}; keep it, or mark yours @pytest.mark.xfail(reason=...)"
            )
    return faults


def _excused(function: object) -> bool:
    marks = getattr(function, "pytestmark", [])
    return any(mark.name == "xfail" and str(mark.kwargs.get("reason", "")).strip() for mark in marks)
