"""The worker's page: who works, and what each task does, did and will do next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from config.schedule import SCHEDULE
from diagnostics.models import RecurringTask, WorkerLife
from sessions_admin.worker import leases
from sessions_admin.worker.course import courses, lives
from sessions_admin.worker.words import TASK_WORDS
from tests.conftest import signed_in
from tests.diagnostics.views.pages import is_whole_page, refuses_the_anonymous, refuses_unsafe_methods, text_of

pytestmark = pytest.mark.django_db
PAGE = "/worker/"
SNAPSHOT = next(task for task in SCHEDULE if task.name == "snapshot")


def now_of(name: str) -> str:
    return next(course.now for course in courses(SCHEDULE, timezone.now()) if course.task.name == name)


def a_task(**values: object) -> RecurringTask:
    told = {"name": "snapshot", "next_at": timezone.now() + timedelta(seconds=3), **values}
    return RecurringTask.objects.create(**told)


def test_every_task_of_the_schedule_has_a_word_and_no_word_is_left_over() -> None:
    assert set(TASK_WORDS) == {task.name for task in SCHEDULE}


class TestCourse:
    def test_one_that_never_ran(self) -> None:
        assert now_of("snapshot") == "never"

    def test_one_that_waits_for_its_time(self) -> None:
        a_task(outcome="done")
        assert now_of("snapshot") == "waiting"

    def test_one_that_runs(self) -> None:
        a_task(outcome="running", holder="here:1:a", lease_until=timezone.now() + timedelta(seconds=9))
        assert now_of("snapshot") == "running"

    def test_one_whose_worker_is_gone_is_not_shown_as_running(self) -> None:
        a_task(outcome="running", holder="here:1:a", lease_until=timezone.now() - timedelta(seconds=1))
        assert now_of("snapshot") == "abandoned"

    def test_one_that_nobody_does(self) -> None:
        a_task(outcome="done", next_at=timezone.now() - timedelta(minutes=3))
        assert now_of("snapshot") == "overdue"


class TestLives:
    def test_a_worker_that_shows_life_then_dies_then_one_that_ends(self) -> None:
        start = timezone.now() - timedelta(minutes=5)
        leases.show_life("here:1:a", start)
        leases.show_life("here:1:a", start + timedelta(seconds=5))
        assert [(life.row.pid, life.state) for life in lives(start + timedelta(seconds=10))] == [("1", "alive")]
        leases.show_life("there:2:b", timezone.now())
        leases.release("there:2:b", timezone.now())
        assert [(life.row.machine, life.state) for life in lives(timezone.now())] == [
            ("there", "ended"),
            ("here", "silent"),
        ]

    def test_a_machine_whose_name_holds_colons_is_read_whole(self) -> None:
        assert WorkerLife(pk="fe80::1:12:ab").machine == "fe80::1"


class TestTakingOver:
    def test_it_is_noted_where_a_worker_was_gone(self) -> None:
        a_task(outcome="running", holder="dead", lease_until=timezone.now() - timedelta(seconds=1))
        now = timezone.now()
        assert leases.claim("snapshot", "next", now, is_due_only=False)
        assert RecurringTask.objects.get().taken_over_at == now

    def test_it_is_not_where_the_last_one_ended_or_gave_it_back(self) -> None:
        a_task()
        for holder in ("one", "two"):
            assert leases.claim("snapshot", holder, timezone.now(), is_due_only=False)
            leases.release(holder, timezone.now())
        assert RecurringTask.objects.get().taken_over_at is None

    def test_a_failure_is_remembered_behind_a_good_end(self) -> None:
        a_task()
        now = timezone.now()
        for error in ("ValueError: no room", ""):
            assert leases.claim("snapshot", "one", now, is_due_only=False)
            leases.finish(SNAPSHOT, "one", now, now, error, was_stopped=False)
        row = RecurringTask.objects.get()
        assert (row.outcome, row.error, row.failure, row.failed_at) == ("done", "", "ValueError: no room", now)


def test_it_shows_them(sam: Client) -> None:
    leases.show_life("build-7:4242:ab", timezone.now())
    a_task(outcome="failed", error="OperationalError: <b>locked</b>", finished_at=timezone.now())
    text = text_of(sam, PAGE)
    assert is_whole_page(text)
    assert "build-7" in text
    assert "4242" in text
    assert "OperationalError: &lt;b&gt;locked&lt;/b&gt;" in text
    assert "No worker is alive" not in text
    assert all(f'id="task-{task.name}"' in text for task in SCHEDULE)


def test_it_says_that_nobody_works(sam: Client) -> None:
    text = text_of(sam, PAGE)
    assert "No worker is alive" in text
    assert "None ever ran here." in text


def test_it_is_told_in_chinese(sam: Client) -> None:
    sam.cookies["language"] = "zh-hans"
    text = text_of(sam, PAGE)
    with override("zh-hans"):
        assert all(str(word) in text for word in TASK_WORDS.values())
    assert "没有工作进程" in text


def test_the_poll_gets_the_living_part_and_nothing_where_nothing_changed(sam: Client) -> None:
    a_task(outcome="done")
    part = sam.get(PAGE, headers={"HX-Request": "true"})
    assert not is_whole_page(part.content.decode())
    again = sam.get(PAGE, headers={"HX-Request": "true", "If-None-Match": part["ETag"]})
    assert again.status_code == 204


def test_who_may_see_it(cast: dict[str, User]) -> None:
    refuses_the_anonymous(PAGE)
    refuses_unsafe_methods(signed_in(cast["ada"]), PAGE)
    assert signed_in(cast["max"]).get(PAGE).status_code == 403
