"""What the definition format must be able to say: one small definition for each requirement, and how it behaves.

The numbers are those of the list in the fact sheet on instruments. The measures are made up; their names say which
real ones need the requirement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from alliance_core import Instrument, score
from alliance_core.answers import read_answers
from alliance_core.definition.load import from_snapshot, parse_instrument, snapshot
from alliance_core.instrument import RATERS
from alliance_core.response import Line, highest, label, lowest
from alliance_core.signals import Signal, find_signals

HEAD = """\
id = "demo"
title = "Demo"
version = "1"
source = "project"
"""
LICENCE = """\
[licence]
owner = "us"
wording = "ships"
"""
CLIENT = 'raters = ["client"]\ndirection = "higher-is-better"\nmissing = { allowed = 0, source = "project" }\n'
AGREE = '[formats.agree]\nkind = "rating"\nlabels = { 1 = "no", 2 = "rather no", 3 = "rather yes", 4 = "yes" }\n'
TOTAL = '[scales.total]\nitems = "all"\nmethod = "sum"\n'
ONE = """
[items]
1 = "rest"
[[examples]]
answers = [1]
scores = { total = 1 }
"""


def define(body: str, *, head: str = CLIENT, licence: str = LICENCE, **functions: Callable[..., Any]) -> Instrument:
    """A definition that was read, written to a snapshot and read again. Its format and total need not be written."""
    if "[formats" not in body:
        body = AGREE + body
    if "total =" in body and "[scales.total]" not in body:
        body = body.replace("[[examples]]", TOTAL + "[[examples]]", 1)
    instrument = parse_instrument((HEAD + head + licence + body).encode(), name="demo.toml", functions=functions)
    assert from_snapshot(snapshot(instrument)) == instrument
    return instrument


def value(instrument: Instrument, answers: Any, scale: str = "total") -> Fraction | None:
    return score(instrument, answers)[scale].value


def found(instrument: Instrument, answers: Mapping[str, Any], **who: Any) -> tuple[Signal, ...]:
    return find_signals(instrument, read_answers(instrument, answers), score(instrument, answers), **who)


def test_01_a_value_is_bound_to_its_label_and_the_order_of_options_is_display() -> None:
    form = define("""
[items]
1 = "rest"
2 = { topic = "company", display = "descending" }
[[examples]]
answers = [4, 4]
scores = { total = 8 }
""")
    assert [item.display for item in form.items] == ["ascending", "descending"]
    assert [label(form.response(item), Fraction(4)) for item in form.items] == ["yes", "yes"]


def test_02_an_item_is_reversed_by_minimum_plus_maximum_minus_value() -> None:
    form = define("""
[items]
1 = "rest"
2 = "worry"
[[examples]]
answers = [4, 1]
scores = { total = 8 }
""", head=CLIENT + "reverse = [2]\n")  # fmt: skip
    assert [form.keyed(form.items[1], Fraction(answer)) for answer in (1, 2, 3, 4)] == [4, 3, 2, 1]
    assert form.keyed(form.items[0], Fraction(1)) == 1


def test_03_items_may_stand_in_no_subscale_or_be_not_scored_at_all() -> None:
    form = define("""
[items]
1 = "rest"
2 = "company"
3 = { topic = "how hard this makes life", unscored = true }
[scales.part]
items = [1]
method = "sum"
[[examples]]
answers = [1, 2, 4]
scores = { part = 1, total = 3 }
""")
    assert form.scale_by_id["total"].items == ("1", "2")
    assert value(form, [1, 2, 1]) == value(form, [1, 2, 4]) == value(form, [1, 2, None]) == 3


def test_04_a_line_has_a_step_a_unit_and_a_length() -> None:
    form = define("""
[formats.mark]
kind = "line"
minimum = 0
maximum = 10
step = 0.1
unit = "cm"
length_mm = 100
poles = ["poor", "good"]
[items]
1 = "rest"
[[examples]]
answers = [8.9]
scores = { total = 8.9 }
""")
    line = form.formats["mark"]
    assert isinstance(line, Line)
    assert (line.unit, line.poles, len(line.values)) == ("cm", ("poor", "good"), 101)
    assert line.length_mm == 100
    assert value(form, [0.3]) == Fraction(3, 10)


def test_05_poles_have_a_zero_between_them_or_none() -> None:
    form = define("""
