"""The charts of the rates: lines, stacked columns and a histogram over an axis, with markers; SVG by attributes only.

A plot is 1000 wide and 100 high, and is stretched; words stand beside it in percent of the same box, and are not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django import template

from diagnostics.templatetags.charts import Stack

register = template.Library()
WIDTH, HEIGHT = 1000.0, 100.0
PLOT = "diagnostics/_rate_plot.html"
# Words at the end of lines stand at least so far apart, in percent of the height.
LEAST_GAP = 9.0
# Numbers of markers too.
MARK_GAP = 2.5
MOST_MARKS = 40
# A column that is there at all is seen.
LEAST_HEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """One bar's part of the axis: what it is called, the sessions behind it ('': no link), and whether it is hatched."""

    title: str
    href: str = ""
    is_few: bool = False


class Marker(Protocol):
    """Something that happened at one time: a deploy, say, or an incident that opened."""

    @property
    def at(self) -> datetime: ...

    @property
    def kind(self) -> str: ...

    @property
    def word(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A marker at its place on the axis (0 to 1), with the number that names it in the list below; `href` '': no page."""

    place: float
    number: int
    at: datetime
    word: str
    text: str
    kind: str
    href: str

    @property
    def x(self) -> str:
        return _written(WIDTH * self.place)

    @property
    def percent(self) -> str:
        return _written(100 * self.place)

    @property
    def anchor(self) -> str:
        return _anchor(100 * self.place)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name at its end, its tone, and a value for each span (None: a gap)."""

    name: str
    tone: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`; `steps` are the values that are written, with their words."""

    low: float
    high: float
    steps: tuple[tuple[float, str], ...]

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(HEIGHT * (1 - min(max(share, 0), 1)), 2)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a chart over time stands on: its spans and their edges, the words below as (percent, word), and its markers."""

    spans: tuple[Span, ...]
    edges: tuple[datetime, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One rectangle of a column; its measures are written already, for there are hundreds of them on a page."""

    tone: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it leads to, what it is, and its rectangles from the bottom up."""

    href: str
    title: str
    parts: tuple[Part, ...]
    x: str
    width: str


@register.simple_tag
def marked(ground: Ground, markers: Iterable[Marker], incidents: Iterable[Marker] = ()) -> Ground:
    """Return the ground with what happened on it, in the order of time; the oldest of too many are left out."""
    first, last = ground.edges[0], ground.edges[-1]
    within = sorted((each for each in (*markers, *incidents) if first <= each.at < last), key=lambda each: each.at)
    marks = [
        Mark(_place(each.at, ground.edges), number, each.at, each.word, each.text, each.kind, getattr(each, "href", ""))
        for number, each in enumerate(within[-MOST_MARKS:], 1)
    ]
    return replace(ground, marks=tuple(marks))


def _place(at: datetime, edges: Sequence[datetime]) -> float:
    """Return where a time lies on an axis of equally wide spans, whatever time each of them takes."""
    place = bisect_right(edges, at) - 1
    share = (at - edges[place]) / (edges[place + 1] - edges[place])
    return (place + share) / (len(edges) - 1)


@register.inclusion_tag(PLOT)
def lines_chart(lines: Sequence[Line], ground: Ground, axis: Axis, label: str) -> dict[str, object]:
    """Draw lines that break where a value is missing; spans with few samples are hatched."""
    step = WIDTH / max(len(ground.spans), 1)
    return {
        **_frame(ground, axis, label),
        "hatched": [(_written(place * step), _written(step)) for place, span in enumerate(ground.spans) if span.is_few],
        "lines": [(line.tone, _points(run, axis, step)) for line in lines for run in _runs(line.values)],
        "hovers": [(_written(place * step), _written(step), span.title) for place, span in enumerate(ground.spans)],
        "ends": _ends(lines, axis),
        "is_empty": not any(value is not None for line in lines for value in line.values),
        "is_few": any(span.is_few for span in ground.spans),
    }


@register.inclusion_tag(PLOT)
def columns_chart(stacks: Sequence[Stack], ground: Ground, axis: Axis, label: str) -> dict[str, object]:
    """Draw one column of stacked parts for each span; one that has an address is a link."""
    step = WIDTH / max(len(stacks), 1)
    columns = [
        _column(stack, span, axis, place * step, step)
        for place, (stack, span) in enumerate(zip(stacks, ground.spans, strict=True))
    ]
    return {
        **_frame(ground, axis, label),
        "columns": columns,
        "is_linked": any(column.href for column in columns),
        "is_empty": not any(stack.total for stack in stacks),
    }


def _frame(ground: Ground, axis: Axis, label: str) -> dict[str, object]:
    return {
        "label": label,
        "steps": [(_written(axis.y(value)), word) for value, word in axis.steps],
        "ticks": [(_written(percent), word, _anchor(percent)) for percent, word in ground.ticks],
        "marks": ground.marks,
        "numbered": _apart(ground.marks),
    }


def _apart(marks: Sequence[Mark]) -> list[Mark]:
    """Return those whose numbers have room on the axis; every line is drawn, and the list names all."""
    shown: list[Mark] = []
    for mark in marks:
        if not shown or 100 * (mark.place - shown[-1].place) >= MARK_GAP:
            shown.append(mark)
    return shown


def _anchor(percent: float) -> str:
    """Words at the edges stay inside."""
    return "start" if percent < 6 else "end" if percent > 94 else "middle"


def _runs(values: Iterable[float | None]) -> Iterable[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _points(run: Sequence[tuple[int, float]], axis: Axis, step: float) -> str:
    """Each value stands in the middle of its span; one alone is drawn as wide as half of it, or it would not be seen."""
    points = [((place + 0.5) * step, axis.y(value)) for place, value in run]
    if len(points) == 1:
        ((x, y),) = points
        points = [(x - step / 4, y), (x + step / 4, y)]
    return " ".join(f"{x:.1f},{y:.2f}" for x, y in points)


def _ends(lines: Sequence[Line], axis: Axis) -> list[tuple[str, str, str]]:
    """Return (height in percent, word, tone) of the lines' names, which stand where the lines end and never on each other."""
    last = [(axis.y(value), line) for line in lines if (value := _last(line.values)) is not None]
    ordered = sorted(last, key=lambda pair: pair[0])
    heights = _spread([y for y, _line in ordered])
    return [(_written(y), line.name, line.tone) for y, (_y, line) in zip(heights, ordered, strict=True)]


def _spread(heights: Sequence[float]) -> list[float]:
    """Move what stands too close down, then what is below the floor up again."""
    down: list[float] = []
    for height in heights:
        down.append(max(height, down[-1] + LEAST_GAP if down else LEAST_GAP / 2))
    up: list[float] = []
    for height in reversed(down):
        up.append(min(height, up[-1] - LEAST_GAP if up else HEIGHT - LEAST_GAP / 2))
    return up[::-1]


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _column(stack: Stack, span: Span, axis: Axis, x: float, step: float) -> Column:
    inset, floor = min(step * 0.14, 6.0), HEIGHT
    left, width = _written(x + inset), _written(step - 2 * inset)
    parts = []
    for tone, number in stack.parts:
        if number:
            height = max(HEIGHT - axis.y(number), LEAST_HEIGHT)
            floor -= height
            parts.append(Part(tone, left, _written(max(floor, 0)), width, _written(height)))
    return Column(span.href if stack.total else "", span.title, tuple(parts), _written(x), _written(step))


def _written(measure: float) -> str:
    """Return a measure as SVG wants it, whatever the viewer's language."""
    return f"{measure:.2f}"
