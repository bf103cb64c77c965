"""A report as small as one can be, so that a measure can be tried on a page where no report is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alliance_core.answers import Answer, shown
from alliance_core.instrument import Instrument, Item
from alliance_core.reporting.report import Report, Section, View
from alliance_core.response import label


def everything(view: View) -> Mapping[str, Any]:
    """Every item, answer, score and threshold of every form of a case."""
    forms = []
    for kept in view.store.administrations(case=view.case):
        instrument = view.store.instrument(kept.instrument, kept.version)
        if instrument is None:
            msg = f"{kept.instrument} {kept.version} is not remembered"
            raise LookupError(msg)
        forms.append(
            {
                "title": instrument.title,
                "source": instrument.source,
                "rater": kept.rater,
                "answers": [(item.topic, _said(instrument, item, kept.answers[item.id])) for item in instrument.items],
                "scores": [
                    (scale.name, found.note if found.value is None else shown(found.value))
                    for scale in instrument.scales
                    for found in [kept.scores[scale.id]]
                ],
                "thresholds": [(each.id, each.says, each.source) for each in instrument.thresholds],
            }
        )
    return {"forms": forms}


def _said(instrument: Instrument, item: Item, answer: Answer) -> str:
    if answer.number is None:
        return str(answer.value or answer.reason)
    words = label(instrument.response(item), answer.number)
    return shown(answer.number) if words is None else f"{shown(answer.number)} {words}"


REPORT = Report("kit", "The kit's report", "alliance_core.testing", (Section("Forms", "plain.html", everything),))