[formats.with-zero]
kind = "bipolar"
minimum = -3
maximum = 3
[formats.without]
kind = "bipolar"
minimum = -3
maximum = 3
zero = false
[items]
1 = { topic = "more or less of it", format = "with-zero" }
2 = { topic = "true or not", format = "without" }
[[examples]]
answers = [0, -3]
scores = { total = -3 }
""")
    with_zero, without = form.formats["with-zero"], form.formats["without"]
    assert list(with_zero.values or ()) == [-3, -2, -1, 0, 1, 2, 3]
    assert list(without.values or ()) == [-3, -2, -1, 1, 2, 3]
    with pytest.raises(Exception, match="item 2: 0 is not an answer; it admits whole numbers from -3 to 3 without 0"):
        score(form, [0, 0])


def test_06_there_are_yes_or_no_and_counts() -> None:
    form = define("""
[formats.happened]
kind = "yes-no"
[formats.times]
kind = "count"
[items]
quarrel = { topic = "a quarrel", format = "happened" }
silences = { topic = "silences", format = "times" }
[[examples]]
answers = ["yes", 12]
scores = { total = 13 }
""")
    assert value(form, {"quarrel": "no", "silences": 1_000_000}) == 1_000_000
    assert lowest(form.formats["times"]) == 0
    assert highest(form.formats["times"]) is None
    assert form.range_of(form.scales[0]) == (Fraction(0), None)


def test_07_items_have_label_sets_of_their_own() -> None:
    form = define("""
[formats.agree]
kind = "rating"
labels = { 1 = "no", 4 = "yes" }
[formats.quality]
kind = "rating"
labels = { 0 = "terrible", 5 = "fair", 10 = "excellent" }
[items]
1 = { topic = "rest", format = "agree" }
2 = { topic = "health", format = "quality" }
[[examples]]
answers = [4, 10]
scores = { total = 14 }
""")
    assert [label(form.response(item), highest(form.response(item)) or Fraction(0)) for item in form.items] == [
        "yes",
        "excellent",
    ]


def weighted(values: Mapping[str, Fraction | None]) -> Fraction | None:
    """A made-up rule that no method can say: the first item counts three times."""
    first, second = values["1"], values["2"]
    return None if first is None or second is None else first * 3 + second


def test_08_a_scale_is_a_sum_a_mean_a_sum_times_a_factor_any_a_count_or_a_named_function() -> None:
    body = """
[items]
1 = "rest"
2 = "company"
[scales]
sum = { items = [1, 2], method = "sum" }
mean = { items = [1, 2], method = "mean" }
index = { items = [1, 2], method = "sum", factor = 12.5 }
any = { items = [1, 2], method = "any", at_least = 3 }
count = { items = [1, 2], method = "count", at_least = 2 }
weighted = { items = [1, 2], method = "function", function = "weigh", range = [4, 16] }
[[examples]]
answers = [2, 4]
scores = { sum = 6, mean = 3, index = 75, any = 1, count = 2, weighted = 10 }
[[examples]]
answers = [1, 2]
scores = { sum = 3, mean = 1.5, index = 37.5, any = 0, count = 1, weighted = 5 }
"""  # fmt: skip
    form = define(body, weigh=weighted)
    ranges: list[object] = [form.range_of(scale) for scale in form.scales]
    assert ranges == [(2, 8), (1, 4), (25, 100), (0, 1), (0, 2), (4, 16)]


def test_09_a_composite_is_made_of_items_that_other_scales_have_too() -> None:
    form = define("""
