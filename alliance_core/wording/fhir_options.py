"""The answers that a FHIR question offers: inline, in a contained value set, or in a contained code system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alliance_core.answers import number
from alliance_core.wording.questions import Option
from alliance_core.wording.text import plain

Node = Mapping[str, Any]
WEIGHTS = ("ordinalValue", "itemWeight", "valueset-ordinalValue", "questionnaire-ordinalValue", "iso21090-CO-value")
PREFIX = "questionnaire-optionPrefix"


def nodes(node: Node, key: str) -> list[Node]:
    """The objects in a list; what is none is passed over."""
    found = node.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def said(node: Node, key: str, language: str) -> str | None:
    """The translation of a text into a language, where the node has one."""
    around = node.get(f"_{key}")
    for extension in nodes(around, "extension") if isinstance(around, dict) else ():
        parts = {str(part.get("url")): part for part in nodes(extension, "extension")}
        lang, content = parts.get("lang", {}), parts.get("content", {})
        tag = str(lang.get("valueCode", "")).casefold()
        if tag in (language.casefold(), language.split("-", maxsplit=1)[0]):
            text = content.get("valueString") or content.get("valueMarkdown")
            return text if isinstance(text, str) else None
    return None


class ValueSets:
    """The value sets and code systems that a Questionnaire contains, by id and by address."""

    def __init__(self, questionnaire: Node) -> None:
        self._known: dict[str, Node] = {}
        for resource in nodes(questionnaire, "contained"):
            for name in (f"#{resource.get('id')}", resource.get("url")):
                if isinstance(name, str):
                    self._known[name] = resource

    def concepts(self, name: object) -> list[Node]:
        """The concepts under a name; none if they are not in the file."""
        resource = self._known.get(str(name).split("|")[0], {})
        expansion, compose = resource.get("expansion"), resource.get("compose")
        if isinstance(expansion, dict) and nodes(expansion, "contains"):
            return nodes(expansion, "contains")
        if isinstance(compose, dict):
            included = nodes(compose, "include")
            return [each for one in included for each in nodes(one, "concept") or self._system(one.get("system"))]
        return nodes(resource, "concept")

    def _system(self, url: object) -> list[Node]:
        return nodes(self._known.get(str(url), {}), "concept")


def options_of(item: Node, sets: ValueSets, language: str) -> Iterator[Option]:
    """The answers that an item offers, in order."""
    inline = nodes(item, "answerOption") or nodes(item, "option")
    for option in inline:
        yield _inline(option, language)
    if not inline:
        reference = item.get("options")
        where = item.get("answerValueSet") or (reference.get("reference") if isinstance(reference, dict) else reference)
        for concept in sets.concepts(where):
            yield _concept(concept, (concept,), language)


def _inline(option: Node, language: str) -> Option:
    coding = option.get("valueCoding")
    if isinstance(coding, dict):
        return _concept(coding, (option, coding), language)
    value = option.get("valueInteger", option.get("valueString", option.get("valueDecimal")))
    return Option(plain(said(option, "valueString", language) or str(value)), number(value), _weight((option,)))


def _concept(coding: Node, holders: tuple[Node, ...], language: str) -> Option:
    label = plain(said(coding, "display", language) or coding.get("display")) or plain(str(coding.get("code", "")))
    code = number(coding.get("code"))
    return Option(label, code, _weight(holders))


def _weight(holders: tuple[Node, ...]) -> Any:
    """What an answer is worth: its weight, else the number printed before it."""
    found: dict[bool, Any] = {}
    for extension in (each for holder in holders for each in nodes(holder, "extension")):
        url = str(extension.get("url", ""))
        weight = extension.get("valueDecimal", extension.get("valueInteger", extension.get("valueString")))
        if url.rsplit("/", 1)[-1] in WEIGHTS or url.endswith(PREFIX):
            found.setdefault(url.endswith(PREFIX), number(weight))
    return found.get(False, found.get(True))
