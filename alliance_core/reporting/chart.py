"""Line charts as inline SVG: a few raters over session numbers, drawn without a library and without a script.

Raters are told apart by marker, dash and colour class, and named beside their line. A gap is a gap: a line never runs
across a session that has no score. Colours come from the theme's style sheet, so that a chart follows light, dark,
print and forced colours. Widths are in per cent and text is in pixels, so that it stays readable on a small screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from html import escape

from attrs import frozen
from markupsafe import Markup

from alliance_core.answers import shown

TOP, HEIGHT, STRIP = 12, 192, 18
"""Pixels above the plot, of the plot, and of one row for sessions that are not scorable."""
LEFT, WIDTH = 9, 71
"""Per cent of the chart's width left of the plot, and of the plot. The rest holds the names beside the lines."""
LABEL = 16
"""The least distance between two names beside the lines, in pixels."""
MANY = 60
"""From this many sessions on markers are small."""
STYLES = 6
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_SHAPES = (
    "M-{r},0a{r},{r} 0 1,0 {d},0a{r},{r} 0 1,0 -{d},0z",
    "M-{r},-{r}h{d}v{d}h-{d}z",
    "M0,-{t}L{t},{r}L-{t},{r}z",
    "M0,-{t}L{t},0L0,{t}L-{t},0z",
    "M0,{t}L{t},-{r}L-{t},-{r}z",
    "M-{t},-{r}L{t},-{r}L{t},{r}L-{t},{r}z",
)
_CROSS = "M-4,-4L4,4M-4,4L4,-4"


@frozen
class Mark:
    """One session of one trace.

    Attributes:
        session: The number of the session.
        value: The score, or None where it is not scorable.
        says: What a reader sees who points at it.
    """

    session: int
    value: Fraction | None
    says: str


@frozen
class Trace:
    """One line of a chart.

    Attributes:
        name: What stands beside it.
        marks: In session order.
        style: Which of the six combinations of marker, dash and colour it has, from 0; the same rater should have the
            same one in every chart of a report.
    """

    name: str
    marks: tuple[Mark, ...]
    style: int = 0


@frozen
class Limit:
    """A horizontal line: a published threshold.

    Attributes:
        value: Where it is.
        label: What stands beside it, short: ``< 36``.
        says: What stands in the legend.
    """

    value: Fraction
    label: str
    says: str


@frozen
class _Plot:
    """Where things are. A place on the page needs no exact arithmetic, so here fractions become floats."""

    first: int
    last: int
    low: Fraction
    high: Fraction

    def share(self, session: int) -> float:
        """How far to the right a session is, from 0 to 1."""
        return 0.5 if self.first == self.last else (session - self.first) / (self.last - self.first)

    def x(self, session: int) -> str:
        """A session as per cent of the chart's width."""
        return f"{_plain(LEFT + WIDTH * self.share(session), 2)}%"

    def y(self, value: Fraction) -> float:
        """A value as pixels from the top."""
        low, high = float(self.low), float(self.high)
        return TOP + HEIGHT * (high - float(value)) / (high - low)


