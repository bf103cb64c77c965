"""Corrections: what stood there first, what stands there now, and why. Nothing is overwritten."""

from __future__ import annotations

from typing import Any

from alliance_core import View
from alliance_core.answers import shown
from alliance_report_progress import words
from alliance_report_progress.reading import Form, forms, grouped


def corrections(view: View) -> dict[str, Any]:
    """What the template of this section shows."""
    every = forms(view, superseded=True)
    same = grouped(every, same_form).values()
    return {"anything": bool(every), "corrected": [corrected(group) for group in same if len(group) > 1]}


def same_form(form: Form) -> tuple[object, ...]:
    """What all revisions of one form have in common."""
    record = form.record
    return record.instrument, record.occasion, record.session, record.rater, record.segment


def corrected(group: list[Form]) -> dict[str, Any]:
    """One form with its revisions, the first one first."""
    revisions = sorted(group, key=lambda form: form.record.revision)
    before = [None, *revisions]
    return {
        "instrument": revisions[-1].instrument.title,
        "rater": revisions[-1].record.rater,
        "when": words.when(revisions[-1].record),
        "revisions": [revision(old, new) for old, new in zip(before, revisions, strict=False)],
    }


def revision(old: Form | None, new: Form) -> dict[str, Any]:
    """One revision: when, why, what it changed, and the scores that it gave."""
    record = new.record
    return {
        "number": record.revision,
        "recorded": f"{record.recorded_at:%Y-%m-%d %H:%M} UTC",
        "reason": record.reason,
        "changes": [] if old is None else changes(old, new),
        "scores": scores(new),
    }


def changes(old: Form, new: Form) -> list[str]:
    """The items whose answers differ, before and after."""
    if old.measure != new.measure:
        return [f"version {old.record.version} was replaced by version {new.record.version}"]
    instrument, before, after = new.instrument, old.record.answers, new.record.answers
    return [
        f"item {item.id} ({item.topic}): {words.short(instrument, item, before[item.id])} → "
        f"{words.short(instrument, item, after[item.id])}"
        for item in instrument.items
        if before[item.id] != after[item.id]
    ]


def scores(form: Form) -> list[str]:
    """The scores of one revision, in words."""
    found = [(scale, form.record.scores.get(scale.id)) for scale in form.instrument.scales]
    return [
        f"{scale.name} {'not scorable' if score is None or score.value is None else shown(score.value)}"
        for scale, score in found
    ]
