"""Secrets planted wherever the host, its servers, its parts and its users can hold one: in no page, table, log or document."""

from __future__ import annotations

import json
import logging
import shlex
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics import parts
from diagnostics.delivery_rounds import ask_recent
from diagnostics.models import DeliveryAnswer, PartSample, SessionEntry
from diagnostics.sampling import take_sample
from diagnostics.snapshot import make_snapshot
from tests.api_host import ApiHost, Reply, api_host, as_json
from tests.delivering_host import Delivery, delivering_files
from tests.diagnostics.views.traces import dump
from tests.reconcile.scene import PREFIX, Scene
from tests.web_servers import answering

pytestmark = pytest.mark.django_db

# Each with what tells where it was planted; none of them is a word of ours.
SECRETS = {
    "a signed link in a row": "Zq7RowLinkSig9vXw2Kp4Tn8",
    "a link under an unknown name": "Zq7OddNameSig3bYc6Lm1Rd5",
    "an error in a row": "Zq7RowErrorTok5hGf8Jk2Ws",
    "a password in an error's address": "Zq7DbPassword1nBv4Cx7Mz",
    "a server's page": "Zq7ServerPage6tRe9Wq3Uy",
    "where a server sends away": "Zq7RedirectTok2pOi5Uy8Lk",
    "the host's API": "Zq7HostApiTok4aSd7Fg1Hj",
    "the engine's output": "Zq7EngineTok9zXc2Vb5Nm",
    "the cache's address": "Zq7CachePass3qWe6Rt9Yu",
    "the broker's address": "Zq7BrokerPass8iOp1As4Df",
    "what a client pasted": "Zq7PastedTok5gHj8Kl2Zx",
    "a bearer in what a client pasted": "Zq7BearerTok7cVb1Nm4Qw",
}
PASTED = (
    '🎶 长序列API响应: {{"success": true, "data": {{"session_id": 1, "token": "{token}"}}}}\n'
    "Authorization: Bearer {bearer}\n"
    '🎵 音频事件: 播放错误 {{errMsg: "INNERERRCODE:-1013, ERRMSG:未能完成操作。（NSURLErrorDomain错误-1013。）", errCode: 10002}}\n'
    "GET https://cdn.example.cn/ai/long_sequence_1_20261101_101500.wav?e=1&token={token}&ticket={token} 401"
)
PAGES = (
    "/", "/sessions/", "/sessions/?status=failed", "/sessions/1?examine=1", "/sessions/2?examine=1",
    "/sessions/3?examine=1", "/sessions/4?examine=1", "/sessions/5?examine=1", "/incidents/", "/resources/", "/passes/", "/player-errors/",
)  # fmt: skip


@pytest.fixture
def delivery(scene: Scene, settings: Settings) -> Iterator[Delivery]:
    scene.now = timezone.now().replace(microsecond=0)
    with delivering_files(scene.root, settings) as served:
        yield served


@pytest.fixture
def api() -> Iterator[ApiHost]:
    """The host's API tells another state than the rows, with secrets in all that it says."""
    secret = SECRETS["the host's API"]

    def reply(_path: str) -> Reply:
        data = {
            "status": "failed",
            "error_message": f"HTTPError: https://x.cn/y?token={secret}",
            "final_file_path": f"https://cdn.example.cn/z.wav?e=1&token={secret}",
        }
        return as_json({"success": True, "data": data})

    with api_host(reply) as host:
        yield host


