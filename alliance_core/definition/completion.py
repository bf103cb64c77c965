"""Whether a clinic's own definition completes a partial one: the same form, and the key added."""

from __future__ import annotations

from collections.abc import Iterator

from alliance_core.instrument import Instrument


def faults(completed: Instrument, partial: Instrument) -> Iterator[str]:
    """One sentence for each thing in which a completed definition is another form than the partial one."""
    if partial.partial is None:
        yield f"completes: {partial.id} is not partial, its key is there already; use it as it is"
        return
    if completed.id == partial.id and completed.version == partial.version:
        mark = f"{partial.version}-own"
        yield f"version: {partial.version} is the partial definition's; add your own mark, such as {mark}"
    if not completed.scales:
        yield f"scales: there are none; add those of your own copy of {partial.id}, which is what completes it"
    ids, needed = [item.id for item in completed.items], [item.id for item in partial.items]
    if ids != needed:
        yield f"items: are not those of {partial.id} in its order; its items are {', '.join(needed)}"
        return
    for item in partial.items:
        own, given = completed.response(completed.item_by_id[item.id]), partial.response(item)
        if (own.kind, own.values) != (given.kind, given.values):
            yield f"items.{item.id}: admits other answers than in {partial.id}; take over its format"
    for rater in completed.raters:
        if rater not in partial.raters:
            yield f"raters: {rater} does not fill in {partial.id}; take {rater} out"
