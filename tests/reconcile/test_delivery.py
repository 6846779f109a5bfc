"""The worker asks the web server for recent sessions, within its budget; the passes judge by what it answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone
from pytest_django import Settings

from diagnostics import deliveries, delivery_rounds
from diagnostics.delivery_rounds import ask_recent
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.housekeeping import SAMPLES_KEPT, forget_old
from diagnostics.models import DeliveryAnswer, Finding, Incident, Pass
from tests.delivering_host import Delivery, delivering_files
from tests.reconcile.scene import PREFIX, Scene, timeline, wav_bytes
from tests.web_servers import answering, delivering, free_port, hanging, resetting, serving

pytestmark = pytest.mark.django_db
SECRET = "planted-signature-7f3"
REFUSING = answering("404 Not Found", b"<html>", Content_Type="text/html")


@pytest.fixture
def delivery(scene: Scene, settings: Settings) -> Iterator[Delivery]:
    scene.now = timezone.now().replace(microsecond=0)
    with delivering_files(scene.root, settings) as served:
        yield served


def peopled(scene: Scene, *keys: int) -> None:
    for key in keys:
        scene.session(key)
    scene.run()


def asked(scene: Scene, *, stop: threading.Event | None = None) -> int:
    return ask_recent(scene.now, stop or threading.Event())


def names(delivery: Delivery) -> list[int]:
    """Whose audio was asked for, in order, since the last time."""
    assert delivery.server is not None
    found = [int(path.rpartition("long_sequence_")[2].partition("_")[0]) for path in delivery.requests]
    delivery.server.requests.clear()
    return found


def test_what_the_server_refuses_is_a_finding_of_the_next_pass_until_it_is_found_well(
    scene: Scene, delivery: Delivery
) -> None:
    peopled(scene, 1)
    delivery.fault = REFUSING
    assert asked(scene) == 1
    assert scene.codes(1) == set()
    row = scene.run()
    assert (scene.cause(1), scene.entry(1).verdict, row.changed) == ("delivery.not_served", "broken", 0)
    evidence = Finding.objects.get().evidence
    assert {"source": "http", "fact": "answer", "value": "404"}.items() <= evidence[1].items()
    scene.later(minutes=1)
    delivery.fault = None
    assert asked(scene) == 1
    scene.run()
    assert (scene.codes(1), scene.cause(1)) == (set(), "")
    assert Finding.objects.get().resolved_at is not None
    assert [cause for _status, _state, cause in timeline(1)] == ["delivery.not_served", ""]


def test_a_pass_does_not_ask_and_judges_again_only_who_was_asked(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1, 2)
    scene.run()
    assert delivery.connections == 0
    delivery.fault = REFUSING
    asked(scene)
    scene.run()
    assert scene.writes_of(scene.run) == []
    assert delivery.connections == 2
    assert (scene.cause(1), scene.cause(2)) == ("delivery.not_served", "delivery.not_served")


def test_a_silent_server_ends_no_finding(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1)
    delivery.fault = REFUSING
    asked(scene)
    scene.run()
    scene.later(minutes=1)
    delivery.fault = resetting
    assert asked(scene) == 0
    scene.run()
    assert scene.cause(1) == "delivery.not_served"
    delivery.fault = None
    scene.later(minutes=6)
    assert asked(scene) == 1
    scene.run()
    assert scene.cause(1) == ""


def test_a_silent_server_is_no_finding_and_asked_again_a_little_later(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1)
    delivery.fault = resetting
    assert asked(scene) == 0
    assert DeliveryAnswer.objects.get().problem == "closed"
    scene.run()
    assert scene.codes(1) == set()
    scene.later(minutes=1)
    asked(scene)
    assert names(delivery) == [1]
    scene.later(minutes=5)
    asked(scene)
    assert names(delivery) == [1]


@pytest.mark.parametrize("change", ["another file", "another path", "gone"])
def test_an_answer_holds_only_for_the_file_and_url_that_were_asked(
    scene: Scene, delivery: Delivery, change: str
) -> None:
    peopled(scene, 1, 2)
    delivery.fault = REFUSING
    asked(scene)
    scene.run()
    assert scene.cause(1) == "delivery.not_served"
    scene.later(minutes=5)
    if change == "another file":
        scene.file(scene.name(1), ago=timedelta(minutes=90))
    elif change == "another path":
        scene.host.update(1, final_file_path=f"{PREFIX}{scene.name(1)}?v=2")
    else:
        (scene.root / scene.name(1)).unlink()
    scene.run()
    assert "delivery.not_served" not in scene.codes(1)


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


def test_a_wrong_url_is_asked_for_and_falls_away_where_it_leads_to_the_file(scene: Scene, delivery: Delivery) -> None:
    scene.session(1, final_file_path=scene.name(1))
    scene.run()
    assert scene.cause(1) == "delivery.wrong_url"
    asked(scene)
    scene.run()
    assert scene.cause(1) == "delivery.wrong_url"
    assert "404" in [line["value"] for line in Finding.objects.get().evidence]
    scene.later(hours=1)
    delivery.fault = delivering(wav_bytes())
    assert asked(scene) == 1
    scene.run()
    assert scene.cause(1) == ""


def test_a_link_that_is_over_is_not_asked(scene: Scene, delivery: Delivery) -> None:
    scene.session(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?e=1&token=x")
    scene.run()
    assert scene.cause(1) == "delivery.link_expired"
    asked(scene)
    assert delivery.connections == 0


def test_an_unauthorised_link_is_asked_again_until_it_is_taken(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1)
    delivery.fault = answering("401 Unauthorized")
    asked(scene)
    scene.run()
    assert (scene.cause(1), scene.entry(1).confidence) == ("delivery.link_expired", "likely")
    delivery.fault = None
    scene.later(minutes=1)
    assert asked(scene) == 1
    scene.run()
    assert scene.cause(1) == ""


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
        delivery.fault = None
        assert asked(scene) == 5


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
    assert time.monotonic() - begun < 1.5
    assert delivery.connections == 2


def test_a_round_is_over_before_the_next_but_one_is_due() -> None:
    assert delivery_rounds.MOST_SILENT * delivery_rounds.QUESTION_SECONDS <= delivery_rounds.ROUND_SECONDS
    assert delivery_rounds.ROUND_SECONDS + delivery_rounds.QUESTION_SECONDS < 60


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
    settings.PUBLIC_BASE_URL, settings.DELIVERY_QUESTIONS = "", 1
    settings.DELIVERY_HOSTS = [delivery.origin.partition("://")[2]]
    scene.session(1)
    scene.session(2, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(2)}")
    scene.host.update(1, completed_at=scene.text(ago=timedelta(minutes=30)))
    scene.run()
    assert (asked(scene), asked(scene)) == (0, 1)
    assert names(delivery) == [2]


def test_a_host_database_that_is_away_is_no_error(scene: Scene, delivery: Delivery, settings: Settings) -> None:
    peopled(scene, 1)
    settings.HOST_DATABASE_URL = f"mysql://u:p@127.0.0.1:{free_port()}/x"
    assert asked(scene) == 0
    assert delivery.connections == 0


def test_three_sessions_that_one_server_refuses_are_an_incident(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1, 2, 3)
    delivery.fault = REFUSING
    asked(scene)
    scene.run()
    found = Incident.objects.get()
    host = delivery.origin.partition("://")[2]
    assert (found.kind, found.code, found.sessions) == ("delivery", "delivery.not_served", 3)
    assert found.values == {"host": host, "answer": "404"}
    delivery.fault = None
    scene.later(minutes=1)
    asked(scene)
    scene.run()
    assert Incident.objects.get().resolved_at is not None


def test_what_was_asked_while_a_pass_ran_is_judged_by_the_next(scene: Scene, delivery: Delivery) -> None:
    peopled(scene, 1)
    delivery.fault = REFUSING
    asked(scene)
    running = Pass.objects.create(started_at=scene.now, heartbeat_at=scene.now, outcome="interrupted")
    DeliveryAnswer.objects.update(asked_pass=running.pk)
    scene.run()
    assert scene.cause(1) == "delivery.not_served"


def test_the_signed_url_is_asked_for_and_is_nowhere_kept(
    scene: Scene, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    scene.session(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?e=4102444800&token=ak:{SECRET}")
    scene.run()
    refused = answering(
        "403 Forbidden", b"no", Location=f"/x?token={SECRET}", Content_Type=f"text/html; token={SECRET}"
    )
    led_on = answering("302 Found", Location=f"https://a.example/{PREFIX}?token={SECRET}")
    for fault in (refused, led_on, None):
        delivery.fault = fault
        asked(scene)
        scene.run()
        scene.later(hours=1)
        assert SECRET in delivery.requests[-1]
        for model in apps.get_models():
            assert SECRET not in serializers.serialize("json", model.objects.all()), model.__name__
    assert SECRET not in caplog.text


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


def test_any_answer_can_be_kept(scene: Scene, delivery: Delivery) -> None:
    """The longest of everything that a probe lets through fits into its column."""
    peopled(scene, 1)
    facts = DeliveryFacts(
        "h" * 500, scene.now, "certificate_untrusted", "d" * 200, 599, "t" * 100, "e" * 100, "r" * 100, 10**18 - 1,
        True, "empty", "l" * 500, "2001:0db8:85a3:0000:0000:8a2e:0370:7334", 9.9,
    )  # fmt: skip
    deliveries.keep(scene.entry(1).pk, "u", (10**15, 2**62), facts, scene.now)
    DeliveryAnswer.objects.get().full_clean()