@pytest.fixture
def planted(scene: Scene, delivery: Delivery, api: ApiHost, settings: Settings) -> Scene:
    """Sessions, servers and parts with every secret in them."""
    link = f"e=1999999999&token=ak:{SECRETS['a signed link in a row']}="
    scene.session(1, final_file_path=f"{delivery.origin}{PREFIX}{scene.name(1)}?{link}")
    odd = f"?ticket={SECRETS['a link under an unknown name']}"
    scene.session(2, final_file_path=f"{PREFIX}{scene.name(2)}{odd}")
    scene.row(3, final_file_path=f"https://elsewhere.example.cn/a.wav?{link}")
    scene.failed(4, f"requests.HTTPError: 401 for https://x.cn/a?token={SECRETS['an error in a row']}")
    password = SECRETS["a password in an error's address"]
    scene.failed(5, f"OperationalError: could not connect to mysql://app:{password}@db.example.cn/app")
    settings.HOST_API_URL = api.url
    script = f"import sys; print('api_key={SECRETS['the engine' + chr(39) + 's output']}'); sys.exit(3)"
    settings.ENGINE_COMMAND = shlex.join([sys.executable, "-c", script])
    settings.HOST_CACHE_URL = f"redis://:{SECRETS['the cache' + chr(39) + 's address']}@127.0.0.1:1/0"
    settings.HOST_BROKER_URL = f"amqp://app:{SECRETS['the broker' + chr(39) + 's address']}@127.0.0.1:1/app"
    settings.WATCH_HOST_DATABASE = True
    page = f"<html>token={SECRETS['a server' + chr(39) + 's page']}</html>".encode()
    away = f"https://x.cn/login?token={SECRETS['where a server sends away']}"
    delivery.fault = answering("302 Found", page, Content_Type="text/html", Location=away)
    return scene


def pasted() -> str:
    return PASTED.format(token=SECRETS["what a client pasted"], bearer=SECRETS["a bearer in what a client pasted"])


def work(scene: Scene) -> None:
    """All that the worker does on its own."""
    scene.run()
    ask_recent(scene.now, threading.Event())
    take_sample(scene.now)
    parts.take_part_samples(scene.now)
    scene.later(minutes=1)
    scene.run()
    make_snapshot(scene.now)


def found_in(text: str) -> list[str]:
    return [where for where, secret in SECRETS.items() if secret in text]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that any logger says, at every level."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    names = (None, "diagnostics", "sessions_admin", "django.request")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield said
    for name, level in levels.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_table_or_log_holds_one(planted: Scene, ada: Client, log: StringIO, language: str) -> None:
    ada.cookies["language"] = language
    work(planted)
    for address in PAGES:
        response = ada.get(address)
        assert response.status_code == 200, address
        assert found_in(response.content.decode()) == [], address
    for address in ("/player-errors/", "/client-reports/1"):
        response = ada.post(address, {"text": pasted()})
        assert found_in(response.content.decode()) == [], address
    assert found_in(dump()) == []
    assert found_in(log.getvalue()) == []


def test_the_secrets_were_really_there(planted: Scene, delivery: Delivery, api: ApiHost, ada: Client) -> None:
    """Else the test above would prove nothing: each was read, sent or received by the dashboard."""
    work(planted)
    ada.get("/sessions/1?examine=1")
    with planted.host.connected() as connection:
        rows = json.dumps(connection.rows("SELECT * FROM long_sequence_sessions"), default=str)
    of_rows = {
        "a signed link in a row",
        "a link under an unknown name",
        "an error in a row",
        "a password in an error's address",
    }
    assert of_rows <= set(found_in(rows))
    assert SECRETS["a signed link in a row"] in "".join(delivery.requests)
    assert api.asked
    assert set(DeliveryAnswer.objects.values_list("status", flat=True)) == {302}
    assert {"engine", "cache", "broker", "database"} <= set(PartSample.objects.values_list("part", flat=True))
    assert SessionEntry.objects.count() == 5


def test_no_document_of_the_shell_holds_one(planted: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    work(planted)
    for key in range(1, 6):
        for options in ((), ("--json",)):
            call_command("diagnose", str(key), *options)
            call_command("diagnose", str(key), "--player-error", pasted(), *options)
    for options in ((), ("--json",)):
        call_command("explain_error", pasted(), *options)
    said = capsys.readouterr()
    assert said.out
    assert found_in(said.out + said.err) == []


def test_what_tells_something_stays(planted: Scene, ada: Client) -> None:
    """Hidden is the secret, not the diagnosis: when a link ends, whom it asks, what the engine said."""
    work(planted)
    page = ada.get("/sessions/1?examine=1").content.decode()
    assert "token=[hidden]" in page
    assert urlsplit(str(SessionEntry.objects.get(key="1").claim)).query == ""
    assert "api_key=[hidden]" in PartSample.objects.get(part="engine").detail
