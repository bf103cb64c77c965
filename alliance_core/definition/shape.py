"""The short forms of a definition file, written out: what a person leaves unsaid is filled in here, once.

| in the file | becomes |
|---|---|
| ``[items]`` with ``3 = "topic"`` | a list of items in form order, each with id, topic and format |
| ``reverse = [1, 3]`` | ``reverse = true`` on those items |
| an item with ``repeat = 3`` | three items ``goal-1`` to ``goal-3``; ``goal`` in a scale means all of them |
| ``[scales.task]``, ``[thresholds.low]`` | lists, each entry with its id |
| ``items = "all"`` in a scale | every item that is not declared unscored and is no free text |
| ``[examples]`` with ``low = {...}`` | the list of examples, their names left out |
| ``missing = {...}`` at the top | the rule of every scale that has none of its own |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alliance_core.errors import DefinitionError

MOST_REPEATS = 20


def write_out(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same definition with its short forms written out.

    Raises:
        DefinitionError: With one sentence a fault, where a short form is not of its kind.
    """
    faults = list(_wrong_tables(document))
    if faults:
        raise DefinitionError(*faults)
    full = {key: value for key, value in document.items() if key not in ("missing", "reverse")}
    repeated: dict[str, list[str]] = {}
    full["items"] = _items(document, repeated, faults)
    full["scales"] = [
        _scale(document, key, scale, full["items"], repeated) for key, scale in _named(document, "scales")
    ]
    full["thresholds"] = [{"id": key, **threshold} for key, threshold in _named(document, "thresholds")]
    if isinstance(document.get("examples"), Mapping):
        full["examples"] = list(document["examples"].values())
    if "safety" in document:
        full["safety"] = [dict(entry) for entry in document["safety"]]
    for entry in [*full["thresholds"], *full.get("safety", ())]:
        if "item" in entry:
            entry["item"] = _id(entry["item"])
    if faults:
        raise DefinitionError(*faults)
    return full


def _wrong_tables(document: Mapping[str, Any]) -> Iterator[str]:
    for key in ("items", "formats", "scales", "thresholds"):
        table = document.get(key, {})
        if not isinstance(table, Mapping):
            yield f"{key}: is not a table; write [{key}] with one line, or one [{key}.NAME], for each"
        elif key != "items":
            yield from (
                f"{key}.{name}: is not a table; write [{key}.{name}] with its keys under it"
                for name, value in table.items()
                if not isinstance(value, Mapping)
            )
        yield from (
            f"{key}.{name}.id: the id is {name} already, by its place; take the key out"
            for name, value in (table.items() if isinstance(table, Mapping) else ())
            if key != "formats" and isinstance(value, Mapping) and "id" in value
        )
    for key in ("safety", "examples"):
        entries = document.get(key, [])
        if key == "examples" and isinstance(entries, Mapping):
            entries = list(entries.values())
        if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
            yield f"{key}: is no list of tables; write [[{key}]] with its keys under it, once for each"
    names = document.get("reverse", [])
    if not isinstance(names, list) or not all(isinstance(_id(name), str) for name in names):
        yield "reverse: is no list of items; write their ids between [ and ], such as [4, 10]"
    if not document.get("items"):
        yield 'items: there are none; write [items] and a line for each, such as 1 = "trust"'


def _named(document: Mapping[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, dict(value)) for name, value in document.get(key, {}).items()]


def _id(raw: Any) -> Any:
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _ids(raw: list[Any]) -> list[Any]:
    return [_id(entry) for entry in raw]


def _items(document: Mapping[str, Any], repeated: dict[str, list[str]], faults: list[str]) -> list[dict[str, Any]]:
    formats = list(document.get("formats", {}))
    reverse = _ids(document.get("reverse", []))
    faults.extend(
        f"reverse: {name!r} is not an item; name items of [items]" for name in reverse if name not in document["items"]
    )
    faults.extend(
        f"reverse: item {name} is named twice; name it once"
        for name in sorted({n for n in reverse if reverse.count(n) > 1})
    )
    items: list[dict[str, Any]] = []
    for key, value in document["items"].items():
        item = dict(value) if isinstance(value, Mapping) else {"topic": value}
        item.setdefault("format", formats[0] if len(formats) == 1 else None)
        if item["format"] is None:
            faults.append(f"items.{key}: has no format; name one of {', '.join(formats) or 'the [formats]'}")
        if key in reverse:
            item["reverse"] = True
        items.extend(_repeats(key, item, repeated, faults))
    return items


def _repeats(
    key: str, item: dict[str, Any], repeated: dict[str, list[str]], faults: list[str]
) -> Iterator[dict[str, Any]]:
    times = item.pop("repeat", None)
    if times is None:
        yield {"id": key, **item}
        return
    if not isinstance(times, int) or isinstance(times, bool) or not 2 <= times <= MOST_REPEATS:
        faults.append(f"items.{key}.repeat: {times!r} is no number of repeats; write 2 to {MOST_REPEATS}")
        return
    repeated[key] = [f"{key}-{turn}" for turn in range(1, times + 1)]
    for turn, name in enumerate(repeated[key], start=1):
        numbered = {"topic": f"{item['topic']} ({turn})"} if isinstance(item.get("topic"), str) else {}
        yield {"id": name, **item, **numbered}


def _scale(
    document: Mapping[str, Any],
    key: str,
    scale: dict[str, Any],
    items: list[dict[str, Any]],
    repeated: Mapping[str, list[str]],
) -> dict[str, Any]:
    if "missing" in document:
        scale.setdefault("missing", document["missing"])
    if scale.get("items") == "all":
        texts = [name for name, value in document.get("formats", {}).items() if value.get("kind") == "text"]
        scale["items"] = [i["id"] for i in items if not i.get("unscored") and i["format"] not in texts]
    elif isinstance(scale.get("items"), list):
        ids = _ids(scale["items"])
        scale["items"] = [
            name for entry in ids for name in (repeated.get(entry, [entry]) if isinstance(entry, str) else [entry])
        ]
    return {"id": key, **scale}