def line_chart(  # noqa: PLR0913  # one keyword for each thing that a chart shows
    traces: Sequence[Trace],
    *,
    id: str,  # it is the id attribute
    title: str,
    description: str,
    low: Fraction,
    high: Fraction | None,
    limits: Sequence[Limit] = (),
    every: int = 1,
) -> Markup:
    """A chart of scores over sessions.

    Args:
        traces: One for each rater.
        id: Unique on the page; letters, digits, hyphens and underscores, a letter first.
        title: The chart's name, for those who do not see it.
        description: What it shows, for those who do not see it.
        low: The least possible score.
        high: The greatest possible score, or None where there is no limit.
        limits: Published thresholds within the range.
        every: How many sessions apart two scores may be and still be joined by a line.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"{id!r:.40} is no id for a chart; write letters, digits and hyphens, a letter first")
    plot = _plot(traces, limits, low, high)
    voids = [trace for trace in traces if any(mark.value is None for mark in trace.marks)]
    base = TOP + HEIGHT + STRIP * len(voids)
    names = f"{escape(id)}-title {escape(id)}-desc"
    parts = [
        f'<svg class="chart" role="img" aria-labelledby="{names}" width="100%" height="{base + 42}">',
        f'<title id="{escape(id)}-title">{escape(title)}</title>',
        f'<desc id="{escape(id)}-desc">{escape(description)}</desc><g aria-hidden="true">',
        *_value_axis(plot),
        *_session_axis(plot, _sessions(traces), base),
        *(_limit(plot, limit) for limit in limits),
        *(_line(plot, trace, every) for trace in traces),
        *(mark for trace in traces for mark in _markers(plot, trace, small=len(_sessions(traces)) > MANY)),
        *(mark for row, trace in enumerate(voids) for mark in _voids(plot, trace, row)),
        *_names(plot, traces, limits),
    ]
    if not _sessions(traces):
        middle = f'x="{_plain(LEFT + WIDTH / 2, 2)}%" y="{TOP + HEIGHT // 2}"'
        parts.append(f'<text class="axis" {middle} text-anchor="middle">no scores from sessions yet</text>')
    return Markup("".join(parts) + "</g></svg>")  # noqa: S704  # every text in it is escaped above


def legend(traces: Sequence[Trace], limits: Sequence[Limit] = ()) -> Markup:
    """What the lines and marks of a chart mean. It wraps where there is little room."""
    entries = [
        _entry(_sample(trace.style, f'<path class="line" d="M1,8H39"/>{_shape(trace.style, at="20,8")}'), trace.name)
        for trace in traces
    ]
    if any(mark.value is None for trace in traces for mark in trace.marks):
        cross = f'{_svg(16)}<path class="void" transform="translate(8,8)" d="{_CROSS}"/></svg>'
        entries.append(_entry(cross, "not scorable"))
    limit_sample = f'{_svg(40)}<path class="limit" d="M1,8H39"/></svg>'
    entries += [_entry(limit_sample, limit.says) for limit in limits]
    return Markup(f'<p class="legend">{"".join(entries)}</p>')  # noqa: S704  # every text in it is escaped in _entry


def _entry(sample: str, name: str) -> str:
    return f"<span>{sample}{escape(name)}</span> "


def _svg(width: int) -> str:
    return f'<svg width="{width}" height="16" aria-hidden="true" focusable="false">'


def _sample(style: int, inner: str) -> str:
    return f'{_svg(40)}<g class="series-{style % STYLES + 1}">{inner}</g></svg>'


def _plain(value: float, places: int = 1) -> str:
    """A coordinate with no digit more than needed."""
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


def _sessions(traces: Sequence[Trace]) -> list[int]:
    return sorted({mark.session for trace in traces for mark in trace.marks})


def _plot(traces: Sequence[Trace], limits: Sequence[Limit], low: Fraction, high: Fraction | None) -> _Plot:
    sessions = _sessions(traces) or [0]
    values = [mark.value for trace in traces for mark in trace.marks if mark.value is not None]
    values += [limit.value for limit in limits]
    if high is None:
        span = max([low + 1, *values]) - low
        step = _step(span, 4)
        high = low - (-span // step) * step
    return _Plot(sessions[0], sessions[-1], min([low, *values]), max([high, *values]))


def _step(span: Fraction, most: int) -> Fraction:
    """The smallest of 1, 2, 5, 10, ... (or their tenths, for a short span) that cuts a span into at most so many."""
    tens = Fraction(1, 100)
    while True:
        for factor in (1, 2, 5):
            if span <= factor * tens * most:
                return factor * tens
        tens *= 10


def _ticks(low: Fraction, high: Fraction, most: int) -> list[Fraction]:
    """Both ends, and round numbers between them that are not too near to an end."""
    step = _step(high - low, most)
    first = -(-low // step)
    between = [step * index for index in range(int(first), int(high // step) + 1)]
    return [low, *(tick for tick in between if tick - low > step / 2 and high - tick > step / 2), high]


def _value_axis(plot: _Plot) -> Iterator[str]:
    right = f"{LEFT + WIDTH + 1}%"
    for tick in _ticks(plot.low, plot.high, 6):
        y = plot.y(tick)
        yield f'<line class="grid" x1="{LEFT - 1}%" x2="{right}" y1="{_plain(y)}" y2="{_plain(y)}"/>'
        yield f'<text class="axis" x="{LEFT - 2}%" y="{_plain(y + 4)}" text-anchor="end">{shown(tick)}</text>'


def _session_axis(plot: _Plot, sessions: Sequence[int], base: int) -> Iterator[str]:
    if not sessions:
        return
    first, last = Fraction(plot.first), Fraction(plot.last)
    few = last - first <= 12
    numbers = range(plot.first, plot.last + 1) if few else _ticks(first, last, 10 if last < 100 else 5)
    for number in numbers:
        at = plot.x(int(number))
        yield f'<text class="axis" x="{at}" y="{base + 18}" text-anchor="middle">{int(number)}</text>'
    middle = _plain(LEFT + WIDTH / 2, 2)
    yield f'<text class="axis" x="{middle}%" y="{base + 35}" text-anchor="middle">session</text>'


def _limit(plot: _Plot, limit: Limit) -> str:
    y = _plain(plot.y(limit.value))
    line = f'x1="{LEFT - 1}%" x2="{LEFT + WIDTH + 1}%" y1="{y}" y2="{y}"'
    return f'<line class="limit" {line}><title>{escape(limit.says)}</title></line>'


def _runs(marks: Iterable[Mark], every: int) -> Iterator[list[tuple[int, Fraction]]]:
    """The stretches of scores that a line may join."""
    run: list[tuple[int, Fraction]] = []
    for mark in marks:
        if run and (mark.value is None or mark.session - run[-1][0] > max(every, 1)):
            yield run
            run = []
        if mark.value is not None:
            run.append((mark.session, mark.value))
    if run:
        yield run


def _line(plot: _Plot, trace: Trace, every: int) -> str:
    """All stretches as one path, in a plot of its own that is stretched to the width there is."""
    runs = [
        "L".join(f"{_plain(1000 * plot.share(session))},{_plain(plot.y(value) - TOP)}" for session, value in run)
        for run in _runs(trace.marks, every)
        if len(run) > 1
    ]
    if not runs:
        return ""
    frame = f'x="{LEFT}%" y="{TOP}" width="{WIDTH}%" height="{HEIGHT}" viewBox="0 0 1000 {HEIGHT}"'
    path = f'<path class="line" vector-effect="non-scaling-stroke" d="M{"M".join(runs)}"/>'
    style = f'class="series-{trace.style % STYLES + 1}"'
    return f'<svg {style} {frame} preserveAspectRatio="none" overflow="visible">{path}</svg>'


def _shape(style: int, *, small: bool = False, at: str | None = None) -> str:
    r = 2 if small else 4
    moved = f' transform="translate({at})"' if at else ""
    outline = _SHAPES[style % STYLES].format(r=r, d=2 * r, t=_plain(1.25 * r))
    return f'<path class="marker"{moved} d="{outline}"/>'


def _placed(x: str, y: str, style: int, inner: str, says: str = "") -> str:
    """Something drawn around a point whose place is in per cent, which only an inner picture can be."""
    title = f"<title>{escape(says)}</title>" if says else ""
    where = f'class="series-{style % STYLES + 1}" x="{x}" y="{y}" width="1" height="1" overflow="visible"'
    return f"<svg {where}>{title}{inner}</svg>"


def _markers(plot: _Plot, trace: Trace, *, small: bool) -> Iterator[str]:
    shape = _shape(trace.style, small=small)
    for mark in trace.marks:
        if mark.value is not None:
            yield _placed(plot.x(mark.session), _plain(plot.y(mark.value)), trace.style, shape, mark.says)


def _voids(plot: _Plot, trace: Trace, row: int) -> Iterator[str]:
    y = TOP + HEIGHT + STRIP * row + 12
    for mark in trace.marks:
        if mark.value is None:
            cross = f'<path class="void" d="{_CROSS}"/>'
            yield _placed(plot.x(mark.session), str(y), trace.style, cross, mark.says)
    inner = f'{_shape(trace.style)}<text x="10" y="4">not scorable</text>'
    yield f'<g class="name">{_placed(f"{LEFT + WIDTH + 4}%", str(y), trace.style, inner, trace.name)}</g>'


def _names(plot: _Plot, traces: Sequence[Trace], limits: Sequence[Limit]) -> Iterator[str]:
    """The names right of the plot, each as near to its line as the others leave room."""
    wanted = [(plot.y(limit.value), -1, limit.label) for limit in limits]
    for trace in traces:
        scored = [mark.value for mark in trace.marks if mark.value is not None]
        if scored:
            wanted.append((plot.y(scored[-1]), trace.style, trace.name))
    wanted.sort(key=lambda label: label[0])
    for y, (_, style, name) in zip(_apart([y for y, _, _ in wanted]), wanted, strict=True):
        if style < 0:
            yield f'<text class="limit-name" x="{LEFT + WIDTH + 3}%" y="{_plain(y + 4)}">{escape(name)}</text>'
        else:
            inner = f'{_shape(style)}<text x="10" y="4">{escape(name)}</text>'
            yield f'<g class="name">{_placed(f"{LEFT + WIDTH + 4}%", _plain(y), style, inner)}</g>'


def _apart(wanted: Sequence[float]) -> list[float]:
    """The same heights in the same order, moved so that no two names touch and all stay beside the plot."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + LABEL) if placed else max(y, TOP))
    floor: float = TOP + HEIGHT
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], floor)
        floor = placed[index] - LABEL
    return placed