[items]
1 = "rest"
2 = "company"
3 = "joy"
[scales.self]
items = [1, 3]
method = "mean"
[scales.others]
items = [2, 3]
method = "mean"
[scales.overall]
items = [1, 2, 3]
method = "mean"
[[examples]]
answers = [1, 2, 4]
scores = { self = 2.5, others = 3, overall = 2.3333 }
""")
    assert value(form, [4, 4, 1], "overall") == 3


def test_10_there_may_be_no_total_and_the_reason_is_told() -> None:
    form = define("""
[items]
1 = "rest"
2 = "quarrels"
[scales.good]
items = [1]
method = "sum"
[scales.bad]
items = [2]
method = "sum"
direction = "higher-is-worse"
[[examples]]
answers = [1, 2]
scores = { good = 1, bad = 2 }
""", head=CLIENT + 'no_total = "the authors give none"\n')  # fmt: skip
    assert form.no_total == "the authors give none"
    assert list(score(form, [1, 2])) == ["good", "bad"]


def test_11_a_missing_rule_stands_at_the_scale_or_the_total_and_names_its_source() -> None:
    form = define("""
[items]
1 = "a"
2 = "b"
3 = "c"
4 = "d"
[scales.part]
items = [1, 2]
method = "sum"
missing = { allowed = 0, source = "manual of 2007, page 3", confidence = "V" }
[[examples]]
answers = ["skipped", 4, 4, 4]
scores = { part = "not scorable", total = 16 }
""", head=CLIENT.replace("allowed = 0", "answered = 0.75"))  # fmt: skip
    part, total = form.scales
    assert (part.missing.source, part.missing.confidence) == ("manual of 2007, page 3", "V")
    assert (total.missing.source, total.missing.needed(4)) == ("project", 3)


def test_12_a_threshold_has_an_operator_a_target_an_age_band_a_source_and_a_confidence() -> None:
    form = define("""
[items]
1 = "rest"
2 = "company"
[thresholds]
adult = { scale = "total", operator = "<", value = 6, ages = { minimum = 18 }, source = "manual", confidence = "V" }
young = { scale = "total", operator = "<=", value = 7, ages = { maximum = 17 }, source = "manual", confidence = "L" }
first = { item = 1, operator = "=", value = 1, source = "manual", confidence = "Vs", says = "ask" }
either = { any_item = true, operator = ">=", value = 4, source = "manual", confidence = "H", raters = ["client"] }
[[examples]]
answers = [1, 4]
scores = { total = 5 }
crosses = ["first", "either"]
""", head=CLIENT.replace('"client"', '"client", "therapist"'))  # fmt: skip

    def met(answers: list[int], **who: Any) -> list[str]:
        named = dict(zip(("1", "2"), answers, strict=True))
        return [getattr(signal.rule, "id", "") for signal in found(form, named, **who)]

    assert met([2, 3], age=18) == ["adult"]
    assert met([3, 3], age=18) == []
    assert met([3, 3], age=17) == ["young"]
    assert met([2, 3]) == []  # the age is not known
    assert met([1, 4], rater="therapist") == ["first"]
    assert [signal.published for signal in found(form, {"1": 2, "2": 3}, age=17)] == [False]


def test_13_a_higher_score_is_better_or_worse_or_neither_and_a_scale_may_differ() -> None:
    form = define("""
[items]
1 = "energy"
2 = "worry"
[scales.energy]
items = [1]
method = "sum"
[scales.worry]
items = [2]
method = "sum"
direction = "higher-is-worse"
[[examples]]
answers = [1, 2]
scores = { energy = 1, worry = 2 }
""", head=CLIENT.replace("higher-is-better", "neither"))  # fmt: skip
    assert [form.direction_of(scale) for scale in form.scales] == ["neither", "higher-is-worse"]


def test_14_every_chair_can_be_named_and_a_form_points_to_its_twin() -> None:
    form = define(ONE, head=CLIENT.replace('["client"]', json.dumps(RATERS)) + 'twin = "demo-therapist"\n')
    assert form.raters == ("client", "therapist", "observer", "supervisor", "supervisee", "carer")
    assert form.twin == "demo-therapist"


def test_15_the_wording_has_a_placeholder_for_the_other_person() -> None:
    form = define(ONE, head=CLIENT + 'placeholder = "_____"\n')  # fmt: skip
    assert form.placeholder == "_____"


def test_16_the_time_frame_and_the_occasion_are_told() -> None:
    form = define(ONE, head=CLIENT + 'about = "the last two weeks"\nwhen = ["intake", "ending"]\nevery = 4\n')
    assert (form.about, form.when, form.every) == ("the last two weeks", ("intake", "ending"), 4)


def test_17_it_is_for_an_age_range_and_a_carers_form_has_its_own_cut_off() -> None:
    form = define("""
