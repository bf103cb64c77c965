"""A wording to fill in: the file that a person completes from the form that the owner gave."""

from __future__ import annotations

from collections.abc import Mapping

from alliance_core.answers import shown
from alliance_core.instrument import Instrument
from alliance_core.response import Bipolar, Line
from alliance_core.wording.document import ENDS, to_toml
from alliance_core.wording.own_words import labels_of

HEAD = """\
# The wording of {title}, to be filled in from your own copy of the form.
# Owner: {owner}.{obtain}
# Write each text between the quotes as the form has it. What follows # is for you and may stay or go.
# Then: alliance wording add {id} {language} FILE
"""
POLES = (
    "# The words at the lowest and at the highest value. Where they differ from item to item, take the next table out,",
    '# and write items so: 1 = { text = "...", left = "...", right = "..." }',
)


def template(instrument: Instrument, language: str, rater: str | None = None) -> str:
    """A TOML file with every item, label and end that a form needs, its texts empty."""
    licence = instrument.licence
    head = HEAD.format(
        title=_line(instrument.title),
        owner=_line(licence.owner),
        obtain=f" To be had from: {_line(licence.obtain)}." if licence.obtain else "",
        id=instrument.id,
        language=language,
    )
    formats = instrument.formats
    topics = {item.id: item.topic for item in instrument.items}
    document = {
        "instrument": instrument.id,
        "version": instrument.version,
        "language": language,
        **({"rater": rater} if rater else {}),
        "title": "",
        "instructions": "",
        "notice": "",
        "labels": {n: {shown(v): "" for v in own} for n, r in formats.items() if (own := labels_of(r))},
        "poles": {n: dict.fromkeys(ENDS, "") for n, r in formats.items() if isinstance(r, Line | Bipolar)},
        "items": dict.fromkeys(topics, ""),
    }
    known = {n: {shown(v): words for v, words in labels_of(r).items()} for n, r in formats.items()}
    return head + "\n" + _with_hints(to_toml(document), known, topics)


def _with_hints(text: str, known: Mapping[str, Mapping[str, str]], topics: Mapping[str, str]) -> str:
    """The file with the definition's label, or the item's topic, after each text."""
    lines: list[str] = []
    hints: Mapping[str, str] = {}
    for line in text.splitlines():
        if line.startswith("["):
            table = line.strip("[]")
            hints = topics if table == "items" else known.get(table.removeprefix("labels."), {})
            lines += POLES if table.startswith("poles.") else ()
        hint = hints.get(line.split(" = ")[0].strip('"'))
        lines.append(f"{line}  # {_line(hint)}" if hint and line.endswith('""') else line)
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
