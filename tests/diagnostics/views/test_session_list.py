"""The list of sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostics import session_query
from diagnostics.snapshot import make_snapshot
from tests.diagnostics.rows import HOSTILE, failed_session, session
from tests.diagnostics.views.pages import (
    is_whole_page,
    refuses_the_anonymous,
    refuses_the_role,
    refuses_unsafe_methods,
    text_of,
)

PAGE = "/sessions/"


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        text_of(client, address)
    return len(captured)


def test_it_lists_sessions_newest_first_with_a_real_link(sam: Client) -> None:
    session("older", age=timedelta(days=2))
    failed_session("newer", age=timedelta(hours=1))
    text = text_of(sam, PAGE)
    assert text.index('href="/sessions/newer"') < text.index('href="/sessions/older"')
    assert "Disk was full" in text
    assert "<strong data-flash>2</strong>" in text


def test_filters_stand_in_the_address_and_can_be_taken_away(sam: Client) -> None:
    session("well", user_id="42")
    failed_session("failed", user_id="42")
    text = text_of(sam, f"{PAGE}?status=failed&user=42")
    assert "/sessions/well" not in text
    assert 'href="/sessions/?user=42"' in text
    assert 'href="/sessions/?status=failed"' in text


def test_an_id_goes_straight_to_its_session(sam: Client) -> None:
    session("4711")
    response = sam.get(PAGE, {"q": " 4711 "})
    assert (response.status_code, response.headers["Location"]) == (302, "/sessions/4711")


def test_an_id_that_is_a_users_too_leads_to_both(sam: Client) -> None:
    session("4711")
    session("5", user_id="4711")
    sam.get(PAGE, {"q": "4711"})
    assert 'href="/sessions/?user=4711"' in text_of(sam, PAGE)


def test_a_users_id_lists_the_users_sessions(sam: Client) -> None:
    session("1", user_id="8080")
    session("2", user_id="8081")
    text = text_of(sam, f"{PAGE}?q=8080")
    assert "/sessions/1" in text
    assert 'href="/sessions/2"' not in text


def test_nothing_yet_and_nothing_matches_are_two_things(sam: Client) -> None:
    assert "No session has been seen yet." in text_of(sam, PAGE)
    session()
    assert "No session matches." in text_of(sam, f"{PAGE}?user=nobody")


def test_above_the_ceiling_it_says_so(sam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_query, "COUNT_CEILING", 2)
    for _number in range(3):
        session()
    assert "<strong data-flash>2+</strong>" in text_of(sam, PAGE)


def test_pages_follow_each_other_and_keep_the_filters(sam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_query, "PAGE_SIZE", 2)
    for number in range(5):
        session(f"key-{number}", age=timedelta(hours=number + 1), user_id="7")
    response = sam.get(PAGE, {"user": "7"})
    older = response.context["page"].older
    second = sam.get(PAGE, {"user": "7", "after": older})
    assert [entry.key for entry in second.context["page"].entries] == ["key-2", "key-3"]
    text = second.content.decode()
    assert "user=7" in text
    assert "it does not refresh" in text
    assert 'hx-trigger="refresh"' not in text


@pytest.mark.parametrize("query", ["", "?status=failed", "?q=zz"])
def test_it_takes_as_many_queries_at_100_rows_as_at_10(sam: Client, query: str) -> None:
    make_snapshot(timezone.now())
    for number in range(10):
        failed_session(f"zz{number}")
    at_ten = queries_of(sam, PAGE + query)
    for number in range(10, 100):
        failed_session(f"zz{number}")
    assert queries_of(sam, PAGE + query) == at_ten


def test_hostile_texts_are_shown_as_text(sam: Client) -> None:
    failed_session(f"k{HOSTILE}", user_id=HOSTILE, error_head=HOSTILE, status=HOSTILE[:60])
    text = text_of(sam, PAGE, **{"Accept-Language": "en"}) + text_of(sam, f"{PAGE}?user={HOSTILE}&q={HOSTILE}")
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize(
    "odd", ["a/b", "..", "a b?c#d", "%2e%2e", "编号", "x" * 200, "two\nlines", " ", "-", "\\", "&amp;"]
)
def test_any_id_can_be_linked(sam: Client, odd: str) -> None:
    session(odd)
    text_of(sam, PAGE)


def test_htmx_gets_the_rows_and_the_history_gets_the_page(sam: Client) -> None:
    session()
    fragment: dict[str, Any] = {"HX-Request": "true"}
    assert not is_whole_page(text_of(sam, PAGE, **fragment))
    assert is_whole_page(text_of(sam, PAGE, **fragment, **{"HX-History-Restore-Request": "true"}))


def test_the_filters_leave_a_clean_address_behind(sam: Client) -> None:
    headers = {"HX-Request": "true", "HX-Trigger": "filters"}
    response = sam.get(f"{PAGE}?status=failed&user=&q=&age=", headers=headers)
    assert response.headers["HX-Push-Url"] == "/sessions/?status=failed"


def test_an_unchanged_list_is_not_sent_again(sam: Client) -> None:
    version = make_snapshot(timezone.now()).content["rows_version"]
    headers = {"HX-Request": "true", "If-None-Match": f'"{version}"'}
    assert sam.get(PAGE, headers=headers).status_code == 204
    session()
    make_snapshot(timezone.now())
    assert sam.get(PAGE, headers=headers).status_code == 200


def test_only_those_who_may_see_sessions_get_in(sam: Client, manager: Client) -> None:
    refuses_the_anonymous(PAGE)
    refuses_the_role(manager, PAGE, allowed="Support")
    refuses_unsafe_methods(sam, PAGE)


def test_expired_sessions_are_hidden_said_and_a_click_away(sam: Client) -> None:
    session("here")
    session("old", verdict="expired", state="expired")
    text = text_of(sam, f"{PAGE}?age=24h")
    assert "/sessions/old" not in text
    assert "1 expired session is hidden." in text
    assert 'href="/sessions/?verdict=expired&amp;age=24h"' in text
    shown = text_of(sam, f"{PAGE}?verdict=expired")
    assert "/sessions/old" in shown
    assert "hidden." not in shown


def test_a_list_of_nothing_but_expired_sessions_is_not_empty(sam: Client) -> None:
    session("old", verdict="expired", state="expired")
    text = text_of(sam, PAGE)
    assert "No session has been seen yet." not in text
    assert "1 expired session is hidden." in text
