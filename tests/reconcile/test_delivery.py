"""The passes judge by what a web server answered the worker, as long as URL and file are the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers

from diagnostics import deliveries
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.models import DeliveryAnswer, Finding, Incident, Pass
from tests.delivering_host import REFUSING, Delivery, asked, names, peopled
from tests.reconcile.scene import PREFIX, Scene, timeline, wav_bytes
from tests.web_servers import answering, delivering, resetting

pytestmark = pytest.mark.django_db
SECRET = "planted-signature-7f3"


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
            assert SECRET not in serializers.serialize("json", model._default_manager.all()), model.__name__
    assert SECRET not in caplog.text


def test_any_answer_can_be_kept(scene: Scene, delivery: Delivery) -> None:
    """The longest of everything that a probe lets through fits into its column."""
    peopled(scene, 1)
    facts = DeliveryFacts(
        "h" * 500, scene.now, "certificate_untrusted", "d" * 200, 599, "t" * 100, "e" * 100, "r" * 100, 10**18 - 1,
        True, "empty", "l" * 500, "2001:0db8:85a3:0000:0000:8a2e:0370:7334", 9.9,
    )  # fmt: skip
    deliveries.keep(scene.entry(1).pk, "u", (10**15, 2**62), facts, scene.now)
    DeliveryAnswer.objects.get().full_clean()