[items]
1 = "rest"
[thresholds]
child = { scale = "total", operator = "<", value = 2, raters = ["client"], source = "manual", confidence = "M" }
carer = { scale = "total", operator = "<", value = 3, raters = ["carer"], source = "manual", confidence = "M" }
[[examples]]
answers = [1]
scores = { total = 1 }
""", head=CLIENT.replace('"client"', '"client", "carer"') + "ages = { minimum = 6, maximum = 12 }\n")  # fmt: skip
    assert form.ages is not None
    assert (form.ages.minimum, form.ages.maximum) == (6, 12)
    assert found(form, {"1": 2}, rater="client") == ()
    assert [signal.value for signal in found(form, {"1": 2}, rater="carer")] == [2]


def test_18_an_observer_rates_segments_of_some_minutes() -> None:
    form = define("""
[formats.seen]
kind = "yes-no"
[items]
silence = "a long silence"
[scales.total]
items = "all"
method = "count"
[[examples]]
answers = ["yes"]
scores = { total = 1 }
""", head=CLIENT.replace("client", "observer") + "segment_minutes = 5\n")  # fmt: skip
    assert form.segment_minutes == 5


def test_19_free_text_is_kept_and_repeated_and_never_scored() -> None:
    form = define("""
[formats.words]
kind = "text"
[formats.progress]
kind = "rating"
labels = { 0 = "none", 5 = "half way", 10 = "reached" }
[items]
goal = { topic = "goal", format = "words", repeat = 3 }
progress = { topic = "how far", format = "progress", repeat = 3 }
[scales.progress]
items = ["progress"]
method = "mean"
missing = { allowed = 2, source = "project" }
[[examples]]
answers = ["sleep", "work", "skipped", 5, 10, "not-asked"]
scores = { progress = 7.5 }
""")
    assert [item.id for item in form.items] == ["goal-1", "goal-2", "goal-3", "progress-1", "progress-2", "progress-3"]
    assert form.items[1].topic == "goal (2)"
    assert form.scales[0].items == ("progress-1", "progress-2", "progress-3")
    assert read_answers(form, {"goal-1": "7"})["goal-1"].value == "7"


def test_20_the_licence_names_owner_terms_fee_source_of_the_wording_and_notice() -> None:
    licence = """\
[licence]
owner = "somebody else"
wording = "supply-your-own"
terms = "CC-BY-NC-SA-3.0-IGO"
obtain = "example.org/forms"
fee = "none for individual practitioners"
notice = "© somebody else"
"""
    form = define(ONE, licence=licence)  # fmt: skip
    assert (form.licence.owner, form.licence.wording) == ("somebody else", "supply-your-own")
    assert (form.licence.terms, form.licence.obtain) == ("CC-BY-NC-SA-3.0-IGO", "example.org/forms")
    assert (form.licence.fee, form.licence.notice) == ("none for individual practitioners", "© somebody else")


def test_21_a_safety_item_speaks_whatever_the_score_is() -> None:
    form = define("""
[items]
1 = "rest"
2 = "not wanting to live"
[[safety]]
item = 2
operator = ">="
value = 2
says = "ask about it now"
source = "project"
[[examples]]
answers = [1, 4]
scores = { total = 5 }
crosses = []
""")
    assert found(form, {"1": 4, "2": 1}) == ()
    [signal] = found(form, {"2": 2})  # the total is not scorable
    assert signal.what == "item 2: 2"
    assert signal.value == 2
    assert found(form, {"1": 4, "2": "declined"}) == ()
