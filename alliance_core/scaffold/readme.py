"""The facts in a plugin's README, written from its definitions between two comments."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from alliance_core.definition.load import from_document
from alliance_core.errors import DefinitionError, PluginError
from alliance_core.instrument import PROJECT, Instrument
from alliance_core.scaffold import sentences
from alliance_core.scaffold.rendering import as_text

BEGIN = "<!-- facts: written by `alliance plugins readme` from the definitions; change those, not this -->"
END = "<!-- end of the facts -->"
SECTION = re.compile(r"<!-- facts\b.*?<!-- end of the facts -->", re.DOTALL)
GROUP = "alliance.instruments.v1"

Row = tuple[str, str]


def facts(instruments: Sequence[Instrument]) -> str:
    """The section, with its two comments."""
    measures = [{"instrument": each, "rows": list(_rows(each))} for each in instruments]
    return as_text("facts.md.jinja", begin=BEGIN, end=END, measures=measures).rstrip("\n")


def with_facts(page: str, section: str) -> str:
    """A README with the section in its place: between its comments, or at the end if there are none."""
    if SECTION.search(page):
        return SECTION.sub(lambda _: section, page, count=1)
    return f"{page.rstrip()}\n\n{section}\n"


def written_anew(folder: Path) -> tuple[str, str]:
    """A plugin's README as it is, and as it should be.

    Raises:
        PluginError: If the folder is no plugin with a README and at least one measure.
        DefinitionError: If a definition of it is wrong.
    """
    file = folder / "README.md"
    if not file.is_file():
        raise PluginError(f"{file}: there is none; write what the measure is about, and the facts follow by themselves")
    now = file.read_text(encoding="utf-8")
    return now, with_facts(now, facts([_read(each) for each in definition_files(folder)]))


def definition_files(folder: Path) -> list[Path]:
    """The definitions that a plugin's folder announces.

    Raises:
        PluginError: If it announces none, or one that is not there.
    """
    project = folder / "pyproject.toml"
    try:
        points = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"][GROUP]
        files = [folder / module.replace(".", "/") / f"{id}.toml" for id, module in sorted(points.items())]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PluginError(f'{project}: announces no measure; write [project.entry-points."{GROUP}"]') from error
    absent = [f"{file}: is announced in {project}, but is not there" for file in files if not file.is_file()]
    if absent:
        raise PluginError(*absent)
    return files


def _read(file: Path) -> Instrument:
    """A definition; the functions that it names are not needed to say what it is."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except ValueError as error:
        raise DefinitionError(f"{file.name}: is not TOML: {error}") from error
    return from_document(document, name=file.name)


def _rows(instrument: Instrument) -> Iterator[Row]:
    yield "what", _what(instrument)
    yield "owner", instrument.licence.owner
    yield "terms", sentences.terms_in_words(instrument)
    yield "wording", sentences.wording_in_words(instrument)
    if instrument.source == PROJECT:
        yield "source", sentences.key_source(instrument)
    else:
        yield "source", instrument.source
        yield "how sure the key is", sentences.key_source(instrument)
    for name, response in instrument.formats.items():
        yield f"answers{'' if len(instrument.formats) == 1 else f' `{name}`'}", sentences.answers_of(response)
    yield from _key(instrument)
    for threshold in instrument.thresholds:
        yield f"threshold `{threshold.id}`", sentences.threshold_in_words(instrument, threshold)
    for safety in instrument.safety:
        yield "safety", sentences.safety_in_words(safety)
    if not instrument.thresholds and instrument.partial is None:
        yield "thresholds", "none"


def _what(instrument: Instrument) -> str:
    count = len(instrument.items)
    about = f" about {instrument.about}" if instrument.about else ""
    when = f"; given: {', '.join(instrument.when)}" if instrument.when else ""
    when += f"; every {instrument.every} sessions" if (instrument.every or 1) > 1 else ""
    return f"{count} item{'' if count == 1 else 's'}{about}, filled in by: {sentences.by_whom(instrument)}{when}"


def _key(instrument: Instrument) -> Iterator[Row]:
    if instrument.partial is not None:
        yield "key", f"not here, never scored: {instrument.partial}"
        return
    reverse = [item.id for item in instrument.items if item.reverse]
    yield "reversed", ", ".join(reverse) or "none"
    for scale in instrument.scales:
        yield f"scale `{scale.id}`", sentences.scale_in_words(instrument, scale)
    yield from _missing(instrument)
    if not instrument.scales:
        yield "scales", "none; it is kept and shown, not scored"
    if instrument.no_total is not None:
        yield "no total", instrument.no_total


def _missing(instrument: Instrument) -> Iterator[Row]:
    """The missing rules, those that read alike in one row."""
    by_rule: dict[str, list[str]] = {}
    for scale in instrument.scales:
        by_rule.setdefault(sentences.missing_in_words(scale), []).append(f"`{scale.id}`")
    for rule, scales in by_rule.items():
        yield "missing answers", rule if len(by_rule) == 1 else f"{', '.join(scales)}: {rule}"
