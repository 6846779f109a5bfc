"""Filters, keyset pages, capped counts and the search of the list of sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from diagnostics import session_query
from diagnostics.models import SessionEntry
from diagnostics.session_query import (
    Scope,
    capped_count,
    count_of,
    hidden_of,
    page_of,
    read_scope,
    session_with_id,
    sessions_in,
)
from tests.diagnostics.rows import failed_session, session

pytestmark = pytest.mark.django_db


def keys(scope: Scope) -> set[str]:
    return set(sessions_in(scope, timezone.now()).values_list("key", flat=True))


def walk(step: int) -> list[list[str]]:
    """Return the keys of every page from the newest on."""
    pages, cursor = [], ""
    for _page in range(step):
        page = page_of(SessionEntry.objects.all(), after=cursor)
        pages.append([entry.key for entry in page.entries])
        cursor = page.older
        if not cursor:
            break
    return pages


def test_a_value_that_cannot_be_meant_is_dropped() -> None:
    scope = read_scope(
        {"status": "'; DROP TABLE", "verdict": "nice", "cause": "no.such", "age": "9y", "user": "a\x00b"}
    )
    assert scope == Scope(user="ab")


def test_every_filter_filters() -> None:
    failed_session("1", user_id="9")
    session("2", age=timedelta(days=3))
    session("3", status="paused", verdict="unknown", cause="record.unknown_status")
    assert keys(Scope(status="failed")) == {"1"}
    assert keys(Scope(status="other")) == {"3"}
    assert keys(Scope(verdict="playable")) == {"2"}
    assert keys(Scope(cause="record.unknown_status")) == {"3"}
    assert keys(Scope(age="24h")) == {"1", "3"}
    assert keys(Scope(user="9")) == {"1"}
    assert keys(Scope(verdict="playable", user="9")) == set()


def test_sessions_that_left_the_host_are_not_listed() -> None:
    session("1", gone_at=timezone.now())
    assert keys(Scope()) == set()


@pytest.mark.parametrize(
    "text",
    [
        "9001",
        "a3f0",
        "long_sequence_5_",
        "/static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav?token=x",
    ],
)
def test_the_search_finds_user_beginning_of_id_and_file_name(text: str) -> None:
    session("a3f0-77", user_id="9001", file_name="long_sequence_5_20250825_120316.wav")
    session("other", user_id="90011", file_name="long_sequence_6_20250825_120316.wav")
    assert keys(Scope(q=text)) == {"a3f0-77"}


def test_a_search_for_wildcards_finds_only_wildcards() -> None:
    session("plain")
    session("100%")
    assert keys(Scope(q="%")) == set()
    assert keys(Scope(q="100%")) == {"100%"}


def test_an_exact_id_is_found_and_one_in_the_table_comes_first() -> None:
    session("5", key_is_number=False, gone_at=timezone.now())
    present = session("5")
    assert session_with_id("5") == present
    assert session_with_id("55") is None


def test_pages_hold_every_row_once_also_where_many_share_one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_query, "PAGE_SIZE", 4)
    same = timezone.now().replace(microsecond=0)
    for number in range(11):
        session(str(number), listed_at=same)
    pages = walk(9)
    assert [len(page) for page in pages] == [4, 4, 3]
    assert sorted(key for page in pages for key in page) == sorted(str(number) for number in range(11))


def test_going_back_shows_the_page_that_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_query, "PAGE_SIZE", 3)
    for number in range(8):
        session(str(number), age=timedelta(hours=number + 1))
    everything = SessionEntry.objects.all()
    first = page_of(everything)
    second = page_of(everything, after=first.older)
    third = page_of(everything, after=second.older)
    assert (first.newer, third.older) == ("", "")
    assert [entry.key for entry in page_of(everything, before=third.newer).entries] == ["3", "4", "5"]
    assert [entry.key for entry in page_of(everything, before=second.newer).entries] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "cursor",
    ["", "nonsense", "2025-02-31T00:00:00+00:00~1", "2025-01-01T00:00:00~1", "~", "2025-01-01T00:00:00+00:00~²"],
)
def test_a_damaged_cursor_shows_the_first_page(cursor: str) -> None:
    session("1")
    assert [entry.key for entry in page_of(SessionEntry.objects.all(), after=cursor).entries] == ["1"]


def test_a_count_is_exact_to_its_ceiling_and_then_says_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_query, "COUNT_CEILING", 3)
    for _number in range(3):
        session()
    assert capped_count(SessionEntry.objects.all()) == session_query.CappedCount(3, is_more=False)
    session()
    assert capped_count(SessionEntry.objects.all()) == session_query.CappedCount(3, is_more=True)


def test_expired_sessions_are_left_out_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    session("1")
    failed_session("2")
    for number in range(3, 7):
        session(str(number), verdict="expired", state="expired", user_id="9", file_name="old.wav")
    now = timezone.now()
    assert keys(Scope()) == {"1", "2"}
    assert (count_of(Scope(), now).number, hidden_of(Scope(), now).number) == (2, 4)
    assert keys(Scope(status="completed")) == {"1"}
    assert hidden_of(Scope(status="failed"), now).number == 0
    for asked in (Scope(verdict="expired"), Scope(user="9"), Scope(q="old")):
        assert keys(asked) == {"3", "4", "5", "6"}
        assert (count_of(asked, now).number, hidden_of(asked, now).number) == (4, 0)
    monkeypatch.setattr(session_query, "COUNT_CEILING", 3)
    assert hidden_of(Scope(), now) == session_query.CappedCount(3, is_more=True)
