"""The worker: leases in-process, and whole worker processes on a database of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string

from config.schedule import SCHEDULE
from diagnostics.models import RecurringTask
from diagnostics.notes import worker_is_alive, worker_seen_at
from sessions_admin.worker import leases
from sessions_admin.worker.lanes import Worker
from sessions_admin.worker.recurring import Recurring, schedule

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
ran: list[str] = []


def note(now: datetime) -> None:
    ran.append(f"at {now:%Y}")


def fail() -> None:
    ran.append("failed")
    raise ValueError("the disk is gone")


def needs_nothing() -> None:
    ran.append("nothing")


def wait_for_stop(stop: threading.Event) -> None:
    stop.wait(20)
    ran.append("stopped")


def task(function: Callable[..., None], name: str = "t", lane: str = "a", every: float = 60) -> Recurring:
    return Recurring(name, f"{__name__}.{function.__name__}", every, lane)


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


class TestSchedule:
    def test_the_setting_names_it(self) -> None:
        assert schedule() == SCHEDULE

    def test_every_name_is_its_own_and_fits_its_row(self) -> None:
        names = [each.name for each in SCHEDULE]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 64 for name in names)

    @pytest.mark.parametrize("each", SCHEDULE, ids=lambda each: each.name)
    def test_every_function_is_there(self, each: Recurring) -> None:
        assert callable(import_string(each.function))
        assert each.every_seconds > 0

    def test_a_long_pass_delays_no_snapshot(self) -> None:
        lanes = {each.name: each.lane for each in SCHEDULE}
        assert len({lanes["pass"], lanes["snapshot"], lanes["sample"]}) == 3


@pytest.mark.django_db
class TestLeases:
    @pytest.fixture(autouse=True)
    def _prepared(self) -> None:
        leases.prepare((task(note),), NOW)

    def row(self) -> RecurringTask:
        return RecurringTask.objects.get(name="t")

    def test_of_two_one_gets_it(self) -> None:
        assert [leases.claim("t", holder, NOW) for holder in ("one", "two")] == [True, False]

    def test_a_lease_that_ended_is_taken_over(self) -> None:
        leases.claim("t", "one", NOW)
        later = NOW + leases.LEASE
        assert not leases.claim("t", "two", later - timedelta(seconds=1))
        assert leases.claim("t", "two", later + timedelta(seconds=1))
        assert timedelta(seconds=45) >= leases.LEASE

    def test_who_lost_it_cannot_renew_it_nor_end_the_others_work(self) -> None:
        leases.claim("t", "one", NOW)
        later = NOW + timedelta(minutes=2)
        leases.claim("t", "two", later)
        assert not leases.renew("t", "one", later)
        leases.finish(task(note), "one", NOW, later, "", was_stopped=False)
        assert self.row().holder == "two"

    def test_a_renewed_lease_is_kept(self) -> None:
        leases.claim("t", "one", NOW)
        assert leases.renew("t", "one", NOW + timedelta(seconds=30))
        assert not leases.claim("t", "two", NOW + timedelta(seconds=60))

    def test_it_is_due_again_after_its_interval(self) -> None:
        leases.claim("t", "one", NOW)
        leases.finish(task(note, every=300), "one", NOW, NOW + timedelta(seconds=20), "", was_stopped=False)
        row = self.row()
        assert (row.next_at, row.outcome, row.seconds) == (NOW + timedelta(seconds=300), "done", 20)
        assert not leases.claim("t", "two", NOW + timedelta(seconds=299))
        assert leases.claim("t", "two", NOW + timedelta(seconds=300))

    def test_what_failed_is_tried_again_soon(self) -> None:
        leases.claim("t", "one", NOW)
        leases.finish(task(note, every=3600), "one", NOW, NOW, "ValueError: no" * 1000, was_stopped=False)
        row = self.row()
        assert (row.next_at, row.outcome, len(row.error)) == (NOW + leases.RETRY, "failed", leases.LONGEST_ERROR)

    def test_what_was_stopped_is_due_at_once(self) -> None:
        leases.claim("t", "one", NOW)
        leases.finish(task(note, every=3600), "one", NOW, NOW, "", was_stopped=True)
        assert self.row().next_at == NOW

    def test_a_shorter_interval_counts_at_once(self) -> None:
        RecurringTask.objects.update(next_at=NOW + timedelta(hours=1))
        leases.prepare((task(note, every=5),), NOW)
        assert self.row().next_at == NOW + timedelta(seconds=5)

    def test_a_worker_that_shows_itself_is_alive_for_a_while(self) -> None:
        assert not worker_is_alive(NOW)
        assert worker_seen_at() is None
        for _ in range(2):
            leases.show_life("one", NOW)
        assert worker_is_alive(NOW + timedelta(seconds=39))
        assert not worker_is_alive(NOW + timedelta(seconds=41))
        assert worker_seen_at() == NOW

    def test_a_worker_that_ends_gives_back_what_it_holds(self) -> None:
        leases.show_life("one", NOW)
        leases.claim("t", "one", NOW)
        leases.release("one", NOW)
        assert not worker_is_alive(NOW)
        assert leases.claim("t", "two", NOW)


@pytest.mark.django_db
class TestOnce:
    def test_each_task_runs_with_what_it_asks_for(self) -> None:
        worker = Worker([task(note, "a"), task(needs_nothing, "b")])
        assert worker.run_once() == {"a": "", "b": ""}
        assert ran == [f"at {timezone.now():%Y}", "nothing"]

    def test_a_task_that_raises_is_noted_and_stops_no_other(self) -> None:
        ends = Worker([task(fail, "a"), task(needs_nothing, "b")]).run_once()
        assert ends == {"a": "ValueError: the disk is gone", "b": ""}
        row = RecurringTask.objects.get(name="a")
        assert (row.outcome, row.error, row.holder) == ("failed", "ValueError: the disk is gone", "")

    def test_a_function_that_is_not_there_is_noted(self) -> None:
        ends = Worker([Recurring("a", "diagnostics.nowhere.nothing", 5, "a")]).run_once()
        assert ends["a"].startswith("ModuleNotFoundError")

    def test_what_another_worker_runs_is_left_to_it(self) -> None:
        worker = Worker([task(note, "a")])
        leases.prepare(worker.tasks, timezone.now())
        leases.claim("a", "another", timezone.now())
        assert worker.run_once() == {}
        assert ran == []

    def test_a_task_is_told_to_stop(self) -> None:
        worker = Worker([task(wait_for_stop, "a")])
        threading.Timer(0.3, worker.shutdown.set).start()
        begun = time.monotonic()
        worker.run_once()
        assert ran == ["stopped"]
        assert time.monotonic() - begun < 3
