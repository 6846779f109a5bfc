"""The list of the sessions behind a bar: by time, outcome and cause, whatever became of the session since."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from diagnostics import ended_query
from diagnostics.ended_query import Ended, attempts, listed
from diagnostics.models import Ending
from diagnostics.session_query import Scope, attempts_in, count_of, read_scope, sessions_in
from tests.diagnostics.endings import ended, failed
from tests.diagnostics.rows import session

pytestmark = pytest.mark.django_db


def scope_of(outcome: str = "all", cause: str = "", *, hours: float = 24) -> Scope:
    now = timezone.now()
    times = {"ended_from": (now - timedelta(hours=hours)).isoformat(), "ended_to": now.isoformat()}
    return read_scope({**times, "outcome": outcome, "ended_cause": cause})


def number(scope: Scope) -> int:
    now = timezone.now()
    shown = sessions_in(scope, now).count()
    assert count_of(scope, now, attempts_in(scope)).number == shown
    return shown


def test_every_outcome_finds_its_own() -> None:
    ended(7)
    ended(1, lost_at=timezone.now(), lost_cause="file.deleted")
    ended(3, is_playable=False, cause="file.truncated")
    failed(2)
    ended(4, kind="stuck", is_playable=False, cause="worker.stalled")
    ended(5, is_playable=None)
    failed(6, is_dated=False)
    found = {outcome: number(scope_of(outcome)) for outcome in ended_query.OUTCOMES}
    assert found == {
        "all": 17, "playable": 8, "unplayable": 3, "failed": 2, "stuck": 4, "lost": 1, "completed": 16, "left_out": 11,
    }  # fmt: skip


def test_a_cause_is_what_the_attempt_ended_with_or_was_lost_by() -> None:
    failed(2)
    failed(1, cause="generation.timed_out")
    ended(3, lost_at=timezone.now(), lost_cause="file.deleted")
    assert number(scope_of(cause="generation.timed_out")) == 1
    assert number(scope_of("lost", "file.deleted")) == 3
    assert number(scope_of("all", "file.deleted")) == 0


def test_the_beginning_is_within_and_the_end_is_not() -> None:
    at = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    ended(1, ended_at=at)
    ended(1, ended_at=at + timedelta(hours=1))
    assert attempts(Ended(at, at + timedelta(hours=1))).count() == 1
    assert attempts(Ended(at - timedelta(hours=1), at)).count() == 0


def test_a_session_that_was_reset_is_listed_once_and_its_attempts_are_told(sam: Client) -> None:
    (first,) = failed(1)
    Ending.objects.create(session=first.session, kind="completed", is_playable=True, ended_at=timezone.now())
    scope = scope_of()
    found = attempts_in(scope)
    assert found is not None
    assert (number(scope), found.attempts) == (1, 2)
    assert (
        "2 attempts ended so; a session that was reset is listed once"
        in sam.get(f"/sessions/?{scope.query_string}").content.decode()
    )


def test_what_is_gone_expired_or_handled_since_is_listed_all_the_same() -> None:
    for fields in ({"gone_at": timezone.now()}, {"verdict": "expired"}, {"handled_at": timezone.now()}):
        (one,) = ended(1)
        type(one.session).objects.filter(pk=one.session_id).update(**fields)
    assert number(scope_of()) == 3


def test_it_goes_together_with_the_other_filters() -> None:
    ended(2)
    failed(1)
    Ending.objects.filter(kind="failed").get()
    now, scope = timezone.now(), scope_of()
    assert sessions_in(read_scope({**dict(scope.items()), "user": "nobody"}), now).count() == 0
    assert sessions_in(read_scope({**dict(scope.items()), "user": "7001"}), now).count() == 3


def test_of_too_many_those_that_ended_last_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ended_query, "MOST_ATTEMPTS", 2)
    oldest, *newer = (ended(1, age=timedelta(hours=hours))[0] for hours in (3, 2, 1))
    found = listed(Ended(timezone.now() - timedelta(days=1), timezone.now()))
    assert (found.sessions, found.attempts, found.is_more) == (frozenset(each.session_id for each in newer), 2, True)
    assert oldest.session_id not in found.sessions
    scope = scope_of()
    assert count_of(scope, timezone.now(), attempts_in(scope)).is_more


@pytest.mark.parametrize(
    "told",
    [
        {"ended_from": "2026-10-05T08:00:00Z"},
        {"ended_from": "2026-10-05T08:00:00", "ended_to": "2026-10-05T09:00:00"},
        {"ended_from": "yesterday", "ended_to": "2026-10-05T09:00:00Z"},
        {"ended_from": "0001-01-01T00:00:00+23:59", "ended_to": "2026-10-05T09:00:00Z"},
        {"outcome": "failed", "ended_cause": "file.deleted"},
    ],
)
def test_a_time_that_is_not_whole_filters_nothing(told: dict[str, str]) -> None:
    assert read_scope(told) == Scope()


def test_times_are_read_as_utc_and_what_cannot_be_meant_is_all() -> None:
    told = {"ended_from": "2026-10-05T16:00:00+08:00", "ended_to": "2026-10-05T09:00:00Z", "outcome": "nice"}
    scope = read_scope({**told, "ended_cause": "'; DROP"})
    assert scope.query_string == "ended_from=2026-10-05T08%3A00%3A00Z&ended_to=2026-10-05T09%3A00%3A00Z&outcome=all"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Ended 2026-10-05 08:00 – 2026-10-05 09:00, UTC",
                "Stuck past its limit",
                "Ended with: Generation does not move",
            ),
        ),
        ("zh-hans", ("结束于 2026-10-05 08:00", "超出时限仍未完成", "结束原因：")),
    ],
)
def test_the_filters_stand_in_words_and_can_be_taken_away(sam: Client, language: str, words: tuple[str, ...]) -> None:
    session()
    sam.cookies["language"] = language
    query = "ended_from=2026-10-05T08:00:00Z&ended_to=2026-10-05T09:00:00Z&outcome=stuck&ended_cause=worker.stalled"
    text = sam.get(f"/sessions/?{query}").content.decode()
    assert [word for word in words if word not in text] == []
    assert '<a class="chip" href="/sessions/"' in text
    assert 'name="ended_from" value="2026-10-05T08:00:00Z"' in text


def test_the_time_is_looked_up_by_its_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan of SQLite")
    plan = (
        attempts(Ended(timezone.now(), timezone.now())).order_by("-ended_at").values_list("session_id")[:10].explain()
    )
    assert "USING INDEX ending_by_time" in plan
    assert "TEMP B-TREE" not in plan
