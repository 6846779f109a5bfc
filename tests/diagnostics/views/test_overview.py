"""The overview and its polled panels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from diagnostics.snapshot import make_snapshot
from tests.diagnostics.endings import counted, ended, failed
from tests.diagnostics.rows import HOSTILE, complete_pass, condition, failed_session, finding, session
from tests.diagnostics.views.pages import (
    is_whole_page,
    refuses_the_anonymous,
    refuses_unsafe_methods,
    text_of,
)

PAGE, PANELS = "/", "/overview/panels/"


def test_nothing_checked_is_not_told_as_nothing_broken(sam: Client) -> None:
    text = text_of(sam, PAGE)
    assert "Nothing has been checked yet." in text
    assert "Nothing is broken." not in text
    assert "Never checked" in text


def test_it_says_what_is_broken_and_since_when(sam: Client) -> None:
    complete_pass()
    finding(failed_session(), age=timedelta(days=2))
    text = text_of(sam, PAGE)
    assert "1 session is broken." in text
    assert "Disk was full" in text
    assert 'href="/sessions/?cause=generation.disk_full"' in text
    assert 'href="/sessions/?verdict=broken"' in text


def test_all_well_is_said(sam: Client) -> None:
    complete_pass()
    session()
    assert "Nothing is broken." in text_of(sam, PAGE)


def test_what_could_not_be_checked_is_neither_broken_nor_well(sam: Client) -> None:
    complete_pass()
    session(verdict="unknown", cause="storage.unavailable")
    assert "not everything could be checked" in text_of(sam, PAGE)


def test_few_sessions_make_no_rate(sam: Client) -> None:
    complete_pass()
    ended(3, age=timedelta())
    failed(age=timedelta())
    counted()
    text = text_of(sam, PAGE)
    assert "3 of 4" in text
    assert "too few for a rate" in text


def test_ten_sessions_make_a_rate(sam: Client) -> None:
    complete_pass()
    ended(12, age=timedelta())
    counted()
    assert "100.0 %" in text_of(sam, PAGE)


def test_a_standing_condition_is_on_top_with_what_to_do(sam: Client) -> None:
    complete_pass()
    condition("host.unavailable", error="connection refused")
    text = text_of(sam, PAGE)
    assert "Host database does not answer" in text
    assert "connection refused" in text


@pytest.mark.parametrize(
    ("age", "is_stale"), [(timedelta(minutes=5), False), (timedelta(minutes=30), True)], ids=["fresh", "old"]
)
def test_an_old_pass_is_called_old(sam: Client, *, age: timedelta, is_stale: bool) -> None:
    complete_pass(age=age)
    assert ("Last pass is too old" in text_of(sam, PAGE)) is is_stale


def test_a_failed_pass_is_told_with_its_error(sam: Client) -> None:
    complete_pass(age=timedelta(minutes=4))
    complete_pass(outcome="failed", error="OperationalError: server closed the connection")
    text = text_of(sam, PAGE)
    assert "Last pass failed" in text
    assert "server closed the connection" in text


def test_managers_see_figures_but_no_sessions_users_or_errors(manager: Client) -> None:
    complete_pass()
    finding(failed_session("sess-404", user_id="user-77", error_head="secret error text"), age=timedelta(hours=1))
    text = text_of(manager, PAGE)
    assert "1 session is broken." in text
    for hidden in ("sess-404", "user-77", "secret error text", 'href="/sessions/', 'id="search"'):
        assert hidden not in text


def test_hostile_texts_are_shown_as_text(sam: Client) -> None:
    complete_pass()
    failed_session(HOSTILE, user_id=HOSTILE, error_head=HOSTILE)
    condition("host.unavailable", error=HOSTILE)
    text = text_of(sam, PAGE)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;" in text


def test_the_poll_answers_nothing_when_the_viewer_has_it(sam: Client) -> None:
    snapshot = make_snapshot(timezone.now())
    version = f'"{snapshot.version}"'
    same = sam.get(PANELS, headers={"HX-Request": "true", "If-None-Match": version})
    assert (same.status_code, same.content) == (204, b"")
    assert same.headers["X-Made-At"] == snapshot.made_at.isoformat(timespec="seconds")
    assert sam.get(PANELS, headers={"If-None-Match": version}).status_code == 304


def test_the_poll_answers_parts_when_something_changed(sam: Client) -> None:
    before = make_snapshot(timezone.now()).version
    failed_session()
    make_snapshot(timezone.now())
    response = sam.get(PANELS, headers={"HX-Request": "true", "If-None-Match": f'"{before}"'})
    text = response.content.decode()
    assert not is_whole_page(text)
    assert 'id="live"' in text
    assert 'id="conditions"' in text


def test_an_unchanged_poll_costs_the_login_and_one_query(
    sam: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    version = make_snapshot(timezone.now()).version
    with django_assert_max_num_queries(5):
        sam.get(PANELS, headers={"HX-Request": "true", "If-None-Match": f'"{version}"'})


@pytest.mark.parametrize("address", [PAGE, PANELS])
def test_nobody_else_gets_in_and_nothing_is_posted(sam: Client, address: str) -> None:
    refuses_the_anonymous(address)
    refuses_unsafe_methods(sam, address)
