"""What holds for every definition that can be written and every form that can be filled in.

Both scorers are held to it: `alliance_core.scoring`, one form at a time, and `alliance_core.bulk`, many at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from random import Random
from typing import Literal

from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from alliance_core import Instrument, Item, Licence, Scale, Score, Scores, Threshold, score
from alliance_core.bulk import AS_IS, BulkScorer, Cell, units
from alliance_core.definition.checks import REVERSIBLE, faults
from alliance_core.instrument import Method, MissingRule
from alliance_core.response import Bipolar, Count, Line, Rating, ResponseFormat, Text, YesNo, highest, lowest
from alliance_core.signals import COMPARE, find_signals, holds

Form = Mapping[str, Fraction | str | None]

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # definitions take a while to make up
STEPS = [Fraction(1), Fraction(1, 2), Fraction(1, 10), Fraction(1, 4), Fraction(5)]
quarters = st.integers(-20, 20).map(lambda quarter: Fraction(quarter, 4))


def rating(values: set[Fraction]) -> Rating:
    return Rating({value: f"label {value}" for value in values})


@st.composite
def lines(draw: st.DrawFn) -> Line:
    step, start = draw(st.sampled_from(STEPS)), draw(st.integers(-10, 10))
    return Line(Fraction(start), start + step * draw(st.integers(1, 100)), step)


def bipolars() -> st.SearchStrategy[Bipolar]:
    around = st.builds(Bipolar, st.integers(-5, -1), st.integers(1, 5), st.booleans())
    beside = st.integers(-5, 5).flatmap(lambda least: st.builds(Bipolar, st.just(least), st.integers(least + 1, 9)))
    return around | beside


response_formats: st.SearchStrategy[ResponseFormat] = st.one_of(
    st.sets(quarters, min_size=2, max_size=7).map(rating),
    lines(),
    bipolars(),
    st.just(YesNo()),
    st.builds(Count, st.none() | st.integers(1, 20)),
    st.just(Text()),
)


def from_the_rest(values: Mapping[str, Fraction | None]) -> Fraction | None:
    """A made-up function of a plugin: no score without the first answer, else that answer and a third of the rest."""
    first, *rest = values.values()
    return None if first is None else first + sum((value for value in rest if value is not None), Fraction(0)) / 3


@st.composite
def scales(draw: st.DrawFn, name: str, items: list[Item], formats: Mapping[str, ResponseFormat]) -> Scale:
    chosen = draw(st.lists(st.sampled_from(items), min_size=1, max_size=8, unique_by=lambda item: item.id))
    ends = {(lowest(formats[item.format]), highest(formats[item.format])) for item in chosen}
    method: Method = draw(st.sampled_from(["sum", "sum", "mean", "any", "count", "function"]))
    strict = method in {"any", "count"} or (method in {"sum", "mean"} and len(ends) > 1)
    shares = st.sampled_from([Fraction(1, 2), Fraction(3, 4), Fraction(7, 10), Fraction(1)])
    rules = st.one_of(
        st.builds(MissingRule, st.just("project"), answered=shares),
        st.builds(MissingRule, st.just("project"), allowed=st.integers(0, len(chosen) - 1)),
    )
    return Scale(
        id=name,
        items=tuple(item.id for item in chosen),
        method=method,
        missing=MissingRule("project", allowed=0) if strict else draw(rules),
        factor=draw(st.sampled_from([Fraction(1), Fraction(4), Fraction(25, 2)])) if method == "sum" else Fraction(1),
        at_least=draw(quarters) if method in {"any", "count"} else Fraction(1),
        function="rest" if method == "function" else None,
        range=(Fraction(-(10**12)), Fraction(10**12)) if method == "function" else None,
    )


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    drawn = draw(st.lists(response_formats, min_size=1, max_size=3))
    assume(any(response.numeric for response in drawn))
    formats = {f"f{place}": response for place, response in enumerate(drawn)}
    names = draw(st.lists(st.sampled_from(list(formats)), min_size=1, max_size=9))
    items = [Item(str(place), "topic", name) for place, name in enumerate(names, start=1)]
    numeric = [item for item in items if formats[item.format].numeric]
    assume(numeric)
    made = tuple(draw(scales(f"s{place}", numeric, formats)) for place in range(draw(st.integers(1, 4))))
    scored = {name for scale in made for name in scale.items}
    turnable = [item.id for item in numeric if item.id in scored and isinstance(formats[item.format], REVERSIBLE)]
    turned = draw(st.sets(st.sampled_from(turnable))) if turnable else set()
    instrument = Instrument(
        id="random",
        title="Random",
        version="1",
        raters=("client",),
        direction="neither",
        source="project",
        licence=Licence("us", "ships"),
        items=tuple(evolve(item, reverse=item.id in turned, unscored=item.id not in scored) for item in items),
        formats={name: formats[name] for name in formats if name in set(names)},
        scales=made,
        functions={"rest": from_the_rest},
    )
    assert list(faults(instrument)) == []
    return instrument


def answers_to(response: ResponseFormat) -> st.SearchStrategy[Fraction | str]:
    if isinstance(response, Text):
        return st.text("ab3 ", min_size=1).filter(str.strip)
    if response.values is None:
        return st.integers(0, 30).map(Fraction) | st.just(Fraction(10**9))
    return st.sampled_from(response.values)


@st.composite
def forms(draw: st.DrawFn, instrument: Instrument) -> Form:
    gaps: st.SearchStrategy[None] = st.none()
    return {
        item.id: draw(answers_to(instrument.response(item)) | (gaps if draw(st.booleans()) else st.nothing()))
        for item in instrument.items
    }


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Instrument, Form]:
    instrument = draw(instruments())
    return instrument, draw(forms(instrument))


def values(scores: Scores) -> dict[str, Fraction | None]:
    return {scale: result.value for scale, result in scores.items()}


def keyed(instrument: Instrument, form: Form, items: Iterable[str]) -> list[Fraction]:
    """The keyed values of what was answered, worked out without the scorer."""
    result = []
    for name in items:
        item, value = instrument.item_by_id[name], form[name]
        options = instrument.response(item).values
        if isinstance(value, Fraction):
            result.append(options[0] + options[-1] - value if item.reverse and options else value)
    return result


@patient
@given(filled_in())
def test_the_order_of_items_and_answers_changes_no_score(pair: tuple[Instrument, Form]) -> None:
    instrument, form = pair
    backwards = evolve(
        instrument,
        scales=tuple(
            scale if scale.method == "function" else evolve(scale, items=scale.items[::-1])
            for scale in reversed(instrument.scales)
        ),
    )
    assert values(score(backwards, dict(reversed(list(form.items()))))) == values(score(instrument, form))
    assert score(instrument, list(form.values())) == score(instrument, form)


@patient
@given(filled_in())
def test_every_score_lies_in_its_range(pair: tuple[Instrument, Form]) -> None:
    instrument, form = pair
    for name, result in score(instrument, form).items():
        low, high = instrument.range_of(instrument.scale_by_id[name])
        if result.value is not None:
            assert low <= result.value
            assert high is None or result.value <= high


@patient
@given(instruments())
def test_the_ends_of_a_range_are_reached(instrument: Instrument) -> None:
    for end in (lowest, highest):
        form: dict[str, Fraction | None] = {}
        for item in instrument.items:
            response = instrument.response(item)
            other = highest if end is lowest else lowest
            form[item.id] = (other if item.reverse else end)(response) if response.numeric else None
        for name, result in score(instrument, form).items():
            scale = instrument.scale_by_id[name]
            if scale.method in {"sum", "mean"} and None not in [form[item] for item in scale.items]:
                assert result.value == instrument.range_of(scale)[end is highest]


@patient
@given(filled_in())
def test_reversing_twice_is_not_reversing(pair: tuple[Instrument, Form]) -> None:
    instrument, form = pair
    for item in instrument.items:
        value = form[item.id]
        if item.reverse and isinstance(value, Fraction):
            response = instrument.response(item)
            top = highest(response)
            assert top is not None
            assert instrument.keyed(item, instrument.keyed(item, value)) == value
            assert lowest(response) <= instrument.keyed(item, value) <= top
            assert instrument.keyed(evolve(item, reverse=False), value) == value


@patient
@given(filled_in())
def test_a_missing_answer_is_never_a_zero(pair: tuple[Instrument, Form]) -> None:
    instrument, form = pair
    for name, result in score(instrument, form).items():
        scale = instrument.scale_by_id[name]
        there = keyed(instrument, form, scale.items)
        assert (result.answered, result.items) == (len(there), len(scale.items))
        if len(there) < scale.missing.needed(len(scale.items)):
            assert result.value is None
            assert result.note.startswith("not scorable: ")
        elif scale.method == "sum":
            assert result.value is not None
            assert result.value * len(there) == sum(there) * len(scale.items) * scale.factor
        elif scale.method == "mean":
            assert result.value is not None
            assert result.value * len(there) == sum(there)
        elif scale.method != "function":
            met = [value for value in there if value >= scale.at_least]
            assert result.value == (len(met) if scale.method == "count" else min(len(met), 1))
            assert len(there) == len(scale.items)


@patient
@given(filled_in())
def test_leaving_out_an_answer_counts_like_leaving_out_the_item(pair: tuple[Instrument, Form]) -> None:
    instrument, form = pair
    for scale in instrument.scales:
        there = tuple(name for name in scale.items if form[name] is not None)
        result = score(instrument, form)[scale.id].value
        if scale.method != "mean" or result is None:
            continue
        reduced = evolve(scale, items=there, missing=MissingRule("project", allowed=0))
        assert score(evolve(instrument, scales=(reduced,)), form)[scale.id].value == result


@patient
@given(filled_in(), st.sampled_from(sorted(COMPARE)))
def test_a_score_at_the_cut_off_is_equal_to_it(
    pair: tuple[Instrument, Form], operator: Literal["<", "<=", ">", ">=", "="]
) -> None:
    instrument, form = pair
    scores = score(instrument, form)
    for name, result in scores.items():
        if result.value is None:
            continue
        rule = Threshold("edge", operator, result.value, "project", "M", scale=name)
        found = find_signals(evolve(instrument, thresholds=(rule,)), {}, scores)
        assert len(found) == (operator in {"<=", ">=", "="})
        assert holds("<", result.value, result.value + Fraction(1, 10**9))


def cells(instrument: Instrument, form: Form) -> list[Cell]:
    unit = units(instrument)
    return [int(value * unit) if isinstance(value, Fraction) else value for value in form.values()]


def same(result: Score) -> Score:
    return result


@st.composite
def many_filled_in(draw: st.DrawFn) -> tuple[Instrument, list[Form]]:
    instrument = draw(instruments())
    return instrument, draw(st.lists(forms(instrument), max_size=6))


@patient
@given(many_filled_in())
def test_many_forms_at_once_score_exactly_like_one_at_a_time(pair: tuple[Instrument, list[Form]]) -> None:
    instrument, many = pair
    size = len(instrument.items)
    scorer = BulkScorer(instrument, [AS_IS] * size, range(size), same, list)
    for form in [*many, *many]:  # the second time from what it remembers
        assert scorer(cells(instrument, form)) == list(score(instrument, form).values())


@patient
@given(many_filled_in(), st.randoms(use_true_random=False))
def test_many_forms_at_once_may_have_their_answers_in_any_place(
    pair: tuple[Instrument, list[Form]], chance: Random
) -> None:
    instrument, many = pair
    places = list(range(len(instrument.items)))
    chance.shuffle(places)
    scorer = BulkScorer(instrument, [AS_IS] * len(places), places, lambda result: result.value, list)
    for form in many:
        row: list[Cell] = [None] * len(places)
        for place, cell in zip(places, cells(instrument, form), strict=True):
            row[place] = cell
        assert scorer(row) == list(values(score(instrument, form)).values())


@patient
@given(many_filled_in())
def test_every_answer_is_a_whole_number_of_units(pair: tuple[Instrument, list[Form]]) -> None:
    instrument, many = pair
    for form in many:
        for value in form.values():
            if isinstance(value, Fraction):
                assert (value * units(instrument)).denominator == 1
