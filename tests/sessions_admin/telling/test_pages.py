"""What the pages say of telling: the run's counts, what is undelivered and why, a reset without effect, the timeline."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import Run, Telling
from sessions_admin.runs.pickup import LOOK_AFTER, look_for_pickups
from sessions_admin.telling.tell import MOST_REFUSALS
from tests.host_database import HostDatabase
from tests.servers.hook_receiver import Receiver
from tests.sessions_admin.conftest import Door, planned
from tests.sessions_admin.runs.conftest import Begin, carried, fail_sessions, plan_of
from tests.sessions_admin.telling.conftest import told, told_later

pytestmark = pytest.mark.django_db
NO_EFFECT = "The reset had no effect: nothing picks up pending rows."


@pytest.fixture
def run(host_database: HostDatabase, cast: dict[str, User], begin: Begin) -> Run:
    fail_sessions(host_database, [1, 2, 3])
    return carried(begin(plan_of([1, 2, 3], cast["eve"])))


@pytest.fixture
def told_run(receiver: Receiver, run: Run) -> Run:
    return run


def page_of(run: Run, client: Client) -> str:
    return client.get(f"/runs/{run.pk}/").content.decode()


def test_it_counts_who_was_told(told_run: Run, eve: Client, receiver: Receiver) -> None:
    assert "3 waiting" in page_of(told_run, eve)
    told()
    page = page_of(told_run, eve)
    assert "Told to the host" in page
    assert "waiting" not in page
    assert "hx-get" not in page


def test_what_is_tried_again_is_shown_with_its_error(told_run: Run, eve: Client, receiver: Receiver) -> None:
    receiver.statuses = [503] * 3
    told()
    page = page_of(told_run, eve)
    assert "The host could not be told yet" in page
    assert page.count("HTTP 503: said so") == 3
    assert "hx-get" in page


def test_what_is_undelivered_is_shown_with_its_error(told_run: Run, eve: Client, receiver: Receiver) -> None:
    Telling.objects.exclude(session="2").delete()
    receiver.statuses = [410] * MOST_REFUSALS
    for _ in range(MOST_REFUSALS):
        told_later()
    page = page_of(told_run, eve)
    assert "Undelivered: the host was not told" in page
    assert "HTTP 410: said so" in page
    assert "1 undelivered" in page


def test_a_host_that_polls_has_no_line_of_it(run: Run, eve: Client) -> None:
    assert "Told to the host" not in page_of(run, eve)


@pytest.mark.parametrize(
    ("pickup", "advice"),
    [("poll", "set HOST_PICKUP"), ("webhook", "behind HOST_WEBHOOK_URL"), ("celery", "consumes HOST_CELERY_QUEUE")],
)
def test_a_reset_without_effect_is_said_with_what_to_check(
    run: Run, eve: Client, settings: Settings, pickup: str, advice: str
) -> None:
    settings.HOST_PICKUP = pickup
    assert NO_EFFECT not in page_of(run, eve)
    look_for_pickups(timezone.now() + LOOK_AFTER)
    page = page_of(run, eve)
    assert NO_EFFECT in page
    assert advice in page


def test_one_that_was_picked_up_is_effect_enough(run: Run, eve: Client, host_database: HostDatabase) -> None:
    host_database.update(1, status="generating")
    look_for_pickups(timezone.now() + LOOK_AFTER)
    assert NO_EFFECT not in page_of(run, eve)


def test_the_timeline_of_a_session_says_that_it_is_undelivered(
    host_database: HostDatabase, door: Door, receiver: Receiver, sam: Client
) -> None:
    host_database.insert_failed(5)
    door(planned())
    receiver.statuses = [404]
    told()
    words = "The host could not be told that it is pending (HTTP 404: said so)"
    assert words in sam.get("/examinations/5", headers={"HX-Request": "true"}).content.decode()
    told_later()
    assert words not in sam.get("/examinations/5", headers={"HX-Request": "true"}).content.decode()
