"""Scores over the sessions: one figure for each scale of each instrument in each version, and the same data as a table.

Raters of one instrument stand on one figure. Instruments and versions never do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from markupsafe import Markup

from alliance_core import Instrument, Point, Scale, Score, Series, Threshold, View
from alliance_core.answers import shown
from alliance_core.instrument import RATERS, Rater
from alliance_core.reporting.chart import Limit, Mark, Trace, legend, line_chart
from alliance_report_progress import words
from alliance_report_progress.reading import Form, by_measure, forms, grouped, raters, series


def figures(view: View) -> dict[str, Any]:
    """What the template of this section shows."""
    lines = grouped(series(view), lambda found: (found.instrument.id, found.instrument.version))
    scored = {key: group for key, group in by_measure(forms(view)).items() if group[0].instrument.scales}
    numbers = count(1)
    measures = [measure(group, lines.get(key, []), numbers) for key, group in scored.items()]
    return {
        "measures": measures,
        "two_chairs": any({"client", "therapist"} <= set(each["raters"]) for each in measures),
    }


def measure(group: list[Form], lines: list[Series], numbers: Iterator[int]) -> dict[str, Any]:
    """One instrument in one version; `numbers` counts the figures of the report."""
    instrument = group[0].instrument
    return {
        "title": instrument.title,
        "version": instrument.version,
        "about": instrument.about,
        "raters": raters(group),
        "figures": [
            figure(scale, group, [line for line in lines if line.scale.id == scale.id], next(numbers))
            for scale in instrument.scales
        ],
    }


def figure(scale: Scale, group: list[Form], lines: list[Series], number: int) -> dict[str, Any]:
    """One scale: its picture, and the same data as rows."""
    instrument, chairs = group[0].instrument, raters(group)
    traces = [trace(line) for line in sorted(lines, key=lambda line: RATERS.index(line.rater))]
    drawn = limits(instrument, scale, chairs)
    return {
        "number": number,
        "scale": scale.name,
        "range": words.extent(instrument, scale),
        "direction": words.DIRECTIONS[instrument.direction_of(scale)],
        "sources": [f"{limit.label}: {source}" for limit, source in drawn],
        "legend": legend(traces, [limit for limit, _ in drawn]),
        "chart": chart(instrument, scale, traces, [limit for limit, _ in drawn], f"progress-figure-{number}"),
        "rows": rows(scale, lines, [form for form in group if form.record.session is None], chairs),
    }


def trace(line: Series) -> Trace:
    """One rater's scores as they are drawn."""
    marks = tuple(Mark(point.session, point.value, point_words(line.rater, point)) for point in line.points)
    return Trace(line.rater, marks, style=RATERS.index(line.rater))


def point_words(rater: Rater, point: Point) -> str:
    """What a reader sees who points at a score."""
    value = f"{shown(point.value)}{f' ({point.note})' if point.note else ''}" if point.value is not None else point.note
    return f"session {point.session}, {rater}: {value}"


def limits(instrument: Instrument, scale: Scale, chairs: Sequence[Rater]) -> list[tuple[Limit, str]]:
    """The published thresholds of a scale that hold for anyone who answered, each with its source."""
    return [
        (Limit(rule.value, f"{rule.operator} {shown(rule.value)}", limit_words(rule)), words.source(rule.source))
        for rule in instrument.thresholds
        if rule.scale == scale.id and words.published(rule) and applies(rule, chairs)
    ]


def applies(rule: Threshold, chairs: Sequence[Rater]) -> bool:
    """Whether a threshold may be drawn: for a rater who answered, and not for an age that is not known here."""
    return rule.ages is None and (not rule.raters or any(rater in rule.raters for rater in chairs))


def limit_words(rule: Threshold) -> str:
    """A threshold in the legend."""
    meant = f" ({' and '.join(rule.raters)} only)" if rule.raters else ""
    other = f"; other sources: {words.compared(rule.disputed, rule.value)}" if rule.disputed else ""
    return f"{words.compared(rule.operator, rule.value)}: {rule.says}{meant}{other}"


def chart(instrument: Instrument, scale: Scale, traces: list[Trace], drawn: list[Limit], chart_id: str) -> Markup:
    """The figure as SVG."""
    low, high = instrument.range_of(scale)
    return line_chart(
        traces,
        id=chart_id,
        title=f"{instrument.title}, version {instrument.version}: {scale.name} over the sessions",
        description=" ".join([*map(described, traces), "The table below has the same numbers."]),
        low=low,
        high=high,
        limits=drawn,
        every=instrument.every or 1,
    )


def described(line: Trace) -> str:
    """One rater's line in a sentence, for those who do not see it."""
    scored = [(mark.session, mark.value) for mark in line.marks if mark.value is not None]
    if not scored:
        return f"{line.name.capitalize()}: no scores."
    values = [value for _, value in scored]
    (first, start), (last, end) = scored[0], scored[-1]
    if len(scored) == 1:
        return f"{line.name.capitalize()}: one score, {shown(start)} in session {first}."
    return (
        f"{line.name.capitalize()}: {len(scored)} scores, from {shown(start)} in session {first} to {shown(end)} "
        f"in session {last}; lowest {shown(min(values))}, highest {shown(max(values))}."
    )


def rows(scale: Scale, lines: list[Series], outside: list[Form], chairs: list[Rater]) -> list[dict[str, Any]]:
    """A row for intake, for each session, for ending and follow-up; a cell for each rater."""
    in_sessions = [(line.rater, point) for line in lines for point in line.points]
    by_session = grouped(sorted(in_sessions, key=lambda pair: pair[1].session), lambda pair: pair[1].session)
    before = [form for form in outside if form.record.occasion == "intake"]
    after = [form for form in outside if form.record.occasion != "intake"]
    return [
        *(outside_row(scale, form, chairs) for form in before),
        *(session_row(session, pairs, chairs) for session, pairs in by_session.items()),
        *(outside_row(scale, form, chairs) for form in after),
    ]


def session_row(session: int, pairs: list[tuple[Rater, Point]], chairs: list[Rater]) -> dict[str, Any]:
    """What each rater scored in one session."""
    held = next((point.held_on for _, point in pairs if point.held_on is not None), None)
    cells = {chair: [number(point) for rater, point in pairs if rater == chair] for chair in chairs}
    return {"when": str(session), "day": words.day(held), "cells": cells, "notes": notes(pairs)}


def outside_row(scale: Scale, form: Form, chairs: list[Rater]) -> dict[str, Any]:
    """A form that is about no session: it is in the table, and never in the figure."""
    record, score = form.record, form.record.scores.get(scale.id)
    pairs = [] if score is None else [(record.rater, score)]
    cells = {chair: [number(found) for rater, found in pairs if rater == chair] for chair in chairs}
    return {"when": record.occasion, "day": words.day(record.given_on), "cells": cells, "notes": notes(pairs)}


def number(score: Point | Score) -> dict[str, str]:
    """A score and how many answers it stands on."""
    value = "" if score.value is None else shown(score.value)
    return {"value": value, "items": f"{score.answered} of {score.items}"}


def notes(pairs: Sequence[tuple[Rater, Point | Score]]) -> list[str]:
    """Which scores are prorated or missing, and why."""
    return [f"{rater}: {score.note}" for rater, score in pairs if score.note]
