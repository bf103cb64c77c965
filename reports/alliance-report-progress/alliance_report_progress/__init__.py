"""The progress report: one case, session by session, from every chair that answers."""

from __future__ import annotations

from collections.abc import Sequence

from alliance_core import Report, Section, hookimpl
from alliance_report_progress.answers import answers
from alliance_report_progress.corrections import corrections
from alliance_report_progress.figures import figures
from alliance_report_progress.missing import missing
from alliance_report_progress.provenance import provenance
from alliance_report_progress.summary import summary

PROGRESS = Report(
    id="progress",
    title="The working relationship, session by session",
    package="alliance_report_progress",
    sections=(
        Section("Summary", "summary.html", summary),
        Section("Scores over the sessions", "figures.html", figures),
        Section("Answers", "answers.html", answers),
        Section("What is missing", "missing.html", missing),
        Section("Corrections", "corrections.html", corrections),
        Section("Where the numbers come from", "provenance.html", provenance),
    ),
)


@hookimpl
def alliance_reports() -> Sequence[Report]:
    """The report of this distribution."""
    return [PROGRESS]
