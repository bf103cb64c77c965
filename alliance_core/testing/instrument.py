"""The kit for measures: inherit, name the definition, and every check of the battery is a test.

.. code-block:: python

    class TestEveningForm(InstrumentKit):
        definition = Path(alliance_evening.__path__[0]) / "evening-form.toml"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from alliance_core.errors import DefinitionError
from alliance_core.instrument import Instrument, ScoringFunction
from alliance_core.testing import battery
from alliance_core.testing.finding import Check, Finding
from alliance_core.testing.guard import Kit
from alliance_core.testing.subject import Subject, subject_of


class InstrumentKit(Kit, checks=battery.COUNT):
    """Every check of a measure. Each is in `alliance_core.testing.battery`, and a test of the same name here.

    Attributes:
        definition: The definition file, or an instrument that was read already.
        functions: The plugin's pure functions that scales of the definition name.
    """

    definition: ClassVar[Path | str | Instrument]
    functions: ClassVar[Mapping[str, ScoringFunction]] = {}

    _found: ClassVar[dict[str, Finding]]
    _subject: ClassVar[Subject | str | None]

    def __init_subclass__(cls, **rest: Any) -> None:
        """Each measure has its own findings, made when they are first asked for."""
        super().__init_subclass__(**rest)
        cls._found, cls._subject = {}, None

    @classmethod
    def finding(cls, check: Check) -> Finding:
        """What a check finds; each is tried once."""
        if check.name not in cls._found:
            cls._found[check.name] = cls._look(check)
        return cls._found[check.name]

    @classmethod
    def _look(cls, check: Check) -> Finding:
        if cls._subject is None:
            try:
                cls._subject = subject_of(cls.definition, cls.functions)
            except DefinitionError as error:
                cls._subject = str(error)
        if isinstance(cls._subject, Subject):
            return check.run(cls._subject)
        fault = f"the definition cannot be read: {cls._subject}"
        return Finding(check.name, ok=False, faults=(fault,), holds=check.holds)

    def told(self) -> str:
        """How many checks ran, in words."""
        return battery.counted([self.finding(check) for check in battery.CHECKS])


def _test_of(check: Check) -> Callable[[InstrumentKit], None]:
    def test(self: InstrumentKit) -> None:
        found = self.finding(check)
        if not found.ok or found.skipped:
            pytest.fail("\n".join([*found.faults, *filter(None, [found.skipped]), "", check.doc]), pytrace=False)

    test.__name__ = name_of(check)
    test.__qualname__ = f"{InstrumentKit.__name__}.{test.__name__}"
    test.__doc__ = check.doc
    return test


def name_of(check: Check) -> str:
    """What a check is called as a test."""
    return f"test_{check.name}"


for _check in battery.CHECKS:
    setattr(InstrumentKit, name_of(_check), _test_of(_check))
