"""What a new plugin is to be: its names, its measure, its owner. Checked before a file is written."""

from __future__ import annotations

import re

from attrs import frozen

from alliance_core import __version__
from alliance_core.definition.checks import INSTRUMENT_ID, LONGEST_ID
from alliance_core.errors import PluginError
from alliance_core.instrument import RATERS

PREFIX = "alliance-"
NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
LONGEST_NAME, LONGEST_TEXT, MOST_ITEMS = 60, 200, 30
"""A definition has at most 60 lines, and half of them are not items."""
TEMPLATE_VERSION = 1
"""Counts up when the templates change what they write."""


@frozen
class Plan:
    """A plugin with one measure.

    Attributes:
        distribution: What pip calls it.
        id: The id of the measure.
        title: The full name of the measure.
        raters: Who fills it in.
        items: How many items it has.
        owner: Whose it is.
    """

    distribution: str
    id: str
    title: str
    raters: tuple[str, ...]
    items: int
    owner: str

    @property
    def package(self) -> str:
        """The folder of the definition, which is what an entry point names."""
        return self.distribution.replace("-", "_")

    @property
    def test_class(self) -> str:
        """What the test of the measure is called."""
        return "Test" + "".join(word.capitalize() for word in self.id.split("-"))

    @property
    def core(self) -> str:
        """Which versions of the core it works with."""
        major, minor = __version__.split(".")[:2]
        return f"alliance-core>={major}.{minor},<{int(major) + 1}"


def distribution_name(name: str) -> str:
    """What a plugin of this name is called as a distribution.

    Raises:
        PluginError: If it is no name.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        mend = "write letters and digits with single hyphens between, such as evening"
        raise PluginError(f"{name!r:.70} is no name of a plugin; {mend}")
    full = name.lower() if name.lower().startswith(PREFIX) else PREFIX + name.lower()
    if full == "alliance-core":
        raise PluginError("alliance-core is the core itself; choose another name")
    return full


def check_plan(plan: Plan) -> None:
    """See that a plan can be carried out.

    Raises:
        PluginError: With one sentence for each thing that cannot be.
    """
    faults = [
        *_wrong_id(plan.id),
        *_wrong_text("title", plan.title),
        *_wrong_text("owner", plan.owner),
        *_wrong_raters(plan.raters),
    ]
    if not 1 <= plan.items <= MOST_ITEMS:
        faults.append(f"--items {plan.items}: write 1 to {MOST_ITEMS}; a longer form gets its further lines by hand")
    if faults:
        raise PluginError(*faults)


def _wrong_id(id: str) -> list[str]:
    if INSTRUMENT_ID.fullmatch(id) and len(id) <= LONGEST_ID:
        return []
    return [f"--id {id!r:.70}: an id has small letters, digits and single hyphens, such as evening-form"]


def _wrong_text(what: str, text: str) -> list[str]:
    if text.strip() and text.isprintable() and len(text) <= LONGEST_TEXT:
        return []
    return [f"--{what} {text!r:.70}: write one line of at most {LONGEST_TEXT} characters"]


def _wrong_raters(raters: tuple[str, ...]) -> list[str]:
    if not raters:
        return [f"--rater: name at least one of {', '.join(RATERS)}"]
    return [f"--rater {each!r:.40}: write one of {', '.join(RATERS)}" for each in raters if each not in RATERS]
