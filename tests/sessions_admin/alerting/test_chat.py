"""Chats by apprise: the addresses that are allowed are all understood, and one kind is sent to a real receiver."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys

import pytest
from django.utils import timezone

from sessions_admin.alerting import chat, outbox, targets
from sessions_admin.models import Channel, Notification
from tests.sessions_admin.alerting.desk import channel, episode, only, send, work
from tests.web_servers import Server, answering, free_port, serving

KEY = "3ccdd113474722377935511fc85d3dd4"
EXAMPLES = {
    "wecombot": f"wecombot://{KEY}", "dingtalk": f"dingtalk://{KEY}", "feishu": f"feishu://{KEY}", "lark": f"lark://{KEY}",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops",
    "workflow": f"workflow://host.example.com:443/{KEY}/{KEY}", "workflows": f"workflows://host.example.com:443/{KEY}/{KEY}",
    "tgram": "tgram://123456789:abcdefg_hijklmnop/12315544/", "discord": f"discord://4174216298/{KEY}",
    "gchat": "gchat://space/key/token", "webex": f"webex://{'a' * 80}", "zulip": f"zulip://bot@example/{KEY}/ops",
    "schan": f"schan://{KEY}", "pushplus": f"pushplus://{KEY}", "wxpusher": "wxpusher://AT_appid/UID_abcdef",
    "mmost": f"mmost://host/{KEY}", "mmosts": f"mmosts://host/{KEY}", "ntfy": "ntfy://host/topic", "ntfys": "ntfys://host/topic",
    "gotify": "gotify://host/AbCdEf_12345", "gotifys": "gotifys://host/AbCdEf_12345",
    "rocket": f"rocket://user:{KEY}@host/#ops", "rockets": f"rockets://user:{KEY}@host/#ops",
    "matrix": "matrix://user:pw@host/#ops", "matrixs": "matrixs://user:pw@host/#ops",
    "bark": "bark://host/devicekey", "barks": "barks://host/devicekey",
}  # fmt: skip


def mattermost(server: Server) -> str:
    return f"mmost://127.0.0.1:{server.port}/{KEY}"


@pytest.mark.parametrize("scheme", targets.CHATS)
def test_apprise_understands_what_is_allowed(scheme: str) -> None:
    import apprise

    assert targets.is_chat_address(EXAMPLES[scheme])
    assert apprise.Apprise.instantiate(EXAMPLES[scheme]) is not None


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd", "json://example.com/hook", "xml://example.com", "form://example.com", "syslog://", "exec://id",
        f"mmost://host/{KEY}?template=/etc/passwd", f"wecombot://{KEY}, json://example.com", "wecombot://", "wecombot", "",
        f"workflow://host/{KEY}/{KEY}?Template=http://elsewhere/", "mailto://user:pw@example.com", "dbus://",
    ],
)  # fmt: skip
def test_nothing_else_is_allowed(target: str) -> None:
    assert not targets.is_chat_address(target)
    assert chat.send(target, "title", "text").is_refused


@pytest.mark.django_db
def test_a_chat_is_told_in_a_few_words() -> None:
    bodies: list[str] = []

    def speak(connection: socket.socket, head: str) -> None:
        body = head.split("\r\n\r\n", 1)[1]
        bodies.append(body or connection.recv(65_536).decode())
        answering("200 OK", b"ok")(connection, head)

    with serving(speak) as server:
        channel(mattermost(server), "apprise", language="zh-hans")
        one = episode()
        assert work() == 1
    told = json.loads(bodies[0])["text"]
    assert "【告警】" in told
    assert f"https://desk.example.com/alerts/episodes/{one.pk}/" in told
    assert f"POST /hooks/{KEY}" in server.requests[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "is_off"), [("404 Not Found", True), ("503 Busy", False), ("429 Slow down", False)])
def test_its_answer_is_judged_as_any(status: str, is_off: bool) -> None:
    with serving(answering(status)) as server:
        made = channel(mattermost(server), "apprise")
        episode()
        assert work() == 0
    made.refresh_from_db()
    assert (made.switched_off_at is not None) == is_off
    assert status[:3] in made.error
    assert KEY not in made.error


@pytest.mark.django_db
def test_what_apprise_says_of_an_address_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    channel(f"mmost://127.0.0.1:{free_port()}/{KEY}", "apprise")
    episode()
    assert work() == 0
    assert only().error
    assert KEY not in caplog.text + only().error


@pytest.mark.django_db
def test_without_the_extra_it_waits_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "can_chat", lambda: False)
    with serving(answering("200 OK")) as server:
        made = channel(mattermost(server), "apprise")
        outbox.put_test(made, "ada", timezone.now())
        assert send() == 0
        assert only().error == chat.NOT_INSTALLED
        assert Channel.objects.get().switched_off_at is None
        monkeypatch.setattr(chat, "can_chat", lambda: True)
        assert send() == 1
    assert Notification.objects.get().sent_at is not None


def test_no_page_loads_it() -> None:
    asked = "import django; django.setup(); import config.urls, config.schedule, sys; from django.urls import get_resolver; "
    asked += "get_resolver().url_patterns; print('apprise' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == "False"


def _environment() -> dict[str, str]:
    needed = {
        "SECRET_KEY": "only-for-the-tests-of-channels-0123456789-abcdefghij",
        "DEBUG": "on",
        "ENV_FILE": os.devnull,
    }
    return {**os.environ, **needed, "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "x"}


@pytest.mark.parametrize(
    ("kind", "target", "shown"),
    [
        ("mail", "ops@example.com", "o••••@example.com"),
        ("webhook", "https://hooks.example.com/T0/B0/GEHEIM", "https://hooks.example.com/••••"),
        ("webhook", "https://hooks.example.com/?token=GEHEIM", "https://hooks.example.com/••••"),
        ("apprise", "wecombot://GEHEIM", "wecombot://…/••••"),
        ("apprise", "slack://GEHEIM/GEHEIM/GEHEIM/#ops", "slack://…/••••"),
        ("apprise", "mmosts://user:GEHEIM@chat.example.com/GEHEIM", "mmosts://chat.example.com/••••"),
        ("apprise", "ntfy://GEHEIM", "ntfy://••••"),
        ("apprise", "mmost://[GEHEIM", "mmost://••••"),
    ],
)
def test_an_address_is_shown_without_its_secrets(kind: str, target: str, shown: str) -> None:
    assert targets.masked(kind, target) == shown


def test_what_was_said_loses_every_part_of_an_address() -> None:
    target = "https://hooks.example.com/services/GEHEIM-1?key=GEHEIM-2"
    said = f"no route to {target}: GEHEIM-1 and GEHEIM-2 are wrong; password=hunter22"
    told = targets.without_secrets(said, target, "the-secret-of-the-webhook")
    assert "GEHEIM" not in told
    assert "hunter22" not in told
