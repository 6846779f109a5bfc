"""The figures as CSV: what stands in it, for every role, and that no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from tests.diagnostics.endings import counted, ended, failed
from tests.diagnostics.views.pages import refuses_the_anonymous, refuses_unsafe_methods

EXPORT = "/rates/export.csv"
pytestmark = pytest.mark.django_db


def lines_of(client: Client, query: str = "") -> list[dict[str, str]]:
    content = client.get(EXPORT + query).content.decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def test_it_refuses_the_anonymous_and_unsafe_methods(max_: Client) -> None:
    refuses_the_anonymous(EXPORT)
    refuses_unsafe_methods(max_, EXPORT)


def test_it_holds_the_period_the_one_before_each_bar_and_each_length(max_: Client) -> None:
    ended(12, took_seconds=90.0)
    failed(3)
    ended(11, age=timedelta(days=8))
    counted()
    lines = lines_of(max_)
    period, before = lines[0], lines[1]
    assert (period["part"], period["playable"], period["failed"], period["finished"]) == ("period", "12", "3", "15")
    assert (period["playable_rate_percent"], period["median_seconds"]) == ("80.0", "90.0")
    assert (before["part"], before["playable"], before["cause:generation.disk_full"]) == ("before", "11", "0")
    bars = [line for line in lines if line["part"] == "bar"]
    assert sum(int(bar["playable"]) for bar in bars) == 12
    assert sum(int(bar["cause:generation.disk_full"]) for bar in bars) == 3
    assert [line["timed"] for line in lines if line["part"] == "length_minutes:30-45"] == ["12"]
    assert all(len(line) == len(lines[0]) and None not in line for line in lines)


def test_nine_samples_have_no_rate_there_either(max_: Client) -> None:
    ended(9)
    counted()
    assert lines_of(max_)[0]["playable_rate_percent"] == ""


def test_a_cell_that_would_be_a_formula_is_none(max_: Client) -> None:
    failed(1, cause="=1+2")
    failed(1, cause="")
    counted()
    head = list(lines_of(max_)[0])
    assert "cause:=1+2" in head
    assert "cause:none" in head
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines_of(max_) for cell in line.values())


def test_it_is_named_for_its_period_and_kept_by_nobody(max_: Client) -> None:
    response = max_.get(EXPORT + "?period=any&from=2026-10-01&to=2026-10-07")
    assert response["Content-Disposition"] == 'attachment; filename="rates-20261001-20261008.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
