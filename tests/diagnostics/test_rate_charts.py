"""The charts of the rates: gaps, single values, names that stand apart, columns as links, and markers at their place."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.domain.rates.figures import Bar, LeftOut, Rates, Times, Users
from diagnostics.templatetags.charts import Stack
from diagnostics.templatetags.rate_charts import Axis, Ground, Line, Span, columns_chart, lines_chart, marked
from diagnostics.views.rates_drawn import bar_name, histogram, outcome_columns, rate_lines, time_lines

START = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERCENT = Axis(0.0, 100.0, ((0.0, "0 %"), (100.0, "100 %")))


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    kind: str = "deploy"
    word: str = "deploy"
    text: str = "v2"


def ground(number: int) -> Ground:
    edges = tuple(START + place * HOUR for place in range(number + 1))
    return Ground(tuple(Span(str(place)) for place in range(number)), edges)


def figures(*bars: Bar) -> Rates:
    return Rates(START, START + HOUR, 0, 0, 0, 0, 0, 0, LeftOut(), Users(0), Times(), {}, (), (), bars)


def bar(good: int, bad: int, *, place: int = 0, **fields: object) -> Bar:
    since = START + place * HOUR
    counts = {"completed": good, "playable": good, "failed": bad}
    return Bar(since, since + HOUR, **{**counts, **fields})  # type: ignore[arg-type]  # a test says what it likes


def test_a_line_breaks_at_a_gap_and_one_value_alone_is_seen() -> None:
    chart = lines_chart([Line("a", "file", (50.0, 50.0, None, 100.0))], ground(4), PERCENT, "")
    assert chart["lines"] == [("file", "125.0,50.00 375.0,50.00"), ("file", "812.5,0.00 937.5,0.00")]


def test_names_at_the_ends_of_lines_stand_apart_and_inside() -> None:
    lines = [Line(name, "file", (value,)) for name, value in (("a", 0.0), ("b", 1.0), ("c", 99.0))]
    ends = lines_chart(lines, ground(1), PERCENT, "")["ends"]
    assert isinstance(ends, list)
    heights = [float(height) for height, _name, _tone in ends]
    assert [name for _height, name, _tone in ends] == ["c", "b", "a"]
    assert all(later - sooner >= 9 for sooner, later in itertools.pairwise(heights))
    assert 0 < heights[0] < heights[-1] < 100


def test_nine_samples_are_hatched_without_a_line_and_ten_are_not() -> None:
    drawn = rate_lines(figures(bar(8, 1), bar(8, 2, place=1), bar(0, 0, place=2)), UTC)
    assert next(line.values for line in drawn.shape if isinstance(line, Line)) == (None, 80.0, None)
    assert [span.is_few for span in drawn.ground.spans] == [True, False, False]


@pytest.mark.parametrize(("good", "floor"), [(100, 80.0), (80, 80.0), (79, 50.0), (50, 50.0), (49, 0.0)])
def test_the_axis_of_rates_begins_where_it_says(good: int, floor: float) -> None:
    drawn = rate_lines(figures(bar(good, 100 - good)), UTC)
    assert (drawn.axis.low, drawn.axis.high) == (floor, 100.0)
    assert drawn.axis.steps[0] == (floor, f"{floor:.0f} %")


def test_a_column_is_made_of_how_attempts_ended_and_opens_them() -> None:
    mixed = bar(10, 2, lost=3, unplayable=1, stuck=4)
    drawn = outcome_columns(
        figures(mixed, bar(0, 0, place=1)), UTC, lambda since, until, outcome, cause="": f"/{outcome}"
    )
    chart = columns_chart([stack for stack in drawn.shape if isinstance(stack, Stack)], drawn.ground, drawn.axis, "")
    columns = chart["columns"]
    assert isinstance(columns, list)
    assert [part.tone for part in columns[0].parts] == ["playable", "lost", "unplayable", "failed", "stuck"]
    assert columns[0].title == "11-02 00:00 · playable 7, lost since 3, not playable 1, failed 2, stuck 4"
    assert [column.href for column in columns] == ["/all", ""]
    assert chart["is_linked"] is True


def test_times_of_few_pieces_are_no_line() -> None:
    few, enough = Times(number=9, median=60.0, p90=90.0, p95=95.0), Times(number=10, median=60.0, p90=90.0, p95=95.0)
    drawn = time_lines(figures(bar(9, 0, times=few), bar(10, 0, place=1, times=enough)), UTC)
    assert {line.name: line.values for line in drawn.shape if isinstance(line, Line)} == {
        "p95": (None, 95.0),
        "p90": (None, 90.0),
        "median": (None, 60.0),
    }
    assert drawn.axis.high >= 95


def test_what_took_longer_than_the_client_waits_is_told_apart() -> None:
    drawn = histogram(Times(number=6, histogram=((0.0, 60.0, 1), (60.0, 120.0, 2), (120.0, 240.0, 3))), 120)
    assert drawn is not None
    assert [stack.parts[0] for stack in drawn.shape if isinstance(stack, Stack)] == [
        ("time", 1),
        ("time", 2),
        ("late", 3),
    ]
    assert histogram(Times(), 120) is None


def test_markers_stand_at_their_time_in_order_and_outside_ones_not_at_all() -> None:
    found = [
        Happening(START + 3 * HOUR),
        Happening(START + HOUR / 2),
        Happening(START + 4 * HOUR),
        Happening(START - HOUR),
    ]
    marks = marked(ground(4), found).marks
    assert [(mark.number, mark.place) for mark in marks] == [(1, 0.125), (2, 0.75)]


def test_markers_lie_in_their_bar_where_bars_take_different_times() -> None:
    uneven = Ground((Span("a"), Span("b")), (START, START + HOUR, START + 11 * HOUR))
    assert [mark.place for mark in marked(uneven, [Happening(START + 6 * HOUR)]).marks] == [0.75]


def test_numbers_of_markers_never_stand_on_each_other_and_every_line_is_drawn() -> None:
    close = marked(ground(100), [Happening(START + minutes * timedelta(minutes=10)) for minutes in range(30)])
    chart = lines_chart([], close, PERCENT, "")
    assert len(close.marks) == 30
    assert isinstance(chart["numbered"], list)
    assert 1 <= len(chart["numbered"]) <= 3


@pytest.mark.parametrize(
    ("hours", "name"), [(1, "11-02 00:00"), (6, "11-02 00:00"), (24, "11-02"), (7 * 24, "2026-11-02 – 11-08")]
)
def test_a_bar_is_called_by_its_time(hours: int, name: str) -> None:
    assert bar_name(Bar(START, START + hours * HOUR), UTC) == name
