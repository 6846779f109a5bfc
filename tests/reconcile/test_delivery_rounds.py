"""The worker's questions to web servers: whom it asks, in which order, how often, and at what cost."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from pytest_django import Settings

from diagnostics import delivery_rounds
from diagnostics.housekeeping import SAMPLES_KEPT, forget_old
from diagnostics.models import DeliveryAnswer
from tests.delivering_host import REFUSING, Delivery, asked, names, peopled
from tests.reconcile.scene import PREFIX, Scene, wav_bytes
from tests.web_servers import delivering, free_port, hanging, resetting, serving

pytestmark = pytest.mark.django_db


def test_who_was_asked_rests_for_an_hour_and_who_is_at_fault_does_not(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1, 2)
    assert asked(scene) == 2
    names(delivery)
    scene.later(minutes=59)
    assert asked(scene) == 0
    scene.later(minutes=1)
    delivery.fault = REFUSING
    assert asked(scene) == 2
    names(delivery)
    scene.run()
    scene.later(minutes=1)
    assert asked(scene) == 2
    assert sorted(names(delivery)) == [1, 2]


def test_it_asks_the_newest_first_and_nobody_older_than_a_week(
    scene: Scene, delivery: Delivery, settings: Settings
) -> None:
    for key, days in ((1, 3), (2, 1), (3, 6.9), (4, 7.1), (5, 0.2)):
        ago = timedelta(days=days)
        at = {name: scene.text(ago=ago) for name in ("created_at", "updated_at", "completed_at")}
        scene.row(key, **at)
        scene.file(scene.name(key), ago=ago)
    scene.host.update(5, completed_at=None)
    scene.run()
    settings.DELIVERY_QUESTIONS = 3
    asked(scene)
    assert names(delivery) == [5, 2, 1]
    asked(scene)
    assert names(delivery) == [3]


def test_only_who_plays_is_asked(scene: Scene, delivery: Delivery) -> None:
    scene.pending(2, ago=timedelta(minutes=1))
    scene.failed(3)
    scene.row(4)
    scene.file(scene.name(5), b"RIFF")
    scene.row(5)
    peopled(scene, 1)
    asked(scene)
    assert names(delivery) == [1]


def test_who_is_at_fault_comes_first_and_leaves_others_their_share(
    scene: Scene, delivery: Delivery, settings: Settings
) -> None:
    peopled(scene, 1, 2, 3, 4)
    delivery.fault = REFUSING
    asked(scene)
    scene.run()
    names(delivery)
    peopled(scene, 5, 6, 7, 8)
    settings.DELIVERY_QUESTIONS = 4
    scene.later(minutes=1)
    asked(scene)
    found = names(delivery)
    assert set(found[:2]) <= {1, 2, 3, 4}
    assert set(found[2:]) <= {5, 6, 7, 8}
    assert len(found) == 4
    scene.later(minutes=1)
    asked(scene)
    assert set(found[:2]).isdisjoint(names(delivery)[:2])


def test_a_link_that_is_over_is_not_asked(scene: Scene, delivery: Delivery) -> None:
    scene.session(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?e=1&token=x")
    scene.run()
    assert scene.cause(1) == "delivery.link_expired"
    asked(scene)
    assert delivery.connections == 0


def test_after_three_silences_in_a_row_a_host_is_left_alone_and_others_are_asked(
    scene: Scene, delivery: Delivery, settings: Settings
) -> None:
    peopled(scene, *range(1, 9))
    with serving(delivering(wav_bytes())) as cdn:
        settings.DELIVERY_HOSTS = [f"127.0.0.1:{cdn.port}"]
        scene.session(9, final_file_path=f"{cdn.origin}{PREFIX}{scene.name(9)}")
        for key in range(1, 9):
            scene.host.update(key, completed_at=scene.text(ago=timedelta(minutes=90)))
        scene.run()
        delivery.fault = resetting
        assert asked(scene) == 1
        assert (delivery.connections, cdn.connections) == (3, 1)
        assert DeliveryAnswer.objects.filter(problem="closed").count() == 8
        delivery.fault = None
        scene.later(minutes=5)
        assert asked(scene) == 8


def test_silences_that_answers_interrupt_are_not_in_a_row(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, *range(1, 7))
    answers = iter([resetting, resetting, REFUSING, resetting, resetting, REFUSING])
    delivery.fault = lambda connection, head: next(answers)(connection, head)
    assert asked(scene) == 2
    assert delivery.connections == 6


def test_a_link_that_ended_since_the_pass_is_not_asked(scene: Scene, delivery: Delivery) -> None:
    end = int(scene.now.timestamp()) + 60
    scene.session(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?e={end}&token=x")
    scene.run()
    scene.later(seconds=60)
    assert (asked(scene), delivery.connections) == (0, 0)
    scene.later(seconds=-1)
    assert asked(scene) == 1


def test_a_host_that_is_silent_does_not_keep_others_from_their_turn(
    scene: Scene, delivery: Delivery, settings: Settings
) -> None:
    peopled(scene, 1)
    scene.host.update(1, completed_at=scene.text(ago=timedelta(days=2)))
    away = f"127.0.0.1:{free_port()}"
    settings.DELIVERY_HOSTS, settings.DELIVERY_QUESTIONS = [away], 5
    for key in range(2, 7):
        scene.session(key, final_file_path=f"http://{away}{PREFIX}{scene.name(key)}")
    scene.run()
    assert (asked(scene), asked(scene)) == (0, 1)
    assert names(delivery) == [1]


def test_a_server_that_hangs_costs_a_round_no_more_than_its_share(
    scene: Scene, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are made smaller here; what they are is the next test's."""
    monkeypatch.setattr(delivery_rounds, "QUESTION_SECONDS", 0.4)
    monkeypatch.setattr(delivery_rounds, "ROUND_SECONDS", 0.6)
    peopled(scene, 1, 2, 3, 4, 5)
    delivery.fault = hanging()
    begun = time.monotonic()
    assert asked(scene) == 0
    assert time.monotonic() - begun < 5
    assert delivery.connections == 2


