"""Where the numbers come from: the definition behind each score, its rules with sources, and each score's items."""

from __future__ import annotations

from typing import Any

from alliance_core import Instrument, Scale, Threshold, View
from alliance_core.answers import shown
from alliance_core.instrument import MissingRule, SafetyItem
from alliance_core.store import Kept
from alliance_report_progress import words
from alliance_report_progress.reading import Form, by_measure, forms

DIGITS = 12
"""How much of a digest is shown: enough to tell two definitions apart."""


def provenance(view: View) -> dict[str, Any]:
    """What the template of this section shows."""
    kept = {(entry.id, entry.version): entry for entry in view.store.kept()}
    groups = by_measure(forms(view))
    return {"measures": [measure(group, kept.get(key)) for key, group in groups.items()]}


def measure(group: list[Form], kept: Kept | None) -> dict[str, Any]:
    """One instrument in one version: what defines it, how it is scored, and every form."""
    instrument = group[0].instrument
    licence = instrument.licence
    rules: list[Threshold | SafetyItem] = [*instrument.thresholds, *instrument.safety]
    return {
        "title": instrument.title,
        "id": instrument.id,
        "version": instrument.version,
        "digest": group[0].record.digest[:DIGITS],
        "source": instrument.source,
        "confidence": words.confidence(instrument.confidence),
        "owner": licence.owner,
        "terms": licence.terms,
        "notice": licence.notice,
        "origin": origin(kept),
        "no_total": instrument.no_total,
        "scales": [scale_words(instrument, scale) for scale in instrument.scales],
        "rules": [words.rule_words(instrument, rule) for rule in rules],
        "forms": [form_row(form) for form in group],
    }


def origin(kept: Kept | None) -> str:
    """Who supplied the definition."""
    if kept is None:
        return "not known"
    added = ", added with “alliance instruments add”" if kept.own else ""
    return (kept.distribution or "the clinic") + added


def scale_words(instrument: Instrument, scale: Scale) -> dict[str, Any]:
    """How one scale is computed, in words."""
    published = scale.missing.source != words.OWN_RULE
    reverse = [name for name in scale.items if instrument.item_by_id[name].reverse]
    return {
        "name": scale.name,
        "method": method(scale),
        "items": ", ".join(scale.items),
        "reversed": ", ".join(reverse),
        "range": words.extent(instrument, scale),
        "direction": words.DIRECTIONS[instrument.direction_of(scale)],
        "missing": missing_rule(scale.missing, len(scale.items)),
        "missing_source": words.source(scale.missing.source),
        "missing_confidence": words.confidence(scale.missing.confidence) if published else "",
    }


def method(scale: Scale) -> str:
    """What is done with the answers."""
    match scale.method:
        case "sum":
            return "sum" if scale.factor == 1 else f"sum × {shown(scale.factor)}"
        case "mean":
            return "mean"
        case "any":
            return f"1 if any answer is {shown(scale.at_least)} or above, else 0"
        case "count":
            return f"number of answers that are {shown(scale.at_least)} or above"
        case _:
            return f"the plugin's function “{scale.function}”"


def missing_rule(rule: MissingRule, items: int) -> str:
    """How many answers a scale needs."""
    needed = rule.needed(items)
    return "all items must be answered" if needed == items else f"at least {needed} of {items} items must be answered"


def form_row(form: Form) -> dict[str, Any]:
    """One form, and for each of its scores the items that it stands on."""
    record = form.record
    return {
        "number": record.id,
        "when": words.when(record),
        "rater": record.rater,
        "revision": record.revision,
        "recorded": f"{record.recorded_at:%Y-%m-%d %H:%M}",
        "origin": record.origin,
        "scores": [score_words(form, scale) for scale in form.instrument.scales],
    }


def score_words(form: Form, scale: Scale) -> dict[str, Any]:
    """One score: its value, how many items were used, which were missing, and whether it was prorated."""
    score = form.record.scores.get(scale.id)
    missing = [name for name in scale.items if form.record.answers[name].number is None]
    return {
        "scale": scale.name,
        "value": "" if score is None or score.value is None else shown(score.value),
        "used": f"{len(scale.items) - len(missing)} of {len(scale.items)}",
        "missing": ", ".join(missing),
        "prorated": "no score" if score is None or score.value is None else "yes" if score.prorated else "no",
    }
