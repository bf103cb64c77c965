"""The line chart: what is drawn, what is broken, what is said, and that nothing in it can be anything but text."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from alliance_core.reporting.chart import Limit, Mark, Trace, legend, line_chart

HOSTILE = ("<script>alert(1)</script>", '"><img onerror="x">', "' onload='x", "{{7*7}}", "]]>&<!--", "</title>")


def trace(values: dict[int, Any], name: str = "client", style: int = 0) -> Trace:
    marks = (
        Mark(session, None if value is None else Fraction(str(value)), f"session {session}: {value}")
        for session, value in values.items()
    )
    return Trace(name, tuple(marks), style)


def chart(*traces: Trace, **options: Any) -> str:
    settings: dict[str, Any] = {
        "id": "figure-1", "title": "Total", "description": "What it shows.", "low": Fraction(0), "high": Fraction(40),
    }  # fmt: skip
    return str(line_chart(traces, **settings | options))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  # our own output, from this very test


def classed(svg: str, name: str) -> list[ET.Element]:
    return [element for element in parsed(svg).iter() if name in element.get("class", "").split()]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter("text")]


def stretches(svg: str) -> list[int]:
    """How many points each unbroken stretch of a line has."""
    return [part.count("L") + 1 for line in classed(svg, "line") for part in line.get("d", "").split("M")[1:]]


def test_a_chart_has_a_name_and_a_description() -> None:
    svg = parsed(chart(trace({1: 30, 2: 31})))
    assert svg.get("role") == "img"
    ids = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    assert [ids[name] for name in svg.get("aria-labelledby", "").split()] == ["Total", "What it shows."]


def test_the_same_data_give_the_same_bytes() -> None:
    traces = trace({1: 30, 2: None, 3: "31.5"}), trace({1: 20, 2: 22}, "therapist", 1)
    assert chart(*traces) == chart(*traces)


def test_raters_differ_in_marker_class_and_dash_and_are_named() -> None:
    svg = chart(trace({1: 30, 2: 31}), trace({1: 20, 2: 22}, "therapist", 1))
    shapes = {element.get("d") for element in classed(svg, "marker")}
    assert len(shapes) == 2
    assert classed(svg, "series-1")
    assert classed(svg, "series-2")
    assert {"client", "therapist"} <= set(texts(svg))


def test_every_style_has_its_own_marker() -> None:
    shapes = {classed(chart(trace({1: 30}, style=style)), "marker")[0].get("d") for style in range(6)}
    assert len(shapes) == 6


def test_a_line_is_broken_where_a_session_is_missing() -> None:
    assert stretches(chart(trace({1: 30, 2: 31, 4: 32, 5: 33, 6: 34}))) == [2, 3]


def test_a_line_is_broken_where_a_score_is_not_scorable() -> None:
    svg = chart(trace({1: 30, 2: 31, 3: None, 4: 32, 5: 33}))
    assert stretches(svg) == [2, 2]
    assert len(classed(svg, "void")) == 1
    assert "not scorable" in texts(svg)


def test_a_score_between_two_gaps_is_a_mark_without_a_line() -> None:
    svg = chart(trace({1: 30, 3: 31, 5: 32}))
    assert stretches(svg) == []
    assert len(classed(svg, "marker")) == 4  # three scores, and the one beside the name


def test_an_instrument_given_every_four_sessions_is_joined_over_four_and_not_over_five() -> None:
    assert stretches(chart(trace({1: 30, 5: 31, 10: 32, 14: 33}), every=4)) == [2, 2]


def test_a_score_that_is_not_scorable_breaks_a_line_that_would_reach_over_it() -> None:
    assert stretches(chart(trace({1: 30, 3: None, 5: 31}), every=4)) == []


def test_no_point_is_drawn_for_a_missing_score() -> None:
    svg = chart(trace({1: None, 2: None}))
    assert len(classed(svg, "marker")) == 1  # beside the words that say what the crosses are
    assert len(classed(svg, "void")) == 2


def test_each_rater_has_a_row_of_its_own_for_what_is_not_scorable() -> None:
    svg = chart(trace({1: None, 2: 30}), trace({1: None, 2: 30}, "therapist", 1))
    places = {element.get("y") for element in parsed(svg).iter() if element.find("./*[@class='void']") is not None}
    assert len(places) == 2


def test_every_point_says_its_session_and_score() -> None:
    titles = [element.text for element in parsed(chart(trace({1: 30, 2: None, 3: "31.5"}))).iter("title")]
    assert titles[1:] == ["session 1: 30", "session 3: 31.5", "session 2: None", "client"]


def test_higher_scores_are_drawn_higher() -> None:
    path = classed(chart(trace({1: 0, 2: 40})), "line")[0].get("d")
    assert path == "M0,192L1000,0"


def test_the_axes_run_over_the_possible_range_and_the_sessions() -> None:
    shown = texts(chart(trace({3: 30, 6: 31})))
    assert shown[:5] == ["0", "10", "20", "30", "40"]
    assert shown[5:10] == ["3", "4", "5", "6", "session"]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (36, 252, ["36", "100", "150", "200", "252"]),
        (1, 7, ["1", "2", "3", "4", "5", "6", "7"]),
        (1, 5, ["1", "2", "3", "4", "5"]),
        (0, Fraction(1, 2), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]),
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (-3, 3, ["-3", "-2", "-1", "0", "1", "2", "3"]),
        (12, 60, ["12", "20", "30", "40", "50", "60"]),
    ],
)
def test_ticks_are_few_and_round_with_both_ends(low: int, high: int | Fraction, ticks: list[str]) -> None:
    svg = chart(trace({1: low}), low=Fraction(low), high=Fraction(high))
    assert texts(svg)[: len(ticks)] == ticks


def test_a_scale_without_an_upper_end_makes_room_for_what_there_is() -> None:
    shown = texts(chart(trace({1: 3, 2: 17}), high=None))
    assert "20" in shown
    assert texts(chart(high=None))[0] == "0"


def test_a_threshold_is_a_labelled_line() -> None:
    svg = chart(trace({1: 30, 2: 38}), limits=[Limit(Fraction(36), "< 36", "below 36: worth talking about")])
    line = classed(svg, "limit")[0]
    assert line.get("y1") == line.get("y2") == "31.2"
    assert "< 36" in texts(svg)


def test_names_beside_the_lines_do_not_touch() -> None:
    limits = [Limit(Fraction(value), f"< {value}", "rule") for value in (30, 31, 0)]
    svg = chart(
        *(trace({1: value}, name, i) for i, (name, value) in enumerate({"a": 30, "b": 31, "c": 0}.items())),
        limits=limits,
    )
    names = [float(element.get("y", "")) - 4 for element in classed(svg, "limit-name")]
    names += [float(inner.get("y", "")) for group in classed(svg, "name") if group.tag == "g" for inner in group]
    names.sort()
    assert len(names) == 6
    assert all(below - above >= 15.9 for above, below in pairwise(names))
    assert names[0] > 0
    assert names[-1] <= 204


def test_nothing_to_draw_says_so() -> None:
    for svg in (chart(), chart(trace({}))):
        assert "no scores from sessions yet" in texts(svg)
        assert parsed(svg).get("role") == "img"


def test_one_point_stands_in_the_middle() -> None:
    svg = chart(trace({7: 30}))
    places = [element.get("x") for element in parsed(svg).iter("svg") if element.get("class") == "series-1"]
    assert places == ["44.5%", "84%"]  # the score, and the mark beside the name
    assert stretches(svg) == []


def test_two_hundred_points_stay_small_and_few_ticks() -> None:
    svg = chart(trace({session: session % 40 for session in range(1, 201)}))
    assert stretches(svg) == [200]
    assert len(texts(svg)) < 20
    assert len(svg) < 60_000
    assert "M-2,0a2,2" in svg


def test_no_number_is_longer_than_needed() -> None:
    svg = chart(trace({1: "33.3333", 2: "12.34567", 4: 7}), trace({1: 1, 3: 2}, "therapist", 1))
    without_titles = re.sub(r"<title>.*?</title>", "", svg)
    assert not re.search(r"\d\.\d{3}", without_titles)
    assert not re.search(r"\d\.0\b(?!\.)", without_titles)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_is_escaped(text: str) -> None:
    traces = (Trace(text, (Mark(1, Fraction(3), text), Mark(2, None, text)), 0),)
    limits = [Limit(Fraction(5), text, text)]
    svg = chart(*traces, title=text, description=text, limits=limits)
    whole = parsed(svg)
    assert {element.tag for element in whole.iter()} <= {"svg", "title", "desc", "text", "line", "path", "g"}
    assert not [name for element in whole.iter() for name in element.attrib if name.startswith("on")]
    assert svg.count("<script") == svg.count("<img") == 0
    assert [element.text for element in whole.iter()].count(text) == 8
    said = parsed(str(legend(traces, limits)).replace("&nbsp;", " "))
    assert {element.tag for element in said.iter()} <= {"p", "span", "svg", "g", "path"}
    assert "".join(said.itertext()).count(text) == 2


@pytest.mark.parametrize("bad", ["", "1a", "a b", 'a"b', "a'b", "ä"])
def test_an_id_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="is no id for a chart"):
        chart(id=bad)


def test_the_legend_says_what_not_scorable_looks_like_only_where_it_is_seen() -> None:
    assert "not scorable" in legend([trace({1: None})])
    assert "not scorable" not in legend([trace({1: 3})])
