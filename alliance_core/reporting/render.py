"""From a report and a view to one self-contained HTML file.

Each section is computed and laid out alone. If it fails, a visible box stands in its place and the rest of the report
stands. Autoescape is on for every template whatever its name, and text from data is never a template.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attrs import frozen
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from alliance_core import __version__
from alliance_core.errors import ReportError
from alliance_core.instrument import Audience
from alliance_core.reporting.report import Report, Section, View

STRICT = "ALLIANCE_STRICT_PLUGINS"
THEME = Path(__file__).with_name("theme")
LONGEST_REASON = 400
READERS: Mapping[Audience, str] = {
    "client": "the client",
    "therapist": "the therapist",
    "supervisor": "the supervisor",
    "researcher": "a researcher",
}


@frozen
class Rendered:
    """A report as a file.

    Attributes:
        html: The whole page.
        failed: The titles of the sections that could not be made; a box stands in the place of each.
    """

    html: str
    failed: tuple[str, ...]


@frozen
class Part:
    """One section as it stands on the page.

    Attributes:
        title: Its heading.
        html: What its template gave; empty if it failed.
        fault: Why it could not be made; empty if it could.
    """

    title: str
    html: Markup
    fault: str = ""


def render(report: Report, view: View, *, provided_by: str, made_at: datetime | None = None) -> Rendered:
    """Make a report.

    Args:
        report: What to make.
        view: Of which case, from which store, for whom.
        provided_by: The distribution that offers the report, with its version.
        made_at: The moment to print on it; now if None.

    Raises:
        ReportError: If the package that holds the report's templates is not there.
    """
    environment = _environment(_templates(report))
    parts = [_part(environment, section, view, provided_by) for section in report.sections]
    html = environment.get_template("theme/page.html").render(
        title=report.title,
        case=view.case,
        reader=READERS[view.audience],
        made_at=_utc(made_at or datetime.now(UTC)),
        made_by=_programs(provided_by),
        parts=parts,
    )
    return Rendered(html, tuple(part.title for part in parts if part.fault))


def _part(environment: Environment, section: Section, view: View, provided_by: str) -> Part:
    try:
        context = dict(section.context(view))
        html = environment.get_template(section.template).render(context)
        return Part(section.title, Markup(html))  # noqa: S704  # a template's own output, escaped as it was made
    except (Exception, SystemExit) as error:
        # A plugin can fail in any way, and even try to leave: one section must never take the others with it.
        if os.environ.get(STRICT) == "1":
            raise
        reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
        return Part(section.title, Markup(), f"This section is unavailable: {provided_by}, {reason}")


class _Environment(Environment):
    """Jinja2, but ``row.items`` is the value under ``items`` where a mapping has one, not the mapping's method."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What ``obj.attribute`` means in a template."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def _environment(templates: Path) -> Environment:
    """The templates of one report, on the theme. A report cannot replace a file of the theme."""
    loader = ChoiceLoader([PrefixLoader({"theme": FileSystemLoader(THEME)}), FileSystemLoader(templates)])
    environment = _Environment(
        autoescape=True, undefined=StrictUndefined, loader=loader, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["css_string"] = css_string
    return environment


def _templates(report: Report) -> Path:
    """The folder of a report's templates, found without importing its package."""
    try:
        spec = find_spec(report.package)
    except (ImportError, ValueError):
        spec = None
    places: Sequence[str] = spec.submodule_search_locations or () if spec else ()
    folders = [folder for place in places if (folder := Path(place, "templates")).is_dir()]
    if not folders:
        msg = f"report {report.id}: the package {report.package} has no folder templates; install it anew"
        raise ReportError(msg)
    return folders[0]


def _utc(moment: datetime) -> datetime:
    """The same moment in UTC; a moment without a zone is UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _programs(provided_by: str) -> str:
    core = f"alliance-core {__version__}"
    return core if provided_by == core else f"{core}, {provided_by}"


def css_string(text: object) -> Markup:
    """Text as a quoted string of a style sheet, in which no character can end the string or the sheet."""
    inner = "".join(char if char.isascii() and char.isalnum() else f"\\{ord(char):x} " for char in str(text))
    return Markup(f'"{inner}"')  # noqa: S704  # only letters, digits and escapes are left
