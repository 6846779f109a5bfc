"""Charts drawn on the server: SVG by attributes and classes only, no inline style; each page adds the table twin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import template

register = template.Library()
CELL_HEIGHTS = {"none": 2.0, "playable": 8.0, "warning": 13.0}


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle of a chart, in the units of its view box; `tone` is a verdict's, `title` its tooltip."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One column of a stacked chart: the parts from the bottom up as (tone, number), and what it stands for."""

    title: str
    parts: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        return sum(number for _tone, number in self.parts)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a strip: the tone of what it stands for, "none" where nothing is known, and its tooltip."""

    tone: str
    title: str


@register.inclusion_tag("diagnostics/_gauge_bar.html")
def gauge_bar(
    value: float | None, warn: float | None = None, limit: float | None = None, label: str = ""
) -> dict[str, object]:
    """Draw a bar from 0 to 100 percent with its thresholds marked; None is drawn hatched, never as zero."""
    return {
        "value": None if value is None else round(min(max(value, 0), 100), 1),
        "warn": warn,
        "limit": limit,
        "label": label,
        "tone": _tone(value, warn, limit),
    }


def _tone(value: float | None, warn: float | None, limit: float | None) -> str:
    if value is None:
        return "unknown"
    if limit is not None and value >= limit:
        return "broken"
    return "warning" if warn is not None and value >= warn else "calm"


@register.inclusion_tag("diagnostics/_sparkline.html")
def sparkline(values: Sequence[float | None], label: str, highest: float | None = None) -> dict[str, object]:
    """Draw values from left to right as a line that breaks where a value is missing; zero is the bottom."""
    known = [value for value in values if value is not None]
    top = highest or max(known, default=0) or 1
    lines = [" ".join(f"{x:.1f},{y:.1f}" for x, y in run) for run in _runs(values, top)]
    return {"lines": lines, "label": label, "is_empty": not known}


def _runs(values: Sequence[float | None], top: float) -> Iterable[list[tuple[float, float]]]:
    step = 100 / max(len(values) - 1, 1)
    run: list[tuple[float, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place * step, 29 - 28 * min(value / top, 1)))
        elif run:
            yield _visible(run)
            run = []
    if run:
        yield _visible(run)


def _visible(run: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A single value between gaps would be a line without length: it becomes a short one."""
    if len(run) > 1:
        return run
    ((x, y),) = run
    return [(x - 0.6, y), (x + 0.6, y)]


@register.inclusion_tag("diagnostics/_stacked_bars.html")
def stacked_bars(
    stacks: Sequence[Stack], label: str, first: str = "", last: str = "", unit: str = "hour"
) -> dict[str, object]:
    """Draw one column for each stack, the highest one filling the chart; an empty column leaves a mark on the floor.

    `unit` is what a column stands for: hour or day.
    """
    top = max((stack.total for stack in stacks), default=0)
    step = 240 / max(len(stacks), 1)
    bars = [bar for place, stack in enumerate(stacks) for bar in _column(stack, place * step, step, top or 1)]
    told = {"label": label, "first": first, "last": last, "unit": unit}
    return {"bars": bars, "top": int(top), "is_empty": not top, **told}


@register.inclusion_tag("diagnostics/_strip.html")
def strip(cells: Sequence[Cell], label: str, name: str) -> dict[str, object]:
    """Draw equal cells from left to right; what is grave is drawn taller, so that colour is not all that tells it.

    `name` tells the strip from others of the page.
    """
    step = 240 / max(len(cells), 1)
    bars = [_cell_bar(cell, place * step, step) for place, cell in enumerate(cells)]
    return {"bars": bars, "label": label, "name": name}


def _cell_bar(cell: Cell, x: float, step: float) -> Bar:
    height = CELL_HEIGHTS.get(cell.tone, 18.0)
    return Bar(round(x, 2), 18 - height, round(step * 0.8, 2), height, cell.tone, cell.title)


def _column(stack: Stack, x: float, step: float, top: float) -> Iterable[Bar]:
    width, floor = round(step * 0.72, 2), 56.0
    if not stack.total:
        yield Bar(round(x, 2), floor - 1, width, 1, "none", stack.title)
    for tone, number in stack.parts:
        if number:
            height = max(54 * number / top, 1.5)
            floor -= height
            yield Bar(round(x, 2), round(floor, 2), width, round(height, 2), tone, stack.title)
