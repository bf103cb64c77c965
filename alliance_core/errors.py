"""What can go wrong in a way that a person can mend.

Each error carries one sentence per fault: what is wrong, where, and the mend. The command line prints the sentences
and exits with 2; nothing has been written by then.
"""

from __future__ import annotations


class AllianceError(Exception):
    """The root of every error that this project raises on purpose.

    Args:
        *faults: One sentence each, ready to be shown to a person.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class DefinitionError(AllianceError):
    """An instrument's definition is wrong."""


class AnswerError(AllianceError):
    """An answer, or an administration as a whole, is not admitted by its instrument."""


class TableError(AllianceError):
    """A file of answers cannot be read as what it is said to be."""


class WordingError(AllianceError):
    """The wording of a measure is wrong, does not fit its definition, or is not there."""


class PluginError(AllianceError):
    """A plugin that is needed is missing, broken, contested or not allowed."""


class StoreError(AllianceError):
    """A store cannot be opened, or refuses what it was asked to keep."""


class ReportError(AllianceError):
    """A report cannot be made or written."""
