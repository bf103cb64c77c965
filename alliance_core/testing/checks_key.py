"""Checks of the scoring key: what is reversed, what belongs to which scale, how far the scores go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from alliance_core.answers import shown
from alliance_core.instrument import Instrument, Scale
from alliance_core.scoring import Score, call_function, score_scale
from alliance_core.testing.finding import check
from alliance_core.testing.forms import chance, extreme, form, items_of, random_form, random_values, values_of
from alliance_core.testing.second import expected
from alliance_core.testing.subject import Subject

TRIES = 200


def scored(instrument: Instrument, values: Mapping[str, Fraction]) -> dict[str, Score]:
    """The scores of a form with these values."""
    answers = form(instrument, values)
    return {scale.id: score_scale(instrument, scale, answers) for scale in instrument.scales}


@check()
def reverse_keys_turn_answers_round(subject: Subject) -> Iterator[str]:
    """A reversed item counts its least answer as the greatest and its greatest as the least; every other counts as is.

    If this fails, agreeing with a sentence such as "we argued" would raise the score. Compare the reversed items with
    the key of the form, by number.
    """
    instrument = subject.instrument
    functions = {name for scale in instrument.scales if scale.method == "function" for name in scale.items}
    sums = {name for scale in instrument.scales if scale.method != "function" for name in scale.items}
    for item in instrument.items:
        values = values_of(instrument.response(item))
        if item.reverse and item.id in functions - sums:
            yield (
                f"item {item.id} is reversed, but only a function scores it, and functions get answers as they were "
                "given; take it out of reverse"
            )
        turned = [values[-1] + values[0] - value for value in values] if item.reverse else list(values)
        if [instrument.keyed(item, value) for value in values] != turned:
            yield f"item {item.id} does not count what its key says; report this to the core's authors"


@check(scores=True)
def each_item_moves_its_own_scales(subject: Subject) -> Iterator[str]:
    """Every item, changed alone, moves exactly the scales that it belongs to, and in the direction of its key.

    If this fails, an item counts where it should not, does not count where it should, or counts the wrong way round.
    """
    instrument = subject.instrument
    low, high = extreme(instrument, high=False), extreme(instrument, high=True)
    before = scored(instrument, low)
    for name, top in high.items():
        after = scored(instrument, low | {name: top})
        for scale in instrument.scales:
            if scale.method != "function":
                moved = _difference(before[scale.id].value, after[scale.id].value)
                yield from _wrong_way(scale, name, moved)
    for scale in instrument.scales:
        if scale.method == "function":
            yield from _ignored(instrument, scale)


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction:
    return Fraction(0) if before is None or after is None else after - before


def _wrong_way(scale: Scale, item: str, moved: Fraction) -> Iterator[str]:
    if item not in scale.items and moved:
        yield f"item {item} moves {scale.id}, to which it does not belong"
    elif item in scale.items and moved == 0:
        yield f"item {item} belongs to {scale.id} but never moves it; mend at_least, or take the item out"
    elif item in scale.items and moved < 0:
        yield f"item {item} moves {scale.id} down where its key says up; mend its reverse key"


def _ignored(instrument: Instrument, scale: Scale) -> Iterator[str]:
    """Items that a function was given and never used, as far as many random forms tell."""
    by, ignored = chance(), {item.id: item for item in items_of(instrument, scale)}
    for _ in range(TRIES):
        values = {name: value for name, value in random_values(instrument, by).items() if name in scale.items}
        before = call_function(instrument, scale, values)
        for name, item in list(ignored.items()):
            ends = values_of(instrument.response(item))
            others = (values | {name: value} for value in (ends[0], ends[-1], by.choice(ends)))
            if any(call_function(instrument, scale, other) != before for other in others):
                del ignored[name]
        if not ignored:
            return
    for name in ignored:
        yield f"item {name} belongs to {scale.id}, but the function {scale.function} never uses it; take it out"


@check(scores=True)
def extremes_reach_the_ends_of_the_range(subject: Subject) -> Iterator[str]:
    """The worst form gives the least score that the definition states for a scale, and the best form the greatest.

    If this fails, a report draws the scale with the wrong ends, or no form can ever reach one of them.
    """
    instrument = subject.instrument
    least, most = (scored(instrument, extreme(instrument, high=high)) for high in (False, True))
    for scale in instrument.scales:
        if scale.method == "function":
            continue
        low, high = instrument.range_of(scale)
        for end, reached in ((low, least[scale.id].value), (high, most[scale.id].value)):
            if end is not None and reached != end:
                said = "no score" if reached is None else shown(reached)
                yield f"{scale.id} should reach {shown(end)}, but the extreme form gives {said}"


@check(scores=True)
def scores_are_what_a_second_scorer_finds(subject: Subject) -> Iterator[str]:
    """On random forms, missing answers among them, a second scorer that was written apart finds the same scores.

    If this fails, the key and the program disagree; or a scoring function fails, or leaves the range that is stated.
    """
    instrument, by = subject.instrument, chance(1)
    for turn in range(TRIES // 4):
        answers = random_form(instrument, by, missing=(turn % 4) * 0.1)
        values = {name: answer.number for name, answer in answers.items()}
        for scale in instrument.scales:
            computed = score_scale(instrument, scale, answers).value
            if scale.method != "function" and computed != expected(instrument, scale, values):
                yield f"{scale.id} comes out as {computed}, but a second scorer finds otherwise, for {values}"
                return
            low, high = instrument.range_of(scale)
            if computed is not None and (computed < low or (high is not None and computed > high)):
                yield f"{scale.id} comes out as {shown(computed)}, outside its range from {shown(low)}"
                return


@check()
def scales_share_out_the_items(subject: Subject) -> Iterator[str]:
    """A total holds every item of its subscales, and subscales do not overlap by one item while another is left over.

    If this fails, a list of items is probably off by one: count the items of that scale on the form again.
    """
    instrument = subject.instrument
    total = instrument.scale_by_id.get("total")
    if total is not None:
        for scale in instrument.scales:
            left_out = [name for name in scale.items if name not in total.items]
            if left_out and len(left_out) < len(scale.items):
                yield f"{_items(left_out)} of {scale.id} is not in the total; add it to the total or mend {scale.id}"
    yield from _off_by_one(instrument)


def _off_by_one(instrument: Instrument) -> Iterator[str]:
    """Subscales that share an item, while an item of the whole is in none of them."""
    whole = max(instrument.scales, key=lambda scale: len(scale.items), default=None)
    parts = [scale for scale in instrument.scales if whole and set(scale.items) < set(whole.items)]
    held = [name for scale in parts for name in scale.items]
    left = [item for item in instrument.items if whole and item.id in whole.items and item.id not in held]
    if whole is None or len(parts) < 2 or not left:
        return
    for position, scale in enumerate(parts):
        for other in parts[:position]:
            shared = [name for name in scale.items if name in other.items]
            if shared and not set(scale.items) <= set(other.items) and not set(other.items) <= set(scale.items):
                yield (
                    f"{_items(shared)} is in both {other.id} and {scale.id}, while {_items([i.id for i in left])} is "
                    f"in neither{_shift(instrument, parts, whole)}; count the items on the form again"
                )


def _shift(instrument: Instrument, parts: list[Scale], whole: Scale) -> str:
    """Which list would make the parts fit together if all its items moved by one place, in words."""
    order = [item.id for item in instrument.items]
    for scale in parts:
        others = [name for other in parts if other is not scale for name in other.items]
        for by in (-1, 1):
            places = [order.index(name) + by for name in scale.items]
            moved = [order[place] for place in places if 0 <= place < len(order)]
            if sorted([*moved, *others]) == sorted(whole.items):
                return f", and the items of {scale.id} would fit if each were one {'lower' if by < 0 else 'higher'}"
    return ""


def _items(names: list[str]) -> str:
    return f"item{'' if len(names) == 1 else 's'} {', '.join(names)}"
