"""What the battery looks at: an instrument, and the file and the README that it came with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from alliance_core.definition.load import load_instrument
from alliance_core.instrument import Instrument, ScoringFunction

if TYPE_CHECKING:
    from alliance_core.testing.mutation import Missed


@frozen
class Subject:
    """An instrument under test.

    Attributes:
        instrument: The instrument.
        file: Its definition file, if there is one.
    """

    instrument: Instrument
    file: Path | None = None

    @property
    def lacks_functions(self) -> bool:
        """Whether a scale names a function that is not there."""
        named = {scale.function for scale in self.instrument.scales if scale.function is not None}
        return not named <= set(self.instrument.functions)

    @cached_property
    def missed(self) -> Missed:
        """The mistakes that the examples do not notice; worked out once for the checks that ask."""
        from alliance_core.testing.mutation import find_missed

        return find_missed(self.instrument)

    @cached_property
    def readme(self) -> str | None:
        """The text of the README beside the file, or of the distribution that the file's package is in."""
        if self.file is None:
            return None
        folder = self.file.resolve().parent
        places = [folder, *(each for each in folder.parents[:2] if _packs(each / "pyproject.toml", folder.name))]
        found = next((each / "README.md" for each in places if (each / "README.md").is_file()), None)
        return None if found is None else found.read_text(encoding="utf-8")


def _packs(project: Path, package: str) -> bool:
    """Whether a pyproject.toml is that of the distribution which a package is in."""
    return project.is_file() and f'"{package}' in project.read_text(encoding="utf-8")


def subject_of(definition: Path | str | Instrument, functions: Mapping[str, ScoringFunction] | None = None) -> Subject:
    """What to look at, from a definition file or an instrument.

    Raises:
        DefinitionError: With one sentence for each fault, if the file is no sound definition.
    """
    if isinstance(definition, Instrument):
        return Subject(definition)
    return Subject(load_instrument(definition, functions or {}), Path(definition))
