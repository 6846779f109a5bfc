"""The live look asks the web server too, beside everything else: whatever it does, the look is there in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics.delivery_rounds import ask_recent
from diagnostics.domain.chain import Check, chain
from diagnostics.examine import Examination, examine
from diagnostics.models import DeliveryAnswer, SessionEntry
from tests.certificates import issued, trusted
from tests.delivering_host import Delivery, delivering_files
from tests.reconcile.scene import PREFIX, Scene, wav_bytes
from tests.web_servers import Speak, answering, delivering, dripping, free_port, hanging, resetting, saying, serving

pytestmark = pytest.mark.django_db
QUICK_SECONDS = 6.0
SECRET = "planted-signature-7f3"


@pytest.fixture
def delivery(scene: Scene, settings: Settings) -> Iterator[Delivery]:
    scene.now = timezone.now().replace(microsecond=0)
    scene.session(1)
    with delivering_files(scene.root, settings) as served:
        yield served


def quickly(key: str = "1") -> Examination:
    begun = time.monotonic()
    found = examine(key)
    assert time.monotonic() - begun < QUICK_SECONDS
    assert found.diagnosis is not None, found.problems
    return found


def cause(found: Examination) -> str | None:
    assert found.diagnosis is not None
    return found.diagnosis.cause


def check(found: Examination, name: str = "file.delivery") -> Check:
    assert found.evidence is not None
    assert found.diagnosis is not None
    steps = chain(found.evidence, found.diagnosis)
    return next(check for step in steps for check in step.checks if check.name == name)


def troubles(found: Examination) -> list[str]:
    return [trouble.code for trouble in found.problems]


def test_a_file_that_is_delivered_is_proved_to_be(delivery: Delivery) -> None:
    found = quickly()
    assert (cause(found), check(found).result, troubles(found)) == (None, "ok", [])
    assert len(delivery.requests) == 1


FAULTS: dict[str, tuple[Speak, str]] = {
    "404": (answering("404 Not Found", b"<html>"), "delivery.not_served"),
    "403": (answering("403 Forbidden"), "delivery.not_served"),
    "410": (answering("410 Gone"), "delivery.not_served"),
    "500": (answering("500 Error"), "delivery.not_served"),
    "401": (answering("401 No", b'{"error": "token out of date"}'), "delivery.link_expired"),
    "a page": (answering("200 OK", b"<!DOCTYPE html>", Content_Type="text/html"), "delivery.not_audio"),
    "JSON": (answering("200 OK", b'{"success": false}'), "delivery.not_audio"),
    "no range": (delivering(wav_bytes(), ranges=False), "delivery.no_range"),
    "another length": (delivering(wav_bytes(30)), "delivery.not_served"),
}


@pytest.mark.parametrize(("fault", "code"), FAULTS.values(), ids=FAULTS)
def test_what_the_server_answers_is_the_cause(delivery: Delivery, fault: Speak, code: str) -> None:
    delivery.fault = fault
    found = quickly()
    assert (cause(found), troubles(found)) == (code, [])
    assert found.diagnosis is not None
    assert found.diagnosis.verdict == "broken"
    delivery.fault = None
    assert cause(quickly()) is None


SILENCES: dict[str, tuple[Speak, str]] = {
    "hangs": (hanging(), "delivery.timeout"),
    "hangs within the headers": (hanging(b"HTTP/1.1 206 P\r\nContent-"), "delivery.timeout"),
    "drips": (dripping(b"HTTP/1.1 206 P\r\n", b"X-A: b\r\n", every=0.05), "delivery.timeout"),
    "resets": (resetting, "delivery.closed"),
    "garbage": (saying(b"\x00\x01\x02\r\n\r\n"), "delivery.not_http"),
    "is busy": (answering("429 Too Many Requests"), "delivery.put_off"),
}


@pytest.mark.parametrize(("fault", "trouble"), SILENCES.values(), ids=SILENCES)
def test_a_server_that_is_silent_is_told_in_time_and_is_no_fault(
    delivery: Delivery, fault: Speak, trouble: str
) -> None:
    delivery.fault = fault
    found = quickly()
    assert (cause(found), troubles(found)) == (None, [trouble])
    assert (check(found).result, check(found).why) == ("not_checked", trouble.replace(".", "_"))


def test_nobody_at_the_port_is_told(delivery: Delivery, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = f"http://127.0.0.1:{free_port()}"
    assert troubles(quickly()) == ["delivery.refused"]


def test_a_redirect_is_not_followed_and_no_trouble(delivery: Delivery) -> None:
    with serving(delivering(wav_bytes())) as other:
        delivery.fault = answering("302 Found", Location=f"{other.origin}/x?token={SECRET}")
        found = quickly()
        assert (cause(found), troubles(found), check(found).why) == (None, [], "delivery_redirect")
        assert ("leads on to", f"{other.origin}/x") in {(line.fact, line.value) for line in check(found).evidence}
        assert (delivery.connections, other.connections) == (1, 0)


def test_an_expired_certificate_is_a_fault(
    delivery: Delivery, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trusted(tmp_path, monkeypatch) as authority:
        for made_by, days, confidence in ((authority, -1, "certain"), (trustme.CA(), 30, "possible")):
            with serving(delivery.speak, issued(made_by, "127.0.0.1", days=days)) as server:
                settings.PUBLIC_BASE_URL = server.origin
                found = quickly()
                assert cause(found) == "delivery.bad_certificate"
                assert found.diagnosis is not None
                assert found.diagnosis.confidence == confidence
        with serving(delivery.speak, issued(authority, "127.0.0.1")) as server:
            settings.PUBLIC_BASE_URL = server.origin
            assert (cause(quickly()), check(quickly()).result) == (None, "ok")


def test_nobody_asks_for_what_is_not_completed_or_may_not_be_asked(
    delivery: Delivery, scene: Scene, settings: Settings
) -> None:
    scene.pending(2, ago=timedelta(minutes=1))
    scene.failed(3)
    scene.row(4, final_file_path=None)
    scene.row(5, final_file_path=f"https://cdn.elsewhere.cn{PREFIX}{scene.name(5)}")
    scene.row(6, final_file_path=f"/etc/{scene.name(6)}")
    for key in ("2", "3", "4", "5", "6"):
        assert not [code for code in troubles(quickly(key)) if code.startswith("delivery.")]
    settings.PUBLIC_BASE_URL = ""
    assert check(quickly("1")).why == "not_asked"
    assert delivery.connections == 0


def test_a_missing_file_is_missing_whatever_the_server_does(delivery: Delivery, scene: Scene) -> None:
    (scene.root / scene.name(1)).unlink()
    delivery.fault = hanging()
    found = quickly()
    assert (cause(found), troubles(found)) == ("file.never_written", [])


def test_a_bare_name_is_a_wrong_url_with_the_servers_answer_and_none_where_that_leads_to_it(
    delivery: Delivery, scene: Scene
) -> None:
    scene.host.update(1, final_file_path=scene.name(1))
    found = quickly()
    assert cause(found) == "delivery.wrong_url"
    assert found.diagnosis is not None
    assert ("answer", "404") in {(line.fact, line.value) for line in found.diagnosis.findings[0].evidence}
    delivery.fault = delivering(wav_bytes())
    found = quickly()
    assert (cause(found), check(found, "file.url").result, check(found).result) == (None, "ok", "ok")


def test_where_the_server_is_silent_the_workers_last_answer_stands(delivery: Delivery, scene: Scene) -> None:
    scene.run()
    delivery.fault = answering("404 Not Found")
    assert ask_recent(scene.now, threading.Event()) == 1
    delivery.fault = hanging()
    found = quickly()
    assert (cause(found), troubles(found)) == ("delivery.not_served", ["delivery.timeout"])
    delivery.fault = None
    assert cause(quickly()) is None


def test_it_writes_nothing_and_keeps_nothing_of_a_signature(
    delivery: Delivery, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.host.update(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?e=4102444800&token=ak:{SECRET}")
    caplog.set_level(0)
    delivery.fault = answering("404 Not Found", b"<html>")
    assert scene.writes_of(lambda: quickly()) == []
    assert SECRET in delivery.requests[0]
    assert DeliveryAnswer.objects.count() == 0
    found = quickly()
    assert found.evidence is not None
    assert SECRET not in repr(found.evidence.delivery)
    assert SECRET not in caplog.text


def test_a_page_is_there_in_time_while_the_server_hangs_and_holds_no_signature(
    delivery: Delivery, scene: Scene, sam: Client
) -> None:
    scene.host.update(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?e=4102444800&token=ak:{SECRET}")
    scene.run()
    assert SessionEntry.objects.filter(key="1").exists()
    for fault, words in ((hanging(), "did not answer in time"), (answering("404 No"), "does not find it")):
        delivery.fault = fault
        begun = time.monotonic()
        page = sam.get("/examinations/1", headers={"HX-Request": "true"})
        assert time.monotonic() - begun < QUICK_SECONDS
        text = page.content.decode()
        assert words in text
        assert SECRET not in text
        assert any(SECRET in path for path in delivery.requests)
