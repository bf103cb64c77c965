"""What is missing and why: items without an answer, scores that cannot be had, forms that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alliance_core import View
from alliance_report_progress import words
from alliance_report_progress.reading import Form, forms, grouped, raters


def missing(view: View) -> dict[str, Any]:
    """What the template of this section shows."""
    admitted = forms(view)
    unanswered = [row for form in admitted for row in unanswered_rows(form)]
    reasons = {row["reason"] for row in unanswered}
    return {
        "anything": bool(admitted),
        "unanswered": unanswered,
        "reasons": [said for reason, said in words.REASONS.items() if reason.replace("-", " ") in reasons],
        "unscored": [row for form in admitted for row in unscored_rows(form)],
        "absent": list(absent(admitted)),
    }


def unanswered_rows(form: Form) -> Iterator[dict[str, str]]:
    """The items of one form that have no answer: a row for each reason."""
    without = [(item, form.record.answers[item.id].reason or "") for item in form.instrument.items]
    for reason, pairs in grouped([pair for pair in without if pair[1]], lambda pair: pair[1]).items():
        yield {
            **about(form),
            "items": ", ".join(f"{item.id} ({item.topic})" for item, _ in pairs),
            "count": f"{len(pairs)} of {len(form.instrument.items)}",
            "reason": reason.replace("-", " "),
        }


def unscored_rows(form: Form) -> Iterator[dict[str, str]]:
    """The scales of one form that have no score, with the reason."""
    for scale in form.instrument.scales:
        score = form.record.scores.get(scale.id)
        if score is None or score.value is None:
            yield {**about(form), "scale": scale.name, "reason": score.note if score else "no score is kept"}


def about(form: Form) -> dict[str, str]:
    """Which form a row speaks of."""
    return {"when": words.when(form.record), "instrument": form.instrument.title, "rater": form.record.rater}


def absent(admitted: list[Form]) -> Iterator[dict[str, str]]:
    """Sessions that lack a form of somebody who otherwise answers, by instrument in whatever version.

    An instrument that is given every so many sessions is expected only where another chair has it. One that has no
    rhythm is expected in every session, and the row says that this may be wrong.
    """
    of_sessions = [(number, form) for form in admitted if (number := form.record.session) is not None]
    held = {number for number, _ in of_sessions}
    for _, group in sorted(grouped(of_sessions, lambda pair: pair[1].record.instrument).items()):
        newest = group[-1][1].instrument
        expected = held if newest.every in (None, 1) else {number for number, _ in group}
        for rater in raters(form for _, form in group):
            there = {number for number, form in group if form.record.rater == rater}
            lacking = [number for number in expected - there if number > min(there)]
            if lacking:
                note = "" if newest.every else "no rhythm is set for it, so it may not have been due"
                yield {"instrument": newest.title, "rater": rater, "sessions": words.runs(lacking), "note": note}
