"""A wording from a FHIR Questionnaire (STU3, R4, R5) as JSON, read leniently: most are not quite valid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from alliance_core.errors import WordingError
from alliance_core.wording.document import canonical
from alliance_core.wording.fhir_options import Node, ValueSets, nodes, options_of, said
from alliance_core.wording.labels import to_wording
from alliance_core.wording.matching import match
from alliance_core.wording.questions import Kind, Question
from alliance_core.wording.record import Poles
from alliance_core.wording.text import is_html, plain

if TYPE_CHECKING:
    from alliance_core.wording.reading import Wanted
    from alliance_core.wording.record import Wording

KINDS: dict[str, Kind] = {
    "choice": "choice", "open-choice": "choice", "coding": "choice", "boolean": "yes-no",
    "integer": "number", "decimal": "number", "quantity": "number", "string": "text", "text": "text",
}  # fmt: skip
HIDDEN = ("questionnaire-hidden", "questionnaire-calculatedExpression")
DEEPEST = 50


def read(raw: bytes, wanted: Wanted) -> tuple[Wording, list[str]]:
    """The wording in a Questionnaire, and what was repaired.

    Raises:
        WordingError: If it is no Questionnaire, or the measure's items cannot be found in it beyond doubt.
    """
    questionnaire = _questionnaire(_parsed(raw))
    notes = [f"it has no {key}" for key in ("status",) if key not in questionnaire]
    language = questionnaire.get("language")
    if isinstance(language, str) and canonical(language).split("-")[0] != wanted.language.split("-")[0]:
        translated = any(said(node, "text", wanted.language) for node in _every(questionnaire))
        if not translated:
            raise WordingError(
                f"language: it is in {language:.20}, but {wanted.language} is asked for; mend one of them"
            )
        notes.append(f"the translation into {wanted.language} was taken")
    if "<" in json.dumps(questionnaire.get("item", ""), default=str) and any(
        is_html(str(node.get("text", ""))) for node in _every(questionnaire)
    ):
        notes.append("HTML was taken out of texts and labels")
    questions = list(_Reading(questionnaire, wanted.language).questions())
    if not questions:
        raise WordingError("it has no questions; name another file")
    found = match(wanted.instrument, questions, wanted.section)
    first = next(iter(found.pairs.values()))[0]
    wording, more = to_wording(
        found,
        wanted,
        title=_text(questionnaire, "title", wanted.language),
        instructions=first.heading,
        notice=_text(questionnaire, "copyright", wanted.language),
    )
    return wording, [*notes, *more]


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise WordingError(f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except ValueError as error:
        raise WordingError(f"is not JSON: {error}; mend it there, or export it again") from error
    except RecursionError as error:
        raise WordingError("is nested too deep to be a Questionnaire") from error


def _questionnaire(document: Any) -> Node:
    """The Questionnaire itself, also out of a Bundle."""
    if not isinstance(document, dict):
        raise WordingError("is no FHIR Questionnaire; its JSON must be an object")
    inner = [entry["resource"] for entry in nodes(document, "entry") if isinstance(entry.get("resource"), dict)]
    found = [each for each in [document, *inner] if each.get("resourceType") == "Questionnaire"]
    if len(found) > 1:
        raise WordingError(f"holds {len(found)} Questionnaires; save the one that is meant as a file of its own")
    if not found:
        kind = document.get("resourceType")
        raise WordingError(
            f"is no FHIR Questionnaire but {f'a {kind}' if kind else 'other JSON'!s:.60}; name another file"
        )
    questionnaire: Node = found[0]
    return questionnaire


def _every(node: Node, depth: int = 0) -> Iterator[Node]:
    for item in nodes(node, "item"):
        yield item
        if depth < DEEPEST:
            yield from _every(item, depth + 1)


def _text(node: Node, key: str, language: str) -> str:
    return plain(said(node, key, language) or node.get(key))


class _Reading:
    """One pass through a Questionnaire; remembers the last text that stood before a question."""

    def __init__(self, questionnaire: Node, language: str) -> None:
        self._root, self._language = questionnaire, language
        self._sets = ValueSets(questionnaire)
        self._heading = ""

    def questions(self) -> Iterator[Question]:
        """Its questions, at whatever depth, in order."""
        yield from self._walk(self._root, ())

    def _walk(self, node: Node, sections: tuple[str, ...]) -> Iterator[Question]:
        for item in nodes(node, "item"):
            kind = str(item.get("type"))
            text, name = _text(item, "text", self._language), str(item.get("linkId") or "")
            if _is_hidden(item):
                continue
            if kind in ("group", "display"):
                self._heading = text or self._heading
            elif kind in KINDS:
                yield self._question(item, KINDS[kind], text, sections)
            if len(sections) < DEEPEST:
                yield from self._walk(item, (*sections, name) if kind == "group" and name else sections)

    def _question(self, item: Node, kind: Kind, text: str, sections: tuple[str, ...]) -> Question:
        codes = tuple(str(code["code"]) for code in nodes(item, "code") if code.get("code"))
        return Question(
            names=(str(item.get("linkId") or "no linkId"), *codes),
            text=text,
            kind=kind,
            options=tuple(options_of(item, self._sets, self._language)) if kind == "choice" else (),
            sections=sections,
            heading=self._heading,
            poles=_poles(item, self._language) if kind == "number" else None,
        )


def _is_hidden(item: Node) -> bool:
    if item.get("readOnly") is True and item.get("type") != "group":
        return True
    extensions = nodes(item, "extension")
    return any(str(one.get("url", "")).endswith(HIDDEN) and one.get("valueBoolean") is not False for one in extensions)


def _poles(item: Node, language: str) -> Poles | None:
    """The words at the ends of a slider: displays under it that are its lower and its upper end."""
    ends = {}
    for inner in nodes(item, "item"):
        for extension in nodes(inner, "extension"):
            concept = extension.get("valueCodeableConcept")
            for coding in nodes(concept, "coding") if isinstance(concept, dict) else ():
                ends[str(coding.get("code"))] = _text(inner, "text", language)
    return (ends["lower"], ends["upper"]) if ends.get("lower") and ends.get("upper") else None