def test_a_round_is_over_before_the_next_but_one_is_due() -> None:
    assert delivery_rounds.MOST_SILENT * delivery_rounds.QUESTION_SECONDS <= delivery_rounds.ROUND_SECONDS
    assert delivery_rounds.ROUND_SECONDS + delivery_rounds.QUESTION_SECONDS < 60


def test_a_path_with_a_query_of_its_own_is_no_signed_link(scene: Scene, delivery: Delivery) -> None:
    scene.session(1, final_file_path=f"{PREFIX}{scene.name(1)}?e=1")
    scene.run()
    assert asked(scene) == 1


def test_it_stops_when_it_is_told_to(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1)
    stop = threading.Event()
    stop.set()
    assert asked(scene, stop=stop) == 0
    assert delivery.connections == 0


@pytest.mark.parametrize("setting", ["DELIVERY_QUESTIONS", "PUBLIC_BASE_URL"])
def test_it_can_be_switched_off(scene: Scene, delivery: Delivery, settings: Settings, setting: str) -> None:
    peopled(scene, 1)
    setattr(settings, setting, 0 if setting == "DELIVERY_QUESTIONS" else "")
    assert asked(scene) == 0
    assert (delivery.connections, DeliveryAnswer.objects.count()) == (0, 0)


def test_without_a_base_url_paths_wait_and_do_not_hold_up_links(
    scene: Scene, delivery: Delivery, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = ""
    settings.DELIVERY_HOSTS = [delivery.origin.partition("://")[2]]
    scene.session(1)
    scene.session(2, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(2)}")
    scene.host.update(1, completed_at=scene.text(ago=timedelta(minutes=30)))
    scene.run()
    for key in range(3, 8):
        scene.session(key)
        scene.host.update(key, completed_at=scene.text(ago=timedelta(minutes=30)))
    scene.run()
    settings.DELIVERY_QUESTIONS = 6
    assert (asked(scene), asked(scene)) == (0, 1)
    assert names(delivery) == [2]


def test_a_host_database_that_is_away_is_no_error(scene: Scene, delivery: Delivery, settings: Settings) -> None:
    peopled(scene, 1)
    settings.HOST_DATABASE_URL = f"mysql://u:p@127.0.0.1:{free_port()}/x"
    assert asked(scene) == 0
    assert delivery.connections == 0


def test_old_answers_are_forgotten_unless_a_finding_rests_on_them(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1)
    delivery.fault = REFUSING
    asked(scene)
    scene.run()
    delivery.fault = None
    peopled(scene, 2)
    asked(scene)
    forget_old(scene.now + SAMPLES_KEPT - timedelta(minutes=1), threading.Event())
    assert DeliveryAnswer.objects.count() == 2
    forget_old(scene.now + SAMPLES_KEPT + timedelta(minutes=1), threading.Event())
    assert [answer.session.key for answer in DeliveryAnswer.objects.all()] == ["1"]
