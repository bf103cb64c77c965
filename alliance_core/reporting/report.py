"""The Report contract: what a report needs, who it is for, and the sections that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from alliance_core.instrument import Audience

if TYPE_CHECKING:
    from alliance_core.store import Store


@frozen
class View:
    """What a section may look at.

    Attributes:
        store: Where the data are.
        case: The code of the case that the report is about.
        audience: For whom the report is made; a section shows only instruments whose audience admits that person.
    """

    store: Store
    case: str
    audience: Audience = "therapist"


@frozen
class Section:
    """One part of a report. If it fails, the report shows a box in its place and the rest stands.

    Attributes:
        title: Its heading.
        template: The name of its jinja2 template in the report's ``templates`` folder.
        context: A function from the view to the plain values that the template shows.
    """

    title: str
    template: str
    context: Callable[[View], Mapping[str, Any]]


@frozen
class Report:
    """A report on one case.

    Attributes:
        id: The name that it is asked for by; the name of its entry point.
        title: Its heading.
        package: The import name of the package whose ``templates`` folder holds its templates.
        sections: Its parts, in order.
    """

    id: str
    title: str
    package: str
    sections: tuple[Section, ...]
