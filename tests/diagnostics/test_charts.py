"""The charts: what is missing is a gap, never a zero; what is full stays inside."""

from __future__ import annotations

from django.template import Context, Template

from diagnostics.templatetags.charts import Stack, gauge_bar, sparkline, stacked_bars


def test_a_missing_value_breaks_the_line() -> None:
    assert len(sparkline([1, 2, None, 3, 4], "what")["lines"]) == 2  # type: ignore[arg-type]  # a context's values are objects


def test_a_single_value_is_still_visible() -> None:
    assert sparkline([None, 5, None], "what")["lines"] == ["49.4,1.0 50.6,1.0"]


def test_no_values_is_said_to_be_empty() -> None:
    assert sparkline([None, None], "what")["is_empty"] is True
    assert stacked_bars([Stack("00:00", (("broken", 0),))], "what")["is_empty"] is True


def test_an_unknown_gauge_is_not_drawn_as_zero() -> None:
    drawn = Template("{% load charts %}{% gauge_bar value 85 95 'Memory' %}").render(Context({"value": None}))
    assert "gauge-unknown" in drawn
    assert "gauge-fill" not in drawn


def test_a_gauge_takes_the_colour_of_the_mark_that_it_passed() -> None:
    tones = [gauge_bar(value, 85, 95)["tone"] for value in (10, 85, 96)]
    assert tones == ["calm", "warning", "broken"]


def test_columns_fill_the_chart_and_unknown_is_hatched() -> None:
    stacks = [Stack("09:00", (("playable", 3), ("unknown", 1))), Stack("10:00", (("playable", 1),))]
    drawn = Template("{% load charts %}{% stacked_bars stacks 'Finished' %}").render(Context({"stacks": stacks}))
    assert 'fill="url(#hatch)"' in drawn
    assert "<title>09:00</title>" in drawn
    assert "style=" not in drawn
