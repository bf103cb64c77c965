"""The first page: who, when, what was filled in, the latest scores, and what may be worth talking about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from alliance_core import Scale, Signal, Threshold, View
from alliance_core.answers import shown
from alliance_core.instrument import Rater
from alliance_core.signals import compared_items, find_signals
from alliance_report_progress import words
from alliance_report_progress.reading import Form, by_measure, forms, grouped, latest, raters


def summary(view: View) -> dict[str, Any]:
    """What the template of this section shows."""
    admitted = forms(view)
    last = latest(admitted)
    spoken = [signal_words(form, found) for form in last for found in met(form)]
    return {
        "facts": facts(admitted),
        "instruments": [instrument_row(group) for group in by_measure(admitted).values()],
        "raters": raters(form for form in last if form.instrument.scales),
        "scores": [score_rows(group) for group in by_measure(last).values() if group[0].instrument.scales],
        "signals": sorted(spoken, key=lambda signal: not signal["safety"]),
        "unchecked": [sentence for form in last for sentence in unchecked(form)],
        "rules": sum(len(form.instrument.thresholds) + len(form.instrument.safety) for form in last),
    }


def facts(admitted: list[Form]) -> dict[str, Any] | None:
    """Whose work it is and which sessions, or None if there is nothing to show."""
    if not admitted:
        return None
    case = admitted[-1].record.case
    sessions = sorted({form.record.session for form in admitted if form.record.session is not None})
    days = [form.record.held_on or form.record.given_on for form in admitted]
    known = sorted(held for held in days if held is not None)
    return {
        "client": case.client,
        "therapist": case.therapist,
        "sessions": span(sessions),
        "from_day": words.day(known[0]) if known else None,
        "to_day": words.day(known[-1]) if known else None,
        "one_day": len(set(known)) == 1,
        "forms": words.count(len(admitted), "form"),
        "with_forms": words.count(len(sessions), "session"),
        "others": sorted({form.record.occasion for form in admitted if form.record.session is None}),
    }


def span(sessions: list[int]) -> str:
    """From which session to which."""
    if not sessions:
        return "no session yet"
    return f"session {sessions[0]}" if len(sessions) == 1 else f"sessions {sessions[0]} to {sessions[-1]}"


def instrument_row(group: list[Form]) -> dict[str, Any]:
    """One instrument in one version, and how often it came from each chair."""
    counts = grouped(group, lambda form: form.record.rater)
    return {
        "title": group[0].instrument.title,
        "version": group[0].record.version,
        "chairs": [f"{rater}: {words.count(len(counts[rater]), 'form')}" for rater in raters(group)],
        "last": words.when(group[-1].record),
        "last_day": words.day(day_of(group[-1])),
    }


def day_of(form: Form) -> date | None:
    """The day of a form's session, or else the day that it was filled in."""
    return form.record.held_on or form.record.given_on


def score_rows(group: list[Form]) -> dict[str, Any]:
    """The latest scores of one instrument and version, a row a scale and a cell a rater."""
    instrument = group[0].instrument
    by_rater = {form.record.rater: form for form in group}
    return {
        "title": instrument.title,
        "version": instrument.version,
        "rows": [
            {
                "scale": scale.name,
                "range": words.extent(instrument, scale),
                "cells": {rater: score_cell(form, scale) for rater, form in by_rater.items()},
            }
            for scale in instrument.scales
        ],
    }


def score_cell(form: Form, scale: Scale) -> dict[str, str]:
    """One score and the session that it is about."""
    score = form.record.scores.get(scale.id)
    value = None if score is None else score.value
    return {
        "value": "" if value is None else shown(value),
        "note": "no score is kept" if score is None else score.note,
        "when": words.when(form.record),
    }


def met(form: Form) -> tuple[Signal, ...]:
    """The rules that one form meets."""
    record = form.record
    return find_signals(form.instrument, record.answers, record.scores, rater=record.rater)


def signal_words(form: Form, found: Signal) -> dict[str, Any]:
    """One finding with its rule, numbers and source."""
    rule = found.rule
    return {
        "instrument": form.instrument.title,
        "rater": form.record.rater,
        "when": words.when(form.record),
        "what": found.what,
        "edge": edge(found),
        "safety": not isinstance(rule, Threshold),
        **words.rule_words(form.instrument, rule),
    }


def edge(found: Signal) -> str:
    """That a value meets a rule only with the operator that other sources give, or nothing."""
    rule = found.rule
    if not found.disputed or not isinstance(rule, Threshold) or rule.disputed is None:
        return ""
    stated, other = words.compared(rule.operator, rule.value), words.compared(rule.disputed, rule.value)
    return (
        f"{shown(found.value)} is at the edge: sources disagree whether the rule is “{stated}” ({rule.source}) "
        f"or “{other}” ({rule.dispute})."
    )


def unchecked(form: Form) -> Iterator[str]:
    """The rules that could not look at a form, and why."""
    title, rater, about = form.instrument.title, form.record.rater, words.when(form.record)
    for threshold in form.instrument.thresholds:
        reason = blind(form, threshold, rater)
        if reason:
            rule = f"{words.target(form.instrument, threshold)} {threshold.operator} {shown(threshold.value)}"
            yield f"{title}, {rater}, {about}: the rule “{rule}” could not be checked: {reason}."
    for safety in form.instrument.safety:
        if form.record.answers[safety.item].number is None:
            yield f"{title}, {rater}, {about}: item {safety.item} was not answered, so nothing can be said about it."


def blind(form: Form, threshold: Threshold, rater: Rater) -> str:
    """Why a rule could not be checked on a form, or nothing if it could or is not meant for this rater."""
    if threshold.raters and rater not in threshold.raters:
        return ""
    if threshold.ages is not None:
        return f"it is for ages {words.ages(threshold)}, and ages are not kept here"
    if threshold.scale is not None:
        score = form.record.scores.get(threshold.scale)
        return "" if score is not None and score.value is not None else "there is no score"
    unanswered = [i.id for i in compared_items(form.instrument, threshold) if form.record.answers[i.id].number is None]
    return f"not answered: item {', '.join(unanswered)}" if unanswered else ""
