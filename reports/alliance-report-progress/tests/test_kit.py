"""The progress report keeps to what every report keeps to."""

from __future__ import annotations

from alliance_report_progress import PROGRESS

from alliance_core.testing import ReportKit


class TestProgress(ReportKit):
    report = PROGRESS
